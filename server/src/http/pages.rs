//! The newest plan as page, tables and sheets.

use std::sync::{Arc, Mutex};

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, ResponseError as _, web};
use serde_json::json;

use super::problem::ApiError;
use crate::app::App;
use crate::error::Error;
use crate::render::economics::By;
use crate::render::{
    Link, RoadLine, economics_html, geojson as as_geojson, left_out_csv, page_html, sheets_html,
    stops_csv,
};
use crate::travel::Travel;
use crate::usecases::economics::{Request, economics as show_economics};
use crate::usecases::show_plan::{log_reached, newest_plan, road_lines, show_plan};
use sync_core::model::PlanId;

/// What is drawn once per plan, and what it is drawn from.
#[derive(Debug)]
pub struct Pages {
    app: Arc<App>,
    travel: Arc<Travel>,
    /// Only this day's plans, or all days'.
    date: Option<String>,
    drawn: Mutex<Option<Arc<Drawn>>>,
}

/// Everything the server shows of one plan.
#[derive(Debug)]
struct Drawn {
    plan: PlanId,
    /// How far the log had come.
    reached: i64,
    page: String,
    stops: String,
    left_out: String,
    geojson: String,
    sheets: String,
}

impl Pages {
    /// Pages of the newest plan of `date` (YYYY-MM-DD), or of all days.
    #[must_use]
    pub fn new(app: Arc<App>, travel: Arc<Travel>, date: Option<String>) -> Self {
        Self { app, travel, date, drawn: Mutex::new(None) }
    }

    /// Draws the newest plan without serving it.
    ///
    /// # Errors
    /// There is none, or it cannot be drawn.
    pub fn check(&self) -> Result<(), Error> {
        self.newest().map(drop)
    }

    /// The newest plan, drawn again only when it is another one or something came back.
    fn newest(&self) -> Result<Arc<Drawn>, Error> {
        let none =
            Error::Before { missing: "there is no plan yet", command: "plan --date YYYY-MM-DD" };
        let newest = newest_plan(&self.app, self.date.as_deref())?.ok_or(none)?;
        let reached = log_reached(&self.app)?;
        let mut drawn = self.drawn.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(drawn) =
            drawn.as_ref().filter(|drawn| (drawn.plan, drawn.reached) == (newest, reached))
        {
            return Ok(Arc::clone(drawn));
        }
        let mut shown = show_plan(&self.app, &self.travel, newest)?;
        // Only here: beside the files of a plan there is no such page.
        shown.links.push(Link { label: "Economics".into(), href: "economics.html".into() });
        let roads: Vec<RoadLine> = road_lines(&self.travel);
        let fresh = Arc::new(Drawn {
            plan: newest,
            reached,
            page: page_html(&shown, &roads),
            stops: stops_csv(&shown),
            left_out: left_out_csv(&shown),
            geojson: as_geojson(&shown),
            sheets: sheets_html(&shown),
        });
        *drawn = Some(Arc::clone(&fresh));
        Ok(fresh)
    }
}

async fn answer(
    pages: web::Data<Pages>,
    content_type: &'static str,
    part: fn(&Drawn) -> &str,
) -> HttpResponse {
    match web::block(move || pages.newest()).await {
        Ok(Ok(drawn)) => {
            HttpResponse::Ok().content_type(content_type).body(part(&drawn).to_owned())
        }
        Ok(Err(error @ Error::Before { .. })) => {
            problem(StatusCode::NOT_FOUND, "no_plan", &error.to_string())
        }
        Ok(Err(error)) => failed(&error.to_string()),
        Err(error) => failed(&error.to_string()),
    }
}

pub(super) async fn page(pages: web::Data<Pages>) -> HttpResponse {
    answer(pages, "text/html; charset=utf-8", |drawn| &drawn.page).await
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

pub(super) async fn stops(pages: web::Data<Pages>) -> HttpResponse {
    answer(pages, "text/csv; charset=utf-8", |drawn| &drawn.stops).await
}

pub(super) async fn left_out(pages: web::Data<Pages>) -> HttpResponse {
    answer(pages, "text/csv; charset=utf-8", |drawn| &drawn.left_out).await
}

pub(super) async fn geojson(pages: web::Data<Pages>) -> HttpResponse {
    answer(pages, "application/geo+json", |drawn| &drawn.geojson).await
}

pub(super) async fn sheets(pages: web::Data<Pages>) -> HttpResponse {
    answer(pages, "text/html; charset=utf-8", |drawn| &drawn.sheets).await
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
