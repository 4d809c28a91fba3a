//! A day of one phone.

use super::*;
use crate::kinds::{
    CaseStatus, ContactField, ContactValue, Content, DispositionEdit, PaymentMethod, Promise,
    PromiseState, Reversal, StatusEdit,
};
use crate::merge::Family;
use crate::model::{Minor, PlanId, Position};
use crate::policy::Rule;
use crate::protocol::{PlanDocument, PlanStop};

fn plan(version: u64) -> PlanDocument {
    let stop = |number: u8| PlanStop {
        number: u32::from(number),
        case: case(number),
        arrive_at_ms: T,
        start_at_ms: T,
        leave_at_ms: T + 600_000,
        leg_m: 1_000,
        leg_s: 100,
    };
    PlanDocument {
        plan: PlanId::from_parts(version, [1; 10]),
        date: "2026-03-02".parse().unwrap(),
        version,
        route: 1,
        departs_at_ms: T,
        returns_at_ms: T + 36_000_000,
        stops: vec![stop(1), stop(9), stop(2)],
        base: Position::from_e7(0, 0).unwrap(),
    }
}

/// A server with two cases for a phone that has pulled them.
fn begin() -> (Server, Phone<MemoryStore>) {
    let mut server = server();
    let mut phone = phone(&mut server, 1);
    server.grant(case(1), 1);
    server.grant(case(2), 1);
    server.plan(plan(1), 1);
    sync(&mut phone, &mut server, T);
    (server, phone)
}

#[test]
fn todays_route_is_there_and_shows_what_is_done() {
    let (mut server, mut phone) = begin();
    let route = phone.today(T).unwrap().unwrap();
    assert_eq!(route.document, plan(1));
    assert!(route.stops.iter().all(|stop| stop.visit.is_none()));
    // A stop of a case that is not allocated has no facts.
    let held: Vec<_> = route.stops.iter().map(|stop| stop.facts.is_some()).collect();
    assert_eq!(held, [true, false, true]);
    let visit = Visit { plan: Some(route.document.plan), stop: Some(1), ..visit(T) };
    let dot = phone.log_visit(at(T), case(1), visit).unwrap();
    let route = phone.today(T).unwrap().unwrap();
    assert_eq!((route.stops[0].visit, route.stops[2].visit), (Some(dot), None));
    // In Taipei it is the third of March at 16:00 UTC.
    assert!(phone.today(T + 8 * 3_600_000 - 1).unwrap().is_some());
    assert!(phone.today(T + 8 * 3_600_000).unwrap().is_none());
    server.plan(plan(2), 1);
    sync(&mut phone, &mut server, T);
    assert_eq!(phone.route("2026-03-02".parse().unwrap()).unwrap().unwrap().document, plan(2));
    assert_eq!(phone.route("2026-03-03".parse().unwrap()), Ok(None));
    // A day off has no stops, and the zone of any case.
    let date = "2026-03-03".parse().unwrap();
    server.plan(PlanDocument { date, route: 0, stops: vec![], ..plan(3) }, 1);
    sync(&mut phone, &mut server, T);
    assert_eq!(phone.today(T + 8 * 3_600_000).unwrap().unwrap().document.date, date);
}

#[test]
fn what_is_written_is_shown_at_once() {
    let (mut server, mut phone) = begin();
    let visited = phone.log_visit(at(T), case(1), visit(T)).unwrap();
    let edit = DispositionEdit { disposition: Disposition::HardshipTold, note: None };
    phone.edit_disposition(at(T + 1), case(1), visited, edit).unwrap();
    let promise = |state| Promise {
        amount_minor: Minor::new(5_000),
        due_on: 20_600,
        state,
        visit: Some(visited),
    };
    let made = phone.promise(at(T + 2), case(1), promise(PromiseState::Open)).unwrap();
    phone.edit_promise(at(T + 3), case(1), made, promise(PromiseState::Kept)).unwrap();
    let payment = NewPayment {
        amount_minor: Minor::new(700),
        method: PaymentMethod::Cash,
        paid_at: T,
        visit: Some(visited),
    };
    let first = phone.record_payment(at(T + 4), case(1), payment.clone()).unwrap();
    // The counter goes on where the phone was stopped.
    let mut phone = Phone::open(phone.into_store()).unwrap();
    let second = phone.record_payment(at(T + 5), case(2), payment).unwrap();
    assert_eq!((first.to_string(), second.to_string()), ("1-1".into(), "1-2".into()));
    let reversal = Reversal {
        payment: first.payment,
        amount_minor: Minor::new(200),
        reason: "counted twice".to_owned(),
        source: None,
    };
    phone.reverse_payment(at(T + 6), case(1), reversal).unwrap();
    let value = ContactValue::of_text("+886 2");
    phone.correct_contact(at(T + 7), case(1), ContactField::Phone, value.clone()).unwrap();
    phone.tag(at(T + 8), case(1), "dog").unwrap();
    phone.tag(at(T + 9), case(1), "gate").unwrap();
    phone.untag(at(T + 10), case(1), "dog").unwrap();
    let check = |phone: &mut Phone<MemoryStore>| {
        let state = phone.case(case(1)).unwrap().state;
        assert_eq!(state.visits()[0].disposition, Disposition::HardshipTold);
        assert_eq!(state.promises()[0].promise.state, PromiseState::Kept);
        assert_eq!(state.ledger().balance(), Ok(Minor::new(500)));
        assert_eq!(state.contact(ContactField::Phone), Some(&value));
        assert_eq!(state.tags(), ["gate"]);
        assert!(state.conflicts().is_empty());
    };
    check(&mut phone);
    sync(&mut phone, &mut server, T + 11);
    assert_eq!((phone.written(), phone.acknowledged()), (11, 11));
    check(&mut phone);
}

#[test]
fn what_cannot_be_is_not_written() {
    let (mut server, mut phone) = begin();
    let before = phone.store().clone();
    let stranger = phone.log_visit(at(T), case(9), visit(T));
    assert_eq!(stranger, Err(PhoneError::NotGranted { case: case(9) }));
    let tag = phone.tag(at(T), case(1), "");
    assert!(matches!(tag, Err(PhoneError::Draft(_))), "{tag:?}");
    let long = Visit { note: Some("x".repeat(1 << 20)), ..visit(T) };
    let long = phone.log_visit(at(T), case(1), long);
    assert!(matches!(long, Err(PhoneError::TooLong { .. })), "{long:?}");
    assert_eq!(phone.store().own_ops(0, 9), Ok(vec![]));
    assert_eq!(phone.store().names(""), before.clone().names(""));
    let nobody = Phone::open(MemoryStore::new()).unwrap().log_visit(at(T), case(1), visit(T));
    assert!(nobody.is_err());
    // And the next one is written all the same.
    phone.log_visit(at(T), case(1), visit(T)).unwrap();
    sync(&mut phone, &mut server, T);
    assert_eq!(phone.acknowledged(), 1);
}

#[test]
fn the_rules_are_asked_without_signal() {
    let (mut server, mut phone) = begin();
    let asked = phone.may_visit(case(1), T).unwrap();
    assert!(asked.is_allowed(), "{asked:?}");
    assert_eq!(asked.packs(), ["house@1"]);
    // 21:00 in Taipei: the house pack objects. A visit at that hour happened all the same.
    let late = T + 5 * 3_600_000;
    let asked = phone.may_visit(case(1), late).unwrap();
    assert_eq!(asked.objections(), ["hours", "visit_window"]);
    phone.log_visit(at(late), case(1), visit(late)).unwrap();
    let state = phone.case(case(1)).unwrap().state;
    let logged = state.visits()[0].visit.clone();
    assert_eq!(
        (logged.packs, logged.breached),
        (vec!["house@1".into()], vec!["hours".into(), "visit_window".into()])
    );
    // A pack that was pulled counts own visits that nobody has seen yet.
    let cap = r#"{"name":"one","version":3,"about":"one visit a day","rules":{"caps":
        [{"count":"visits","at_most":1,"days":1}]}}"#;
    server.packs(&[cap]);
    sync(&mut phone, &mut server, late);
    let asked = phone.may_visit(case(1), late + 60_000).unwrap();
    assert!(asked.verdict.reasons().iter().any(|reason| reason.rule == Rule::Caps), "{asked:?}");
}

#[test]
fn a_pack_of_a_later_program_forbids_and_what_happened_is_logged() {
    let (mut server, mut phone) = begin();
    let later = r#"{"name":"new","version":4,"about":"","rules":{"curfew":1}}"#;
    for packs in [vec![later], vec![later, crate::policy::Pack::HOUSE_JSON]] {
        server.packs(&packs);
        sync(&mut phone, &mut server, T);
        let asked = phone.may_visit(case(1), T).unwrap();
        assert!(!asked.is_allowed(), "nobody knows, so the answer is no");
        assert_eq!(asked.objections(), ["pack_unread"]);
        let [reason] = asked.verdict.reasons() else { panic!("{asked:?}") };
        assert_eq!((reason.pack.as_str(), reason.version), ("new", 4));
        assert!(reason.sentence.contains("update the app"), "{}", reason.sentence);
        assert_eq!(asked.verdict.again_at(), None);
        assert!(asked.packs().contains(&"new@4".to_owned()), "{:?}", asked.packs());
    }
    phone.log_visit(at(T), case(1), visit(T)).unwrap();
    let state = phone.case(case(1)).unwrap().state;
    assert_eq!(state.visits()[0].visit.breached, ["pack_unread"]);
    // No pack at all, or what is no pack: the same.
    server.packs(&["no JSON"]);
    sync(&mut phone, &mut server, T);
    assert_eq!(phone.may_visit(case(2), T).unwrap().objections(), ["pack_unread"]);
    phone.log_visit(at(T + 1), case(2), visit(T)).unwrap();
}

#[test]
fn a_recall_stands_until_the_case_is_planned_again() {
    let (mut server, mut phone) = begin();
    server.recall(case(1), "no_contact");
    sync(&mut phone, &mut server, T);
    let asked = phone.may_visit(case(1), T).unwrap();
    assert_eq!(asked.objections(), ["recall"]);
    assert_eq!((asked.recalls.len(), asked.recalls[0].code.as_str()), (1, "no_contact"));
    assert!(phone.may_visit(case(2), T).unwrap().is_allowed());
    server.plan(plan(2), 1);
    sync(&mut phone, &mut server, T);
    assert!(phone.may_visit(case(1), T).unwrap().is_allowed());
    let (status, reason) = (CaseStatus::Paused, "talks".to_owned());
    server.office(case(1), Content::Status(StatusEdit { status, reason }), None);
    sync(&mut phone, &mut server, T);
    assert_eq!(phone.may_visit(case(1), T).unwrap().objections(), ["status"]);
}

#[test]
fn conflicts_are_listed_until_they_are_settled() {
    let (mut server, mut phone) = begin();
    server.office(case(1), Content::Contact(ContactValue::of_text("office")), Some(2));
    let own = ContactValue::of_text("own");
    phone.correct_contact(at(T + 1), case(1), ContactField::Phone, own.clone()).unwrap();
    assert_eq!(phone.conflicts(), Ok(vec![]));
    sync(&mut phone, &mut server, T + 2);
    let [conflict] = <[_; 1]>::try_from(phone.conflicts().unwrap()).unwrap();
    assert_eq!((conflict.case, conflict.register.family), (case(1), Family::Contact));
    let dots = vec![conflict.other.dot()];
    phone.settle(at(T + 3), case(1), dots, Some("asked".to_owned())).unwrap();
    assert_eq!(phone.conflicts(), Ok(vec![]));
    sync(&mut phone, &mut server, T + 4);
    assert!(server.case(case(1)).conflicts().is_empty());
}
