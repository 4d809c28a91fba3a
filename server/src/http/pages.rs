//! Plans as page, tables and sheets: the one that matters, or the one that is asked for.

use std::sync::{Arc, Mutex};

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, ResponseError as _, web};
use serde::Deserialize;
use serde_json::json;

use super::api::Query;
use super::problem::ApiError;
use crate::app::App;
use crate::error::Error;
use crate::render::economics::By;
use crate::render::{
    Link, OtherPlan, RoadLine, economics_html, geojson as as_geojson, left_out_csv, page_html,
    sheets_html, stops_csv,
};
use crate::travel::Travel;
use crate::usecases::economics::{Request, economics as show_economics};
use crate::usecases::plan_choice::{Choice, choices, choose};
use crate::usecases::show_plan::{log_reached, road_lines, show_plan};
use sync_core::model::PlanId;

/// Plans that are kept drawn.
const KEPT: usize = 4;
/// Other plans that a page lists.
const MOST_OTHERS: usize = 30;

/// What is drawn once per plan, and what it is drawn from.
#[derive(Debug)]
pub struct Pages {
    app: Arc<App>,
    travel: Arc<Travel>,
    /// The day that is shown unless another is asked for.
    date: Option<String>,
    /// The one drawn last comes last.
    drawn: Mutex<Vec<Arc<Drawn>>>,
}

/// Which plan is asked for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    date: Option<String>,
    version: Option<i32>,
}

/// What a drawing depends on.
#[derive(Debug, PartialEq, Eq)]
struct Basis {
    plan: PlanId,
    /// How far the log had come.
    reached: i64,
    /// The plans there were.
    choices: Vec<Choice>,
    /// What had to be said of the clock.
    clock: Option<String>,
}

/// Everything the server shows of one plan.
#[derive(Debug)]
struct Drawn {
    basis: Basis,
    page: String,
    stops: String,
    left_out: String,
    geojson: String,
    sheets: String,
}

impl Pages {
    /// Pages of all plans; without being asked for another they show that of `date` (YYYY-MM-DD), or the
    /// one that matters of all days.
    #[must_use]
    pub fn new(app: Arc<App>, travel: Arc<Travel>, date: Option<String>) -> Self {
        Self { app, travel, date, drawn: Mutex::new(Vec::new()) }
    }

    /// Draws the plan that is shown first without serving it.
    ///
    /// # Errors
    /// There is none, or it cannot be drawn.
    pub fn check(&self) -> Result<(), Error> {
        self.plan(&Asked::default()).map(drop)
    }

    /// A plan, drawn again only when something else is to be seen of it.
    fn plan(&self, asked: &Asked) -> Result<Arc<Drawn>, Error> {
        let choices = choices(&self.app)?;
        let date = asked.date.as_ref().or(self.date.as_ref());
        let Some(chosen) = choose(&choices, date.map(String::as_str), asked.version).cloned()
        else {
            return Err(match (&asked.date, asked.version) {
                (None, None) => Error::Before {
                    missing: "there is no plan yet",
                    command: "plan --date YYYY-MM-DD",
                },
                (date, version) => Error::Unknown(format!(
                    "there is no plan of {}{}: the page at / lists those there are",
                    date.as_deref().unwrap_or("any day"),
                    version.map_or_else(String::new, |version| format!(", version {version}"))
                )),
            });
        };
        let (reached, clock) = (log_reached(&self.app)?, self.app.clock_notice());
        let basis = Basis { plan: chosen.id, reached, choices, clock };
        let mut drawn = self.drawn.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(drawn) = drawn.iter().find(|drawn| drawn.basis == basis) {
            return Ok(Arc::clone(drawn));
        }
        let fresh = Arc::new(self.draw(&chosen, basis)?);
        drawn.retain(|old| old.basis.plan != chosen.id);
        if drawn.len() == KEPT {
            drawn.remove(0);
        }
        drawn.push(Arc::clone(&fresh));
        Ok(fresh)
    }

    fn draw(&self, chosen: &Choice, basis: Basis) -> Result<Drawn, Error> {
        let mut shown = show_plan(&self.app, &self.travel, chosen.id)?;
        shown.standing = chosen.standing.label().into();
        // Beside the files of a plan there are no other plans, and no such page.
        for link in &mut shown.links {
            link.href = format!("{}{}", link.href, query(chosen));
        }
        shown.links.push(Link { label: "Economics".into(), href: "economics.html".into() });
        let others = basis.choices.iter().filter(|other| other.id != chosen.id);
        shown.others = others.take(MOST_OTHERS).map(other_plan).collect();
        let roads: Vec<RoadLine> = road_lines(&self.travel);
        Ok(Drawn {
            basis,
            page: page_html(&shown, &roads),
            stops: stops_csv(&shown),
            left_out: left_out_csv(&shown),
            geojson: as_geojson(&shown),
            sheets: sheets_html(&shown),
        })
    }
}

/// What asks for that plan and no other.
fn query(plan: &Choice) -> String {
    format!("?date={}&version={}", plan.date, plan.version)
}

fn other_plan(plan: &Choice) -> OtherPlan {
    OtherPlan {
        date: plan.date.clone(),
        version: plan.version,
        visits: plan.stops,
        standing: plan.standing.label().into(),
        href: format!("./{}", query(plan)),
    }
}

async fn answer(
    pages: web::Data<Pages>,
    Query(asked): Query<Asked>,
    content_type: &'static str,
    part: fn(&Drawn) -> &str,
) -> HttpResponse {
    match web::block(move || pages.plan(&asked)).await {
        Ok(Ok(drawn)) => {
            HttpResponse::Ok().content_type(content_type).body(part(&drawn).to_owned())
        }
        Ok(Err(error @ Error::Before { .. })) => {
            problem(StatusCode::NOT_FOUND, "no_plan", &error.to_string())
        }
        Ok(Err(Error::Unknown(what))) => ApiError::not_found(what).error_response(),
        Ok(Err(error)) => failed(&error.to_string()),
        Err(error) => failed(&error.to_string()),
    }
}

pub(super) async fn page(pages: web::Data<Pages>, asked: Query<Asked>) -> HttpResponse {
    answer(pages, asked, "text/html; charset=utf-8", |drawn| &drawn.page).await
}

/// What visits cost and brought so far; computed for each request, because visits keep coming.
pub(super) async fn economics(pages: web::Data<Pages>) -> HttpResponse {
    let drawn = web::block(move || {
        let asked = |by| Request { by, from: None, to: None };
        let cells = show_economics(&pages.app, &pages.travel, &asked(By::Cell))?;
        let regions = show_economics(&pages.app, &pages.travel, &asked(By::Region))?;
        Ok::<_, Error>(economics_html(&cells, &regions))
    });
    match drawn.await {
        Ok(Ok(page)) => HttpResponse::Ok().content_type("text/html; charset=utf-8").body(page),
        Ok(Err(error)) => failed(&error.to_string()),
        Err(error) => failed(&error.to_string()),
    }
}

pub(super) async fn stops(pages: web::Data<Pages>, asked: Query<Asked>) -> HttpResponse {
    answer(pages, asked, "text/csv; charset=utf-8", |drawn| &drawn.stops).await
}

pub(super) async fn left_out(pages: web::Data<Pages>, asked: Query<Asked>) -> HttpResponse {
    answer(pages, asked, "text/csv; charset=utf-8", |drawn| &drawn.left_out).await
}

pub(super) async fn geojson(pages: web::Data<Pages>, asked: Query<Asked>) -> HttpResponse {
    answer(pages, asked, "application/geo+json", |drawn| &drawn.geojson).await
}

pub(super) async fn sheets(pages: web::Data<Pages>, asked: Query<Asked>) -> HttpResponse {
    answer(pages, asked, "text/html; charset=utf-8", |drawn| &drawn.sheets).await
}

pub(super) async fn health() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "ok" }))
}

pub(super) async fn not_allowed(request: HttpRequest) -> HttpResponse {
    let detail = format!("{} answers GET and HEAD only", request.path());
    problem(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", &detail)
}

pub(super) async fn unknown(request: HttpRequest) -> HttpResponse {
    let detail = format!("there is no {} {}", request.method(), request.path());
    problem(StatusCode::NOT_FOUND, "not_found", &detail)
}

fn failed(cause: &str) -> HttpResponse {
    ApiError::internal(&cause).error_response()
}

fn problem(status: StatusCode, code: &'static str, detail: &str) -> HttpResponse {
    ApiError::new(status, code, detail).error_response()
}
