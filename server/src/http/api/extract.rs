//! What handlers are given: bodies and queries that are read strictly. What they do not know is an
//! error that names it.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::web::{self, Bytes};
use actix_web::{FromRequest, HttpRequest};
use serde::de::DeserializeOwned;

use crate::http::problem::ApiError;

/// Most bytes of a body in JSON.
const JSON_LIMIT: usize = 64 * 1024;
/// Most bytes of any other body: a batch of 1 MiB with its header and signature.
const RAW_LIMIT: usize = 1024 * 1024 + 64 * 1024;
/// How alike a known name must be to be named.
const ALIKE: f64 = 0.7;

type Reading<T> = Pin<Box<dyn Future<Output = Result<T, ApiError>>>>;

/// A body in JSON. `T` must say `deny_unknown_fields`; a test looks after that.
#[derive(Debug)]
pub(in crate::http) struct Body<T>(pub(in crate::http) T);

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = ApiError;
    type Future = Reading<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let json = is(request, "application/json");
        let payload = web::Payload::from_request(request, payload);
        Box::pin(async move {
            if !json {
                return Err(ApiError::new(
                    StatusCode::UNSUPPORTED_MEDIA_TYPE,
                    "unsupported_media_type",
                    "send the body as application/json",
                ));
            }
            let bytes = read(payload.await, JSON_LIMIT).await?;
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
        let payload = web::Payload::from_request(request, payload);
        Box::pin(async move { read(payload.await, RAW_LIMIT).await.map(Raw) })
    }
}

/// The query of an address. `T` must say `deny_unknown_fields`.
#[derive(Debug)]
pub(in crate::http) struct Query<T>(pub(in crate::http) T);

impl<T: DeserializeOwned + 'static> FromRequest for Query<T> {
    type Error = ApiError;
    type Future = Reading<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
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

async fn read(
    payload: Result<web::Payload, actix_web::Error>,
    limit: usize,
) -> Result<Bytes, ApiError> {
    let cut = |error: actix_web::Error| {
        ApiError::new(StatusCode::BAD_REQUEST, "truncated", format!("the body is cut: {error}"))
    };
    match payload.map_err(cut)?.to_bytes_limited(limit).await {
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
