//! Homes that no agent could ever reach: a slip of the pen, most likely.

use geo::{Distance as _, Haversine, Point};

use super::report::{Problem, Report, Severity};
use crate::db::rows::{AgentRow, CaseRow};

/// Beyond this an agent's base is of no use to a case, in metres.
const REACH_M: f64 = 500_000.0;

/// Where an agent starts.
pub(super) fn base(agent: &AgentRow) -> Point<f64> {
    point(agent.base_lat_e7, agent.base_lon_e7)
}

fn point(lat_e7: i32, lon_e7: i32) -> Point<f64> {
    Point::new(f64::from(lon_e7) * 1e-7, f64::from(lat_e7) * 1e-7)
}

/// Notes every case far from all bases; an error where exchanging its coordinates would mend that.
pub(super) fn check<'a>(
    file: &str,
    cases: impl Iterator<Item = (&'a CaseRow, u64)>,
    bases: &[Point<f64>],
    report: &mut Report,
) {
    if bases.is_empty() {
        return;
    }
    let near = |home: Point<f64>| bases.iter().any(|b| Haversine.distance(*b, home) <= REACH_M);
    for (case, row) in cases.filter(|(case, _)| !near(point(case.lat_e7, case.lon_e7))) {
        let home = point(case.lat_e7, case.lon_e7);
        let swapped = home.x().abs() <= 90.0 && near(Point::new(home.y(), home.x()));
        let mirrored =
            near(Point::new(-home.x(), home.y())) || near(Point::new(home.x(), -home.y()));
        let (severity, code, remedy) = if swapped {
            let remedy = "latitude and longitude look swapped: exchange the two";
            (Severity::Error, "coordinates_swapped", remedy)
        } else if mirrored {
            (
                Severity::Warning,
                "far_from_agents",
                "a minus sign may be missing or too much: check it",
            )
        } else {
            (Severity::Warning, "far_from_agents", "check the coordinates and the agents' bases")
        };
        report.add(Problem {
            file: file.into(),
            row,
            column: "lat".into(),
            code,
            cause: format!("{}, {} is over 500 km from every agent's base", home.y(), home.x()),
            remedy: remedy.into(),
            severity,
        });
    }
}
