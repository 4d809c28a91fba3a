//! Imports: upsert by the lender's keys, whole or not at all.

use server::db::RowChange;
use tests::book::{Case, agents_csv, cases_csv, dover};
use tests::database::Database;
use tests::installation::Installation;

use super::on_both;

on_both!(
    an_import_inserts_updates_and_leaves_alone,
    a_refused_row_undoes_the_whole_import,
    two_loans_of_a_borrower_share_the_borrower,
    values_come_back_as_they_went_in,
    rows_come_in_the_order_of_the_bytes_of_their_references,
    imports_at_the_same_time_end_as_one_after_the_other,
);

fn an_import_inserts_updates_and_leaves_alone(database: &Database) {
    let doorstep = Installation::new(database).unwrap();
    let agents = agents_csv(&[("K1", 39.16, -75.52), ("K2", 39.11, -75.58)]);
    let first = cases_csv(&[Case::new("C1"), Case::new("C2")]);
    let done = doorstep.import(&first, &agents).unwrap();
    assert_eq!(done.change, RowChange { inserted: 4, updated: 0, unchanged: 0 });
    let store = &doorstep.app.store;
    let before = store.cases(doorstep.app.org).unwrap();
    let agents_before = store.agents(doorstep.app.org).unwrap();

    let second = cases_csv(&[Case::new("C3"), Case::new("C2").due(1), Case::new("C1")]);
    let agents = agents_csv(&[("K2", 39.20, -75.58), ("K1", 39.16, -75.52)]);
    let done = doorstep.import(&second, &agents).unwrap();
    assert_eq!(done.change, RowChange { inserted: 1, updated: 2, unchanged: 2 });
    let after = store.cases(doorstep.app.org).unwrap();
    assert_eq!(after.len(), 3);
    assert_eq!(after[0], before[0]);
    assert_eq!(after[1].case_id, before[1].case_id, "an update keeps the id");
    assert_eq!(after[1].borrower_id, before[1].borrower_id);
    assert_eq!((before[1].amount_due_minor, after[1].amount_due_minor), (900_000, 1));
    let agents_after = store.agents(doorstep.app.org).unwrap();
    assert_eq!(agents_after[0], agents_before[0]);
    assert_eq!(agents_after[1].agent_id, agents_before[1].agent_id);
    assert_eq!(agents_after[1].base_lat_e7, 392_000_000);

    let log = store.imports(doorstep.app.org).unwrap();
    let counts: Vec<_> = log
        .iter()
        .map(|row| (row.kind.as_str(), row.rows_inserted, row.rows_updated, row.rows_unchanged))
        .collect();
    assert_eq!(
        counts,
        [("cases", 2, 0, 0), ("agents", 2, 0, 0), ("cases", 1, 1, 1), ("agents", 0, 1, 1)]
    );
}

/// The last of three cases takes an id that another case has: the database refuses it after the
/// borrowers and the first two cases were written.
fn a_refused_row_undoes_the_whole_import(database: &Database) {
    use server::db::{BookChange, DbError};
    let doorstep = Installation::new(database).unwrap();
    let (org, store) = (doorstep.app.org, &doorstep.app.store);
    doorstep.import(&cases_csv(&[Case::new("C1")]), "").unwrap();
    let (known, borrower) =
        (store.cases(org).unwrap().remove(0), store.borrowers(org).unwrap().remove(0));
    let fresh = |byte: u8| {
        let mut id = known.case_id;
        id.0[15] = byte;
        id.0[14] = 0xee;
        id
    };
    let borrowers = vec![server::db::rows::BorrowerRow {
        borrower_id: fresh(1),
        borrower_ref: "B-new".into(),
        ..borrower
    }];
    let case = |case_ref: &str, case_id| server::db::rows::CaseRow {
        case_ref: case_ref.into(),
        case_id,
        borrower_id: fresh(1),
        ..known.clone()
    };
    let mut change = BookChange {
        borrowers,
        cases: vec![
            case("C1", fresh(2)),
            case("N1", fresh(3)),
            case("N2", fresh(4)),
            case("N3", fresh(3)),
        ],
        ..BookChange::default()
    };
    let mut raw = database.raw().unwrap();
    let refused = store.apply_book(org, &change);
    assert!(matches!(refused, Err(DbError::Query(_))), "{refused:?}");
    assert_eq!(raw.count("cases").unwrap(), 1);
    assert_eq!(raw.count("borrowers").unwrap(), 1);
    assert_eq!(store.cases(org).unwrap(), [known], "the update of C1 is undone too");
    // Without the row in the way the same change goes in: it was that row that was refused.
    change.cases.pop();
    let done = store.apply_book(org, &change).unwrap();
    assert_eq!(done, RowChange { inserted: 2, updated: 1, unchanged: 0 });
    assert_eq!(raw.count("cases").unwrap(), 3);
}

fn two_loans_of_a_borrower_share_the_borrower(database: &Database) {
    let doorstep = Installation::new(database).unwrap();
    let first = cases_csv(&[Case::new("C1").of("B"), Case::new("C2").of("B")]);
    doorstep.import(&first, "").unwrap();
    // A later file proposes a new id for the borrower; the stored one is kept and used.
    doorstep.import(&cases_csv(&[Case::new("C3").of("B")]), "").unwrap();
    let store = &doorstep.app.store;
    let borrowers = store.borrowers(doorstep.app.org).unwrap();
    assert_eq!(borrowers.len(), 1);
    let cases = store.cases(doorstep.app.org).unwrap();
    assert!(cases.iter().all(|case| case.borrower_id == borrowers[0].borrower_id));
    assert_eq!(cases.len(), 3);
}

fn values_come_back_as_they_went_in(database: &Database) {
    let doorstep = Installation::new(database).unwrap();
    let cases = "case_ref,borrower_ref,name,phone,lat,lon,address,amount_due_minor,principal_minor,\
         dpd,last_payment_at,last_payment_minor,ability_minor,language,time_zone,visit_from,visit_to,flags\n\
         Ä'1;--,B\"1,\"Ōé, 🏠 \"\"x\"\"\",,-89.9999999,179.9999999,\"1, rue\",10000000000000,0,36500,\
         1969-12-31,7,0,zh-hant,America/Denver,00:00,23:59,dispute;vulnerable\n";
    doorstep.import(cases, "").unwrap();
    let store = &doorstep.app.store;
    let case = store.cases(doorstep.app.org).unwrap().remove(0);
    assert_eq!(case.case_ref, "Ä'1;--");
    assert_eq!((case.lat_e7, case.lon_e7), (-899_999_999, 1_799_999_999));
    assert_eq!(case.address.as_deref(), Some("1, rue"));
    assert_eq!((case.amount_due_minor, case.principal_minor), (10_000_000_000_000, Some(0)));
    assert!(case.last_payment_at.unwrap() < 0, "before 1970: {:?}", case.last_payment_at);
    assert_eq!((case.visit_from_min, case.visit_to_min), (Some(0), Some(1439)));
    assert_eq!(case.time_zone.as_deref(), Some("America/Denver"));
    assert!(case.flags.contains("dispute") && case.flags.contains("vulnerable"));
    let borrower = store.borrowers(doorstep.app.org).unwrap().remove(0);
    assert_eq!((borrower.name.as_str(), borrower.phone), ("Ōé, 🏠 \"x\"", None));
    assert_eq!(borrower.language.as_deref(), Some("zh-hant"));
}

/// Two threads import overlapping halves of a book again and again, each with a store of its own.
fn imports_at_the_same_time_end_as_one_after_the_other(database: &Database) {
    let doorstep = Installation::new(database).unwrap();
    let (cases, agents) = dover();
    let lines: Vec<&str> = cases.lines().collect();
    let part = |rows: &[&str]| format!("{}\n{}\n", lines[0], rows.join("\n"));
    let halves = [part(&lines[1..17]), part(&lines[9..])];
    let other = Installation::open(doorstep.dir().path(), database.url(), 2).unwrap();
    std::thread::scope(|scope| {
        for (mine, half) in [(&doorstep, &halves[0]), (&other, &halves[1])] {
            let agents = &agents;
            scope.spawn(move || {
                for _ in 0..3 {
                    mine.import(half, agents).unwrap();
                }
            });
        }
    });
    let store = &doorstep.app.store;
    let cases = store.cases(doorstep.app.org).unwrap();
    let mut refs: Vec<&str> = cases.iter().map(|case| case.case_ref.as_str()).collect();
    refs.sort_unstable();
    refs.dedup();
    assert_eq!((cases.len(), refs.len()), (24, 24));
    assert_eq!(store.agents(doorstep.app.org).unwrap().len(), 3);
    let borrowers = store.borrowers(doorstep.app.org).unwrap();
    for case in &cases {
        assert!(borrowers.iter().any(|b| b.borrower_id == case.borrower_id), "{}", case.case_ref);
    }
    let log = store.imports(doorstep.app.org).unwrap();
    let inserted: i64 = log.iter().map(|row| row.rows_inserted).sum();
    assert_eq!((log.len(), inserted), (12, 27), "every row was new exactly once");
}

/// Databases order text by rules of their own unless told otherwise; plans depend on this order.
fn rows_come_in_the_order_of_the_bytes_of_their_references(database: &Database) {
    let doorstep = Installation::new(database).unwrap();
    let (cases, agents) = dover();
    doorstep.import(&cases, &agents).unwrap();
    let (org, store) = (doorstep.app.org, &doorstep.app.store);
    let cases: Vec<String> =
        store.cases(org).unwrap().into_iter().map(|case| case.case_ref).collect();
    assert!(cases.is_sorted(), "{cases:?}");
    let borrowers: Vec<String> =
        store.borrowers(org).unwrap().into_iter().map(|b| b.borrower_ref).collect();
    assert!(borrowers.is_sorted(), "{borrowers:?}");
    let agents: Vec<String> =
        store.agents(org).unwrap().into_iter().map(|agent| agent.agent_ref).collect();
    assert_eq!(agents, ["K1", "L-3", "k2"]);
}
