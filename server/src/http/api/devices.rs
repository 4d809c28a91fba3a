//! Devices: codes, enrolment, list, revocation.

use actix_web::{HttpResponse, web};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sync_core::model::UserId;
use sync_core::op::Actor;
use sync_core::protocol::Enrolment;
use utoipa::ToSchema;

use super::Api;
use super::extract::{Body, Query};
use super::paging::{Page, Paging};
use super::users::user_id;
use crate::http::problem::ApiError;
use crate::usecases::devices::{self, Device};
use crate::usecases::sessions::Caller;

/// A code for a new device, shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CodeView {
    /// What the device sends to be enrolled.
    code: String,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// Makes a code with which a device of the user can be enrolled, once and for an hour.
#[utoipa::path(post, path = "/users/{id}/enrolment-codes", tag = "devices",
    params(("id" = String, Path)), security(("bearer" = [])),
    responses((status = 201, description = "The code", body = CodeView),
        (status = 404, description = "`not_found`"),
        (status = 422, description = "`no_agent`")))]
pub(super) async fn code(
    api: web::Data<Api>,
    caller: Caller,
    id: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    let id = user_id(&id)?;
    let made = api.run(move |app| devices::make_code(app, Some(caller.user), id)).await?;
    Ok(HttpResponse::Created().json(CodeView { code: made.code, expires_at: made.expires_at }))
}

/// What a device sends to be enrolled.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Enrol {
    /// The code of the office.
    code: String,
    /// Its Ed25519 public key, 64 hexadecimal digits.
    public_key: String,
    /// What its owner calls it.
    name: String,
    app_version: String,
    /// Ed25519 signature over `doorstep/enrol/1` and the code, 128 hexadecimal digits.
    proof: String,
}

/// What an enrolled device gets.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EnrolledView {
    #[schema(format = Uuid)]
    organisation: String,
    /// The number of the device.
    actor: u32,
    agent_ref: String,
    epoch: u64,
    currency: String,
    /// Decimals of its minor unit.
    exponent: u8,
    server_time_ms: i64,
}

/// Enrols a device with a code of the office and the proof that it has its key.
#[utoipa::path(post, path = "/devices/enrol", tag = "devices", request_body = Enrol,
    responses((status = 201, description = "Enrolled", body = EnrolledView),
        (status = 403, description = "`invalid_code`, `bad_signature`"),
        (status = 409, description = "`key_known`"),
        (status = 422, description = "`invalid_value`, `no_agent`")))]
pub(super) async fn enrol(
    api: web::Data<Api>,
    Body(request): Body<Enrol>,
) -> Result<HttpResponse, ApiError> {
    let request = Enrolment {
        code: request.code,
        public_key: request.public_key,
        name: request.name,
        app_version: request.app_version,
        proof: request.proof,
    };
    let enrolled = api.run(move |app| devices::enrol(app, &request)).await?;
    Ok(HttpResponse::Created().json(EnrolledView {
        organisation: enrolled.organisation.to_string(),
        actor: enrolled.actor,
        agent_ref: enrolled.agent_ref,
        epoch: enrolled.epoch,
        currency: enrolled.currency,
        exponent: enrolled.exponent,
        server_time_ms: enrolled.server_time_ms,
    }))
}

/// Which page of devices.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListDevices {
    /// Only those of this user.
    user: Option<String>,
    /// Items of a page, 1 to 200; 50 unless given.
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// A device.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DeviceView {
    /// Its number.
    actor: u32,
    #[schema(value_type = String, format = Uuid)]
    user: UserId,
    name: String,
    app_version: String,
    #[schema(value_type = String, format = DateTime)]
    enrolled_at: Timestamp,
    /// When it was heard of last.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    seen_at: Option<Timestamp>,
    /// How many of its ops are here.
    sequence: i64,
    /// Server time less device time, as measured last.
    offset_ms: i64,
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked_at: Option<Timestamp>,
    /// Since when it is known to exist twice.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    forked_at: Option<Timestamp>,
}

impl From<Device> for DeviceView {
    fn from(device: Device) -> Self {
        Self {
            actor: device.actor.number(),
            user: device.user,
            name: device.name,
            app_version: device.app_version,
            enrolled_at: device.enrolled_at,
            seen_at: device.seen_at,
            sequence: device.sequence,
            offset_ms: device.offset_ms,
            revoked_at: device.revoked_at,
            forked_at: device.forked_at,
        }
    }
}

/// All devices, by number.
#[utoipa::path(get, path = "/devices", tag = "devices", params(ListDevices),
    security(("bearer" = [])),
    responses((status = 200, description = "A page", body = Page<DeviceView>)))]
pub(super) async fn list(
    api: web::Data<Api>,
    Query(query): Query<ListDevices>,
) -> Result<web::Json<Page<DeviceView>>, ApiError> {
    let paging = Paging::of("devices", query.limit, query.cursor.as_deref())?;
    let user = query.user.as_deref().map(user_id).transpose()?;
    let (after, to_read) = (paging.key()?.unwrap_or(0), paging.to_read());
    let found = api.run(move |app| devices::list_devices(app, user, after, to_read)).await?;
    Ok(web::Json(paging.page(found, |device| device.actor.to_string(), DeviceView::from)))
}

/// Revokes a device at once. At its next hello it is told to wipe.
#[utoipa::path(post, path = "/devices/{actor}/revoke", tag = "devices",
    params(("actor" = u32, Path)), security(("bearer" = [])),
    responses((status = 204, description = "Revoked, now or before"),
        (status = 404, description = "`not_found`")))]
pub(super) async fn revoke(
    api: web::Data<Api>,
    caller: Caller,
    actor: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    let actor = actor.parse().map(Actor::new);
    let actor = actor.map_err(|_| ApiError::not_found("devices have numbers"))?;
    api.run(move |app| devices::revoke_device(app, Some(caller.user), actor)).await?;
    Ok(HttpResponse::NoContent().finish())
}
