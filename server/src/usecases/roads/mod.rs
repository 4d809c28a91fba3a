//! Times and ways between points of files, without a book: what `doorstep roads` answers.
//!
//! Results are written line by line, so that a table is in memory once and not a second time as text.

mod points;

use std::io::{self, Write};

use serde_json::json;

pub use points::{POINT_COLUMNS, Point, PointRow, Points, point_rows};

use crate::error::Error;
use crate::progress::Progress;
use crate::render::text_cell;
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
    /// As [`matrix`].
    Csv,
    /// A line for each way, with its figures.
    GeoJson,
}

impl Counts {
    fn add(&mut self, status: &str) {
        *if status == "ok" { &mut self.ok } else { &mut self.others } += 1;
    }
}

/// Who is asked, and for which hour.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// The provider.
    pub travel: &'a Travel,
    /// Second of the week, Monday 0:00 being 0, at which ways begin; nothing for free roads.
    pub depart: Option<u32>,
}

impl Answer<'_> {
    /// Seconds of a way that begins so many seconds after the departure.
    fn seconds(&self, free: u32, later_s: u32) -> u32 {
        let more = self.depart.and_then(|at| {
            self.travel.hours_add(free, at.wrapping_add(later_s) % SECONDS_PER_WEEK)
        });
        let all = i64::from(free) + more.unwrap_or(0);
        u32::try_from(all).unwrap_or(free).min(u32::MAX - 1)
    }

    /// What to say where an hour was asked for and makes no difference.
    #[must_use]
    pub fn without_hours(&self) -> Option<String> {
        let none = self.depart.is_some() && self.travel.hours_add(0, 0).is_none();
        none.then(|| {
            "The hour makes no difference: neither the profile nor the provider has hours \
             ([[hours]] in server/docs/PROFILES.md)."
                .to_owned()
        })
    }
}

const SECONDS_PER_WEEK: u32 = 7 * 86_400;

/// The columns of a table of ways.
const PAIR_COLUMNS: [&str; 7] =
    ["from", "to", "seconds", "metres", "status", "from_snap_m", "to_snap_m"];

/// Writes `from,to,seconds,metres,status,from_snap_m,to_snap_m` for every pair. `name` is the output's, for messages.
///
/// # Errors
/// The table is too large, the provider fails, or nothing can be written.
pub fn matrix(
    answer: &Answer<'_>,
    from: &Points,
    to: &Points,
    (name, out): (&str, &mut dyn Write),
    progress: &dyn Progress,
) -> Result<Counts, Error> {
    let (origins, rows) = usable(from);
    let (ends, columns) = usable(to);
    let table = answer.travel.matrix(&origins, &ends, progress);
    let table = table.map_err(|error| with_roads(error, from, to))?;
    let mut counts = Counts::default();
    let written = (|| {
        let mut csv = csv::Writer::from_writer(out);
        csv.write_record(PAIR_COLUMNS)?;
        for (origin, row) in from.list.iter().zip(&rows) {
            for (end, column) in to.list.iter().zip(&columns) {
                let cell = row.zip(*column).map(|(row, column)| row * ends.len() + column);
                let cell =
                    cell.and_then(|at| Some((table.seconds.get(at)?, table.metres.get(at)?)));
                let found = cell.filter(|(seconds, _)| **seconds != u32::MAX);
                let found = found.map(|(seconds, metres)| (answer.seconds(*seconds, 0), *metres));
                let status = status(origin, end, found.is_some());
                counts.add(status);
                pair(&mut csv, origin, end, found, status)?;
            }
        }
        csv.flush().map_err(csv::Error::from)
    })();
    written.map_err(|error| cannot_write(name, &error)).map(|()| counts)
}

/// One row: ids as spreadsheets can take them, figures where there is a way.
fn pair(
    csv: &mut csv::Writer<&mut dyn Write>,
    from: &Point,
    to: &Point,
    found: Option<(u32, u32)>,
    status: &str,
) -> Result<(), csv::Error> {
    let text = |value: Option<u32>| value.map(|value| value.to_string()).unwrap_or_default();
    let snap = |point: &Point| point.snap_m.map(|m| m.to_string()).unwrap_or_default();
    csv.write_record([
        &text_cell(&from.id),
        &text_cell(&to.id),
        text(found.map(|f| f.0)).as_str(),
        text(found.map(|f| f.1)).as_str(),
        status,
        snap(from).as_str(),
        snap(to).as_str(),
    ])
}

/// A table that is too large counts only points with a road: how many those are is said, too.
fn with_roads(error: Error, from: &Points, to: &Points) -> Error {
    let without = |points: &Points| points.list.iter().filter(|p| p.spot().is_none()).count();
    let told = [from, to].into_iter().filter(|points| without(points) > 0).map(|points| {
        format!("{} of the {} points of {}", without(points), points.list.len(), points.name)
    });
    let told: Vec<String> = told.collect();
    match error {
        Error::Roads(cause) if !told.is_empty() => {
            Error::Roads(format!("{cause}; not counted, as no road is near: {}", told.join(", ")))
        }
        other => other,
    }
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
                csv.write_record([&text_cell(&origin.id), "", "", "", "", status])?;
            }
            for (rank, near) in (1_usize..).zip(near) {
                let Some(end) = reachable.get(near.to) else { continue };
                counts.add("ok");
                let [rank, seconds, metres] =
                    [rank.to_string(), near.seconds.to_string(), near.metres.to_string()];
                let (from, to) = (text_cell(&origin.id), text_cell(&end.id));
                csv.write_record([&from, rank.as_str(), &to, &seconds, &metres, "ok"])?;
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
    answer: &Answer<'_>,
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
    let mut later_s = 0_u32;
    for (ends, points) in spots.windows(2).zip(points.list.windows(2)) {
        let (&[from, to], [a, b]) = (ends, points) else { continue };
        let mut way = answer.travel.way(from, to)?;
        if let Some(way) = &mut way {
            way.seconds = answer.seconds(way.seconds, later_s);
            later_s = later_s.wrapping_add(way.seconds);
        }
        counts.add(if way.is_some() { "ok" } else { "unreachable" });
        legs.push((a, b, way));
    }
    match form {
        Form::Csv => legs_csv(&legs, out).map_err(|error| cannot_write(name, &error))?,
        Form::GeoJson => legs_geojson(answer.travel, &legs, out)
            .map_err(|error| cannot_write(name, &csv::Error::from(error)))?,
    }
    Ok(counts)
}

type Leg<'a> = (&'a Point, &'a Point, Option<Way>);

fn legs_csv(legs: &[Leg<'_>], out: &mut dyn Write) -> Result<(), csv::Error> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(PAIR_COLUMNS)?;
    for (from, to, way) in legs {
        let figures = way.as_ref().map(|way| (way.seconds, way.metres));
        let status = if figures.is_some() { "ok" } else { "unreachable" };
        pair(&mut csv, from, to, figures, status)?;
    }
    csv.flush().map_err(csv::Error::from)
}

fn legs_geojson(travel: &Travel, legs: &[Leg<'_>], out: &mut dyn Write) -> io::Result<()> {
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
                    "from": from.id,
                    "to": to.id,
                    "seconds": way.as_ref().map(|way| way.seconds),
                    "metres": way.as_ref().map(|way| way.metres),
                    "status": if way.is_some() { "ok" } else { "unreachable" },
                    "from_snap_m": from.snap_m,
                    "to_snap_m": to.snap_m,
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
