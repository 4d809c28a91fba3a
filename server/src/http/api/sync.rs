//! What devices say and hear: hello, push and pull, in the bytes of `SYNC.md`.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use sync_core::op::Actor;
use sync_core::protocol::RECORD_TYPE;

use super::Api;
use super::extract::{Query, Raw};
use crate::http::problem::ApiError;
use crate::usecases::accept_ops::accept_ops;
use crate::usecases::access::AccessError;
use crate::usecases::hello::hello as greet;
use crate::usecases::pull::pull as page;
use crate::usecases::sessions::{Caller, device_of_token};

/// The type of a page: frames, compressed.
const PAGE_TYPE: &str = "application/vnd.doorstep.frames";

fn record(bytes: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok().content_type(RECORD_TYPE).body(bytes)
}

/// The handshake of a device: a signed hello. The answer has the token for push and pull.
#[utoipa::path(post, path = "/sync/hello", tag = "sync",
    request_body(content = Vec<u8>, content_type = "application/vnd.doorstep.record"),
    responses(
        (status = 200, description = "A record", content_type = "application/vnd.doorstep.record"),
        (status = 400, description = "`unknown_format`, `truncated`, `trailing_bytes`, `not_canonical`"),
        (status = 403, description = "`bad_signature`, `device_forked`"),
        (status = 404, description = "`unknown_device`"),
        (status = 409, description = "`hello_replayed`"),
        (status = 426, description = "`upgrade_required`")
    ))]
pub(super) async fn hello(api: web::Data<Api>, Raw(body): Raw) -> Result<HttpResponse, ApiError> {
    let answer = api.run(move |app| greet(app, &body)).await?;
    Ok(record(answer.encode()))
}

/// Takes a signed batch of ops. The token says which handshake counts; whose ops they are says the
/// signature, so that what a revoked device has not sent yet is still kept aside.
#[utoipa::path(post, path = "/sync/push", tag = "sync", security(("bearer" = [])),
    request_body(content = Vec<u8>, content_type = "application/vnd.doorstep.batch"),
    responses(
        (status = 200, description = "A record", content_type = "application/vnd.doorstep.record"),
        (status = 400, description = "`unknown_format`, `truncated`, `trailing_bytes`, `not_canonical`"),
        (status = 401, description = "`unauthenticated`"),
        (status = 403, description = "`bad_signature`, `device_revoked`, `user_disabled`"),
        (status = 409, description = "`sequence_gap`, `chain_broken`, `device_forked`"),
        (status = 413, description = "`too_large`")
    ))]
pub(super) async fn push(
    request: HttpRequest,
    api: web::Data<Api>,
    Raw(body): Raw,
) -> Result<HttpResponse, ApiError> {
    let token = bearer(&request).ok_or(AccessError::Unauthenticated)?;
    let device: Actor = api.run(move |app| device_of_token(app, &token)).await?;
    let answer = api.run(move |app| accept_ops(app, device, &body)).await?;
    Ok(record(answer.encode()))
}

fn bearer(request: &HttpRequest) -> Option<String> {
    let value = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

/// Where the stream of a device goes on.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PullFrom {
    /// The cursor of the page before; absent at the beginning.
    cursor: Option<String>,
}

/// One page of what goes down to a device.
#[utoipa::path(get, path = "/sync/pull", tag = "sync", params(PullFrom), security(("bearer" = [])),
    responses(
        (status = 200, description = "Frames, compressed by zstd",
            content_type = "application/vnd.doorstep.frames"),
        (status = 400, description = "`not_canonical`: the cursor is none"),
        (status = 401, description = "`unauthenticated`"),
        (status = 403, description = "`device_forked`")
    ))]
pub(super) async fn pull(
    api: web::Data<Api>,
    caller: Caller,
    Query(from): Query<PullFrom>,
) -> Result<HttpResponse, ApiError> {
    let device = caller.device.ok_or(AccessError::DeviceOnly)?;
    let cursor = from.cursor.filter(|cursor| !cursor.is_empty());
    let bytes = api.run(move |app| page(app, device, cursor.as_deref())).await?;
    Ok(HttpResponse::Ok()
        .content_type(PAGE_TYPE)
        .insert_header((header::CACHE_CONTROL, "no-store"))
        // It is compressed already.
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .body(bytes))
}
