//! Values that cannot be are kept aside: one absurd op spoils no figure. And who may not write any more.

use server::render::economics::By;
use server::usecases::economics::{Request, economics};
use server::usecases::hello::hello;
use server::usecases::pull::pull;
use server::usecases::quarantine::{Release, release};
use server::usecases::refusal::SyncError;
use sync_core::kinds::{
    Content, Disposition, Payment, PaymentMethod, Promise, PromiseState, Reversal, Visit,
};
use sync_core::model::Minor;
use sync_core::op::{Actor, Dot};
use tests::database::Database;
use tests::installation::Installation;
use tests::phone::{MORNING_MS, visit_at};

use super::{Field, counts, field};
use crate::db::on_both;

on_both!(
    absurd_values_are_kept_aside_and_never_released,
    values_at_the_ends_are_taken,
    one_bad_row_is_left_out_and_named,
    the_phone_of_a_disabled_user_is_kept_aside,
    a_forked_device_gets_no_token_and_no_page,
);

fn visit(change: impl FnOnce(&mut Visit)) -> Content {
    let mut visit = visit_at(MORNING_MS, Disposition::NoContact);
    change(&mut visit);
    Content::Visit(visit)
}

fn payment(amount: i64, paid_at: i64) -> Content {
    let (receipt, visit, source) = (None, None, None);
    let (amount_minor, method) = (Minor::new(amount), PaymentMethod::Cash);
    Content::Payment(Payment { amount_minor, method, paid_at, receipt, visit, source })
}

fn promise(amount: i64, due_on: i32) -> Content {
    let (amount_minor, state) = (Minor::new(amount), PromiseState::Open);
    Content::Promise(Promise { amount_minor, due_on, state, visit: None })
}

fn figures(doorstep: &Installation) -> Vec<String> {
    let request = Request { by: By::Region, from: None, to: None };
    economics(&doorstep.app, &doorstep.travel, &request).unwrap().notices
}

const MOST: i64 = 10_000_000_000_000;
const DAY_MS: i64 = 86_400_000;

fn absurd_values_are_kept_aside_and_never_released(database: &Database) {
    let Field { doorstep, cases, mut one, mut two } = field(database);
    let case = cases[2];
    one.pull(&doorstep).unwrap();
    let now = doorstep.app.ids.clock().now().as_millisecond();
    let reversal = Reversal {
        payment: Dot { actor: Actor::new(1), sequence: 1.try_into().unwrap() },
        amount_minor: Minor::new(MOST + 1),
        reason: "x".into(),
        source: None,
    };
    let absurd = [
        (visit(|v| (v.arrived_at, v.left_at) = (i64::MIN, i64::MIN)), "arrived_at"),
        (visit(|v| v.arrived_at = 946_684_799_999), "arrived_at"),
        (visit(|v| (v.arrived_at, v.left_at) = (i64::MAX, i64::MAX)), "arrived_at"),
        (visit(|v| (v.arrived_at, v.left_at) = (now + 2 * DAY_MS, now + 2 * DAY_MS)), "arrived_at"),
        (visit(|v| v.left_at = v.arrived_at + DAY_MS + 1), "left_at"),
        (visit(|v| v.travel_m = Some(1_000_001)), "travel_m"),
        (visit(|v| v.travel_s = Some(u32::MAX)), "travel_s"),
        (payment(i64::MAX, MORNING_MS), "amount_minor"),
        (payment(MOST + 1, MORNING_MS), "amount_minor"),
        (payment(5, i64::MIN), "paid_at"),
        (payment(5, i64::MAX), "paid_at"),
        (promise(MOST + 1, 20_800), "amount_minor"),
        (promise(5, 2_900_000), "due_on"),
        (promise(5, -700_000), "due_on"),
        (Content::Reversal(reversal), "amount_minor"),
    ];
    for (content, _) in &absurd {
        one.write(case, content.clone()).unwrap();
    }
    let answer = one.push_all(&doorstep).unwrap();
    let codes: Vec<&str> = answer.kept_aside.iter().map(|(_, code)| code.as_str()).collect();
    assert_eq!(codes, vec!["value_implausible"; absurd.len()]);
    assert_eq!(counts(database), (0, i64::try_from(absurd.len()).unwrap(), 0), "nothing is lost");
    figures(&doorstep);
    for (op, (_, field)) in one.ops.iter().zip(&absurd) {
        let wanted = Release { op: op.header.dot, body_hash: op.body.hash(), note: None };
        let error = release(&doorstep.app, None, &wanted).unwrap_err().to_string();
        assert!(error.contains(field) && error.contains("edit of the office"), "{error}");
    }
    assert_eq!(counts(database).2, 0);
    two.pull(&doorstep).unwrap();
    assert!(two.cases[&case].visits().is_empty());
    let listed = server::usecases::lists::kept_aside(&doorstep.app, None, false, None, 50).unwrap();
    assert!(listed.iter().all(|op| op.remedy.contains("not released")), "{listed:?}");
}

fn values_at_the_ends_are_taken(database: &Database) {
    let Field { doorstep, cases, mut one, .. } = field(database);
    let case = cases[2];
    let now = doorstep.app.ids.clock().now().as_millisecond();
    for content in [
        visit(|v| (v.arrived_at, v.left_at) = (946_684_800_000, 946_684_800_000 + DAY_MS)),
        visit(|v| (v.arrived_at, v.left_at) = (now, now + DAY_MS)),
        visit(|v| (v.travel_m, v.travel_s) = (Some(1_000_000), Some(86_400))),
        payment(MOST, now + DAY_MS),
        promise(MOST, 47_481),
    ] {
        one.write(case, content).unwrap();
    }
    let answer = one.push_all(&doorstep).unwrap();
    assert_eq!(answer.kept_aside, vec![]);
    assert_eq!(counts(database), (5, 0, 3));
    figures(&doorstep);
}

/// Rows of before, when such values were taken.
fn one_bad_row_is_left_out_and_named(database: &Database) {
    let Field { doorstep, cases, mut one, .. } = field(database);
    one.pull(&doorstep).unwrap();
    for _ in 0..7 {
        one.visit(cases[0], Disposition::NoContact).unwrap();
    }
    one.payment(cases[0], 700).unwrap();
    one.payment(cases[0], 900).unwrap();
    one.write(cases[0], promise(500, 20_800)).unwrap();
    one.push_all(&doorstep).unwrap();
    assert!(figures(&doorstep).iter().all(|notice| !notice.contains("in no figure")));
    database
        .raw()
        .unwrap()
        .run(
            "UPDATE visits SET arrived_at = -377705023201000000, left_at = arrived_at WHERE sequence = 1;
             UPDATE visits SET left_at = 9000000000000000000 WHERE sequence = 2;
             UPDATE visits SET travel_m = 4294967295 WHERE sequence = 3;
             UPDATE visits SET travel_s = -1 WHERE sequence = 4;
             UPDATE visits SET met = 'a ghost' WHERE sequence = 5;
             UPDATE visits SET arrived_at = 253402207199000000, left_at = 253402207199000000 \
             WHERE sequence = 6;
             UPDATE payments SET amount_minor = 9223372036854775807 WHERE sequence = 8;
             UPDATE payments SET paid_at = 9223372036854775807 WHERE sequence = 9;
             UPDATE promises SET due_on = '-9999-01-01' WHERE sequence = 10;",
        )
        .unwrap();
    let notices = figures(&doorstep);
    let named = notices.iter().find(|notice| notice.contains("in no figure")).unwrap();
    for row in [
        "visit 1:1 (arrived_at)",
        "visit 1:2 (left_at)",
        "visit 1:3 (travel_m)",
        "visit 1:4 (travel_s)",
        "visit 1:5 (met)",
        "payment 1:8 (amount_minor)",
        "payment 1:9 (paid_at)",
        "promise 1:10 (due_on)",
    ] {
        assert!(named.contains(row), "{row}: {named}");
    }
    assert!(!named.contains("visit 1:7"), "{named}");
}

fn the_phone_of_a_disabled_user_is_kept_aside(database: &Database) {
    let Field { doorstep, cases, mut one, .. } = field(database);
    one.visit(cases[0], Disposition::Paid).unwrap();
    one.push_all(&doorstep).unwrap();
    one.payment(cases[1], 123_456).unwrap();
    database.raw().unwrap().run("UPDATE users SET disabled_at = 1 WHERE login = 'u1'").unwrap();
    let batch = one.batch(1, 2).unwrap();
    for _ in 0..2 {
        assert_eq!(one.refused(&doorstep, &batch).unwrap(), "user_disabled");
        assert_eq!(counts(database), (1, 1, 1), "what was new is kept aside, once");
    }
    let refused = match one.send(&doorstep, &batch) {
        Err(SyncError::Refused(refusal)) => refusal.status(),
        other => panic!("{other:?}"),
    };
    assert_eq!(refused, 403);
    assert_eq!(database.raw().unwrap().count("payments").unwrap(), 0);
    let wanted =
        Release { op: one.ops[1].header.dot, body_hash: one.ops[1].body.hash(), note: None };
    release(&doorstep.app, None, &wanted).unwrap();
    assert_eq!(database.raw().unwrap().count("payments").unwrap(), 1, "the office decides");
}

fn a_forked_device_gets_no_token_and_no_page(database: &Database) {
    let Field { doorstep, cases, mut one, .. } = field(database);
    one.visit(cases[0], Disposition::Paid).unwrap();
    let mut copy = one.clone();
    one.push_all(&doorstep).unwrap();
    copy.ops.clear();
    copy.payment(cases[0], 5_000).unwrap();
    copy.payment(cases[1], 6_000).unwrap();
    let batch = copy.batch(1, 2).unwrap();
    assert_eq!(copy.refused(&doorstep, &batch).unwrap(), "device_forked");
    let refused = |error: SyncError| match error {
        SyncError::Refused(refusal) => (refusal.status(), refusal.code().label()),
        SyncError::Failed(error) => panic!("{error}"),
    };
    let said = hello(&doorstep.app, &copy.hello(1, 1)).unwrap_err();
    assert_eq!(refused(said), (403, "device_forked"));
    let said = pull(&doorstep.app, copy.actor, None).unwrap_err();
    assert_eq!(refused(said), (403, "device_forked"));
    // What comes with the token it has is kept aside, and the office can release what is free.
    assert_eq!(copy.refused(&doorstep, &batch).unwrap(), "device_forked");
    let free =
        Release { op: copy.ops[1].header.dot, body_hash: copy.ops[1].body.hash(), note: None };
    release(&doorstep.app, None, &free).unwrap();
    assert_eq!(database.raw().unwrap().count("payments").unwrap(), 1);
}
