//! HTTP to an OSRM server: time limits, repetitions, and errors that name the address.
//!
//! Coordinates are homes, and addresses may hold passwords: neither is in what is said of a failure.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rand_core::{Rng as _, SeedableRng as _};
use rand_xoshiro::Xoshiro256PlusPlus;
use ureq::http::{Response, StatusCode};
use ureq::{Agent, Body};
use url::Url;

use crate::error::Error;

/// The first pause before a repetition; each further one is twice as long.
const FIRST_PAUSE_MS: u64 = 500;
/// No pause is longer, whatever the server asks for.
const LONGEST_PAUSE_MS: u64 = 30_000;

/// Waits; tests only note how long.
pub(crate) type Pause = Arc<dyn Fn(Duration) + Send + Sync>;

/// A way to one server.
pub(super) struct Client {
    agent: Agent,
    base: String,
    authorization: Option<String>,
    timeout_s: u32,
    retries: u32,
    pause: Pause,
    random: Mutex<Xoshiro256PlusPlus>,
}

/// How a client waits and what it draws the length of pauses from.
#[derive(Clone)]
pub(crate) struct Waiting {
    pub(crate) pause: Pause,
    pub(crate) seed: u64,
}

/// What came of one attempt.
enum Attempt {
    Answered(StatusCode, Vec<u8>),
    /// May be better the next time; the pause that the server asks for.
    Again(String, Option<Duration>),
    Never(String),
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("base", &self.base).finish_non_exhaustive()
    }
}

impl Client {
    pub(super) fn new(url: &Url, timeout_s: u32, retries: u32, waiting: Waiting) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            // Homes are sent to the server of the settings and to no other.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .timeout_global(Some(Duration::from_secs(u64::from(timeout_s))))
            .user_agent(concat!("doorstep/", env!("CARGO_PKG_VERSION")))
            .build();
        Self {
            agent: config.into(),
            base: without_credentials(url),
            authorization: authorization(url),
            timeout_s,
            retries,
            pause: waiting.pause,
            random: Mutex::new(Xoshiro256PlusPlus::seed_from_u64(waiting.seed)),
        }
    }

    /// The server's address without credentials.
    pub(super) fn base(&self) -> &str {
        &self.base
    }

    /// Status and body of `GET base/service/rest`, of at most `limit` bytes. `service` may be shown,
    /// `rest` may not.
    pub(super) fn get(
        &self,
        service: &str,
        rest: &str,
        limit: u64,
    ) -> Result<(StatusCode, Vec<u8>), Error> {
        let url = format!("{}/{service}/{rest}", self.base);
        let mut tried = 0;
        loop {
            let (why, asked) = match self.attempt(&url, limit) {
                Attempt::Answered(status, body) => return Ok((status, body)),
                Attempt::Never(why) => return Err(self.failed(service, &why)),
                Attempt::Again(why, asked) => (why, asked),
            };
            if tried == self.retries {
                let times = if tried == 0 { "once".into() } else { format!("{} times", tried + 1) };
                return Err(self.failed(service, &format!("{why} (tried {times})")));
            }
            tracing::info!(service, attempt = tried + 1, "OSRM {why}; trying again");
            (self.pause)(self.pause_before(tried).max(asked.unwrap_or_default()));
            tried += 1;
        }
    }

    /// An error that names the address and what to look at.
    pub(super) fn failed(&self, service: &str, why: &str) -> Error {
        Error::Roads(format!(
            "OSRM at {}/{service}: {why}; check that the server runs and that [travel] osrm_url and \
             osrm_profile in doorstep.toml are right",
            self.base
        ))
    }

    fn attempt(&self, url: &str, limit: u64) -> Attempt {
        let call = self.agent.get(url);
        let call = match &self.authorization {
            Some(value) => call.header("Authorization", value),
            None => call,
        };
        let mut answer = match call.call() {
            Ok(answer) => answer,
            Err(error) => return self.broken(error),
        };
        let status = answer.status();
        if status.is_redirection() {
            return Attempt::Never(format!(
                "it sends us on{}, and homes are sent to no other address than that of the settings",
                elsewhere(&answer)
            ));
        }
        if status == StatusCode::TOO_MANY_REQUESTS
            || (status.is_server_error() && status != StatusCode::NOT_IMPLEMENTED)
        {
            return Attempt::Again(format!("it answered HTTP {}", status.as_u16()), wait(&answer));
        }
        match answer.body_mut().with_config().limit(limit).read_to_vec() {
            Ok(body) => Attempt::Answered(status, body),
            Err(ureq::Error::BodyExceedsLimit(_)) => {
                Attempt::Never(format!("its answer is longer than {limit} bytes"))
            }
            Err(error) => self.broken(error),
        }
    }

    fn broken(&self, error: ureq::Error) -> Attempt {
        use ureq::Error as E;
        let why = match error {
            E::Timeout(_) => {
                format!("it gave no answer within {} s (timeout_s)", self.timeout_s)
            }
            E::HostNotFound => return Attempt::Never("there is no host of that name".into()),
            E::ConnectionFailed => "nobody answers there".into(),
            E::Io(cause) if cause.kind() == std::io::ErrorKind::ConnectionRefused => {
                "nobody answers there".into()
            }
            E::Io(cause) => format!("the connection broke ({})", cause.kind()),
            other => format!("the exchange failed ({other})"),
        };
        Attempt::Again(why, None)
    }

    /// Half of a pause that doubles each time, and a random part of the other half, so that many
    /// clients do not come back at once.
    fn pause_before(&self, tried: u32) -> Duration {
        let whole = FIRST_PAUSE_MS.saturating_mul(1 << tried.min(16)).min(LONGEST_PAUSE_MS);
        let half = whole / 2;
        let drawn = self.random.lock().unwrap_or_else(PoisonError::into_inner).next_u64();
        Duration::from_millis(half + drawn % (half + 1))
    }
}

/// The pause of a `Retry-After` in seconds, within bounds.
fn wait(answer: &Response<Body>) -> Option<Duration> {
    let seconds: u64 = answer.headers().get("retry-after")?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_millis(seconds.saturating_mul(1_000).min(LONGEST_PAUSE_MS)))
}

/// Scheme and host of a redirection; its path may hold coordinates.
fn elsewhere(answer: &Response<Body>) -> String {
    let to = answer.headers().get("location").and_then(|to| to.to_str().ok());
    let to = to.and_then(|to| Url::parse(to).ok()).filter(Url::has_host);
    to.map_or_else(String::new, |to| format!(" to {}", to.origin().ascii_serialization()))
}

fn without_credentials(url: &Url) -> String {
    let mut shown = url.clone();
    // Both fail only for addresses without a host, which the settings refuse.
    let _ = shown.set_username("");
    let _ = shown.set_password(None);
    shown.as_str().trim_end_matches('/').to_owned()
}

fn authorization(url: &Url) -> Option<String> {
    let text =
        |part: &str| percent_encoding::percent_decode_str(part).decode_utf8_lossy().into_owned();
    let (user, password) = (text(url.username()), url.password().map(text).unwrap_or_default());
    let named = !user.is_empty() || !password.is_empty();
    named.then(|| format!("Basic {}", STANDARD.encode(format!("{user}:{password}"))))
}
