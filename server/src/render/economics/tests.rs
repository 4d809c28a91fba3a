use serde_json::Value;

use super::sample::document;
use super::*;

#[test]
fn the_columns_of_the_csv_stay() {
    let csv = economics_csv(&document());
    insta::assert_snapshot!(csv.lines().next().unwrap().replace(',', "\n"));
}

#[test]
fn a_line_has_all_columns_and_no_formula() {
    let csv = economics_csv(&document());
    let mut reader = ::csv::Reader::from_reader(csv.as_bytes());
    let header = reader.headers().unwrap().clone();
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 2);
    let of = |row: usize, name: &str| {
        rows[row][header.iter().position(|column| column == name).unwrap()].to_owned()
    };
    assert_eq!((of(0, "row"), of(1, "row")), ("cell".into(), "total".into()));
    assert_eq!(of(0, "region"), "'=A1;852aad57fffffff");
    assert_eq!((of(0, "from"), of(0, "outcome_window_days")), ("2026-11-01".into(), "30".into()));
    // (3,500 m + 3,500 m) at 0.50 a km; (360 + 540 + 50) s at 20 an hour: 527.8, twice.
    assert_eq!(
        (of(0, "distance_cost_minor"), of(0, "time_cost_minor")),
        ("350".into(), "1056".into())
    );
    assert_eq!((of(1, "contact_rate"), of(1, "ptp_rate")), ("0.5000".into(), "0.0000".into()));
    assert_eq!((of(1, "kept_rate"), of(1, "plan_adherence")), (String::new(), String::new()));
    assert_eq!(of(1, "advice"), "not_enough_visits");
    assert_eq!(of(1, "incremental_recovery"), "not_identifiable");
}

#[test]
fn the_answer_of_the_api_stays() {
    insta::assert_snapshot!(serde_json::to_string_pretty(&economics_answer(&document())).unwrap());
}

#[test]
fn borders_run_counter_clockwise_and_holes_clockwise() {
    let text = economics_geojson(&document());
    let collection: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(collection["credits"][0], "OpenStreetMap");
    assert_eq!(collection["economics"]["outcome_window_days"], 30);
    assert_eq!(collection["economics"].get("rows"), None);
    let feature = &collection["features"][0];
    assert_eq!(feature["geometry"]["type"], "MultiPolygon");
    assert_eq!(feature["properties"]["sums"]["visits"], 2);
    let rings = feature["geometry"]["coordinates"][0].as_array().unwrap();
    let area = |ring: &Value| -> f64 {
        let at: Vec<(f64, f64)> = ring
            .as_array()
            .unwrap()
            .iter()
            .map(|p| (p[0].as_f64().unwrap(), p[1].as_f64().unwrap()))
            .collect();
        at.windows(2).map(|p| p[0].0 * p[1].1 - p[1].0 * p[0].1).sum()
    };
    assert!(area(&rings[0]) > 0.0 && area(&rings[1]) < 0.0);
}

#[test]
fn a_table_for_people() {
    insta::assert_snapshot!(economics_text(&document()).join("\n"));
    let mut empty = document();
    (empty.total, empty.rows) = (None, vec![]);
    assert_eq!(economics_text(&empty).len(), 2, "no table without rows");
}
