//! Coordinates of a row: present, in range, not swapped, near the roads.

use sync_core::model::Position;

use super::cell::{Row, shown};
use crate::travel::Extent;

/// Reads a pair of columns. `None` after a problem was noted.
pub(super) fn read(
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
        let remedy = "fill in both coordinates, in degrees; an address alone is not looked up";
        row.bad(column, "missing", "is empty".into(), remedy);
        return None;
    }
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Some(value),
        _ => {
            let remedy = "write decimal degrees with a point, as in 39.1582 or -75.5244";
            row.bad(column, "not_a_number", shown(&text), remedy);
            None
        }
    }
}
