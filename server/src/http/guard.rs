//! Refuses requests for pages that do not name the loopback address, and sets the headers of every
//! answer. The API has logins and answers whoever reaches it.

use std::sync::LazyLock;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, ResponseError as _, http::header, web};

use super::api::PREFIX;
use super::problem::ApiError;
use crate::render::PAGE_CSP;

const HEADERS: [(HeaderName, &str); 4] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::CACHE_CONTROL, "no-store"),
];

/// The page may load nothing and talk to nobody. Framing cannot be forbidden from within a page.
static POLICY: LazyLock<Option<HeaderValue>> =
    LazyLock::new(|| HeaderValue::from_str(&format!("{PAGE_CSP}; frame-ancestors 'none'")).ok());

/// Whether the server has pages, which only this machine may see.
#[derive(Debug, Clone, Copy)]
pub(super) struct LoopbackOnly(pub(super) bool);

pub(super) async fn loopback_only<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    // Not `connection_info`: that believes headers a foreign page may set.
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let host = host.unwrap_or_default().to_owned();
    let guarded = request.app_data::<web::Data<LoopbackOnly>>().is_none_or(|only| only.0);
    let open = !guarded || request.path().starts_with(&format!("{PREFIX}/"));
    let mut response = if open || is_loopback(&host) {
        next.call(request).await?.map_into_left_body()
    } else {
        let detail = "this server answers only as localhost or 127.0.0.1";
        let answer = ApiError::new(StatusCode::FORBIDDEN, "foreign_host", detail);
        request.into_response(answer.error_response()).map_into_right_body()
    };
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Some(policy) = POLICY.clone() {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    Ok(response)
}

/// Whether a `Host` header names this machine's loopback address, with or without a port.
fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    name.eq_ignore_ascii_case("localhost") || name == "127.0.0.1"
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn only_loopback_names_are_answered() {
        for host in ["localhost", "localhost:8080", "127.0.0.1:8080", "127.0.0.1", "LOCALHOST:1"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in ["evil.example", "127.0.0.1.evil.example:80", "localhost.evil.example", ""] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
