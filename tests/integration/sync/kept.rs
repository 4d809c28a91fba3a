//! What is stored all the same: kept aside, or kept and flagged.

use server::usecases::allocate::{by_reference, withdraw};
use server::usecases::quarantine::{Release, release};
use sync_core::bytes::{RecordReader, RecordWriter, Unknown};
use sync_core::clock::{Hlc, PLAUSIBLE_TO_MS};
use sync_core::kinds::{CaseStatus, ContactValue, Content, Disposition, Reversal, StatusEdit};
use sync_core::model::Minor;
use sync_core::op::{Actor, Context, Dot, Payload};
use sync_core::protocol::Frame;
use tests::book::{Case, cases_csv};
use tests::database::Database;
use tests::phone::{MORNING_MS, header};

use super::{Field, counts, field};
use crate::db::on_both;

on_both!(
    an_op_for_a_case_of_another_agent_is_kept_aside_and_can_be_released,
    a_case_taken_back_is_foreign_only_for_what_is_written_later,
    a_kind_of_another_role_is_kept_aside,
    a_revoked_device_is_kept_aside,
    a_forked_device_is_kept_aside_and_stays_so,
    what_claims_to_have_seen_too_much_is_kept_aside,
    unknown_kinds_and_fields_are_kept_as_they_came,
    a_clock_before_1970_and_after_2100_is_kept_and_flagged,
    an_unreadable_payload_is_kept_and_flagged,
    money_that_is_odd_is_kept_and_flagged,
    a_visit_outside_of_the_rules_is_kept_and_flagged,
);

fn codes(pairs: &[(u64, String)]) -> Vec<(u64, &str)> {
    pairs.iter().map(|(sequence, code)| (*sequence, code.as_str())).collect()
}

fn an_op_for_a_case_of_another_agent_is_kept_aside_and_can_be_released(database: &Database) {
    let Field { doorstep, cases, mut one, mut two } = field(database);
    one.visit(cases[0], Disposition::NoContact).unwrap();
    one.visit(cases[3], Disposition::Paid).unwrap();
    one.visit(cases[1], Disposition::NoContact).unwrap();
    let answer = one.push_all(&doorstep).unwrap();
    assert_eq!(answer.acknowledged, 3, "counted as received");
    assert_eq!(codes(&answer.kept_aside), [(2, "foreign_case")]);
    assert_eq!(counts(database), (2, 1, 2));
    assert_eq!(one.push_all(&doorstep).unwrap(), answer, "a replay says the same");
    two.pull(&doorstep).unwrap();
    assert!(two.cases[&cases[3]].visits().is_empty());

    let wanted = Release {
        op: one.ops[1].header.dot,
        body_hash: one.ops[1].body.hash(),
        note: Some("he covered for a colleague".into()),
    };
    let wrong = Release { body_hash: one.ops[0].body.hash(), ..wanted.clone() };
    assert!(release(&doorstep.app, None, &wrong).is_err());
    let by = release(&doorstep.app, None, &wanted).unwrap();
    assert_eq!(by.actor, Actor::OFFICE);
    assert_eq!(counts(database), (4, 1, 3), "the release and what it released");
    assert!(release(&doorstep.app, None, &wanted).is_err(), "only once");
    two.pull(&doorstep).unwrap();
    let visits = two.cases[&cases[3]].visits();
    assert_eq!((visits.len(), visits[0].dot), (1, wanted.op));
    let again = one.push_all(&doorstep).unwrap();
    assert_eq!(codes(&again.kept_aside), [], "it is kept aside no more");
}

fn a_case_taken_back_is_foreign_only_for_what_is_written_later(database: &Database) {
    let Field { mut doorstep, cases, mut one, .. } = field(database);
    let at = |time: &str| {
        let clock = server::clock::Clock::Fixed(time.parse().unwrap());
        server::ids::IdSource::seeded(clock, 77)
    };
    let (case, agent) = by_reference(&doorstep.app, "C1", "K1").unwrap();
    doorstep.app.ids = at("2026-11-20T18:00:00Z");
    assert!(withdraw(&doorstep.app, case, agent, None).unwrap());
    assert!(!withdraw(&doorstep.app, case, agent, None).unwrap(), "nothing left to take back");
    doorstep.app.ids = at("2026-11-20T20:00:00Z");
    // Granted at 12:00, taken back at 18:00: one visit before, one within, one after.
    for hour in [-21_i64, 2, 7] {
        one.clock_ms = MORNING_MS + (21 + hour) * 3_600_000;
        one.visit(cases[0], Disposition::NoContact).unwrap();
    }
    let answer = one.push_all(&doorstep).unwrap();
    assert_eq!(codes(&answer.kept_aside), [(1, "foreign_case"), (3, "foreign_case")]);
    one.pull(&doorstep).unwrap();
    assert!(!one.facts.contains_key(&case), "nothing of it comes down");
}

fn a_kind_of_another_role_is_kept_aside(database: &Database) {
    let Field { doorstep, cases, mut one, .. } = field(database);
    let closed = StatusEdit { status: CaseStatus::Closed, reason: "I say so".into() };
    one.write(cases[0], Content::Status(closed)).unwrap();
    let answer = one.push_all(&doorstep).unwrap();
    assert_eq!(codes(&answer.kept_aside), [(1, "role_forbidden")]);
    assert_eq!(database.raw().unwrap().count("case_statuses").unwrap(), 0);
}

fn a_revoked_device_is_kept_aside(database: &Database) {
    let Field { doorstep, cases, mut one, .. } = field(database);
    one.visit(cases[0], Disposition::Paid).unwrap();
    one.push_all(&doorstep).unwrap();
    one.visit(cases[1], Disposition::Paid).unwrap();
    database.raw().unwrap().run("UPDATE devices SET revoked_at = 1 WHERE actor = 1").unwrap();
    let batch = one.batch(1, 2).unwrap();
    for _ in 0..2 {
        assert_eq!(one.refused(&doorstep, &batch).unwrap(), "device_revoked");
        assert_eq!(counts(database), (1, 1, 1), "what was new is kept aside, once");
    }
    assert!(one.pull(&doorstep).is_err(), "and nothing comes down");
    let released =
        Release { op: one.ops[1].header.dot, body_hash: one.ops[1].body.hash(), note: None };
    release(&doorstep.app, None, &released).unwrap();
    assert_eq!(counts(database).2, 2);
}

fn a_forked_device_is_kept_aside_and_stays_so(database: &Database) {
    let Field { doorstep, cases, mut one, .. } = field(database);
    one.visit(cases[0], Disposition::Paid).unwrap();
    let mut image = one.ops.clone();
    one.visit(cases[1], Disposition::NoContact).unwrap();
    one.push_all(&doorstep).unwrap();
    // The storage was restored from an image: other ops under the same numbers.
    std::mem::swap(&mut one.ops, &mut image);
    one.payment(cases[0], 5_000).unwrap();
    one.payment(cases[1], 6_000).unwrap();
    let batch = one.batch(2, 3).unwrap();
    assert_eq!(one.refused(&doorstep, &batch).unwrap(), "device_forked");
    assert_eq!(counts(database), (2, 2, 2), "nothing of it is lost");
    // What the honest branch writes now is kept aside as well.
    std::mem::swap(&mut one.ops, &mut image);
    one.visit(cases[0], Disposition::Paid).unwrap();
    let batch = one.batch(3, 3).unwrap();
    assert_eq!(one.refused(&doorstep, &batch).unwrap(), "device_forked");
    assert_eq!(counts(database), (2, 3, 2));
    // The number of the first is taken; the third can be released.
    let taken = Release { op: image[1].header.dot, body_hash: image[1].body.hash(), note: None };
    let error = release(&doorstep.app, None, &taken).unwrap_err();
    assert!(error.to_string().contains("another op has the number"), "{error}");
    let free = Release { op: image[2].header.dot, body_hash: image[2].body.hash(), note: None };
    release(&doorstep.app, None, &free).unwrap();
    assert_eq!(database.raw().unwrap().count("payments").unwrap(), 1);
}

fn what_claims_to_have_seen_too_much_is_kept_aside(database: &Database) {
    let Field { doorstep, cases, mut one, .. } = field(database);
    let mut claims = header(&one, Some(cases[0]), 6);
    claims.field = Some(2);
    let seen = Dot { actor: Actor::new(2), sequence: 1_000.try_into().unwrap() };
    claims.context = Some(Context::from_iter([seen]));
    let value = Content::Contact(ContactValue::of_text("+1 302 555 0100"));
    one.write_raw(claims, value.payload()).unwrap();
    let answer = one.push_all(&doorstep).unwrap();
    assert_eq!(codes(&answer.kept_aside), [(1, "unheard_context")]);
}

fn unknown_kinds_and_fields_are_kept_as_they_came(database: &Database) {
    let Field { doorstep, cases, mut one, mut two } = field(database);
    let case = cases[2];
    let mut later = RecordWriter::new();
    later.uvarint(77, 5).text(78, "from the future");
    let unknown = Unknown::decode(&later.finish()).unwrap();
    let mut future = header(&one, Some(case), 4_000);
    future.unknown = unknown.clone();
    let mut payload = RecordWriter::new();
    payload.text(9, "hello");
    one.write_raw(future, Payload::new(payload)).unwrap();
    // A known kind in a later version, and a known one with a field more.
    let mut newer = header(&one, Some(case), 6);
    newer.kind_version = 2.try_into().unwrap();
    newer.field = Some(2);
    let mut payload = RecordWriter::new();
    payload.uvarint(1, 3);
    one.write_raw(newer, Payload::new(payload)).unwrap();
    let mut more = header(&one, Some(case), 7);
    (more.field, more.unknown) = (Some(1), unknown);
    let mut payload = RecordWriter::new();
    payload.text(1, "dog").text(50, "its name");
    one.write_raw(more, Payload::new(payload)).unwrap();
    // And one that is of the device itself.
    one.write_raw(header(&one, None, 30), Payload::default()).unwrap();

    let answer = one.push_all(&doorstep).unwrap();
    assert_eq!((answer.acknowledged, answer.kept_aside, answer.flagged), (4, vec![], vec![]));
    two.pull(&doorstep).unwrap();
    let snapshot = two.frames.iter().find_map(|frame| match frame {
        Frame::Granted { case: of, ops, .. } if *of == case => Some(ops),
        _ => None,
    });
    let came: Vec<_> = snapshot.unwrap().iter().map(|received| received.op.clone()).collect();
    assert_eq!(came, one.ops[..3], "bit for bit, and nothing of the device itself");
    assert_eq!(two.cases[&case].tags(), ["dog"]);
    let read = RecordReader::new(came[2].body.payload().unwrap().as_bytes()).finish().unwrap();
    assert_eq!(read.tags().collect::<Vec<_>>(), [1, 50]);
}

fn a_clock_before_1970_and_after_2100_is_kept_and_flagged(database: &Database) {
    let Field { doorstep, cases, mut one, mut two } = field(database);
    let case = cases[2];
    one.pull(&doorstep).unwrap();
    two.pull(&doorstep).unwrap();
    two.write_at(case, phone_number("1"), None, Some(2)).unwrap();
    two.push_all(&doorstep).unwrap();
    // One phone thinks it is 2200: it does not win for that.
    for ms in [-1, i64::MIN, PLAUSIBLE_TO_MS, i64::MAX] {
        let mut wrong = header(&one, Some(case), 1);
        wrong.clock = Hlc::new(ms, 0);
        let visit = tests::phone::visit_at(MORNING_MS, Disposition::NoContact);
        one.write_raw(wrong, Content::Visit(visit).payload()).unwrap();
    }
    let answer = one.push_all(&doorstep).unwrap();
    assert_eq!((answer.acknowledged, answer.kept_aside.len()), (4, 0));
    let flagged: Vec<u64> = answer
        .flagged
        .iter()
        .filter(|(_, code)| code == "clock_implausible")
        .map(|(sequence, _)| *sequence)
        .collect();
    assert_eq!(flagged, [1, 2, 3, 4]);
    assert_eq!(counts(database), (5, 0, 4));
    let now = doorstep.app.ids.clock().now().as_millisecond();
    let query = format!("SELECT CAST(count(*) AS TEXT) AS line FROM ops WHERE admitted_ms > {now}");
    assert_eq!(database.raw().unwrap().lines(&query).unwrap(), ["0"], "not after the receipt");
    two.pull(&doorstep).unwrap();
    assert_eq!(two.cases[&case].visits().len(), 4);
}

fn phone_number(digits: &str) -> Content {
    Content::Contact(ContactValue::of_text(digits))
}

fn an_unreadable_payload_is_kept_and_flagged(database: &Database) {
    let Field { doorstep, cases, mut one, .. } = field(database);
    // A payment without an amount, and a visit of no case.
    one.write_raw(header(&one, Some(cases[0]), 4), Payload::default()).unwrap();
    let visit = tests::phone::visit_at(MORNING_MS, Disposition::Paid);
    one.write_raw(header(&one, None, 1), Content::Visit(visit).payload()).unwrap();
    // Contact field 9 does not exist.
    let mut nowhere = header(&one, Some(cases[0]), 6);
    nowhere.field = Some(9);
    one.write_raw(nowhere, phone_number("1").payload()).unwrap();
    let answer = one.push_all(&doorstep).unwrap();
    let expected = [(1, "unreadable"), (2, "unreadable"), (3, "unreadable")];
    assert_eq!(codes(&answer.flagged), expected);
    assert_eq!(counts(database), (3, 0, 0));
    assert_eq!(database.raw().unwrap().count("payments").unwrap(), 0);
    // They stay with the case, for a program that can read them.
    let mut another = tests::phone::Phone::enrol(database, &doorstep, 3, "K1").unwrap();
    another.pull(&doorstep).unwrap();
    let in_snapshot = another.frames.iter().any(|frame| {
        matches!(frame, Frame::Granted { case, ops, .. } if *case == cases[0] && ops.len() == 2)
    });
    assert!(in_snapshot, "{:?}", another.frames);
}

fn money_that_is_odd_is_kept_and_flagged(database: &Database) {
    let Field { doorstep, cases, mut one, mut two } = field(database);
    let paid = one.payment(cases[2], 5_000).unwrap();
    one.push_all(&doorstep).unwrap();
    two.clock_ms = one.clock_ms;
    two.payment(cases[2], 5_000).unwrap();
    two.payment(cases[2], 5_001).unwrap();
    two.clock_ms += 3_600_000;
    two.payment(cases[2], 5_000).unwrap();
    for amount in [3_000, 2_001, 2_000] {
        let reversal = Reversal {
            payment: paid,
            amount_minor: Minor::new(amount),
            reason: "a mistake".into(),
            source: None,
        };
        two.write(cases[2], Content::Reversal(reversal)).unwrap();
    }
    let answer = two.push_all(&doorstep).unwrap();
    let expected = [(1, "duplicate_suspected"), (5, "reversal_exceeds")];
    assert_eq!(codes(&answer.flagged), expected);
    let lines = "SELECT CAST(amount_minor AS TEXT) || ' ' || flagged AS line FROM payments \
                 ORDER BY actor, sequence";
    let expected = [
        "5000 ",
        "5000 duplicate_suspected",
        "5001 ",
        "5000 ",
        "-3000 ",
        "-2001 reversal_exceeds",
        "-2000 ",
    ];
    assert_eq!(database.raw().unwrap().lines(lines).unwrap(), expected);
    one.pull(&doorstep).unwrap();
    two.pull(&doorstep).unwrap();
    let balance =
        |phone: &tests::phone::Phone| phone.cases[&cases[2]].ledger().balance().unwrap().get();
    assert_eq!((balance(&one), balance(&two)), (15_001, 15_001));
}

/// The house pack allows 08:00 to 21:00 where the borrower lives.
fn a_visit_outside_of_the_rules_is_kept_and_flagged(database: &Database) {
    let Field { doorstep, cases, mut one, .. } = field(database);
    one.clock_ms = MORNING_MS - 3 * 3_600_000;
    one.visit(cases[0], Disposition::NoContact).unwrap();
    one.clock_ms = MORNING_MS;
    // Allowed by the clock, but the second visit within a week; and one that nothing objects to.
    one.visit(cases[0], Disposition::NoContact).unwrap();
    one.visit(cases[1], Disposition::NoContact).unwrap();
    // The dispute was told after the visit, so it does not count against it.
    let told = [Case::new("C1"), Case::new("C2").flags("dispute"), Case::new("C3")];
    doorstep.import(&cases_csv(&told), "").unwrap();
    let answer = one.push_all(&doorstep).unwrap();
    assert_eq!(codes(&answer.flagged), [(1, "policy_breach"), (2, "policy_breach")]);
    assert_eq!(counts(database), (3, 0, 3), "it happened");
}
