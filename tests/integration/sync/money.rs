//! Payments that the office takes back, and payments that may be one.

use serde_json::json;
use server::usecases::access::Role;
use server::usecases::allocate::{allocate, by_reference};
use server::usecases::import::{Source, import_payments, import_visits};
use tests::api::{Site, outcome};
use tests::database::Database;
use tests::installation::Installation;
use tests::pocket::Pocket;

use super::{Field, field};
use crate::db::on_both;

on_both!(
    the_office_takes_back_what_a_phone_took,
    an_import_takes_back_what_a_phone_took,
    a_payment_of_the_same_day_is_flagged_where_only_the_day_is_known,
);

fn ledger(database: &Database) -> Vec<String> {
    let lines = "SELECT CAST(actor AS TEXT) || ' ' || CAST(amount_minor AS TEXT) || ' ' || flagged \
                 AS line FROM payments ORDER BY actor, sequence";
    database.raw().unwrap().lines(lines).unwrap()
}

fn the_office_takes_back_what_a_phone_took(database: &Database) {
    let site = Site::new(database).unwrap();
    let office = &site.office;
    let (case, agent) = by_reference(&office.app, "a0", "K1").unwrap();
    allocate(&office.app, case, agent, None).unwrap();
    let mut phone = Pocket::enrol(database, office, 60, "K1").unwrap();
    phone.sync(office).unwrap();
    phone.payment(case, 4_200).unwrap();
    phone.payment(case, 999).unwrap();
    phone.sync(office).unwrap();
    let dispatcher = site.client(Role::Dispatcher).unwrap();
    let reverse = |body: serde_json::Value| dispatcher.post("/payments/reverse", &body).unwrap();
    let refused = |body: serde_json::Value| outcome(&reverse(body)).unwrap();
    let invalid = (422, "invalid_value".to_owned());
    let reason = "the cheque bounced";
    assert_eq!(refused(json!({ "reason": reason })), invalid, "which?");
    assert_eq!(refused(json!({ "receipt": "60-1", "reason": " " })), invalid);
    let missing = (404, "not_found".to_owned());
    assert_eq!(refused(json!({ "receipt": "60-9", "reason": reason })), missing);
    assert_eq!(refused(json!({ "payment": "60:9", "reason": reason })), missing);
    for amount in [0, -1, 4_201] {
        let body = json!({ "receipt": "60-1", "amount_minor": amount, "reason": reason });
        assert_eq!(refused(body), invalid, "{amount}");
    }
    let part = reverse(json!({ "receipt": "60-1", "amount_minor": 200, "reason": reason }));
    assert_eq!(part.json().unwrap()["amount_minor"], 200, "{}", part.body);
    let rest = reverse(json!({ "payment": "60:1", "reason": reason }));
    assert_eq!(rest.json().unwrap()["amount_minor"], 4_000, "all that is left");
    assert_eq!(refused(json!({ "payment": "60:1", "reason": reason })), invalid, "nothing is left");
    assert_eq!(ledger(database), ["0 -200 ", "0 -4000 ", "60 4200 ", "60 999 "]);
    phone.sync(office).unwrap();
    let balance = phone.phone.case(case).unwrap().state.ledger().balance().unwrap();
    assert_eq!(balance.get(), 999, "and the phone knows");
}

fn payments(doorstep: &Installation, rows: &str) -> Result<usize, String> {
    let csv = format!("payment_ref,case_ref,paid_at,amount_minor,method,reverses_ref\n{rows}");
    let source = Source { name: "payments.csv", bytes: csv.as_bytes() };
    let done = import_payments(&doorstep.app, source, None);
    done.map(|done| done.inserted).map_err(|error| error.to_string())
}

fn an_import_takes_back_what_a_phone_took(database: &Database) {
    let Field { doorstep, cases, .. } = field(database);
    let mut phone = Pocket::enrol(database, &doorstep, 5, "K1").unwrap();
    phone.sync(&doorstep).unwrap();
    phone.payment(cases[0], 4_200).unwrap();
    phone.sync(&doorstep).unwrap();
    let refused = payments(&doorstep, "P-1,C1,2026-11-19,1,,5-9\n").unwrap_err();
    assert!(refused.contains("the receipt of one that a phone took"), "{refused}");
    let other = payments(&doorstep, "P-1,C2,2026-11-19,1,,5-1\n").unwrap_err();
    assert!(other.contains("of another case"), "{other}");
    let much = payments(&doorstep, "P-1,C1,2026-11-19,4201,,5-1\n").unwrap_err();
    assert!(much.contains("only 4200"), "{much}");
    let rows = "P-1,C1,2026-11-19,4000,,5-1\n";
    assert_eq!(payments(&doorstep, rows), Ok(1));
    assert_eq!(payments(&doorstep, rows), Ok(0), "the same row is known");
    assert!(payments(&doorstep, "P-2,C1,2026-11-19,201,,5-1\n").is_err(), "200 are left");
    assert_eq!(ledger(database), ["0 -4000 ", "5 4200 "]);
    // A key of the lender's goes before a receipt that looks like it.
    assert_eq!(payments(&doorstep, "5-1,C2,2026-11-18,70,,\nP-3,C2,2026-11-18,70,,5-1\n"), Ok(2));
}

fn a_payment_of_the_same_day_is_flagged_where_only_the_day_is_known(database: &Database) {
    let Field { doorstep, cases, .. } = field(database);
    let mut phone = Pocket::enrol(database, &doorstep, 5, "K1").unwrap();
    phone.sync(&doorstep).unwrap();
    // By the server's clock the phone's present is the 20th, seven in the morning.
    phone.payment(cases[0], 4_200).unwrap();
    phone.sync(&doorstep).unwrap();
    let rows = "P-1,C1,2026-11-20T04:40,4200,,\nP-2,C1,2026-11-18,4200,,\nP-3,C1,2026-11-20,4201,,\n\
                P-4,C2,2026-11-20,4200,,\n";
    assert_eq!(payments(&doorstep, rows), Ok(4));
    assert!(
        ledger(database).iter().all(|line| !line.contains("duplicate")),
        "{:?}",
        ledger(database)
    );
    assert_eq!(payments(&doorstep, "P-5,C1,2026-11-20,4200,,\n"), Ok(1));
    let flagged = |amount: &str| {
        let all = ledger(database);
        all.iter().filter(|l| l.contains(amount) && l.contains("duplicate_suspected")).count()
    };
    assert_eq!(flagged("4200"), 1);
    // The other way round: the phone brings what the lender knew the day of.
    assert_eq!(payments(&doorstep, "P-6,C3,2026-11-20,77,,\nP-7,C3,2026-11-19,78,,\n"), Ok(2));
    phone.payment(cases[2], 77).unwrap();
    phone.payment(cases[2], 78).unwrap();
    phone.sync(&doorstep).unwrap();
    assert_eq!((flagged("77"), flagged("78")), (1, 0));
    let codes: Vec<String> =
        phone.phone.flagged().unwrap().into_iter().map(|notice| notice.code).collect();
    assert_eq!(codes, ["duplicate_suspected"]);
    // A visit of which only the day is known, with what was paid at it; and a list of the same.
    let visits = "visit_ref,case_ref,agent_ref,arrived_at,met,disposition,paid_minor\n\
                  V-1,C4,K2,2026-11-17,borrower,part_paid,3000\n";
    let source = Source { name: "visits.csv", bytes: visits.as_bytes() };
    import_visits(&doorstep.app, source, None).unwrap();
    assert_eq!(payments(&doorstep, "P-8,C4,2026-11-17T17:00,3000,,\n"), Ok(1));
    assert_eq!(flagged("3000"), 1);
}
