//! `/economics`.

use server::usecases::access::Role;
use server::usecases::import::{Source, import_visits};
use tests::api::Site;
use tests::book::paid_visits_csv;
use tests::database::Database;

use super::refused;
use crate::db::on_both;

on_both!(figures_by_address);

/// A visit to every case of the book, so that there is something to show.
fn visits(site: &Site) {
    let cases = site.office.app.store.cases(site.office.app.org).unwrap();
    let csv = paid_visits_csv(cases.iter().map(|case| case.case_ref.as_str()));
    let source = Source { name: "visits.csv", bytes: csv.as_bytes() };
    assert_eq!(import_visits(&site.office.app, source, None).unwrap().inserted, 24);
}

fn figures_by_address(database: &Database) {
    let site = Site::new(database).unwrap();
    visits(&site);
    let analyst = site.client(Role::Analyst).unwrap();
    let answer = analyst.get("/economics?by=cell&from=2026-10-01&to=2026-10-31").unwrap();
    assert_eq!(answer.status, 200, "{}", answer.body);
    let answer = answer.json().unwrap();
    let sums = |row: &serde_json::Value, name: &str| row["sums"][name].as_i64().unwrap();
    assert_eq!(sums(&answer["total"], "recovered_minor"), 24_000);
    let rows = answer["rows"].as_array().unwrap();
    assert!(!rows.is_empty() && rows.iter().all(|row| sums(row, "borrowers") >= 10), "{rows:?}");
    let visits: i64 = rows.iter().map(|row| sums(row, "visits")).sum();
    assert_eq!(visits, 24);
    assert_eq!(answer["outcome_window_days"], 30);
    assert_eq!(answer["total"]["incremental_recovery"], "not_identifiable");

    let csv = analyst.get("/economics?by=region&format=csv").unwrap();
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    assert!(
        csv.body.starts_with("row,region,cell,rest,from,to,outcome_window_days,currency,cases,")
    );
    let map = analyst.get("/economics?by=region&format=geojson").unwrap();
    assert_eq!(map.header("content-type"), "application/geo+json");
    assert_eq!(map.json().unwrap()["features"][0]["geometry"]["type"], "MultiPolygon");

    refused(&analyst.get("/economics?by=street").unwrap(), 400, "invalid_query");
    refused(&analyst.get("/economics?by=cell&form=csv").unwrap(), 400, "invalid_query");
    refused(&analyst.get("/economics").unwrap(), 400, "invalid_query");
    let agent = site.client(Role::Agent).unwrap();
    refused(&agent.get("/economics?by=cell").unwrap(), 403, "role_forbidden");
}
