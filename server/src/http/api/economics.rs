//! What visits cost and what they brought.

use std::sync::Arc;

use actix_web::{HttpResponse, web};
use jiff::civil::Date;
use serde::Deserialize;

use super::Api;
use super::extract::Query;
use crate::http::problem::ApiError;
use crate::render::economics::{
    By, EconomicsAnswer, economics_answer, economics_csv, economics_geojson,
};
use crate::usecases::economics::{Request, economics};

/// What is asked.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct AskEconomics {
    /// What the rows are.
    by: Rows,
    /// First day of visits in the organisation's zone (YYYY-MM-DD); the first there is unless given.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// Last day of visits; today unless given.
    #[param(value_type = Option<String>, format = Date)]
    to: Option<Date>,
    /// `json` unless given; `csv` and `geojson` as `doorstep economics` writes them.
    #[serde(default)]
    format: Format,
}

#[derive(Debug, Clone, Copy, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
enum Rows {
    Cell,
    Region,
}

#[derive(Debug, Clone, Copy, Default, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
enum Format {
    #[default]
    Json,
    Csv,
    Geojson,
}

/// Figures by H3 cell or region, none about fewer than ten borrowers.
#[utoipa::path(get, path = "/economics", tag = "economics", params(AskEconomics),
    security(("bearer" = [])), responses((status = 200, description = "The figures", content(
        (EconomicsAnswer = "application/json"), (String = "text/csv"), (String = "application/geo+json")
    ))))]
pub(super) async fn show(
    api: web::Data<Api>,
    Query(query): Query<AskEconomics>,
) -> Result<HttpResponse, ApiError> {
    let by = match query.by {
        Rows::Cell => By::Cell,
        Rows::Region => By::Region,
    };
    let (request, travel) =
        (Request { by, from: query.from, to: query.to }, Arc::clone(&api.travel));
    let document = api.run(move |app| economics(app, &travel, &request)).await?;
    let text = |kind: &'static str, text: String| HttpResponse::Ok().content_type(kind).body(text);
    Ok(match query.format {
        Format::Json => HttpResponse::Ok().json(economics_answer(&document)),
        Format::Csv => text("text/csv; charset=utf-8", economics_csv(&document)),
        Format::Geojson => text("application/geo+json", economics_geojson(&document)),
    })
}
