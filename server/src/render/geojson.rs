//! The plan as one GeoJSON `FeatureCollection` (RFC 7946).

use serde_json::{Map, Value, json};

use super::document::{Cell, LeftOut, PlanDocument, Point, Route, Stop};
use super::figures::rfc3339;

/// Routes, bases, stops, cases left out and cells as features, told apart by the property `kind`
/// (`route`, `base`, `stop`, `left_out`, `cell`). Positions are `[lon, lat]` with six decimals.
///
/// A route is a `MultiLineString` with one line per leg; `along_roads` says whether all of them follow roads or
/// some are straight. Without legs it is a straight `LineString` through its stops. Cells are closed and
/// counter-clockwise. `plan` and `credits` are foreign members of the collection. Money is in
/// minor units of `plan.currency`.
#[must_use]
pub fn geojson(document: &PlanDocument) -> String {
    let mut features = Vec::new();
    features.extend(document.cells.iter().filter_map(cell));
    for route in &document.routes {
        features.extend(route_line(document, route));
        features.push(base(route));
        features.extend(route.stops.iter().map(|s| stop(document, route, s)));
    }
    features.extend(document.left_out.iter().map(left_out));
    json!({
        "type": "FeatureCollection",
        "plan": {
            "organisation": document.organisation,
            "date": document.date.to_string(),
            "version": document.version,
            "created_at": document.created_at.to_string(),
            "time_zone": document.time_zone_name,
            "currency": document.currency,
            "exponent": document.exponent,
            "travel": document.travel,
            "search": document.search,
            "unfairness_cost_minor": document.totals.unfairness_cost_minor,
            "overlap_cost_minor": document.totals.overlap_cost_minor,
            "profit_minor": document.totals.profit_minor,
            "notices": document.notices,
        },
        "credits": document.credits,
        "features": features,
    })
    .to_string()
}

fn feature(kind: &str, geometry: Value, mut properties: Value) -> Value {
    if let Some(map) = properties.as_object_mut() {
        let mut with_kind = Map::from_iter([("kind".to_owned(), Value::from(kind))]);
        with_kind.append(map);
        properties = Value::Object(with_kind);
    }
    json!({ "type": "Feature", "geometry": geometry, "properties": properties })
}

fn route_line(document: &PlanDocument, route: &Route) -> Option<Value> {
    let legs: Vec<Vec<Value>> =
        route.legs.iter().filter(|leg| leg.len() > 1).map(|leg| positions(leg)).collect();
    let along_roads = route.along_roads && !legs.is_empty();
    let geometry = if !legs.is_empty() {
        json!({ "type": "MultiLineString", "coordinates": legs })
    } else if route.stops.is_empty() {
        return None;
    } else {
        json!({ "type": "LineString", "coordinates": positions(&route.straight_line()) })
    };
    let totals = &route.totals;
    Some(feature(
        "route",
        geometry,
        json!({
            "route": route.number,
            "agent_ref": route.agent_ref,
            "agent_name": route.agent_name,
            "stops": route.stops.len(),
            "departs_at": rfc3339(route.departs_at, &document.time_zone),
            "returns_at": rfc3339(route.returns_at, &document.time_zone),
            "metres": totals.metres,
            "drive_s": totals.drive_s,
            "service_s": totals.service_s,
            "wait_s": totals.wait_s,
            "prize_minor": totals.prize_minor,
            "travel_cost_minor": totals.travel_cost_minor,
            "time_cost_minor": totals.time_cost_minor,
            "fixed_cost_minor": totals.fixed_cost_minor,
            "overtime_cost_minor": totals.overtime_cost_minor,
            "pairing_minor": totals.pairing_minor,
            "profit_minor": totals.profit_minor,
            "breaks": route.breaks.iter().map(|rest| json!({
                "after_stop": rest.after,
                "from": rfc3339(rest.from, &document.time_zone),
                "to": rfc3339(rest.to, &document.time_zone),
                "paid": rest.paid,
            })).collect::<Vec<_>>(),
            "along_roads": along_roads,
        }),
    ))
}

fn base(route: &Route) -> Value {
    feature(
        "base",
        point(route.base),
        json!({ "route": route.number, "agent_ref": route.agent_ref }),
    )
}

fn stop(document: &PlanDocument, route: &Route, stop: &Stop) -> Value {
    let zone = &document.time_zone;
    feature(
        "stop",
        point(stop.at),
        json!({
            "route": route.number,
            "stop": stop.number,
            "agent_ref": route.agent_ref,
            "case_ref": stop.case_ref,
            "address": stop.address,
            "geocode_grade": stop.geocode_grade,
            "arrive_at": rfc3339(stop.arrive_at, zone),
            "start_at": rfc3339(stop.start_at, zone),
            "leave_at": rfc3339(stop.leave_at, zone),
            "leg_metres": stop.leg_metres,
            "leg_s": stop.leg_s,
            "prize_minor": stop.prize_minor,
            "marginal_minor": stop.marginal_minor,
            "also": stop.also,
            "with_agent": stop.with_agent,
        }),
    )
}

fn left_out(case: &LeftOut) -> Value {
    feature(
        "left_out",
        point(case.at),
        json!({
            "case_ref": case.case_ref,
            "code": case.code,
            "reason": case.sentence,
            "prize_minor": case.prize_minor,
            "detour_cost_minor": case.cost_minor,
        }),
    )
}

fn cell(cell: &Cell) -> Option<Value> {
    let mut ring = cell.boundary.clone();
    if ring.len() < 3 {
        return None;
    }
    if twice_signed_area(&ring) < 0.0 {
        ring.reverse();
    }
    ring.push(ring[0]);
    Some(feature(
        "cell",
        json!({ "type": "Polygon", "coordinates": [positions(&ring)] }),
        json!({
            "h3": cell.index,
            "agent_ref": cell.agent_ref,
            "cases": cell.cases,
            "value_minor": cell.value_minor,
        }),
    ))
}

/// Positive when the ring runs counter-clockwise, as RFC 7946 asks of outer rings.
fn twice_signed_area(ring: &[Point]) -> f64 {
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).map(|(a, b)| a.lon * b.lat - b.lon * a.lat).sum()
}

fn point(at: Point) -> Value {
    json!({ "type": "Point", "coordinates": position(at) })
}

fn positions(points: &[Point]) -> Vec<Value> {
    points.iter().map(|p| position(*p)).collect()
}

fn position(at: Point) -> Value {
    let six = |degrees: f64| (degrees * 1e6).round() / 1e6;
    json!([six(at.lon), six(at.lat)])
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn parsed(document: &PlanDocument) -> Value {
        serde_json::from_str(&geojson(document)).unwrap()
    }

    fn of_kind<'a>(collection: &'a Value, kind: &str) -> Vec<&'a Value> {
        let features = collection["features"].as_array().unwrap();
        features.iter().filter(|f| f["properties"]["kind"] == kind).collect()
    }

    #[test]
    fn an_empty_plan_is_an_empty_collection() {
        let collection = parsed(&sample::empty());
        assert_eq!(collection["type"], "FeatureCollection");
        assert_eq!(collection["features"], json!([]));
    }

    #[test]
    fn every_part_of_a_plan_is_a_feature() {
        let mut document = sample::one_stop();
        document.routes[0].stops[0].address = "1 \"Quoted\" <b>St</b>".into();
        let collection = parsed(&document);
        assert_eq!(collection["credits"], json!(document.credits));
        assert_eq!(collection["plan"]["version"], 3);
        let stop = of_kind(&collection, "stop")[0];
        assert_eq!(stop["geometry"], json!({"type": "Point", "coordinates": [-75.52, 39.16]}));
        assert_eq!(stop["properties"]["arrive_at"], "2026-03-09T08:12:00-04:00");
        assert_eq!(stop["properties"]["address"], "1 \"Quoted\" <b>St</b>");
        let route = of_kind(&collection, "route")[0];
        assert_eq!(route["geometry"]["type"], "MultiLineString");
        assert_eq!(route["geometry"]["coordinates"].as_array().unwrap().len(), 2);
        assert_eq!(of_kind(&collection, "left_out").len(), 1);
        assert_eq!(of_kind(&collection, "base").len(), 1);
    }

    #[test]
    fn straight_legs_are_not_called_roads() {
        let mut document = sample::one_stop();
        let along = |document: &PlanDocument| {
            of_kind(&parsed(document), "route")[0]["properties"]["along_roads"].clone()
        };
        assert_eq!(along(&document), true);
        document.routes[0].along_roads = false;
        assert_eq!(along(&document), false);
    }

    #[test]
    fn a_route_without_legs_is_a_straight_line() {
        let mut document = sample::one_stop();
        document.routes[0].legs.clear();
        let collection = parsed(&document);
        let route = of_kind(&collection, "route")[0];
        assert_eq!(route["properties"]["along_roads"], false);
        assert_eq!(
            route["geometry"],
            json!({"type": "LineString",
                   "coordinates": [[-75.5, 39.15], [-75.52, 39.16], [-75.5, 39.15]]})
        );
    }

    #[test]
    fn cells_are_closed_and_counter_clockwise() {
        let mut document = sample::one_stop();
        let expected = json!([[
            [-75.52, 39.15],
            [-75.5, 39.15],
            [-75.5, 39.17],
            [-75.52, 39.17],
            [-75.52, 39.15]
        ]]);
        let collection = parsed(&document);
        let cell = of_kind(&collection, "cell")[0];
        assert_eq!(cell["geometry"]["coordinates"], expected);
        assert_eq!(cell["properties"]["h3"], "872aa8c52ffffff");

        document.cells[0].boundary.reverse();
        let collection = parsed(&document);
        let ring = &of_kind(&collection, "cell")[0]["geometry"]["coordinates"][0];
        let ring: Vec<Point> = ring
            .as_array()
            .unwrap()
            .iter()
            .map(|p| Point { lat: p[1].as_f64().unwrap(), lon: p[0].as_f64().unwrap() })
            .collect();
        assert_eq!(ring.first(), ring.last());
        assert!(twice_signed_area(&ring) > 0.0);
    }
}
