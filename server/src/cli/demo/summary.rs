//! The figures of a demo run, on the screen and as JSON.

use std::path::Path;

use serde::Serialize;

use super::super::screen::{grouped, peak_rss_mb, say};
use super::day::Figures;
use crate::error::Error;
use crate::render::PlanDocument;

/// What `--json` writes.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Summary {
    cases: usize,
    agents: usize,
    stops_planned: usize,
    unserved: usize,
    profit_minor: i64,
    cells: usize,
    #[serde(flatten)]
    day: Figures,
    seconds: f64,
    peak_rss_mb: Option<u64>,
}

pub(super) fn summarise(plan: &PlanDocument, day: Figures, seconds: f64) -> Summary {
    Summary {
        cases: plan.cases,
        agents: plan.agents,
        stops_planned: plan.visits(),
        unserved: plan.left_out.len(),
        profit_minor: plan.totals.profit_minor,
        cells: plan.cells.iter().filter(|cell| cell.cases > 0).count(),
        day,
        seconds: (seconds * 1000.0).round() / 1000.0,
        peak_rss_mb: peak_rss_mb(),
    }
}

impl Summary {
    pub(super) fn write(&self, file: &Path) -> Result<(), Error> {
        let text = serde_json::to_string_pretty(self)
            .map_err(|e| Error::Invalid(format!("the summary: {e}")))?;
        std::fs::write(file, text + "\n").map_err(|e| Error::io("write", file, e))
    }

    pub(super) fn print(&self) {
        let memory =
            self.peak_rss_mb.map_or_else(String::new, |mb| format!(", {mb} MB at the most"));
        say(&format!(
            "{} cases, {} agents: {} visits planned, {} left out. {} visits logged, {} merged, {} lost, \
             {} doubled; {} conflicts to decide, {} ops refused. {:.1} s{memory}.",
            grouped(i64::try_from(self.cases).unwrap_or(0)),
            self.agents,
            self.stops_planned,
            grouped(i64::try_from(self.unserved).unwrap_or(0)),
            self.day.visits_logged,
            self.day.visits_merged,
            self.day.lost,
            self.day.doubled,
            self.day.conflicts,
            self.day.refused,
            self.seconds
        ));
    }
}
