//! What handlers are given: bodies and queries that are read strictly. What they do not know is an
//! error that names it.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::rt::time::timeout;
use actix_web::web::{self, Bytes};
use actix_web::{FromRequest, HttpRequest};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Api;
use crate::http::problem::ApiError;

/// Most bytes of a body in JSON.
const JSON_LIMIT: usize = 64 * 1024;
/// Most bytes of any other body: a batch of 1 MiB with its header and signature.
const RAW_LIMIT: usize = 1024 * 1024 + 64 * 1024;
/// How alike a known name must be to be named.
const ALIKE: f64 = 0.7;

/// How long a body is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// However short it is.
    pub first: Duration,
    /// And the slowest line that a longer one may come over.
    pub bytes_per_s: u32,
}

impl Patience {
    /// Half a minute, and the bytes of a bad mobile line after that.
    pub const USUAL: Self = Self { first: Duration::from_secs(30), bytes_per_s: 8 * 1024 };

    /// For a body of so many bytes.
    fn with(self, bytes: usize) -> Duration {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        let seconds = bytes / u64::from(self.bytes_per_s.max(1));
        self.first.saturating_add(Duration::from_secs(seconds))
    }
}

type Reading<T> = Pin<Box<dyn Future<Output = Result<T, ApiError>>>>;

/// A body in JSON. `T` must say `deny_unknown_fields`; a test looks after that.
#[derive(Debug)]
pub(in crate::http) struct Body<T>(pub(in crate::http) T);

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = ApiError;
    type Future = Reading<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let json = is(request, "application/json");
        let wait = wait(request, JSON_LIMIT);
        let payload = web::Payload::from_request(request, payload);
        Box::pin(async move {
            if !json {
                return Err(ApiError::new(
                    StatusCode::UNSUPPORTED_MEDIA_TYPE,
                    "unsupported_media_type",
                    "send the body as application/json",
                ));
            }
            let bytes = read(payload.await, JSON_LIMIT, wait).await?;
            if let Some(field) = field_with_nul(&bytes) {
                return Err(nul("invalid_body", &field));
            }
            serde_json::from_slice(&bytes).map(Body).map_err(|error| {
                let code = if error.is_data() { "invalid_body" } else { "invalid_json" };
                unfit(code, &error.to_string())
            })
        })
    }
}

/// A body of bytes.
#[derive(Debug)]
pub(in crate::http) struct Raw(pub(in crate::http) Bytes);

impl FromRequest for Raw {
    type Error = ApiError;
    type Future = Reading<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let wait = wait(request, RAW_LIMIT);
        let payload = web::Payload::from_request(request, payload);
        Box::pin(async move { read(payload.await, RAW_LIMIT, wait).await.map(Raw) })
    }
}

/// The query of an address. `T` must say `deny_unknown_fields`.
#[derive(Debug)]
pub(in crate::http) struct Query<T>(pub(in crate::http) T);

impl<T: DeserializeOwned + 'static> FromRequest for Query<T> {
    type Error = ApiError;
    type Future = Reading<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let pairs = web::Query::<Vec<(String, String)>>::from_query(request.query_string());
        let pairs = pairs.map(web::Query::into_inner).unwrap_or_default();
        if let Some((field, _)) = pairs.iter().find(|(_, value)| value.contains('\0')) {
            let refused = nul("invalid_query", field);
            return Box::pin(async move { Err(refused) });
        }
        let read = web::Query::<T>::from_query(request.query_string());
        let read = read.map(|query| Self(query.into_inner()));
        let read = read.map_err(|error| {
            let text = error.to_string();
            let text = text.strip_prefix("Query deserialize error: ").unwrap_or(&text);
            unfit("invalid_query", text)
        });
        Box::pin(async move { read })
    }
}

fn is(request: &HttpRequest, wanted: &str) -> bool {
    let given = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let given = given.and_then(|value| value.split(';').next()).unwrap_or_default();
    given.trim().eq_ignore_ascii_case(wanted)
}

/// How long a body is waited for that has at most so many bytes.
fn wait(request: &HttpRequest, limit: usize) -> Duration {
    let length = request.headers().get(header::CONTENT_LENGTH);
    let length = length.and_then(|value| value.to_str().ok()?.parse().ok());
    let patience = request.app_data::<web::Data<Api>>().map(|api| api.patience);
    patience.unwrap_or(Patience::USUAL).with(length.unwrap_or(limit).min(limit))
}

/// No text of the database can hold the character NUL, and no name or reference has one.
fn nul(code: &'static str, field: &str) -> ApiError {
    let detail = format!("{field}: remove the character U+0000");
    ApiError::new(StatusCode::BAD_REQUEST, code, detail).with("field", field)
}

/// The field of a body in JSON in which the character NUL stands, if it does.
fn field_with_nul(bytes: &[u8]) -> Option<String> {
    fn find(name: &str, value: &Value) -> Option<String> {
        match value {
            Value::String(text) => text.contains('\0').then(|| name.to_owned()),
            Value::Array(items) => items.iter().find_map(|item| find(name, item)),
            Value::Object(members) => members.iter().find_map(|(name, value)| find(name, value)),
            _ => None,
        }
    }
    // It can only be written like this; what else looks like it is no text with a NUL.
    let escaped = bytes.windows(6).any(|six| six == b"\\u0000");
    let value: Value = if escaped { serde_json::from_slice(bytes).ok()? } else { return None };
    find("body", &value)
}

async fn read(
    payload: Result<web::Payload, actix_web::Error>,
    limit: usize,
    wait: Duration,
) -> Result<Bytes, ApiError> {
    let cut = |error: actix_web::Error| {
        ApiError::new(StatusCode::BAD_REQUEST, "truncated", format!("the body is cut: {error}"))
    };
    let whole = timeout(wait, payload.map_err(cut)?.to_bytes_limited(limit)).await;
    match whole.map_err(|_| ApiError::too_slow())? {
        Ok(bytes) => bytes.map_err(cut),
        Err(_) => Err(ApiError::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too_large",
            format!("the body has more than {limit} bytes"),
        )),
    }
}

/// What serde says, with the field and, for an unknown one, the known name that is most alike.
fn unfit(code: &'static str, text: &str) -> ApiError {
    let problem = |detail: String| ApiError::new(StatusCode::BAD_REQUEST, code, detail);
    let names: Vec<&str> = text.split('`').skip(1).step_by(2).collect();
    let Some((field, known)) = names.split_first() else { return problem(text.to_owned()) };
    if text.starts_with("unknown field") {
        let nearest = known
            .iter()
            .map(|name| (strsim::jaro_winkler(field, name), *name))
            .filter(|(likeness, _)| *likeness >= ALIKE)
            .max_by(|a, b| a.0.total_cmp(&b.0));
        return match nearest {
            Some((_, name)) => problem(format!("there is no field {field}; did you mean {name}?"))
                .with("field", *field)
                .with("nearest", name),
            None => problem(format!("there is no field {field}; there are {}", known.join(", ")))
                .with("field", *field),
        };
    }
    if text.starts_with("missing field") || text.starts_with("duplicate field") {
        return problem(text.to_owned()).with("field", *field);
    }
    problem(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nul_is_found_with_its_field() {
        let found = |text: &str| field_with_nul(text.as_bytes());
        assert_eq!(found(r#"{"name":"a\u0000b"}"#).as_deref(), Some("name"));
        assert_eq!(found(r#"{"add":["x",{"deep":"\u0000"}]}"#).as_deref(), Some("deep"));
        assert_eq!(found(r#"{"add":["x","\u0000"]}"#).as_deref(), Some("add"));
        assert_eq!(found(r#"{"name":"a\\u0000b"}"#), None, "a backslash and digits");
        assert_eq!(found(r#"{"name":"ab"}"#), None);
    }

    #[test]
    fn long_bodies_are_waited_for_longer() {
        assert_eq!(Patience::USUAL.with(100), Duration::from_secs(30));
        assert_eq!(Patience::USUAL.with(1 << 20), Duration::from_secs(30 + 128));
    }
}
