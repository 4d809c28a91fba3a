use std::num::NonZeroU64;

use super::*;
use crate::clock::{Arrival, Hlc};
use crate::kinds::{
    CaseStatus, ContactField, ContactValue, Content, Disposition, DispositionEdit, Met, Payment,
    PaymentMethod, Promise, PromiseState, Reversal, Settled, StatusEdit, Visit,
};
use crate::model::{CaseId, Minor, OrgId};
use crate::op::{Actor, Dot, Header};

/// 2026-03-02T08:00:00Z
pub(super) const T: i64 = 1_772_438_400_000;

pub(super) fn case() -> CaseId {
    CaseId::from_parts(1, [0xc5; 10])
}

pub(super) fn dot(actor: u32, sequence: u64) -> Dot {
    Dot { actor: Actor::new(actor), sequence: NonZeroU64::new(sequence).unwrap() }
}

pub(super) fn visit(disposition: Disposition) -> Content {
    Content::Visit(Visit {
        arrived_at: T,
        left_at: T + 300_000,
        met: Met::Borrower,
        disposition,
        lat_e7: None,
        lon_e7: None,
        accuracy_m: None,
        distance_m: None,
        mock_location: false,
        plan: None,
        stop: None,
        travel_m: None,
        travel_s: None,
        clock_offset_ms: 0,
        evidence: vec![],
        note: None,
        packs: vec![],
        breached: vec![],
        source: None,
        agent: None,
    })
}

pub(super) fn edit(disposition: Disposition) -> Content {
    Content::Disposition(DispositionEdit { disposition, note: None })
}

pub(super) fn status(status: CaseStatus) -> Content {
    Content::Status(StatusEdit { status, reason: "told".to_owned() })
}

pub(super) fn phone(text: &str) -> Content {
    Content::Contact(ContactValue::of_text(text))
}

pub(super) fn payment(amount: i64, paid_at: i64) -> Content {
    Content::Payment(Payment {
        amount_minor: Minor::new(amount),
        method: PaymentMethod::Cash,
        paid_at,
        receipt: None,
        visit: None,
        source: None,
    })
}

pub(super) fn reversal(payment: Dot, amount: i64) -> Content {
    let amount_minor = Minor::new(amount);
    Content::Reversal(Reversal {
        payment,
        amount_minor,
        reason: "no money".to_owned(),
        source: None,
    })
}

pub(super) fn draft(dot: Dot, content: Content, record: Option<Dot>) -> Draft {
    let field = matches!(content, Content::Contact(_)).then_some(ContactField::Phone.number());
    let (organisation, clock) = (OrgId::from_parts(1, [1; 10]), Hlc::new(T, 0));
    Draft { organisation, dot, clock, case: case(), content, record, field }
}

/// An op written by somebody who sees `state`, admitted in the second `second` of the day, which is
/// its place in the log too.
fn write(state: &CaseState, dot: Dot, content: Content, second: u32) -> Written {
    on_record(state, dot, content, None, second)
}

fn on_record(
    state: &CaseState,
    dot: Dot,
    content: Content,
    record: Option<Dot>,
    second: u32,
) -> Written {
    let draft = draft(dot, content, record);
    let header = state.header(&draft).unwrap();
    let clock = Hlc::new(T + i64::from(second) * 1_000, 0);
    Written::admitted(header, draft.content, clock, u64::from(second))
}

fn after(ops: &[&Written]) -> CaseState {
    CaseState::rebuild(case(), ops.iter().copied())
}

fn rivals(state: &CaseState) -> Vec<(Dot, Dot)> {
    state.conflicts().iter().map(|found| (found.shown.dot(), found.other.dot())).collect()
}

/// Asserts that any order of the ops, twice over, and a rebuilding give the same; gives that.
fn in_any_order(ops: &[&Written]) -> CaseState {
    let state = after(ops);
    for turn in 0..ops.len() {
        let mut turned = ops.to_vec();
        turned.rotate_left(turn);
        assert_eq!(after(&turned), state);
        turned.reverse();
        turned.extend(ops);
        assert_eq!(after(&turned), state);
    }
    assert_eq!(after(&state.live_ops()), state);
    state
}

#[test]
fn a_later_writer_who_has_seen_it_stands_over_the_visit() {
    let first = write(&after(&[]), dot(7, 1), visit(Disposition::NoContact), 1);
    let key = RegisterKey::disposition(first.dot());
    assert_eq!(RegisterKey::of(&first.header), Some(key));
    let content = edit(Disposition::Disputed);
    let second = on_record(&after(&[&first]), dot(0, 4), content, Some(first.dot()), 2);
    assert_eq!(second.header.replaces, Some(first.dot()));
    assert_eq!(second.header.context, None);
    let state = in_any_order(&[&first, &second]);
    let view = state.visits()[0];
    assert_eq!((view.disposition, view.said_by), (Disposition::Disputed, &second));
    assert_eq!(view.visit.disposition, Disposition::NoContact);
    assert_eq!(rivals(&state), []);
    assert_eq!(state.register(&key).unwrap().live(), [second.dot()]);
}

#[test]
fn who_has_not_seen_it_makes_a_conflict_until_somebody_settles_it() {
    let first = write(&after(&[]), dot(7, 1), visit(Disposition::NoContact), 1);
    let seen = after(&[&first]);
    let on = |dot, disposition, second| {
        on_record(&seen, dot, edit(disposition), Some(first.dot()), second)
    };
    let agent = on(dot(7, 2), Disposition::Paid, 5);
    let office = on(dot(0, 1), Disposition::Disputed, 4);
    let state = in_any_order(&[&first, &agent, &office]);
    assert_eq!(rivals(&state), [(agent.dot(), office.dot())]);
    let found = state.conflicts()[0];
    assert_eq!(found.other.disposition(), Some(Disposition::Disputed));
    assert_eq!((found.other.header.dot.actor, found.other.clock), (Actor::OFFICE, office.clock));

    let settled = Content::Settled(Settled { dots: vec![office.dot()], note: None });
    let settled = write(&state, dot(0, 2), settled, 6);
    let done = in_any_order(&[&first, &agent, &office, &settled]);
    assert_eq!(rivals(&done), []);
    let key = RegisterKey::disposition(first.dot());
    assert_eq!(done.register(&key).unwrap().conflicts(), [office.dot()]);

    // Or somebody who sees both writes another one.
    let both = on_record(&state, dot(8, 1), edit(Disposition::PartPaid), Some(first.dot()), 7);
    assert_eq!(both.header.replaces, Some(agent.dot()));
    assert_eq!(both.header.context.as_ref().unwrap().dots().count(), 2);
    let done = in_any_order(&[&first, &agent, &office, &both]);
    assert_eq!(rivals(&done), []);
    assert_eq!(done.visits()[0].disposition, Disposition::PartPaid);
}

#[test]
fn what_was_replaced_before_it_came_stays_replaced() {
    let kept_aside = write(&after(&[]), dot(7, 1), status(CaseStatus::Paused), 1);
    let next = write(&after(&[&kept_aside]), dot(7, 2), status(CaseStatus::Closed), 2);
    let office = write(&after(&[&next]), dot(0, 1), status(CaseStatus::Open), 3);
    let rebuilt = after(&after(&[&next, &office]).live_ops());
    // The release gives it a later clock than all of them.
    let released = Written { clock: Hlc::new(T + 9_000, 0), server_seq: 9, ..kept_aside };
    let mut state = rebuilt.clone();
    state.apply(&released);
    assert_eq!(state, rebuilt);
    assert_eq!(state.status().unwrap().status, CaseStatus::Open);
    assert_eq!(rivals(&state), []);
    assert_eq!(state, in_any_order(&[&released, &next, &office]));
}

#[test]
fn all_values_of_a_contact_field_are_kept() {
    let old = write(&after(&[]), dot(0, 1), phone("1"), 1);
    let seen = after(&[&old]);
    let left = write(&seen, dot(7, 1), phone("2"), 3);
    let right = write(&seen, dot(8, 1), phone("3"), 2);
    let state = in_any_order(&[&old, &left, &right]);
    assert_eq!(state.contact(ContactField::Phone), Some(&ContactValue::of_text("2")));
    assert_eq!(state.contact(ContactField::Name), None);
    assert_eq!(rivals(&state), [(left.dot(), right.dot())]);
    let both = write(&state, dot(8, 2), phone("4"), 4);
    let state = in_any_order(&[&old, &left, &right, &both]);
    assert_eq!(state.contact(ContactField::Phone), Some(&ContactValue::of_text("4")));
    assert_eq!(rivals(&state), []);
}

#[test]
fn an_addition_beats_a_removal_that_had_not_seen_it() {
    let add = |state: &CaseState, dot, second| {
        write(state, dot, Content::TagAdded("dog".to_owned()), second)
    };
    let remove = |state: &CaseState, dot, second| {
        write(state, dot, Content::TagRemoved("dog".to_owned()), second)
    };
    let first = add(&after(&[]), dot(7, 1), 1);
    let again = add(&after(&[]), dot(8, 1), 2);
    let removed = remove(&after(&[&first]), dot(0, 1), 3);
    assert_eq!(in_any_order(&[&first, &removed]).tags(), Vec::<&str>::new());
    let state = in_any_order(&[&first, &removed, &again]);
    assert_eq!(state.tags(), ["dog"]);
    let gone = remove(&state, dot(0, 2), 4);
    let state = in_any_order(&[&first, &removed, &again, &gone]);
    assert_eq!(state.tags(), Vec::<&str>::new());
    // Once more, and a tag of the same actor that is released afterwards is not lost.
    let back = add(&state, dot(7, 9), 5);
    let late = write(&after(&[]), dot(7, 4), Content::TagAdded("gate".to_owned()), 6);
    let state = in_any_order(&[&first, &removed, &again, &gone, &back, &late]);
    assert_eq!(state.tags(), ["dog", "gate"]);
}

#[test]
fn a_clock_three_days_wrong_does_not_win() {
    let day = 86_400_000;
    let honest = Arrival { offset_ms: 0, received_ms: T + 5_000, before: None };
    let fast = Arrival { offset_ms: -3 * day, received_ms: T + 4_000, before: None };
    let mut wrong = write(&after(&[]), dot(7, 1), phone("wrong"), 1);
    let mut right = write(&after(&[]), dot(8, 1), phone("right"), 2);
    // Written a second before the other, by a clock that is three days fast.
    wrong.clock = fast.admit(Hlc::new(T + 3 * day, 0), []).clock;
    right.clock = honest.admit(Hlc::new(T + 1_000, 0), []).clock;
    let state = in_any_order(&[&wrong, &right]);
    assert_eq!(state.contact(ContactField::Phone), Some(&ContactValue::of_text("right")));
    assert_eq!(rivals(&state), [(right.dot(), wrong.dot())]);
}

#[test]
fn own_ops_lie_on_top_until_they_are_admitted() {
    let other = write(&after(&[]), dot(8, 1), phone("theirs"), 5);
    let early = write(&after(&[]), dot(7, 1), phone("mine"), 2);
    let pending = Written::pending(early.header.clone(), early.content.clone());
    let mut state = after(&[&other, &pending]);
    assert_eq!(state.contact(ContactField::Phone), Some(&ContactValue::of_text("mine")));
    state.apply(&early);
    assert_eq!(state, in_any_order(&[&other, &early]));
    assert_eq!(state.contact(ContactField::Phone), Some(&ContactValue::of_text("theirs")));
    state.apply(&pending);
    assert_eq!(state, after(&[&other, &early]));
}

#[test]
fn a_promise_is_one_register() {
    let promise = |state| {
        Content::Promise(Promise {
            amount_minor: Minor::new(500),
            due_on: 20_000,
            state,
            visit: None,
        })
    };
    let first = write(&after(&[]), dot(7, 3), promise(PromiseState::Open), 1);
    let key = RegisterKey::promise(first.dot());
    assert_eq!(Place::of(&first.header), Place::Register(key));
    let kept = promise(PromiseState::Kept);
    let second = on_record(&after(&[&first]), dot(0, 1), kept, Some(first.dot()), 2);
    assert_eq!(RegisterKey::of(&second.header), Some(key));
    let state = in_any_order(&[&first, &second]);
    let views = state.promises();
    assert_eq!(views.len(), 1);
    assert_eq!((views[0].dot, views[0].promise.state), (first.dot(), PromiseState::Kept));
}

#[test]
fn the_ledger_counts_in_the_order_of_the_log() {
    let empty = after(&[]);
    let paid = write(&empty, dot(7, 1), payment(1_000, T), 1);
    let like = write(&empty, dot(8, 1), payment(1_000, T + 600_000), 2);
    let apart = write(&empty, dot(8, 2), payment(1_000, T + 1_200_001), 3);
    let other = write(&empty, dot(8, 3), payment(999, T), 4);
    let part = write(&empty, dot(0, 1), reversal(paid.dot(), 400), 5);
    let too_much = write(&empty, dot(0, 2), reversal(paid.dot(), 601), 6);
    let rest = write(&empty, dot(0, 3), reversal(paid.dot(), 600), 7);
    let unknown = write(&empty, dot(0, 4), reversal(dot(9, 9), 1), 8);
    let late = write(&empty, dot(9, 9), payment(5, T), 9);
    let ops = [&paid, &like, &apart, &other, &part, &too_much, &rest, &unknown, &late];
    let ledger = in_any_order(&ops).ledger();
    let line = ledger.payment(paid.dot()).unwrap();
    assert_eq!((line.reversed_minor, line.left_minor()), (Minor::new(1_000), Minor::ZERO));
    let flags: Vec<_> =
        ops.iter().filter_map(|op| Some((op.dot(), ledger.flag(op.dot())?.code()))).collect();
    assert_eq!(
        flags,
        [
            (like.dot(), "duplicate_suspected"),
            (too_much.dot(), "reversal_exceeds"),
            (unknown.dot(), "reversal_exceeds"),
        ]
    );
    assert_eq!(ledger.payment(like.dot()).unwrap().like, Some(paid.dot()));
    assert_eq!(ledger.balance(), Ok(Minor::new(2_999 + 5)));
    assert_eq!(ledger.payments().count() + ledger.reversals().count(), ops.len());
}

#[test]
fn keys_are_bytes_and_back() {
    for (key, bytes) in [
        (RegisterKey::disposition(dot(300, 1)), [2, 1, 0xac, 2, 1].as_slice()),
        (RegisterKey::promise(dot(0, 128)), &[3, 1, 0, 0x80, 1]),
        (RegisterKey::contact(ContactField::Language), &[6, 6]),
        (RegisterKey::TAGS, &[7, 1]),
        (RegisterKey::STATUS, &[9, 1]),
    ] {
        assert_eq!(key.encode(), bytes);
        assert_eq!(RegisterKey::decode(bytes), Ok(key));
        assert_eq!(Family::of_number(key.family.number()), Some(key.family));
    }
    for bytes in
        [[].as_slice(), &[1, 1], &[8, 1], &[9], &[2, 1, 1], &[2, 1, 1, 0], &[2, 1, 1, 1, 1]]
    {
        assert!(RegisterKey::decode(bytes).is_err(), "{bytes:?}");
    }
}

#[test]
fn what_goes_nowhere_changes_nothing() {
    let op = write(&after(&[]), dot(7, 1), status(CaseStatus::Closed), 1);
    let second = NonZeroU64::new(2).unwrap();
    let header = &op.header;
    for header in [
        Header { case: None, ..header.clone() },
        Header { case: Some(CaseId::from_parts(9, [9; 10])), ..header.clone() },
        Header { kind_version: second, ..header.clone() },
        Header { field: Some(2), ..header.clone() },
        Header { field: None, ..header.clone() },
        Header { record: Some(vec![]), ..header.clone() },
        Header { kind: crate::op::Kind::new(40), ..header.clone() },
        Header { kind: crate::op::Kind::TAG_ADDED, ..header.clone() },
    ] {
        let mut state = after(&[]);
        assert!(!state.apply(&Written { header, ..op.clone() }));
        assert_eq!(state, after(&[]));
    }
}

#[test]
fn drafts_that_cannot_be_are_refused() {
    let state = after(&[]);
    let misplaced = |content, record, field| {
        let draft = Draft { field, ..draft(dot(7, 1), content, record) };
        matches!(state.header(&draft), Err(DraftError::Misplaced { .. }))
    };
    assert!(misplaced(edit(Disposition::Paid), None, None));
    assert!(misplaced(status(CaseStatus::Open), Some(dot(7, 1)), None));
    assert!(misplaced(status(CaseStatus::Open), None, Some(2)));
    assert!(misplaced(payment(1, T), None, Some(1)));
    assert!(misplaced(phone("1"), None, None));
    assert!(misplaced(phone("1"), None, Some(4)));
    assert!(misplaced(phone("1"), None, Some(7)));
    assert!(!misplaced(phone("1"), None, Some(6)));
    let found = state.header(&draft(dot(7, 1), payment(0, T), None));
    assert!(matches!(found, Err(DraftError::Payload(_))), "{found:?}");
}

#[test]
fn nobody_has_seen_what_is_not_written_yet() {
    let op = write(&after(&[]), dot(7, 5), status(CaseStatus::Closed), 1);
    let known = |actor: Actor| if actor == Actor::new(8) { 3 } else { 0 };
    let naming = |replaces: Dot, context: &[Dot]| Header {
        replaces: Some(replaces),
        context: Some(context.iter().copied().collect()),
        ..op.header.clone()
    };
    assert_eq!(unheard(&op.header, known), None);
    assert_eq!(unheard(&naming(dot(8, 3), &[dot(7, 4)]), known), None);
    assert_eq!(unheard(&naming(dot(8, 4), &[]), known), Some(dot(8, 4)));
    assert_eq!(unheard(&naming(dot(8, 1), &[dot(9, 1)]), known), Some(dot(9, 1)));
    let header = naming(dot(8, 1), &[dot(7, 4), dot(9, 1)]);
    assert_eq!(named(&header).collect::<Vec<_>>(), [dot(8, 1), dot(7, 4), dot(9, 1)]);
}

#[test]
fn of_two_who_claim_to_have_seen_each_other_the_same_one_stays_everywhere() {
    let claiming = |own: Dot, other: Dot, second: u32| {
        let op = write(&after(&[]), own, phone(&second.to_string()), second);
        let header = Header { context: Some([other].into_iter().collect()), ..op.header };
        Written { header, ..op }
    };
    let (one, two) = (dot(7, 2), dot(8, 3));
    let state = in_any_order(&[&claiming(one, two, 2), &claiming(two, one, 1)]);
    assert_eq!(state.contact(ContactField::Phone), Some(&ContactValue::of_text("1")));
}
