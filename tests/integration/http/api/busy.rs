//! A database that somebody else holds.

use serde_json::json;
use server::usecases::access::Role;
use tests::api::Site;
use tests::database::Database;

use super::refused;
use crate::db::on_both;

on_both!(a_busy_database_is_asked_again_later);

fn a_busy_database_is_asked_again_later(database: &Database) {
    let site = Site::new(database).unwrap();
    let dispatcher = site.client(Role::Dispatcher).unwrap();
    let tags = |tag: &str| {
        let body = json!({ "add": [tag], "remove": [] });
        dispatcher.post("/cases/a0/tags", &body).unwrap()
    };
    let mut raw = database.raw().unwrap();
    match database.url() {
        None => raw.run("BEGIN IMMEDIATE").unwrap(),
        Some(_) => raw.run("BEGIN; UPDATE sync_heads SET epoch = epoch").unwrap(),
    }
    let answer = tags("dog");
    refused(&answer, 503, "busy");
    assert_eq!(answer.header("retry-after"), "5");
    raw.run("ROLLBACK").unwrap();
    assert_eq!(tags("dog").status, 200);
}
