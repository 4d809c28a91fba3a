//! The exchange as a state machine: which request next, and what its answer means.

use std::ops::RangeInclusive;

use thiserror::Error;

use super::page::Asked;
use super::{Phone, PhoneError};
use crate::protocol::{
    BATCH_TYPE, Code, HELLO_PATH, HelloAnswer, PULL_PATH, PUSH_PATH, ProtocolError, PushAnswer,
    RECORD_TYPE, UnreadBatch, decode_frames,
};
use crate::store::OpStore;

/// How often a hello is said in one exchange: a token may expire, a server may start over.
const MOST_HELLOS: u8 = 3;

/// The method of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// `GET`, without a body.
    Get,
    /// `POST`.
    Post,
}

impl Method {
    /// The word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

/// A request to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// Path and query.
    pub path: String,
    /// The bearer token of `Authorization`, if there is to be one.
    pub token: Option<String>,
    /// The `Content-Type` of the body; none without one.
    pub content_type: Option<&'static str>,
    /// The body.
    pub body: Vec<u8>,
}

/// What an answer brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// The server knows the phone.
    Greeted,
    /// A batch was taken.
    Pushed {
        /// How many ops the server has now.
        acknowledged: u64,
        /// How many of the batch are kept aside.
        kept_aside: usize,
        /// How many seconds the server wants to be left alone for.
        wait_s: Option<u64>,
    },
    /// A batch was refused. It is kept, and nothing is pushed for the rest of the exchange.
    PushRefused(Refusal),
    /// A page was taken.
    Pulled {
        /// How many frames it had.
        frames: usize,
        /// Whether there is more.
        more: bool,
    },
    /// The handshake has to be done again.
    Again,
    /// The phone is revoked and was wiped.
    Wiped,
}

/// Why the server refused something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// The code, if the answer named one.
    pub code: Option<String>,
    /// What the answer says.
    pub detail: String,
}

impl Refusal {
    fn read(status: u16, body: &[u8]) -> Self {
        let json: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
        let text =
            |field: &str| json.get(field).and_then(|value| value.as_str()).map(str::to_owned);
        let detail = text("detail").or_else(|| text("title")).unwrap_or_default();
        Self { status, code: text("code"), detail }
    }

    fn is(&self, code: Code) -> bool {
        self.code.as_deref() == Some(code.label())
    }
}

/// Why an exchange stops. The phone keeps all it has; a later exchange goes on.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ClientError {
    /// The phone cannot go on.
    #[error(transparent)]
    Phone(#[from] PhoneError),
    /// The answer cannot be read.
    #[error(transparent)]
    Protocol(#[from] ProtocolError),
    /// The server refused it.
    #[error("the server refused it: status {}, {}: {}", .0.status, .0.code.as_deref().unwrap_or("no code"), .0.detail)]
    Refused(Refusal),
    /// The server knows other ops of this phone: it was copied or restored.
    #[error("the server knows another history of this phone; enrol it again")]
    Forked,
    /// The server lost what it had called durable.
    #[error(
        "the server has {known} ops of this phone and had said it keeps {durable}; tell the office"
    )]
    HistoryLost {
        /// How many it has.
        known: u64,
        /// How many it had called durable.
        durable: u64,
    },
    /// Server and app have no version of the protocol in common.
    #[error("the server speaks versions {lowest} to {highest} of the protocol; update the app")]
    Upgrade {
        /// The lowest version it speaks.
        lowest: u64,
        /// The highest.
        highest: u64,
    },
    /// The server answers and nothing moves.
    #[error("the server answered, and nothing moved; try later")]
    NoProgress,
    /// An answer that nobody has asked for.
    #[error("an answer without a request, or to an earlier one")]
    Unexpected,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Hello,
    Push,
    Pull,
    Done,
}

#[derive(Debug, Clone)]
enum Waiting {
    Hello,
    Push(RangeInclusive<u64>),
    Pull(Asked),
}

/// One exchange: hello, then batches, then pages. It may be dropped at any point.
///
/// ```
/// # use sync_core::phone::{Client, ClientError, Phone, Request};
/// # use sync_core::store::OpStore;
/// fn exchange<S: OpStore>(
///     phone: &mut Phone<S>,
///     now_ms: impl Fn() -> i64,
///     send: impl Fn(&Request) -> (u16, Vec<u8>),
/// ) -> Result<(), ClientError> {
///     let mut client = Client::new("1.0.0");
///     while let Some(request) = client.next(phone, now_ms())? {
///         let (status, body) = send(&request);
///         client.answer(phone, now_ms(), status, &body)?;
///     }
///     Ok(())
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Client {
    app_version: String,
    step: Step,
    waiting: Option<Waiting>,
    token: Option<String>,
    hellos: u8,
    push_refused: bool,
}

impl Client {
    /// An exchange from the beginning.
    #[must_use]
    pub fn new(app_version: &str) -> Self {
        Self {
            app_version: app_version.to_owned(),
            step: Step::Hello,
            waiting: None,
            token: None,
            hellos: 0,
            push_refused: false,
        }
    }

    /// The next request; none when the exchange is over. Asked again before an answer came, it
    /// makes the request again.
    ///
    /// # Errors
    /// [`ClientError`] when the phone cannot go on.
    pub fn next<S: OpStore>(
        &mut self,
        phone: &mut Phone<S>,
        now_ms: i64,
    ) -> Result<Option<Request>, ClientError> {
        if self.step == Step::Hello {
            let body = phone.hello(now_ms, &self.app_version)?;
            return Ok(Some(self.post(HELLO_PATH, RECORD_TYPE, body, Waiting::Hello)));
        }
        if self.step == Step::Push {
            if let Some(batch) = phone.next_batch(now_ms)? {
                let first = UnreadBatch::open(&batch.bytes)?.header().first.get();
                let waiting = Waiting::Push(first..=batch.last);
                return Ok(Some(self.post(PUSH_PATH, BATCH_TYPE, batch.bytes, waiting)));
            }
            self.step = Step::Pull;
        }
        if self.step == Step::Done {
            return Ok(None);
        }
        let asked = phone.ask();
        let path = match &asked.cursor {
            Some(cursor) => format!("{PULL_PATH}?cursor={cursor}"),
            None => PULL_PATH.to_owned(),
        };
        self.waiting = Some(Waiting::Pull(asked));
        let (token, body) = (self.token.clone(), Vec::new());
        Ok(Some(Request { method: Method::Get, path, token, content_type: None, body }))
    }

    /// Takes the answer to the last request.
    ///
    /// # Errors
    /// [`ClientError`]. After a refusal of the server or an answer that cannot be read,
    /// [`Self::next`] makes the same request again.
    pub fn answer<S: OpStore>(
        &mut self,
        phone: &mut Phone<S>,
        now_ms: i64,
        status: u16,
        body: &[u8],
    ) -> Result<Progress, ClientError> {
        let waiting = self.waiting.take().ok_or(ClientError::Unexpected)?;
        if status != 200 {
            return self.refused(&waiting, Refusal::read(status, body));
        }
        match waiting {
            Waiting::Hello => self.greeted(phone, &HelloAnswer::decode(body)?),
            Waiting::Push(batch) => {
                let answer = PushAnswer::decode(body)?;
                phone.take_push(&batch, &answer)?;
                Ok(Progress::Pushed {
                    acknowledged: answer.acknowledged,
                    kept_aside: answer.kept_aside.len(),
                    wait_s: answer.wait_s,
                })
            }
            Waiting::Pull(asked) => {
                let (frames, end) = decode_frames(body)?;
                if end.epoch != phone.state.epoch {
                    return self.again().ok_or(ClientError::NoProgress);
                }
                let count = frames.len();
                phone.take_page(now_ms, &asked, frames, &end)?;
                if !end.more {
                    self.step = Step::Done;
                }
                Ok(Progress::Pulled { frames: count, more: end.more })
            }
        }
    }

    fn post(
        &mut self,
        path: &str,
        content_type: &'static str,
        body: Vec<u8>,
        waiting: Waiting,
    ) -> Request {
        self.waiting = Some(waiting);
        let (path, token) = (path.to_owned(), self.token.clone());
        Request { method: Method::Post, path, token, content_type: Some(content_type), body }
    }

    fn greeted<S: OpStore>(
        &mut self,
        phone: &mut Phone<S>,
        answer: &HelloAnswer,
    ) -> Result<Progress, ClientError> {
        if answer.wipe {
            phone.wipe()?;
            self.step = Step::Done;
            return Ok(Progress::Wiped);
        }
        phone.take_hello(answer)?;
        self.token = answer.token.clone();
        self.step = if self.push_refused { Step::Pull } else { Step::Push };
        Ok(Progress::Greeted)
    }

    fn refused(&mut self, waiting: &Waiting, refusal: Refusal) -> Result<Progress, ClientError> {
        let is_push = matches!(waiting, Waiting::Push(_));
        let stale = refusal.status == 401 || (is_push && refusal.is(Code::SequenceGap));
        if stale && !matches!(waiting, Waiting::Hello) {
            return self.again().ok_or(ClientError::Refused(refusal));
        }
        // A push is refused like this too, but then what comes down may still be taken.
        if !is_push && refusal.is(Code::DeviceForked) {
            return Err(ClientError::Forked);
        }
        // A server that is busy or broken is asked again; what it refuses for good is kept.
        if is_push && (400..500).contains(&refusal.status) && refusal.status != 429 {
            (self.push_refused, self.step) = (true, Step::Pull);
            return Ok(Progress::PushRefused(refusal));
        }
        Err(ClientError::Refused(refusal))
    }

    /// Begins with a hello again, unless that has been tried often enough.
    fn again(&mut self) -> Option<Progress> {
        self.hellos += 1;
        (self.hellos < MOST_HELLOS).then(|| {
            (self.step, self.token) = (Step::Hello, None);
            Progress::Again
        })
    }
}
