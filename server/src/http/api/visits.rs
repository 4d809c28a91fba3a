//! What came back: visits, conflicts, and what the server did not take as it came.

use actix_web::web;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sync_core::op::{Dot, OpHash};
use utoipa::ToSchema;

use super::Api;
use super::extract::{Body, Query};
use super::paging::{Page, Paging};
use crate::http::problem::ApiError;
use crate::usecases::conflicts::{read_dot, settle as settle_conflicts, write_dot};
use crate::usecases::lists::{
    self, FlaggedOp, KeptOp, OpenConflict, VisitLine, Wanted, agent_named, case_named, read_hash,
};
use crate::usecases::quarantine::{Release, release as take_in};
use crate::usecases::sessions::Caller;

/// Which visits.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListVisits {
    /// Of one day in the organisation's zone, as in 2026-11-23.
    #[param(value_type = Option<String>)]
    day: Option<Date>,
    /// Of one case: its id, or the lender's key.
    case: Option<String>,
    /// Of one agent: the lender's key.
    agent: Option<String>,
    /// Items of a page, 1 to 200; 50 unless given.
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Visits that came back, the latest arrival first.
#[utoipa::path(get, path = "/visits", tag = "what came back", params(ListVisits),
    security(("bearer" = [])),
    responses((status = 200, description = "A page", body = Page<VisitLine>)))]
pub(super) async fn list(
    api: web::Data<Api>,
    Query(query): Query<ListVisits>,
) -> Result<web::Json<Page<VisitLine>>, ApiError> {
    let paging = Paging::of("visits", query.limit, query.cursor.as_deref())?;
    let (key, most) = (paging.key::<String>()?, paging.to_read());
    let rows = api
        .run(move |app| {
            let case = query.case.map(|case| case_named(app, &case)).transpose()?;
            let agent = query.agent.map(|agent| agent_named(app, &agent)).transpose()?;
            let wanted = Wanted { day: query.day, case, agent };
            lists::visits(app, &wanted, key.as_deref(), most)
        })
        .await?;
    Ok(web::Json(paging.page(rows, |row| row.key.clone(), |row| row)))
}

/// Which conflicts.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListConflicts {
    /// Of one case: its id, or the lender's key.
    case: Option<String>,
    /// With those that somebody settled.
    #[serde(default)]
    settled: bool,
    /// Items of a page, 1 to 200; 50 unless given.
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Values of one field that were written without knowing of each other, the latest first.
#[utoipa::path(get, path = "/conflicts", tag = "what came back", params(ListConflicts),
    security(("bearer" = [])),
    responses((status = 200, description = "A page", body = Page<OpenConflict>)))]
pub(super) async fn conflicts(
    api: web::Data<Api>,
    Query(query): Query<ListConflicts>,
) -> Result<web::Json<Page<OpenConflict>>, ApiError> {
    let paging = Paging::of("conflicts", query.limit, query.cursor.as_deref())?;
    let (key, most) = (paging.key::<String>()?, paging.to_read());
    let rows = api
        .run(move |app| {
            let case = query.case.map(|case| case_named(app, &case)).transpose()?;
            lists::conflicts(app, case, query.settled, key.as_deref(), most)
        })
        .await?;
    Ok(web::Json(paging.page(rows, |row| row.key.clone(), |row| row)))
}

/// Which conflicts of a case are settled.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Settle {
    /// The case: its id, or the lender's key.
    case: String,
    /// The values that lost, each as `device:sequence`.
    ops: Vec<String>,
    /// Why.
    note: Option<String>,
}

/// The op that was written.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WrittenView {
    /// As `device:sequence`; the office is device 0.
    pub(super) op: String,
}

impl From<Dot> for WrittenView {
    fn from(dot: Dot) -> Self {
        Self { op: write_dot(dot) }
    }
}

/// Settles conflicts: the value that is shown stays, the others are no conflict any more.
#[utoipa::path(post, path = "/conflicts/settle", tag = "what came back", request_body = Settle,
    security(("bearer" = [])),
    responses((status = 200, description = "Settled", body = WrittenView),
        (status = 404, description = "`not_found`"),
        (status = 422, description = "`invalid_value`: no open conflict of that case")))]
pub(super) async fn settle(
    api: web::Data<Api>,
    caller: Caller,
    Body(body): Body<Settle>,
) -> Result<web::Json<WrittenView>, ApiError> {
    let dot = api
        .run(move |app| {
            let case = case_named(app, &body.case)?;
            let ops = body.ops.iter().map(|op| read_dot(op)).collect::<Result<_, _>>()?;
            settle_conflicts(app, Some(caller.user), case, ops, body.note)
        })
        .await?;
    Ok(web::Json(dot.into()))
}

/// Which ops kept aside.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListAside {
    /// Of one device.
    device: Option<u32>,
    /// With those that were released.
    #[serde(default)]
    released: bool,
    /// Items of a page, 1 to 200; 50 unless given.
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Ops that were received and merged nowhere, with the reason, the latest first.
#[utoipa::path(get, path = "/kept-aside", tag = "what came back", params(ListAside),
    security(("bearer" = [])),
    responses((status = 200, description = "A page", body = Page<KeptOp>)))]
pub(super) async fn kept_aside(
    api: web::Data<Api>,
    Query(query): Query<ListAside>,
) -> Result<web::Json<Page<KeptOp>>, ApiError> {
    let paging = Paging::of("kept-aside", query.limit, query.cursor.as_deref())?;
    let (key, most) = (paging.key::<String>()?, paging.to_read());
    let device = query.device.map(i64::from);
    let rows = api
        .run(move |app| lists::kept_aside(app, device, query.released, key.as_deref(), most))
        .await?;
    Ok(web::Json(paging.page(rows, |row| row.key.clone(), |row| row)))
}

/// The op to take in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TakeIn {
    /// As `device:sequence`.
    op: String,
    /// The hash of its content, as listed.
    body_hash: String,
    /// Why.
    note: Option<String>,
}

/// Takes in an op that was kept aside.
#[utoipa::path(post, path = "/kept-aside/release", tag = "what came back", request_body = TakeIn,
    security(("bearer" = [])),
    responses((status = 200, description = "The release", body = WrittenView),
        (status = 404, description = "`not_found`"),
        (status = 422, description = "`invalid_value`: it cannot be taken in")))]
pub(super) async fn release(
    api: web::Data<Api>,
    caller: Caller,
    Body(body): Body<TakeIn>,
) -> Result<web::Json<WrittenView>, ApiError> {
    let dot = api
        .run(move |app| {
            let body_hash = OpHash::new(read_hash(&body.body_hash)?);
            let wanted = Release { op: read_dot(&body.op)?, body_hash, note: body.note };
            take_in(app, Some(caller.user), &wanted)
        })
        .await?;
    Ok(web::Json(dot.into()))
}

/// Which page of odd ops.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListFlagged {
    /// Items of a page, 1 to 200; 50 unless given.
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Ops that were taken although something about them is odd, the latest first.
#[utoipa::path(get, path = "/flagged", tag = "what came back", params(ListFlagged),
    security(("bearer" = [])),
    responses((status = 200, description = "A page", body = Page<FlaggedOp>)))]
pub(super) async fn flagged(
    api: web::Data<Api>,
    Query(query): Query<ListFlagged>,
) -> Result<web::Json<Page<FlaggedOp>>, ApiError> {
    let paging = Paging::of("flagged", query.limit, query.cursor.as_deref())?;
    let (before, most) = (paging.key::<i64>()?, paging.to_read());
    let rows = api.run(move |app| lists::flagged(app, before, most)).await?;
    Ok(web::Json(paging.page(rows, |row| row.server_seq.to_string(), |row| row)))
}
