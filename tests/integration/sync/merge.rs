//! Phones and office write of the same case: all sides end alike, and nothing is lost in silence.

use std::collections::BTreeSet;

use server::db::lists::Conflicts;
use server::usecases::office::{OfficeOp, write};
use sync_core::kinds::{
    CaseStatus, ContactField, ContactValue, Content, Disposition, DispositionEdit, Promise,
    PromiseState, Settled, StatusEdit,
};
use sync_core::merge::CaseState;
use sync_core::model::{CaseId, Minor};
use sync_core::op::Dot;
use tests::database::Database;
use tests::installation::Installation;
use tests::phone::Phone;

use super::{Field, field};
use crate::db::on_both;

on_both!(
    two_phones_and_the_office_in_one_field_are_one_conflict_everywhere,
    a_conflict_can_be_settled_by_name,
    a_disposition_edited_twice_is_a_conflict_and_the_visit_shows_the_later,
    promises_tags_and_statuses_are_projected,
    registers_come_back_from_the_database_as_they_were,
    writers_at_once_leave_no_gap_for_a_reader,
    a_day_of_twelve_phones_merges,
);

const PHONE: Option<u64> = Some(ContactField::Phone.number());

fn number(text: &str) -> Content {
    Content::Contact(ContactValue::of_text(text))
}

fn office(doorstep: &Installation, case: CaseId, content: Content, field: Option<u64>) -> Dot {
    let op = OfficeOp { case, content, record: None, field };
    write(&doorstep.app, None, &[op]).unwrap()[0]
}

/// Open conflicts as the office lists them: the dot of the value that is not shown.
fn listed(doorstep: &Installation) -> BTreeSet<(String, i64, i64)> {
    let asked = Conflicts { case: None, settled: false, before: None, most: 100 };
    let rows = doorstep.app.store.list_conflicts(doorstep.app.org, &asked).unwrap();
    rows.into_iter().map(|row| (row.what, row.actor, row.sequence)).collect()
}

fn of_phone(phone: &Phone, case: CaseId) -> BTreeSet<(i64, i64)> {
    let conflicts = phone.cases[&case].conflicts();
    let dot = |dot: Dot| (i64::from(dot.actor.number()), dot.sequence.get().try_into().unwrap());
    conflicts.iter().map(|conflict| dot(conflict.other.dot())).collect()
}

fn two_phones_and_the_office_in_one_field_are_one_conflict_everywhere(database: &Database) {
    let Field { doorstep, cases, mut one, mut two } = field(database);
    let case = cases[2];
    one.pull(&doorstep).unwrap();
    two.pull(&doorstep).unwrap();
    one.write_at(case, number("1"), None, PHONE).unwrap();
    two.clock_ms += 7_200_000;
    two.write_at(case, number("2"), None, PHONE).unwrap();
    office(&doorstep, case, number("3"), PHONE);
    assert!(listed(&doorstep).is_empty(), "one value is no conflict");
    two.push_all(&doorstep).unwrap();
    one.push_all(&doorstep).unwrap();
    one.pull(&doorstep).unwrap();
    two.pull(&doorstep).unwrap();

    // The office wrote last by the admitted clocks, so its value is shown; both others are listed.
    let open = BTreeSet::from([("phone".to_owned(), 1, 1), ("phone".to_owned(), 2, 1)]);
    assert_eq!(listed(&doorstep), open);
    let dots: BTreeSet<(i64, i64)> = open.iter().map(|(_, actor, seq)| (*actor, *seq)).collect();
    assert_eq!(of_phone(&one, case), dots);
    assert_eq!(one.cases[&case], two.cases[&case]);
    let shown = |phone: &Phone| {
        phone.cases[&case].contact(ContactField::Phone).and_then(|value| value.text.clone())
    };
    assert_eq!(shown(&one).as_deref(), Some("3"));
    let values = "SELECT value || ' ' || CAST(shown AS TEXT) AS line FROM contact_values \
                  ORDER BY value";
    assert_eq!(database.raw().unwrap().lines(values).unwrap(), ["1 0", "2 0", "3 1"]);

    // Somebody who has seen all three decides: the conflict is over on all sides.
    one.write_at(case, number("4"), None, PHONE).unwrap();
    one.push_all(&doorstep).unwrap();
    two.pull(&doorstep).unwrap();
    assert!(listed(&doorstep).is_empty() && of_phone(&two, case).is_empty());
    assert_eq!(shown(&two).as_deref(), Some("4"));
    assert_eq!(database.raw().unwrap().lines(values).unwrap(), ["4 1"]);
}

fn a_conflict_can_be_settled_by_name(database: &Database) {
    let Field { doorstep, cases, mut one, mut two } = field(database);
    let case = cases[2];
    one.write_at(case, number("1"), None, PHONE).unwrap();
    two.clock_ms += 600_000;
    two.write_at(case, number("2"), None, PHONE).unwrap();
    one.push_all(&doorstep).unwrap();
    two.push_all(&doorstep).unwrap();
    assert_eq!(listed(&doorstep), BTreeSet::from([("phone".to_owned(), 1, 1)]));
    let settled = Settled { dots: vec![one.ops[0].header.dot], note: None };
    office(&doorstep, case, Content::Settled(settled), None);
    assert!(listed(&doorstep).is_empty());
    one.pull(&doorstep).unwrap();
    assert!(of_phone(&one, case).is_empty());
    let values = "SELECT value AS line FROM contact_values ORDER BY value";
    assert_eq!(database.raw().unwrap().lines(values).unwrap(), ["1", "2"], "both stay");
    // It does not come back with the next op of the case.
    two.visit(case, Disposition::NoContact).unwrap();
    two.push_all(&doorstep).unwrap();
    assert!(listed(&doorstep).is_empty());
}

fn a_disposition_edited_twice_is_a_conflict_and_the_visit_shows_the_later(database: &Database) {
    let Field { doorstep, cases, mut one, mut two } = field(database);
    let case = cases[2];
    let visit = one.visit(case, Disposition::NoContact).unwrap();
    one.push_all(&doorstep).unwrap();
    one.pull(&doorstep).unwrap();
    two.pull(&doorstep).unwrap();
    let edit = |disposition| Content::Disposition(DispositionEdit { disposition, note: None });
    one.write_at(case, edit(Disposition::Paid), Some(visit), None).unwrap();
    two.clock_ms += 3_600_000;
    two.write_at(case, edit(Disposition::PartPaid), Some(visit), None).unwrap();
    two.push_all(&doorstep).unwrap();
    one.push_all(&doorstep).unwrap();
    assert_eq!(listed(&doorstep), BTreeSet::from([("disposition".to_owned(), 1, 2)]));
    let shown = "SELECT disposition AS line FROM visits";
    assert_eq!(database.raw().unwrap().lines(shown).unwrap(), ["part_paid"]);
    let texts = "SELECT shown || ' ' || other AS line FROM conflicts";
    assert_eq!(database.raw().unwrap().lines(texts).unwrap(), ["part_paid paid"]);
    one.pull(&doorstep).unwrap();
    two.pull(&doorstep).unwrap();
    assert_eq!(one.cases[&case], two.cases[&case]);
    assert_eq!(one.cases[&case].visits()[0].disposition, Disposition::PartPaid);
}

fn promises_tags_and_statuses_are_projected(database: &Database) {
    let Field { doorstep, cases, mut one, .. } = field(database);
    let case = cases[0];
    let promise = |amount, state| {
        Content::Promise(Promise {
            amount_minor: Minor::new(amount),
            due_on: 20_790,
            state,
            visit: None,
        })
    };
    let first = one.write(case, promise(10_000, PromiseState::Open)).unwrap();
    one.write_at(case, promise(9_000, PromiseState::Open), Some(first), None).unwrap();
    one.write(case, Content::TagAdded("dog".into())).unwrap();
    one.write(case, Content::TagAdded("gate".into())).unwrap();
    one.write(case, Content::TagRemoved("dog".into())).unwrap();
    one.push_all(&doorstep).unwrap();
    let op =
        OfficeOp { record: Some(first), ..OfficeOp::of(case, promise(9_000, PromiseState::Kept)) };
    write(&doorstep.app, None, &[op]).unwrap();
    let status = |status| Content::Status(StatusEdit { status, reason: "told".into() });
    office(&doorstep, case, status(CaseStatus::Paused), None);
    office(&doorstep, case, status(CaseStatus::Closed), None);

    let mut raw = database.raw().unwrap();
    let promises = "SELECT CAST(amount_minor AS TEXT) || ' ' || due_on || ' ' || state AS line \
                    FROM promises";
    assert_eq!(raw.lines(promises).unwrap(), ["9000 2026-12-03 kept"]);
    assert_eq!(raw.lines("SELECT tag AS line FROM case_tags").unwrap(), ["gate"]);
    assert_eq!(raw.lines("SELECT status AS line FROM case_statuses").unwrap(), ["closed"]);
    assert!(listed(&doorstep).is_empty());
    // Agents who have the case are told at once.
    let codes = "SELECT code AS line FROM feed ORDER BY server_seq";
    assert_eq!(raw.lines(codes).unwrap(), ["status", "status"]);
}

/// A phone that gets snapshots has what a phone has that saw every op.
fn registers_come_back_from_the_database_as_they_were(database: &Database) {
    let Field { doorstep, cases, mut one, mut two } = field(database);
    let case = cases[2];
    one.pull(&doorstep).unwrap();
    two.pull(&doorstep).unwrap();
    for round in 0..4_u32 {
        let visit = one.visit(case, Disposition::NoContact).unwrap();
        one.write_at(case, number(&format!("a{round}")), None, PHONE).unwrap();
        two.write_at(case, number(&format!("b{round}")), None, PHONE).unwrap();
        let edit = DispositionEdit { disposition: Disposition::Paid, note: None };
        one.write_at(case, Content::Disposition(edit), Some(visit), None).unwrap();
        two.write(case, Content::TagAdded(format!("t{}", round % 2))).unwrap();
        one.write(case, Content::TagRemoved("t0".into())).unwrap();
        two.payment(case, 1_000 + i64::from(round)).unwrap();
        let (mine, other) = if round % 2 == 0 { (&one, &two) } else { (&two, &one) };
        mine.push_all(&doorstep).unwrap();
        other.push_all(&doorstep).unwrap();
        if round == 1 {
            one.pull(&doorstep).unwrap();
        }
    }
    one.pull(&doorstep).unwrap();
    two.pull(&doorstep).unwrap();
    assert_eq!(one.cases[&case], two.cases[&case]);
    let before: CaseState = one.cases[&case].clone();
    one.forget_cursor();
    one.pull(&doorstep).unwrap();
    assert_eq!(one.cases[&case], before);
    assert_eq!(listed(&doorstep).len(), before.conflicts().len());
}

/// Four phones push at once while somebody reads: whoever sees number n has all numbers up to n.
fn writers_at_once_leave_no_gap_for_a_reader(database: &Database) {
    let Field { doorstep, cases, .. } = field(database);
    let mut phones: Vec<Phone> =
        (10..14).map(|number| Phone::enrol(database, &doorstep, number, "K1").unwrap()).collect();
    for phone in &mut phones {
        for _ in 0..12 {
            phone.visit(cases[0], Disposition::NoContact).unwrap();
        }
    }
    let done = std::sync::atomic::AtomicBool::new(false);
    let doorstep = &doorstep;
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut raw = database.raw().unwrap();
            let mut reads = 0;
            while !done.load(std::sync::atomic::Ordering::Acquire) || reads == 0 {
                let head = doorstep.app.store.head(doorstep.app.org).unwrap().server_seq;
                let seen = raw.lines(&format!(
                    "SELECT CAST((SELECT count(*) FROM ops WHERE server_seq <= {head}) \
                     + (SELECT count(*) FROM allocations WHERE granted_seq <= {head}) AS TEXT) AS line"
                ));
                assert_eq!(seen.unwrap(), [head.to_string()]);
                reads += 1;
            }
        });
        let writers: Vec<_> = phones
            .iter()
            .map(|phone| {
                scope.spawn(move || {
                    for first in (1..=12).step_by(3) {
                        phone.push(doorstep, first, first + 2).unwrap();
                    }
                })
            })
            .collect();
        writers.into_iter().for_each(|writer| writer.join().unwrap());
        done.store(true, std::sync::atomic::Ordering::Release);
        reader.join().unwrap();
    });
    let head = doorstep.app.store.head(doorstep.app.org).unwrap();
    assert_eq!(head.server_seq, 5 + 48);
    assert_eq!(database.raw().unwrap().count("visits").unwrap(), 48);
}

fn a_day_of_twelve_phones_merges(database: &Database) {
    let Field { doorstep, cases, .. } = field(database);
    let mut phones: Vec<Phone> =
        (20..32).map(|number| Phone::enrol(database, &doorstep, number, "K1").unwrap()).collect();
    for phone in &mut phones {
        for at in 0..20 {
            phone.visit(cases[at % 3], Disposition::NoContact).unwrap();
        }
    }
    let batches: Vec<_> = phones.iter().map(|phone| phone.batch(1, 20).unwrap()).collect();
    for (phone, batch) in phones.iter().zip(&batches) {
        assert_eq!(phone.send(&doorstep, batch).unwrap().acknowledged, 20);
    }
    assert_eq!(database.raw().unwrap().count("visits").unwrap(), 240);
    assert_eq!(database.raw().unwrap().count("live_ops").unwrap(), 240);
}
