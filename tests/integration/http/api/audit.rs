//! `/audit`, and the chain under it.

use serde_json::Value;
use server::usecases::access::Role;
use server::usecases::audit::{Verified, export, verify};
use tests::api::Site;
use tests::database::Database;

use crate::db::on_both;

on_both!(what_was_done_is_listed_newest_first, tampering_is_found);

fn what_was_done_is_listed_newest_first(database: &Database) {
    let site = Site::new(database).unwrap();
    let compliance = site.client(Role::Compliance).unwrap();
    let mut seen: Vec<Value> = Vec::new();
    let mut next = Some("/audit?limit=2".to_owned());
    while let Some(path) = next {
        let page = compliance.get(&path).unwrap().json().unwrap();
        seen.extend(page["items"].as_array().unwrap().clone());
        let cursor = page["next_cursor"].as_str();
        next = cursor.map(|cursor| format!("/audit?limit=2&cursor={cursor}"));
    }
    let numbers: Vec<i64> = seen.iter().map(|entry| entry["number"].as_i64().unwrap()).collect();
    let expected: Vec<i64> = (1..=i64::try_from(seen.len()).unwrap()).rev().collect();
    assert_eq!(numbers, expected);
    assert_eq!(seen[0]["action"], "signed_in");
    let made = seen.iter().filter(|entry| entry["action"] == "user_added").count();
    assert_eq!(made, 5);
}

/// Whatever is changed behind the product's back, the first row that does not fit is named.
fn tampering_is_found(database: &Database) {
    let site = Site::new(database).unwrap();
    let app = &site.office.app;
    let entries = app.store.audit_head(app.org).unwrap().0;
    assert!(entries >= 5);
    let Verified::Whole { entries: whole, .. } = verify(app).unwrap() else { panic!("broken") };
    assert_eq!(whole, entries);
    let mut csv = Vec::new();
    let written = export(app, |bytes| {
        csv.extend_from_slice(bytes);
        Ok(())
    });
    assert_eq!(written.unwrap(), entries);
    let text = String::from_utf8(csv).unwrap();
    assert!(text.starts_with(
        "number,at,user_id,actor,action,subject,detail,hash\n1,2026-11-20T12:00:00Z,"
    ));
    assert_eq!(i64::try_from(text.lines().count()).unwrap(), entries + 1);

    let mut raw = database.raw().unwrap();
    let broken = |number: i64| match verify(app).unwrap() {
        Verified::Broken { number: found, why } => assert_eq!(found, number, "{why}"),
        Verified::Whole { .. } => panic!("entry {number} was changed and nobody noticed"),
    };
    for row in app.store.audit_after(app.org, 0, 1_000).unwrap() {
        let number = row.audit_seq;
        let actor = row.actor.map_or("NULL".to_owned(), |actor| actor.to_string());
        for (column, changed, back) in [
            ("detail", "'x'".to_owned(), format!("'{}'", row.detail)),
            ("subject", "'x'".to_owned(), format!("'{}'", row.subject)),
            ("action", "'x'".to_owned(), format!("'{}'", row.action)),
            ("at", (row.at + 1).to_string(), row.at.to_string()),
            ("actor", "77".to_owned(), actor),
        ] {
            let set = |value: &str| {
                format!("UPDATE audit SET {column} = {value} WHERE audit_seq = {number}")
            };
            raw.run(&set(&changed)).unwrap();
            broken(number);
            raw.run(&set(&back)).unwrap();
        }
    }
    assert!(matches!(verify(app).unwrap(), Verified::Whole { .. }));
    raw.run(&format!("UPDATE audit SET audit_seq = {} WHERE audit_seq = 2", entries + 1)).unwrap();
    broken(2);
    raw.run(&format!("UPDATE audit SET audit_seq = 2 WHERE audit_seq = {}", entries + 1)).unwrap();
    raw.run(&format!("DELETE FROM audit WHERE audit_seq = {entries}")).unwrap();
    broken(entries);
    raw.run(&format!("DELETE FROM audit WHERE audit_seq >= {}", entries - 1)).unwrap();
    broken(entries - 1);
}
