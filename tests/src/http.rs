//! A small HTTP client that says exactly what it is told to.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context as _, Result};

/// What a server answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl Answer {
    /// A header's value, empty if it is absent.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value)
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// It is none.
    pub fn json(&self) -> Result<serde_json::Value> {
        serde_json::from_str(&self.body).with_context(|| self.body.clone())
    }
}

/// `GET path` from a port of 127.0.0.1, as a browser on this machine asks.
///
/// # Errors
/// No answer, or none that is HTTP.
pub fn get(port: u16, path: &str) -> Result<Answer> {
    ask(port, "GET", path, &format!("127.0.0.1:{port}"))
}

/// Any method and any `Host` header.
///
/// # Errors
/// No answer, or none that is HTTP.
pub fn ask(port: u16, method: &str, path: &str, host: &str) -> Result<Answer> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    write!(stream, "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    parse(&String::from_utf8(bytes)?).context("no HTTP answer")
}

/// Any method with further headers and a body, of a client that names 127.0.0.1.
///
/// # Errors
/// No answer, or none that is HTTP.
pub fn send(
    port: u16,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Result<Answer> {
    let Bytes { status, headers, body } = send_bytes(port, method, path, headers, body)?;
    Ok(Answer { status, headers, body: String::from_utf8(body)? })
}

/// An answer whose body is no text.
#[derive(Debug, Clone)]
pub struct Bytes {
    /// Status code.
    pub status: u16,
    headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// As [`send`], whatever the body of the answer is.
///
/// # Errors
/// No answer, or none that is HTTP.
pub fn send_bytes(
    port: u16,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Result<Bytes> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("Content-Length: {}\r\nConnection: close\r\n\r\n", body.len()));
    stream.write_all(head.as_bytes())?;
    // A server may refuse a body before it has read it.
    let _ = stream.write_all(body);
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    parse_bytes(&bytes).context("no HTTP answer")
}

fn parse(text: &str) -> Option<Answer> {
    let Bytes { status, headers, body } = parse_bytes(text.as_bytes())?;
    Some(Answer { status, headers, body: String::from_utf8(body).ok()? })
}

fn parse_bytes(bytes: &[u8]) -> Option<Bytes> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let (head, body) = (str::from_utf8(bytes.get(..end)?).ok()?, bytes.get(end + 4..)?);
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
        .collect();
    let chunked = headers
        .iter()
        .any(|(name, value)| name.eq_ignore_ascii_case("transfer-encoding") && value == "chunked");
    let body = if chunked { unchunked(body)? } else { body.to_vec() };
    Some(Bytes { status, headers, body })
}

/// A body sent in chunks: a hexadecimal length, that many bytes, and so on to a length of 0.
fn unchunked(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|two| two == b"\r\n")?;
        let length = usize::from_str_radix(str::from_utf8(rest.get(..end)?).ok()?, 16).ok()?;
        if length == 0 {
            return Some(body);
        }
        let after = rest.get(end + 2..)?;
        body.extend_from_slice(after.get(..length)?);
        rest = after.get(length..)?.strip_prefix(b"\r\n")?;
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn plain_and_chunked_answers_are_read() {
        let plain = parse("HTTP/1.1 404 Not Found\r\nX-A:  b \r\n\r\nbody").unwrap();
        assert_eq!((plain.status, plain.header("x-a"), plain.body.as_str()), (404, "b", "body"));
        let chunked = parse(
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\na\r\n0123456789\r\n0\r\n\r\n",
        );
        assert_eq!(chunked.unwrap().body, "abc0123456789");
        assert!(parse("nonsense").is_none());
    }
}
