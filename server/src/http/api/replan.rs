//! A plan made anew in the middle of its day.

use actix_web::{HttpResponse, web};
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::ToSchema;

use super::Api;
use super::extract::Body;
use super::plans::plan_id;
use super::what_if::watched;
use crate::error::Error;
use crate::http::problem::ApiError;
use crate::usecases::build_plan::{
    Editor, Event, REPLAN_ITERATIONS, Replan, ReplannedPlan, replan as replan_plan,
};
use crate::usecases::export_plan::export_saved;
use crate::usecases::sessions::Caller;
use crate::usecases::users::find_user;

/// Longest search of a request.
const MOST_ITERATIONS: u64 = 200_000;

/// What happened on the day.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReplanPlan {
    /// From when on the day is planned anew; now unless given.
    #[schema(value_type = Option<String>, format = DateTime)]
    now: Option<Timestamp>,
    /// What happened; at most 200. None to look only at records and the rules of now.
    #[serde(default)]
    events: Vec<Event>,
    /// Seed of the search; that of the settings unless given.
    seed: Option<u64>,
    /// Length of the search, 1 to 200,000; 10,000 unless given.
    iterations: Option<u64>,
}

/// Plans what is left of a plan's day anew, from where agents are by their records, and saves the result as a new
/// version of the day; 200 and nothing saved where nothing changes. What cannot be is refused as a whole, and
/// `violations` lists for each fault `field`, `rule` and `detail`. Ends when whoever asked has gone.
#[utoipa::path(post, path = "/plans/{id}/replan", tag = "plans", params(("id" = String, Path)),
    request_body = ReplanPlan, security(("bearer" = [])),
    responses((status = 201, description = "Saved", body = ReplannedPlan),
        (status = 200, description = "Nothing changes", body = ReplannedPlan),
        (status = 404, description = "`not_found`"), (status = 409, description = "`plan_outdated`"),
        (status = 422, description = "`edit_refused`")))]
pub(super) async fn replan(
    api: web::Data<Api>,
    caller: Caller,
    id: web::Path<String>,
    Body(body): Body<ReplanPlan>,
) -> Result<HttpResponse, ApiError> {
    let id = plan_id(&id)?;
    let (watch, gone) = watched();
    let answer = api.run_searching(move |app, travel| {
        let iterations = body.iterations.unwrap_or(REPLAN_ITERATIONS);
        if !(1..=MOST_ITERATIONS).contains(&iterations) {
            return Err(Error::Invalid(format!("iterations: write 1 to {MOST_ITERATIONS}")));
        }
        let seed = body.seed.unwrap_or(app.settings.planning.seed);
        let asked = Replan { now: body.now, events: body.events, seed, iterations };
        let by = Editor { name: find_user(app, caller.user)?.login, user: Some(caller.user) };
        let mut answer = replan_plan(app, travel, id, &asked, &by, &watch)?;
        // The plan is saved by now; its page is drawn from the database.
        if answer.saved
            && let Err(error) = export_saved(app, travel, answer.plan)
        {
            tracing::warn!("a replanned plan was saved, its files were not: {error}");
            answer.notices.push(format!("The files of the plan were not written: {error}"));
        }
        Ok(answer)
    });
    let answer = answer.await;
    drop(gone);
    let answer = answer?;
    let mut response = if answer.saved { HttpResponse::Created() } else { HttpResponse::Ok() };
    Ok(response.json(answer))
}
