//! Times and ways between points of files, without a book: what `doorstep roads` answers.
//!
//! Results are written line by line, so that a table is in memory once and not a second time as text.

mod points;

use std::io::{self, Write};

use serde_json::json;

pub use points::{POINT_COLUMNS, Point, PointRow, Points, point_rows};

use crate::error::Error;
use crate::progress::Progress;
use crate::travel::{Spot, Travel, Way};

/// How many pairs have which status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Pairs with a way.
    pub ok: u64,
    /// Pairs without.
    pub others: u64,
}

/// The form in which ways are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `from,to,seconds,metres,status`.
    Csv,
    /// A line for each way, with its figures.
    GeoJson,
}

impl Counts {
    fn add(&mut self, status: &str) {
        *if status == "ok" { &mut self.ok } else { &mut self.others } += 1;
    }
}

/// Writes `from,to,seconds,metres,status` for every pair. `name` is the output's, for messages.
///
/// # Errors
/// The table is too large, the provider fails, or nothing can be written.
pub fn matrix(
    travel: &Travel,
    from: &Points,
    to: &Points,
    (name, out): (&str, &mut dyn Write),
    progress: &dyn Progress,
) -> Result<Counts, Error> {
    let (origins, rows) = usable(from);
    let (ends, columns) = usable(to);
    let table = travel.matrix(&origins, &ends, progress)?;
    let mut counts = Counts::default();
    let written = (|| {
        let mut csv = csv::Writer::from_writer(out);
        csv.write_record(["from", "to", "seconds", "metres", "status"])?;
        for (origin, row) in from.list.iter().zip(&rows) {
            for (end, column) in to.list.iter().zip(&columns) {
                let cell = row.zip(*column).map(|(row, column)| row * ends.len() + column);
                let cell =
                    cell.and_then(|at| Some((table.seconds.get(at)?, table.metres.get(at)?)));
                let found = cell.filter(|(seconds, _)| **seconds != u32::MAX);
                let status = status(origin, end, found.is_some());
                counts.add(status);
                let text = |value: Option<&u32>| value.map(u32::to_string).unwrap_or_default();
                let (seconds, metres) = (text(found.map(|f| f.0)), text(found.map(|f| f.1)));
                csv.write_record([&origin.id, &end.id, &seconds, &metres, status])?;
            }
        }
        csv.flush().map_err(csv::Error::from)
    })();
    written.map_err(|error| cannot_write(name, &error)).map(|()| counts)
}

/// Writes `from,rank,to,seconds,metres,status` for the `k` nearest of each origin. An origin from
/// which there is no way has one row that says why.
///
/// # Errors
/// As [`matrix`].
pub fn nearest(
    travel: &Travel,
    from: &Points,
    to: &Points,
    k: usize,
    (name, out): (&str, &mut dyn Write),
    progress: &dyn Progress,
) -> Result<Counts, Error> {
    let (origins, rows) = usable(from);
    let (ends, columns) = usable(to);
    let reachable: Vec<&Point> =
        to.list.iter().zip(&columns).filter(|(_, at)| at.is_some()).map(|(end, _)| end).collect();
    let found = travel.nearest(&origins, &ends, k, progress)?;
    let mut counts = Counts::default();
    let written = (|| {
        let mut csv = csv::Writer::from_writer(out);
        csv.write_record(["from", "rank", "to", "seconds", "metres", "status"])?;
        for (origin, row) in from.list.iter().zip(&rows) {
            let near = row.and_then(|row| found.get(row)).map(Vec::as_slice).unwrap_or_default();
            if near.is_empty() {
                let status = if row.is_some() { "unreachable" } else { origin.status() };
                counts.add(status);
                csv.write_record([&origin.id, "", "", "", "", status])?;
            }
            for (rank, near) in (1_usize..).zip(near) {
                let Some(end) = reachable.get(near.to) else { continue };
                counts.add("ok");
                let [rank, seconds, metres] =
                    [rank.to_string(), near.seconds.to_string(), near.metres.to_string()];
                csv.write_record([&origin.id, &rank, &end.id, &seconds, &metres, "ok"])?;
            }
        }
        csv.flush().map_err(csv::Error::from)
    })();
    written.map_err(|error| cannot_write(name, &error)).map(|()| counts)
}

/// Writes the ways from each point to the next.
///
/// # Errors
/// There are fewer than two points, or one of them is on no road; the provider fails, or nothing can
/// be written.
pub fn route(
    travel: &Travel,
    points: &Points,
    form: Form,
    (name, out): (&str, &mut dyn Write),
) -> Result<Counts, Error> {
    let spots = points.all_spots()?;
    if spots.len() < 2 {
        return Err(Error::Invalid(format!(
            "{}: has one point; a route needs two at least, in the order of the visits",
            points.name
        )));
    }
    let mut counts = Counts::default();
    let mut legs = Vec::with_capacity(spots.len());
    for (ends, ids) in spots.windows(2).zip(points.list.windows(2)) {
        let (&[from, to], [a, b]) = (ends, ids) else { continue };
        let way = travel.way(from, to)?;
        counts.add(if way.is_some() { "ok" } else { "unreachable" });
        legs.push((a.id.as_str(), b.id.as_str(), way));
    }
    match form {
        Form::Csv => legs_csv(&legs, out).map_err(|error| cannot_write(name, &error))?,
        Form::GeoJson => legs_geojson(travel, &legs, out)
            .map_err(|error| cannot_write(name, &csv::Error::from(error)))?,
    }
    Ok(counts)
}

type NamedLeg<'a> = (&'a str, &'a str, Option<Way>);

fn legs_csv(legs: &[NamedLeg<'_>], out: &mut dyn Write) -> Result<(), csv::Error> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(["from", "to", "seconds", "metres", "status"])?;
    for (from, to, way) in legs {
        let figures = way.as_ref().map(|way| (way.seconds.to_string(), way.metres.to_string()));
        let status = if figures.is_some() { "ok" } else { "unreachable" };
        let (seconds, metres) = figures.unwrap_or_default();
        csv.write_record([from, to, seconds.as_str(), metres.as_str(), status])?;
    }
    csv.flush().map_err(csv::Error::from)
}

fn legs_geojson(travel: &Travel, legs: &[NamedLeg<'_>], out: &mut dyn Write) -> io::Result<()> {
    let features: Vec<serde_json::Value> = legs
        .iter()
        .map(|(from, to, way)| {
            let line = |way: &Way| {
                let points: Vec<[f64; 2]> =
                    way.line.iter().map(|(lat, lon)| [*lon, *lat]).collect();
                json!({ "type": "LineString", "coordinates": points })
            };
            json!({
                "type": "Feature",
                "geometry": way.as_ref().map(line),
                "properties": {
                    "from": from,
                    "to": to,
                    "seconds": way.as_ref().map(|way| way.seconds),
                    "metres": way.as_ref().map(|way| way.metres),
                    "status": if way.is_some() { "ok" } else { "unreachable" },
                },
            })
        })
        .collect();
    let all = json!({
        "type": "FeatureCollection",
        "travel": travel.describe(),
        "credit": travel.credit(),
        "features": features,
    });
    serde_json::to_writer(&mut *out, &all)?;
    out.write_all(b"\n")?;
    out.flush()
}

/// The spots of the points that have one, and of each point the number of its spot.
fn usable(points: &Points) -> (Vec<Spot>, Vec<Option<usize>>) {
    let mut spots = Vec::with_capacity(points.list.len());
    let number = |point: &Point| {
        let spot = point.spot()?;
        spots.push(spot.clone());
        Some(spots.len() - 1)
    };
    let numbers = points.list.iter().map(number).collect();
    (spots, numbers)
}

/// What is wrong with the origin, else with the destination, else with the way.
fn status(from: &Point, to: &Point, found: bool) -> &'static str {
    match (from.status(), to.status()) {
        ("ok", "ok") if found => "ok",
        ("ok", "ok") => "unreachable",
        ("ok", to) => to,
        (from, _) => from,
    }
}

fn cannot_write(name: &str, error: &csv::Error) -> Error {
    match error.kind() {
        csv::ErrorKind::Io(cause) => {
            let again = io::Error::from(cause.kind());
            Error::io("write", name.as_ref(), again)
        }
        _ => Error::Invalid(format!("cannot write {name}: {error}")),
    }
}
