//! Points from CSV: `id,lat,lon`.

use std::collections::HashMap;

use sync_core::model::Position;

use crate::error::Error;
use crate::travel::{Placed, Spot, Travel};
use crate::usecases::import::Lines;

/// The columns, all of which must be there, and no others.
pub const POINT_COLUMNS: [&str; 3] = ["id", "lat", "lon"];

/// Rows told of that cannot be read; the others are counted.
const MOST_FAULTS: usize = 8;

/// A point and where it lies on the roads.
#[derive(Debug)]
pub struct Point {
    /// As the file has it; no two are equal.
    pub id: String,
    /// Line in the file.
    pub line: u64,
    at: Position,
    /// What the roads say.
    pub placed: Placed,
    /// Whole metres to its road, where that is known; they are in no time and no length.
    pub snap_m: Option<i64>,
}

/// The points of one file, in its order.
#[derive(Debug)]
pub struct Points {
    /// The file's name for messages.
    pub name: String,
    /// The points; at least one.
    pub list: Vec<Point>,
}

impl Point {
    /// `ok`, or why there is no way from or to it.
    #[must_use]
    pub fn status(&self) -> &'static str {
        match self.placed {
            Placed::At(_) => "ok",
            Placed::TooFar { .. } => "too_far",
            Placed::Island { .. } => "island",
            Placed::Outside => "outside",
        }
    }

    /// The spot, if there are ways.
    #[must_use]
    pub fn spot(&self) -> Option<&Spot> {
        match &self.placed {
            Placed::At(spot) => Some(spot),
            _ => None,
        }
    }

    /// Why there are no ways, as a clause.
    fn fault(&self) -> Option<String> {
        match self.placed {
            Placed::At(_) => None,
            Placed::TooFar { metres } => Some(format!("is {metres} m from the nearest road")),
            Placed::Island { metres } => {
                Some(format!("lies on a road, {metres} m away, that is cut off from the others"))
            }
            Placed::Outside => Some("lies outside of the roads".into()),
        }
    }
}

impl Points {
    /// Reads a file and finds its points on the roads.
    ///
    /// # Errors
    /// It is no such CSV, or a row is wrong; the message names file, row and column. Or none of the
    /// points can be used, or the provider of travel times fails.
    pub fn read(name: &str, bytes: &[u8], travel: &Travel) -> Result<Self, Error> {
        let wrong = |what: String| Error::Invalid(format!("{name}: {what}"));
        let rows = point_rows(name, bytes)?;
        if let Some(extent) = travel.extent() {
            let swapped = |row: &&PointRow| {
                let (lat, lon) = (row.at.lat(), row.at.lon());
                !extent.contains(lat, lon) && extent.contains(lon, lat)
            };
            if let Some(row) = rows.iter().find(swapped) {
                return Err(wrong(format!(
                    "row {}: {} lies outside of the roads, and inside when lat and lon are \
                     exchanged: exchange them",
                    row.line, row.at
                )));
            }
        }
        let positions: Vec<Position> = rows.iter().map(|row| row.at).collect();
        travel.locate(&positions, &crate::progress::Silent)?;
        let place = |row: PointRow| {
            let placed = travel.place(row.at);
            let snap_m = match &placed {
                Placed::At(spot) => travel.snap_m(spot),
                Placed::TooFar { metres } | Placed::Island { metres } => Some(*metres),
                Placed::Outside => None,
            };
            Point { placed, snap_m, id: row.id, line: row.line, at: row.at }
        };
        let list: Vec<Point> = rows.into_iter().map(place).collect();
        let points = Self { name: name.to_owned(), list };
        if points.list.iter().all(|point| point.spot().is_none()) {
            let first = points.list.first().and_then(|point| Some((point, point.fault()?)));
            let first = first.map_or_else(String::new, |(point, fault)| {
                format!(", row {}: {} {fault}", point.line, point.at)
            });
            return Err(wrong(format!(
                "none of its {} points can be reached by road{first}; check the coordinates and \
                 what the extract covers (`doorstep roads info`)",
                points.list.len()
            )));
        }
        Ok(points)
    }

    /// All spots.
    ///
    /// # Errors
    /// A point has none; the message names file, row and id.
    pub fn all_spots(&self) -> Result<Vec<&Spot>, Error> {
        let spot = |point: &'_ Point| {
            let fault = point.fault().unwrap_or_default();
            let (name, line, id) = (&self.name, point.line, &point.id);
            Error::Invalid(format!(
                "{name}: row {line}: the point {id:?} {fault}: mend its coordinates or leave it out"
            ))
        };
        self.list.iter().map(|point| point.spot().ok_or_else(|| spot(point))).collect()
    }
}

/// A row that was read.
#[derive(Debug, PartialEq)]
pub struct PointRow {
    /// As the file has it; no two are equal.
    pub id: String,
    /// Line in the file.
    pub line: u64,
    /// Where it is.
    pub at: Position,
}

/// Reads the rows of a file, without looking for roads.
///
/// # Errors
/// It is no such CSV, or a row is wrong; the message names file, row and column.
pub fn point_rows(name: &str, bytes: &[u8]) -> Result<Vec<PointRow>, Error> {
    rows(bytes).map_err(|what| Error::Invalid(format!("{name}: {what}")))
}

fn rows(bytes: &[u8]) -> Result<Vec<PointRow>, String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
    let header = reader.headers().map_err(|e| broken(&e))?.clone();
    let columns = columns(&header)?;
    let mut known: HashMap<String, u64> = HashMap::new();
    let (mut rows, mut faults) = (Vec::new(), Vec::new());
    let mut lines = Lines::new(bytes);
    for record in reader.records() {
        let record = record.map_err(|e| broken(&e))?;
        let line = lines.of(record.position().map_or(0, csv::Position::byte));
        match row(columns.map(|at| record.get(at).unwrap_or_default()), line, &mut known) {
            Ok(row) => rows.push(row),
            Err(fault) => faults.push(format!("row {line}: {fault}")),
        }
    }
    if faults.len() > MOST_FAULTS {
        let more = faults.len() - MOST_FAULTS;
        faults.truncate(MOST_FAULTS);
        faults.push(format!("and {more} more rows"));
    }
    if !faults.is_empty() {
        return Err(faults.join("; "));
    }
    if rows.is_empty() {
        return Err("has no points; write one in each row below id,lat,lon".into());
    }
    Ok(rows)
}

/// One row, or what is wrong with it.
fn row(
    [id, lat, lon]: [&str; 3],
    line: u64,
    known: &mut HashMap<String, u64>,
) -> Result<PointRow, String> {
    if id.is_empty() {
        return Err("id is empty: give every point one of its own".into());
    }
    if id.chars().any(char::is_control) {
        return Err(format!("the id {id:?} has a tab or another control character: take it out"));
    }
    if let Some(first) = known.insert(id.to_owned(), line) {
        return Err(format!("the id {id:?} is in row {first} already: give every point its own"));
    }
    let degrees = |column: &str, text: &str| {
        let short: String = text.chars().take(24).collect();
        let value = text.parse::<f64>().map_err(|_| {
            format!("{column}: {short:?} is no number; write degrees, as in 39.1582")
        })?;
        // A number of three hundred digits is not repeated.
        if value.is_finite() && value.abs() > 1e6 {
            return Err(format!("{column}: {short} is out of range; write degrees, as in 39.1582"));
        }
        Ok(value)
    };
    let at = Position::from_degrees(degrees("lat", lat)?, degrees("lon", lon)?)
        .map_err(|error| error.to_string())?;
    Ok(PointRow { id: id.to_owned(), line, at })
}

/// Where each column stands.
fn columns(header: &csv::StringRecord) -> Result<[usize; 3], String> {
    let wanted = POINT_COLUMNS.join(",");
    if header.iter().all(str::is_empty) {
        return Err(format!("is empty; the first row must be {wanted}"));
    }
    for (separator, name) in [(';', "semicolons"), ('\t', "tabs")] {
        if header.len() == 1 && header.iter().any(|all| all.contains(separator)) {
            return Err(format!(
                "row 1: the columns are separated by {name}: write commas ({wanted})"
            ));
        }
    }
    let same = |a: &str, b: &str| a.eq_ignore_ascii_case(b);
    let known = |name: &&str| !POINT_COLUMNS.iter().any(|column| same(column, name));
    if let Some(other) = header.iter().find(known) {
        return Err(format!("row 1: the column {other:?} is not known; the columns are {wanted}"));
    }
    let mut found = [0; 3];
    for (name, at) in POINT_COLUMNS.iter().zip(&mut found) {
        let mut places = header.iter().enumerate().filter(|(_, column)| same(column, name));
        *at = places
            .next()
            .ok_or_else(|| {
                format!("row 1: the column {name:?} is missing; the columns are {wanted}")
            })?
            .0;
        if places.next().is_some() {
            return Err(format!("row 1: the column {name:?} is there twice"));
        }
    }
    Ok(found)
}

fn broken(error: &csv::Error) -> String {
    let line = error.position().map_or(1, csv::Position::line);
    match error.kind() {
        csv::ErrorKind::Utf8 { .. } => format!("row {line}: is no UTF-8; save the file as UTF-8"),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("row {line}: has {len} cells, the first row has {expected_len}")
        }
        _ => format!("row {line}: cannot be read: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_in_any_order_of_columns() {
        let rows = rows("\u{feff}lat,id,lon\n39.1, A ,-75.5\n\n39.2,\"B,1\",-75.6\n".as_bytes());
        let rows = rows.unwrap();
        assert_eq!((rows[0].id.as_str(), rows[0].line), ("A", 2));
        assert_eq!((rows[1].id.as_str(), rows[1].line), ("B,1", 4));
        assert_eq!(rows[1].at.lon_e7(), -756_000_000);
    }

    #[test]
    fn columns_are_known_in_any_letter_case() {
        let rows = rows(b"ID,Lat,LON\nA,39.1,-75.5\n").unwrap();
        assert_eq!((rows[0].id.as_str(), rows[0].at.lat_e7()), ("A", 391_000_000));
    }

    #[test]
    fn a_file_of_faults_is_not_repeated_whole() {
        let text = format!("id,lat,lon\n{}", "A,x,2\n".repeat(20));
        let said = rows(text.as_bytes()).unwrap_err();
        assert!(said.contains("row 2") && said.ends_with("and 12 more rows"), "{said}");
    }

    #[test]
    fn each_fault_names_row_and_cause() {
        for (text, row, word) in [
            ("", "is empty", "id,lat,lon"),
            ("id,lat,lon\n", "no points", "id,lat,lon"),
            ("id,lat,lng\nA,1,2\n", "row 1", "\"lng\""),
            ("id,lat\nA,1\n", "row 1", "\"lon\" is missing"),
            ("id,lat,lon,lat\nA,1,2,3\n", "row 1", "twice"),
            ("id,lat,lon\nA,1\n", "row 2", "2 cells"),
            ("id,lat,lon\nA,1,2\nB,x,2\n", "row 3: lat", "\"x\" is no number"),
            ("id,lat,lon\nA,y,2\nB,x,2\n", "row 2: lat", "row 3: lat: \"x\""),
            ("id;lat;lon\nA;1;2\n", "row 1", "semicolons: write commas"),
            ("id\tlat\tlon\nA\t1\t2\n", "row 1", "tabs: write commas"),
            ("id,lat,lon\n\"A\tB\",1,2\n", "row 2", "control character"),
            ("id,lat,lon\nA,1e308,2\n", "row 2: lat", "1e308 is out of range"),
            ("id,lat,lon\nA,NaN,2\n", "row 2: lat", "NaN"),
            ("id,lat,lon\nA,1,inf\n", "row 2: lon", "inf"),
            ("id,lat,lon\nA,-175.5,39\n", "row 2: lat", "swapped"),
            ("id,lat,lon\n,1,2\n", "row 2", "id is empty"),
            ("id,lat,lon\nA,1,2\nA,1,3\n", "row 3", "row 2 already"),
        ] {
            let said = rows(text.as_bytes()).unwrap_err();
            assert!(said.contains(row) && said.contains(word), "{text:?}: {said}");
        }
        let said = rows(b"id,lat,lon\n\xff,1,2\n").unwrap_err();
        assert!(said.contains("row 2") && said.contains("UTF-8"), "{said}");
    }
}
