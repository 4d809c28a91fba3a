//! Requests the app sends and answers it brings.

use serde::Deserialize;
use sync_core::phone::Request;

use crate::error::PhoneError;

/// A request to be sent to the server, below the address the office gave.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct HttpRequest {
    /// `GET` or `POST`.
    pub method: String,
    /// Path and query, beginning with `/`.
    pub path: String,
    /// The header `Content-Type`; none without a body.
    pub content_type: Option<String>,
    /// The header `Authorization`, if there is to be one. It is a secret: do not log it.
    pub authorization: Option<String>,
    /// The body, sent as it is.
    pub body: Vec<u8>,
    /// How many seconds to wait before it is sent, because the server asked for it; else 0.
    pub wait_s: u64,
}

/// What came back. A redirect is not to be followed.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct HttpAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The body, as it came (an encoding of the transport taken off).
    pub body: Vec<u8>,
    /// The phone's clock when it had come, milliseconds since 1970 UTC.
    pub at_ms: i64,
}

impl HttpRequest {
    pub(crate) fn of(request: Request, wait_s: u64) -> Self {
        Self {
            method: request.method.as_str().to_owned(),
            path: request.path,
            content_type: request.content_type.map(str::to_owned),
            authorization: request.token.map(|token| format!("Bearer {token}")),
            body: request.body,
            wait_s,
        }
    }
}

/// The fields of a problem (RFC 9457) that are of use here.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Problem {
    code: String,
    title: String,
    detail: String,
}

impl HttpAnswer {
    /// The body, if the server did what it was asked.
    pub(crate) fn success(&self) -> Result<&[u8], PhoneError> {
        if (200..300).contains(&self.status) {
            return Ok(&self.body);
        }
        let problem: Problem = serde_json::from_slice(&self.body).unwrap_or_default();
        let Problem { code, title, detail } = problem;
        let detail = if detail.is_empty() { title } else { detail };
        Err(PhoneError::Refused { status: self.status, code, detail })
    }
}
