//! Writes a plan as files: CSV, GeoJSON, printable sheets and the page.

use std::path::PathBuf;

use crate::config::DataDir;
use crate::error::Error;
use crate::render::{
    PlanDocument, RoadLine, geojson, left_out_csv, page_html, sheets_html, stops_csv,
};

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
