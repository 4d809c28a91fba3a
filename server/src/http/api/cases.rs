//! Cases: what was written about them, and what the office writes.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use sync_core::kinds::{ContactField, ContactValue, Content, StatusEdit};
use sync_core::model::Position;
use utoipa::ToSchema;

use super::Api;
use super::extract::Body;
use super::visits::WrittenView;
use crate::error::Error;
use crate::http::problem::ApiError;
use crate::usecases::allocate::{allocate as give, withdraw as take_back};
use crate::usecases::lists::{CaseFile, agent_named, case_file, case_named};
use crate::usecases::office::{OfficeOp, write};
use crate::usecases::sessions::Caller;

/// What was written about a case. `{case}` is its id, or the lender's key.
#[utoipa::path(get, path = "/cases/{case}", tag = "cases", params(("case" = String, Path)),
    security(("bearer" = [])),
    responses((status = 200, description = "The case", body = CaseFile),
        (status = 404, description = "`not_found`")))]
pub(super) async fn one(
    api: web::Data<Api>,
    case: web::Path<String>,
) -> Result<web::Json<CaseFile>, ApiError> {
    let file = api.run(move |app| case_file(app, case_named(app, &case)?)).await?;
    Ok(web::Json(file))
}

/// Another value of a contact field.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EditContact {
    /// `name`, `phone`, `address`, `position`, `email` or `language`.
    field: String,
    /// The value of a field that is a text.
    text: Option<String>,
    /// The value of `position`: degrees north.
    lat: Option<f64>,
    /// Degrees east.
    lon: Option<f64>,
}

/// Corrects a contact field; it replaces the values that are there now.
#[utoipa::path(post, path = "/cases/{case}/contact", tag = "cases", params(("case" = String, Path)),
    request_body = EditContact, security(("bearer" = [])),
    responses((status = 200, description = "Written", body = WrittenView),
        (status = 404, description = "`not_found`"),
        (status = 422, description = "`invalid_value`")))]
pub(super) async fn contact(
    api: web::Data<Api>,
    caller: Caller,
    case: web::Path<String>,
    Body(edit): Body<EditContact>,
) -> Result<web::Json<WrittenView>, ApiError> {
    let invalid = |detail: String| ApiError::from(Error::Invalid(detail));
    let field: ContactField = edit.field.parse().map_err(|e| invalid(format!("{e}")))?;
    let value = match (edit.text, edit.lat, edit.lon) {
        (Some(text), None, None) => ContactValue::of_text(text),
        (None, Some(lat), Some(lon)) => {
            let place = Position::from_degrees(lat, lon).map_err(|e| invalid(e.to_string()))?;
            ContactValue::of_position(place)
        }
        _ => return Err(invalid("give text, or lat and lon".into())),
    };
    written(&api, caller, case.into_inner(), Content::Contact(value), Some(field.number())).await
}

async fn written(
    api: &Api,
    caller: Caller,
    case: String,
    content: Content,
    field: Option<u64>,
) -> Result<web::Json<WrittenView>, ApiError> {
    let dots = api
        .run(move |app| {
            let op = OfficeOp { case: case_named(app, &case)?, content, record: None, field };
            write(app, Some(caller.user), &[op])
        })
        .await?;
    let dot = dots.first().copied().ok_or_else(|| ApiError::internal(&"no op was written"))?;
    Ok(web::Json(dot.into()))
}

/// Tags to add and to remove.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EditTags {
    /// Tags that the case gets.
    #[serde(default)]
    add: Vec<String>,
    /// Tags that it loses.
    #[serde(default)]
    remove: Vec<String>,
}

/// The ops that were written.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ManyWritten {
    /// Each as `device:sequence`.
    ops: Vec<String>,
}

/// Adds and removes tags.
#[utoipa::path(post, path = "/cases/{case}/tags", tag = "cases", params(("case" = String, Path)),
    request_body = EditTags, security(("bearer" = [])),
    responses((status = 200, description = "Written", body = ManyWritten),
        (status = 404, description = "`not_found`"),
        (status = 422, description = "`invalid_value`")))]
pub(super) async fn tags(
    api: web::Data<Api>,
    caller: Caller,
    case: web::Path<String>,
    Body(edit): Body<EditTags>,
) -> Result<web::Json<ManyWritten>, ApiError> {
    let dots = api
        .run(move |app| {
            let case = case_named(app, &case)?;
            let added = edit.add.into_iter().map(Content::TagAdded);
            let contents = added.chain(edit.remove.into_iter().map(Content::TagRemoved));
            let ops: Vec<_> = contents.map(|content| OfficeOp::of(case, content)).collect();
            write(app, Some(caller.user), &ops)
        })
        .await?;
    Ok(web::Json(ManyWritten { ops: dots.iter().map(ToString::to_string).collect() }))
}

/// Another status.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EditStatus {
    /// `open`, `paused`, `closed` or `legal_hand_off`.
    status: String,
    /// Why.
    reason: String,
}

/// Sets the status; agents who have the case are told at once.
#[utoipa::path(post, path = "/cases/{case}/status", tag = "cases", params(("case" = String, Path)),
    request_body = EditStatus, security(("bearer" = [])),
    responses((status = 200, description = "Written", body = WrittenView),
        (status = 404, description = "`not_found`"),
        (status = 422, description = "`invalid_value`")))]
pub(super) async fn status(
    api: web::Data<Api>,
    caller: Caller,
    case: web::Path<String>,
    Body(edit): Body<EditStatus>,
) -> Result<web::Json<WrittenView>, ApiError> {
    let status = edit.status.parse();
    let status = status.map_err(|e| ApiError::from(Error::Invalid(format!("{e}"))))?;
    let content = Content::Status(StatusEdit { status, reason: edit.reason });
    written(&api, caller, case.into_inner(), content, None).await
}

/// An agent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OfAgent {
    /// The lender's key of the agent.
    agent: String,
}

/// Gives the case to a further agent.
#[utoipa::path(post, path = "/cases/{case}/allocate", tag = "cases",
    params(("case" = String, Path)), request_body = OfAgent, security(("bearer" = [])),
    responses((status = 204, description = "The agent has it"),
        (status = 404, description = "`not_found`")))]
pub(super) async fn allocate(
    api: web::Data<Api>,
    caller: Caller,
    case: web::Path<String>,
    Body(body): Body<OfAgent>,
) -> Result<HttpResponse, ApiError> {
    api.run(move |app| {
        let (case, agent) = (case_named(app, &case)?, agent_named(app, &body.agent)?);
        give(app, case, agent, Some(caller.user))
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Takes the case back from an agent.
#[utoipa::path(post, path = "/cases/{case}/withdraw", tag = "cases",
    params(("case" = String, Path)), request_body = OfAgent, security(("bearer" = [])),
    responses((status = 204, description = "The agent has it no more"),
        (status = 404, description = "`not_found`")))]
pub(super) async fn withdraw(
    api: web::Data<Api>,
    caller: Caller,
    case: web::Path<String>,
    Body(body): Body<OfAgent>,
) -> Result<HttpResponse, ApiError> {
    api.run(move |app| {
        let (case, agent) = (case_named(app, &case)?, agent_named(app, &body.agent)?);
        take_back(app, case, agent, Some(caller.user))
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}
