//! Writes a plan as files: CSV, GeoJSON, printable sheets and the page.

use std::path::PathBuf;

use sync_core::model::PlanId;

use super::show_plan::{road_lines, show_plan};
use crate::app::App;
use crate::config::DataDir;
use crate::error::Error;
use crate::render::{
    PlanDocument, RoadLine, geojson, left_out_csv, page_html, sheets_html, stops_csv,
};
use crate::travel::Travel;

/// [`export_plan`] of a saved plan.
///
/// # Errors
/// There is no such plan, the database fails, or a file cannot be written.
pub fn export_saved(app: &App, travel: &Travel, plan: PlanId) -> Result<PathBuf, Error> {
    export_plan(&app.dir, &show_plan(app, travel, plan)?, &road_lines(travel))
}

/// Writes the files of a plan into `plans/DATE-vN/` and returns that directory.
///
/// # Errors
/// A file cannot be written.
pub fn export_plan(
    dir: &DataDir,
    plan: &PlanDocument,
    roads: &[RoadLine],
) -> Result<PathBuf, Error> {
    let folder = dir.plans().join(format!("{}-v{}", plan.date, plan.version));
    for (name, content) in [
        ("stops.csv", stops_csv(plan)),
        ("left-out.csv", left_out_csv(plan)),
        ("plan.geojson", geojson(plan)),
        ("sheets.html", sheets_html(plan)),
        ("plan.html", page_html(plan, roads)),
    ] {
        dir.write(&folder.join(name), content.as_bytes())?;
    }
    Ok(folder)
}
