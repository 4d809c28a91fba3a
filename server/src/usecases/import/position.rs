//! Coordinates of a row: present, in range, not swapped, near the roads. Or, in their place, its address.

use addresses::Grade;
use sync_core::model::Position;

use super::cell::{Row, shown};
use super::{Context, finder};
use crate::error::Error;
use crate::travel::{Extent, Placed};

/// Columns that say where something is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Where {
    pub(super) lat: &'static str,
    pub(super) lon: &'static str,
    pub(super) address: &'static str,
}

impl Where {
    /// Whether a row says anything under these columns.
    pub(super) fn is_given(self, row: &Row<'_>) -> bool {
        [self.lat, self.lon, self.address].iter().any(|column| !row.text(column).is_empty())
    }
}

/// Reads coordinates, or looks up the address where there are none; then its grade stands beside the position. `None`
/// after a problem was noted.
pub(super) fn read(
    row: &mut Row<'_>,
    columns: Where,
    context: &Context<'_>,
) -> Result<Option<(Position, Option<Grade>)>, Error> {
    let empty = |column: &str| row.text(column).is_empty();
    if empty(columns.lat) && empty(columns.lon) && !empty(columns.address) {
        let found = finder::find(row, columns.address, context.map.finder)?;
        if let Some((at, _)) = found {
            off_road(row, columns.address, at, context);
        }
        return Ok(found.map(|(at, grade)| (at, Some(grade))));
    }
    let Some(at) = coordinates(row, columns.lat, columns.lon, context.map.extent) else {
        return Ok(None);
    };
    finder::compare(row, columns.address, at, context.map.finder)?;
    off_road(row, columns.lat, at, context);
    Ok(Some((at, None)))
}

/// Tells of a place inside of the extract that no way leads to.
fn off_road(row: &mut Row<'_>, column: &'static str, at: Position, context: &Context<'_>) {
    let Some(travel) = context.map.roads else { return };
    let (code, cause) = match travel.place(at) {
        Placed::At(_) | Placed::Outside => return,
        Placed::TooFar { metres } => {
            ("too_far", format!("{at} is {metres} m from the nearest road"))
        }
        Placed::Island { metres } => {
            ("island", format!("{at} has a road, {metres} m away, that is cut off from the others"))
        }
    };
    let remedy = "check it; nobody is sent there or from there as long as it is so";
    row.odd(column, code, cause, remedy);
}

/// Reads a pair of columns. `None` after a problem was noted.
fn coordinates(
    row: &mut Row<'_>,
    lat_column: &'static str,
    lon_column: &'static str,
    extent: Option<&Extent>,
) -> Option<Position> {
    let (lat, lon) = (degrees(row, lat_column), degrees(row, lon_column));
    let (lat, lon) = (lat?, lon?);
    let swapped = "latitude and longitude look swapped: exchange the two";
    let position = match Position::from_degrees(lat, lon) {
        Ok(position) => position,
        Err(error) => {
            let fits_swapped = Position::from_degrees(lon, lat).is_ok();
            let remedy = if fits_swapped { swapped } else { "write degrees, as in 39.1582" };
            row.bad(lat_column, "not_a_position", error.to_string(), remedy);
            return None;
        }
    };
    if lat == 0.0 && lon == 0.0 {
        row.bad(
            lat_column,
            "null_island",
            "0, 0 is the usual sign of a failed geocoding".into(),
            "find the place of this address, or leave the row out",
        );
        return None;
    }
    if let Some(extent) = extent
        && !extent.contains(lat, lon)
    {
        let place = format!("{lat}, {lon} lies outside of the road extract");
        if extent.contains(lon, lat) {
            row.bad(lat_column, "coordinates_swapped", place, swapped);
            return None;
        }
        row.odd(
            lat_column,
            "outside_extract",
            place,
            "check it; it will not be planned until `doorstep roads build` has an extract that covers it",
        );
    }
    Some(position)
}

fn degrees(row: &mut Row<'_>, column: &'static str) -> Option<f64> {
    let text = row.text(column).to_owned();
    if text.is_empty() {
        let remedy = "fill in both coordinates, in degrees, or neither and the address";
        row.bad(column, "missing", "is empty".into(), remedy);
        return None;
    }
    match text.parse::<f64>() {
        // A number of three hundred digits is not repeated as one.
        Ok(value) if value.is_finite() && value.abs() <= 1e6 => Some(value),
        _ => {
            let remedy = "write decimal degrees with a point, as in 39.1582 or -75.5244";
            row.bad(column, "not_a_number", shown(&text), remedy);
            None
        }
    }
}
