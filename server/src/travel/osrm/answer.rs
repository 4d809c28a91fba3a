//! OSRM's answers, read and checked.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use ureq::http::StatusCode;

use crate::travel::great_circle::clamped;
use crate::travel::provider::{Table, Way};

/// No way by road takes longer, in seconds: a hundred days.
const LONGEST_S: f64 = 8_640_000.0;
/// No way by road is longer, in metres: two and a half times round the globe.
const LONGEST_M: f64 = 100_000_000.0;

/// Why an answer is of no use.
#[derive(Debug, PartialEq)]
pub(super) enum Fault {
    /// The server says no, with its code and message.
    Refused { code: String, message: String },
    /// Not what OSRM answers.
    Strange(String),
}

/// A block of a table, and how far from their roads its origins and destinations are.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) table: Table,
    pub(super) from_m: Vec<f64>,
    pub(super) to_m: Vec<f64>,
}

#[derive(Deserialize)]
struct Head {
    code: String,
    #[serde(default)]
    message: String,
}

type Cells = Vec<Vec<Option<f64>>>;

#[derive(Deserialize)]
struct TableAnswer {
    durations: Option<Cells>,
    distances: Option<Cells>,
    sources: Option<Vec<Waypoint>>,
    destinations: Option<Vec<Waypoint>>,
}

#[derive(Deserialize)]
struct Waypoint {
    distance: Option<f64>,
}

#[derive(Deserialize)]
struct RouteAnswer {
    routes: Vec<Route>,
    waypoints: Option<Vec<Waypoint>>,
}

#[derive(Deserialize)]
struct Route {
    duration: f64,
    distance: f64,
    geometry: Geometry,
}

#[derive(Deserialize)]
struct Geometry {
    coordinates: Vec<(f64, f64)>,
}

/// The block of so many origins and destinations.
pub(super) fn block(
    status: StatusCode,
    body: &[u8],
    from: usize,
    to: usize,
) -> Result<Block, Fault> {
    let answer: TableAnswer = ok(status, body)?;
    let seconds = cells(answer.durations, "durations", from, to)?;
    let metres = cells(answer.distances, "distances", from, to)?;
    if seconds.iter().zip(&metres).any(|(seconds, metres)| seconds.is_some() != metres.is_some()) {
        let why = "it gives a duration without a distance, or a distance without a duration";
        return Err(Fault::Strange(why.into()));
    }
    // `null` is a pair without a way.
    let or_none = |cells: Vec<Option<u32>>| cells.into_iter().map(|cell| cell.unwrap_or(u32::MAX));
    let (seconds, metres) = (or_none(seconds).collect(), or_none(metres).collect());
    Ok(Block {
        table: Table { seconds, metres },
        from_m: snapped(answer.sources, "sources", from)?,
        to_m: snapped(answer.destinations, "destinations", to)?,
    })
}

/// How far so many destinations are from their roads.
pub(super) fn distances(status: StatusCode, body: &[u8], count: usize) -> Result<Vec<f64>, Fault> {
    let answer: TableAnswer = ok(status, body)?;
    snapped(answer.destinations, "destinations", count)
}

/// The first route, and how far its ends are from their roads.
pub(super) fn way(status: StatusCode, body: &[u8]) -> Result<(Way, Vec<f64>), Fault> {
    let answer: RouteAnswer = ok(status, body)?;
    let none = || Fault::Strange("its answer has no route".into());
    let route = answer.routes.into_iter().next().ok_or_else(none)?;
    let line: Vec<(f64, f64)> =
        route.geometry.coordinates.into_iter().map(|(lon, lat)| (lat, lon)).collect();
    let figures = (number(route.duration, LONGEST_S), number(route.distance, LONGEST_M));
    let (Some(seconds), Some(metres)) = figures else {
        let why = "the duration or distance of its route is negative or absurdly large";
        return Err(Fault::Strange(why.into()));
    };
    if line.len() < 2 {
        return Err(Fault::Strange("its route has no line".into()));
    }
    let ends = snapped(answer.waypoints, "waypoints", 2)?;
    Ok((Way { seconds, metres, line }, ends))
}

/// The answer, when the server says that it is one.
fn ok<T: DeserializeOwned>(status: StatusCode, body: &[u8]) -> Result<T, Fault> {
    let not_osrm = |error: serde_json::Error| {
        let what = if error.is_data() { "is not OSRM's" } else { "is no JSON" };
        Fault::Strange(format!("its answer (HTTP {}) {what}", status.as_u16()))
    };
    let head: Head = serde_json::from_slice(body).map_err(not_osrm)?;
    if head.code != "Ok" {
        return Err(Fault::Refused { code: head.code, message: head.message });
    }
    if !status.is_success() {
        return Err(Fault::Strange(format!("it answered HTTP {} with code Ok", status.as_u16())));
    }
    serde_json::from_slice(body).map_err(not_osrm)
}

fn cells(
    rows: Option<Cells>,
    name: &str,
    from: usize,
    to: usize,
) -> Result<Vec<Option<u32>>, Fault> {
    let rows = rows.ok_or_else(|| {
        Fault::Strange(format!("its answer has no {name}; it must know annotations={name}"))
    })?;
    if rows.len() != from || rows.iter().any(|row| row.len() != to) {
        let widths = || rows.iter().map(Vec::len);
        let (least, most) = (widths().min().unwrap_or(0), widths().max().unwrap_or(0));
        let wide = if least == most { most.to_string() } else { format!("{least} to {most}") };
        return Err(Fault::Strange(format!(
            "its {name} are {} x {wide}, asked for were {from} x {to}",
            rows.len()
        )));
    }
    let most = if name == "durations" { LONGEST_S } else { LONGEST_M };
    let cell = |cell: Option<f64>| match cell.map(|cell| number(cell, most)) {
        Some(None) => Err(Fault::Strange(format!("one of its {name} is negative or above {most}"))),
        other => Ok(other.flatten()),
    };
    rows.into_iter().flatten().map(cell).collect()
}

fn snapped(points: Option<Vec<Waypoint>>, name: &str, count: usize) -> Result<Vec<f64>, Fault> {
    let metres: Option<Vec<f64>> =
        points.unwrap_or_default().into_iter().map(|point| point.distance).collect();
    let possible = |metres: &f64| (0.0..=LONGEST_M).contains(metres);
    metres.filter(|m| m.len() == count && m.iter().all(possible)).ok_or_else(|| {
        Fault::Strange(format!("its {name} do not say for each place how far the road is"))
    })
}

/// A whole number from 0 to `most`.
fn number(value: f64, most: f64) -> Option<u32> {
    (0.0..=most).contains(&value).then(|| clamped(value))
}
