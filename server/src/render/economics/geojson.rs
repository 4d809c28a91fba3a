//! The rows as one GeoJSON `FeatureCollection` (RFC 7946).

use serde_json::{Value, json};

use super::answer::{answer_row, economics_answer};
use super::document::{EconomicsDocument, EconomicsRow};
use crate::render::Point;

/// A `MultiPolygon` a row, with the row as the API says it as `properties`; the rest of that answer is the
/// foreign member `economics`. Positions are `[lon, lat]` with six decimals; borders are counter-clockwise,
/// holes clockwise.
#[must_use]
pub fn economics_geojson(document: &EconomicsDocument) -> String {
    let features: Vec<Value> = document.rows.iter().map(feature).collect();
    let mut head = economics_answer(document);
    head.rows.clear();
    let mut head = json!(head);
    if let Some(head) = head.as_object_mut() {
        head.remove("rows");
        head.remove("credits");
    }
    json!({
        "type": "FeatureCollection",
        "economics": head,
        "credits": document.credits,
        "features": features,
    })
    .to_string()
}

fn feature(row: &EconomicsRow) -> Value {
    let polygons: Vec<Vec<Value>> = row
        .shape
        .iter()
        .map(|rings| rings.iter().enumerate().map(|(at, ring)| positions(ring, at == 0)).collect())
        .collect();
    json!({
        "type": "Feature",
        "geometry": { "type": "MultiPolygon", "coordinates": polygons },
        "properties": answer_row(Some(row), &row.figures),
    })
}

fn positions(ring: &[Point], border: bool) -> Value {
    let twice_area: f64 = ring
        .iter()
        .zip(ring.iter().cycle().skip(1))
        .map(|(a, b)| a.lon * b.lat - b.lon * a.lat)
        .sum();
    let six = |degrees: f64| (degrees * 1e6).round() / 1e6;
    let mut all: Vec<Value> = ring.iter().map(|at| json!([six(at.lon), six(at.lat)])).collect();
    if (twice_area > 0.0) != border {
        all.reverse();
    }
    Value::Array(all)
}
