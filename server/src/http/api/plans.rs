//! Plans: what there is, and which one agents work by.

use actix_web::web;
use serde::{Deserialize, Serialize};
use sync_core::model::PlanId;
use utoipa::ToSchema;

use super::Api;
use super::extract::Query;
use super::paging::{Page, Paging};
use crate::http::problem::ApiError;
use crate::usecases::lists::{self, PlanLine, PlanView};
use crate::usecases::publish::{Empty, Published, publish_plan};
use crate::usecases::sessions::Caller;

/// Which page of plans.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListPlans {
    /// Items of a page, 1 to 200; 50 unless given.
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Plans, the newest first.
#[utoipa::path(get, path = "/plans", tag = "plans", params(ListPlans), security(("bearer" = [])),
    responses((status = 200, description = "A page", body = Page<PlanLine>)))]
pub(super) async fn list(
    api: web::Data<Api>,
    Query(query): Query<ListPlans>,
) -> Result<web::Json<Page<PlanLine>>, ApiError> {
    let paging = Paging::of("plans", query.limit, query.cursor.as_deref())?;
    let (before, most) = (paging.key::<i64>()?, paging.to_read());
    let rows = api.run(move |app| lists::plans(app, before, most)).await?;
    Ok(web::Json(paging.page(rows, |row| row.key.to_string(), |row| row)))
}

fn plan_id(text: &str) -> Result<PlanId, ApiError> {
    text.parse().map_err(|_| ApiError::not_found(format!("there is no plan {text}")))
}

/// One plan with its routes and stops.
#[utoipa::path(get, path = "/plans/{id}", tag = "plans", params(("id" = String, Path)),
    security(("bearer" = [])),
    responses((status = 200, description = "The plan", body = PlanView),
        (status = 404, description = "`not_found`")))]
pub(super) async fn one(
    api: web::Data<Api>,
    id: web::Path<String>,
) -> Result<web::Json<PlanView>, ApiError> {
    let id = plan_id(&id)?;
    Ok(web::Json(api.run(move |app| lists::plan(app, id)).await?))
}

/// What publishing a plan changed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PublishedView {
    #[schema(value_type = String, format = Uuid)]
    plan: PlanId,
    /// Its day.
    date: String,
    /// Its version among the plans of the day.
    version: i32,
    /// Cases that agents got.
    granted: usize,
    /// Cases that agents had already.
    kept: usize,
    /// Cases of the day's earlier publication that are taken back.
    withdrawn: usize,
    /// Whether it was the published plan of its day before.
    again: bool,
}

impl From<Published> for PublishedView {
    fn from(done: Published) -> Self {
        let Published { plan, date, version, granted, kept, withdrawn, again } = done;
        Self { plan, date, version, granted, kept, withdrawn, again }
    }
}

/// How to publish.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct HowToPublish {
    /// Whether a plan without visits may take back the cases of the day; not unless given.
    #[serde(default)]
    empty: bool,
}

/// Publishes a plan: its cases are given to the agents of its routes. To do so again changes nothing. A plan
/// without visits that would take cases back is refused unless `empty` says that it is meant.
#[utoipa::path(post, path = "/plans/{id}/publish", tag = "plans",
    params(("id" = String, Path), HowToPublish), security(("bearer" = [])),
    responses((status = 200, description = "Published", body = PublishedView),
        (status = 404, description = "`not_found`"), (status = 409, description = "`empty_plan`")))]
pub(super) async fn publish(
    api: web::Data<Api>,
    caller: Caller,
    id: web::Path<String>,
    Query(how): Query<HowToPublish>,
) -> Result<web::Json<PublishedView>, ApiError> {
    let id = plan_id(&id)?;
    let empty = if how.empty { Empty::Meant } else { Empty::Refused };
    let done = api.run(move |app| publish_plan(app, id, empty, Some(caller.user))).await?;
    Ok(web::Json(done.into()))
}
