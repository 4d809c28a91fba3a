//! What lies between a demo phone and the server: HTTP on this machine, and what goes wrong with it.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use sync_core::phone::{Method, Request};

use crate::error::Error;

/// No exchange of the demo takes longer than this, in seconds.
const PATIENCE_S: u64 = 30;

/// A way to the server.
#[derive(Debug)]
pub(super) struct Wire {
    agent: ureq::Agent,
    port: u16,
}

/// What the server said.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
}

impl Wire {
    /// To the server on this port of the loopback address.
    pub(super) fn to(port: u16) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(PATIENCE_S)))
            .build();
        Self { agent: config.into(), port }
    }

    /// Sends a request whole and reads the answer.
    pub(super) fn send(&self, request: &Request) -> Result<Answer, Error> {
        let url = format!("http://127.0.0.1:{}{}", self.port, request.path);
        let bearer = request.token.as_ref().map(|token| format!("Bearer {token}"));
        let answered = match request.method {
            Method::Get => {
                let call = self.agent.get(&url);
                match &bearer {
                    Some(bearer) => call.header("Authorization", bearer),
                    None => call,
                }
                .call()
            }
            Method::Post => {
                let content_type = request.content_type.unwrap_or("application/octet-stream");
                let call = self.agent.post(&url).header("Content-Type", content_type);
                match &bearer {
                    Some(bearer) => call.header("Authorization", bearer),
                    None => call,
                }
                .send(&request.body[..])
            }
        };
        let mut answer = answered.map_err(|e| failed(&url, &e.to_string()))?;
        let status = answer.status().as_u16();
        let body = answer.body_mut().with_config().limit(64 << 20).read_to_vec();
        Ok(Answer { status, body: body.map_err(|e| failed(&url, &e.to_string()))? })
    }

    /// Posts JSON to `path`; anything but success is an error that says what the server said.
    pub(super) fn post_json(&self, path: &str, body: Vec<u8>) -> Result<Vec<u8>, Error> {
        let request = Request {
            method: Method::Post,
            path: path.to_owned(),
            token: None,
            content_type: Some("application/json"),
            body,
        };
        let answer = self.send(&request)?;
        if (200..300).contains(&answer.status) {
            return Ok(answer.body);
        }
        Err(failed(path, &String::from_utf8_lossy(&answer.body)))
    }

    /// Announces the whole body, sends half of it and hangs up: a signal that was lost. Returns what
    /// the server said to that, if anything.
    pub(super) fn cut(&self, request: &Request) -> Result<Vec<u8>, Error> {
        let url = format!("http://127.0.0.1:{}{}", self.port, request.path);
        let tell = |e: std::io::Error| failed(&url, &e.to_string());
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).map_err(tell)?;
        stream.set_read_timeout(Some(Duration::from_secs(PATIENCE_S))).map_err(tell)?;
        let bearer = request.token.as_deref().unwrap_or_default();
        let head = format!(
            "{} {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nAuthorization: Bearer {bearer}\r\n\
             Content-Type: {}\r\nContent-Length: {}\r\n\r\n",
            request.method.as_str(),
            request.path,
            self.port,
            request.content_type.unwrap_or("application/octet-stream"),
            request.body.len()
        );
        stream.write_all(head.as_bytes()).map_err(tell)?;
        let half = request.body.get(..request.body.len() / 2).unwrap_or_default();
        stream.write_all(half).map_err(tell)?;
        stream.shutdown(Shutdown::Write).map_err(tell)?;
        let mut said = Vec::new();
        // The server may hang up without a word.
        let _ = stream.read_to_end(&mut said);
        Ok(said)
    }
}

fn failed(url: &str, cause: &str) -> Error {
    Error::Invalid(format!("a demo phone could not reach {url}: {cause}"))
}
