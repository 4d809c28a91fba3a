//! Plans: what there is, and which one agents work by.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use sync_core::model::PlanId;
use utoipa::ToSchema;

use super::Api;
use super::extract::{Body, Query};
use super::paging::{Page, Paging};
use crate::app::App;
use crate::http::problem::ApiError;
use crate::progress::Silent;
use crate::travel::Travel;
use crate::usecases::build_plan::{
    CaseExplanation, Edit, EditedPlan, Editor, edit_plan, explain_case,
};
use crate::usecases::compare_plans::{PlanComparison, USUAL_MINUTES, compare_plans};
use crate::usecases::export_plan::export_saved;
use crate::usecases::lists::{self, PlanLine, PlanView, case_named};
use crate::usecases::publish::{Empty, Published, publish_plan};
use crate::usecases::sessions::Caller;
use crate::usecases::users::find_user;

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

pub(super) fn plan_id(text: &str) -> Result<PlanId, ApiError> {
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

/// Why a case is in the plan or not: the rule, or the money in parts and the smallest change that would bring it in; of
/// a stop what it adds and what would take its place.
#[utoipa::path(get, path = "/plans/{id}/cases/{case}/explanation", tag = "plans",
    params(("id" = String, Path), ("case" = String, Path)), security(("bearer" = [])),
    responses((status = 200, description = "The explanation", body = CaseExplanation),
        (status = 404, description = "`not_found`")))]
pub(super) async fn explanation(
    api: web::Data<Api>,
    path: web::Path<(String, String)>,
) -> Result<web::Json<CaseExplanation>, ApiError> {
    let (id, case) = path.into_inner();
    let id = plan_id(&id)?;
    let explain = move |app: &App, travel: &Travel| {
        let case = case_named(app, &case)?;
        explain_case(app, travel, id, case)
    };
    Ok(web::Json(api.run_travelling(explain).await?))
}

/// How to compare.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct HowToCompare {
    /// Minutes by which a stop may begin earlier or later and still count as kept; 15 unless given.
    minutes: Option<u32>,
}

/// Two plans side by side: figures by part, and which stops are kept, moved, added and dropped.
#[utoipa::path(get, path = "/plans/{id}/compare/{other}", tag = "plans",
    params(("id" = String, Path), ("other" = String, Path), HowToCompare), security(("bearer" = [])),
    responses((status = 200, description = "The comparison", body = PlanComparison),
        (status = 404, description = "`not_found`")))]
pub(super) async fn compare(
    api: web::Data<Api>,
    path: web::Path<(String, String)>,
    Query(how): Query<HowToCompare>,
) -> Result<web::Json<PlanComparison>, ApiError> {
    let (from, to) = (plan_id(&path.0)?, plan_id(&path.1)?);
    let minutes = how.minutes.unwrap_or(USUAL_MINUTES);
    Ok(web::Json(api.run(move |app| compare_plans(app, from, to, minutes)).await?))
}

/// Edits of a plan, carried out in their order.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EditPlan {
    /// The edits; at most 200.
    edits: Vec<Edit>,
}

/// Edits a plan by hand. What breaks no rule is priced again and saved as a new version of the day; else nothing is,
/// and `violations` lists for each fault `field`, `rule` and `detail`. Files are written as `doorstep plan` writes them.
#[utoipa::path(post, path = "/plans/{id}/edits", tag = "plans", params(("id" = String, Path)),
    request_body = EditPlan, security(("bearer" = [])),
    responses((status = 201, description = "Saved", body = EditedPlan),
        (status = 404, description = "`not_found`"), (status = 409, description = "`plan_outdated`"),
        (status = 422, description = "`edit_refused`")))]
pub(super) async fn edit(
    api: web::Data<Api>,
    caller: Caller,
    id: web::Path<String>,
    Body(body): Body<EditPlan>,
) -> Result<HttpResponse, ApiError> {
    let id = plan_id(&id)?;
    let edit = move |app: &App, travel: &Travel| {
        let by = Editor { name: find_user(app, caller.user)?.login, user: Some(caller.user) };
        let mut edited = edit_plan(app, travel, id, &body.edits, &by, &Silent)?;
        // The plan is saved by now; its page is drawn from the database.
        if let Err(error) = export_saved(app, travel, edited.plan) {
            tracing::warn!("an edited plan was saved, its files were not: {error}");
            edited.notices.push(format!("The files of the plan were not written: {error}"));
        }
        Ok(edited)
    };
    Ok(HttpResponse::Created().json(api.run_travelling(edit).await?))
}
