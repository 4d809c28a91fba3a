//! `/audit`, and the chain under it.

use serde_json::Value;
use server::usecases::access::Role;
use server::usecases::audit::{Verified, export, verify};
use tests::api::Site;
use tests::database::Database;

use crate::db::on_both;

on_both!(
    what_was_done_is_listed_newest_first,
    tampering_is_found,
    a_log_that_is_cut_off_or_added_to_is_found,
);

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

fn exported(site: &Site) -> usize {
    let mut csv = Vec::new();
    export(&site.office.app, |bytes| {
        csv.extend_from_slice(bytes);
        Ok(())
    })
    .unwrap();
    String::from_utf8(csv).unwrap().lines().count() - 1
}

/// The end of the log is known in two places beside it, and nothing outside of it is shown.
fn a_log_that_is_cut_off_or_added_to_is_found(database: &Database) {
    let site = Site::new(database).unwrap();
    let compliance = site.client(Role::Compliance).unwrap();
    let app = &site.office.app;
    let entries = app.store.audit_head(app.org).unwrap().0;
    let mut raw = database.raw().unwrap();
    let why = || match verify(app).unwrap() {
        Verified::Broken { number, why } => (number, why),
        Verified::Whole { .. } => panic!("nobody noticed"),
    };
    let forged = |number: i64| {
        format!(
            "INSERT INTO audit SELECT org_id, {number}, at, user_id, actor, action, subject, 'FORGED', \
             hash FROM audit WHERE audit_seq = 1"
        )
    };
    let shown = || {
        let page = compliance.get("/audit?limit=200").unwrap();
        assert!(!page.body.contains("FORGED"), "{}", page.body);
        page.json().unwrap()["items"].as_array().unwrap().len()
    };
    for number in [-7, 0, entries + 1, entries + 9, i64::MAX] {
        raw.run(&forged(number)).unwrap();
        assert_eq!(why().0, number);
        let expected = usize::try_from(entries).unwrap();
        assert_eq!((shown(), exported(&site)), (expected, expected), "{number}");
        raw.run(&format!("DELETE FROM audit WHERE audit_seq = {number}")).unwrap();
        assert!(matches!(verify(app).unwrap(), Verified::Whole { .. }));
    }
    // The head says less, or is gone, with the rows behind it.
    raw.run("CREATE TABLE kept_heads AS SELECT * FROM sync_heads").unwrap();
    raw.run("CREATE TABLE kept_audit AS SELECT * FROM audit").unwrap();
    raw.run(&format!("DELETE FROM audit WHERE audit_seq > {}", entries - 2)).unwrap();
    raw.run("DELETE FROM sync_heads").unwrap();
    assert!(why().1.contains("head of the log is gone"));
    raw.run("DELETE FROM audit; DELETE FROM audit_marks").unwrap();
    assert!(why().1.contains("head of the log is gone"), "there are users");
    raw.run(&format!("INSERT INTO audit SELECT * FROM kept_audit WHERE audit_seq < {entries}"))
        .unwrap();
    raw.run("INSERT INTO sync_heads SELECT * FROM kept_heads").unwrap();
    assert_eq!(why().0, entries);
    let before =
        "(SELECT hash FROM kept_audit WHERE audit_seq = (SELECT max(audit_seq) FROM audit))";
    let less = entries - 1;
    raw.run(&format!("UPDATE sync_heads SET audit_seq = {less}, audit_head = {before}")).unwrap();
    assert!(why().1.contains("mark"), "the mark is gone");
    raw.run(&format!("INSERT INTO audit_marks SELECT org_id, {entries} FROM sync_heads")).unwrap();
    let (number, why) = why();
    assert_eq!(number, entries, "{why}");
    raw.run("DROP TABLE kept_heads; DROP TABLE kept_audit").unwrap();
}
