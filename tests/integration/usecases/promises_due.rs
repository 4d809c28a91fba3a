//! Promises whose day has passed are judged by the payments that came in.

use std::time::Duration;

use server::app::App;
use server::usecases::office::{OfficeOp, write};
use server::usecases::promises_due::judge_promises;
use sync_core::kinds::{Content, Payment, PaymentMethod, Promise, PromiseState, Reversal};
use sync_core::model::{CaseId, Minor};
use sync_core::op::Dot;
use tests::api::Site;
use tests::database::Database;

use crate::db::on_both;

on_both!(
    promises_become_what_was_paid,
    nothing_is_judged_before_its_day_and_grace,
    late_news_makes_a_promise_better_and_never_worse,
);

/// 2026-11-20, the day of the tests' clock.
const TODAY: i32 = 20_777;
const DAY: Duration = Duration::from_secs(24 * 3600);

fn cases(app: &App) -> Vec<CaseId> {
    let rows = app.store.cases(app.org).unwrap();
    rows.iter().map(|row| CaseId::try_from(row.case_id).unwrap()).collect()
}

fn promise(app: &App, case: CaseId, amount: i64, due_on: i32) -> Dot {
    let content = Content::Promise(Promise {
        amount_minor: Minor::new(amount),
        due_on,
        state: PromiseState::Open,
        visit: None,
    });
    write(app, None, &[OfficeOp::of(case, content)]).unwrap()[0]
}

/// Pays `days` after today, at noon UTC: the morning in New York.
fn pay(app: &App, case: CaseId, amount: i64, days: i64) -> Dot {
    let content = Content::Payment(Payment {
        amount_minor: Minor::new(amount),
        method: PaymentMethod::Cash,
        paid_at: 1_795_176_000_000 + days * 86_400_000,
        receipt: None,
        visit: None,
        source: None,
    });
    write(app, None, &[OfficeOp::of(case, content)]).unwrap()[0]
}

/// States of all promises, in the order they were made.
fn states(database: &Database) -> Vec<String> {
    let query = "SELECT state AS line FROM promises ORDER BY actor, sequence";
    database.raw().unwrap().lines(query).unwrap()
}

/// Everything is known long before it is judged.
fn judged(site: &Site, after: Duration, seed: u64) -> usize {
    judge_promises(&site.app_later(after, seed).unwrap()).unwrap()
}

fn promises_become_what_was_paid(database: &Database) {
    let site = Site::new(database).unwrap();
    let late = site.app_later(DAY * 20, 1).unwrap();
    let app = &site.office.app;
    let cases = cases(app);
    for case in &cases[..5] {
        promise(app, *case, 10_000, TODAY + 5);
    }
    pay(&late, cases[0], 10_000, 5);
    pay(&late, cases[1], 9_600, 8);
    pay(&late, cases[2], 4_000, 1);
    pay(&late, cases[3], 10_000, 9);
    let reversed = pay(&late, cases[4], 10_000, 5);
    let reversal = Content::Reversal(Reversal {
        payment: reversed,
        amount_minor: Minor::new(10_000),
        reason: "bounced".into(),
        source: None,
    });
    write(&late, None, &[OfficeOp::of(cases[4], reversal)]).unwrap();
    assert_eq!(states(database), ["open"; 5]);
    assert_eq!(judged(&site, DAY * 21, 2), 5);
    assert_eq!(states(database), ["kept", "kept", "part_kept", "broken", "broken"]);
    assert_eq!(judged(&site, DAY * 21, 3), 0, "twice changes nothing");
    let last = late.store.audit_after(late.org, 0, 1_000).unwrap().pop().unwrap();
    assert_eq!((last.action.as_str(), last.actor, last.user_id), ("ops_written", Some(0), None));
}

fn nothing_is_judged_before_its_day_and_grace(database: &Database) {
    let site = Site::new(database).unwrap();
    let app = &site.office.app;
    let case = cases(app)[0];
    promise(app, case, 10_000, TODAY + 5);
    let cancelled = promise(app, cases(app)[1], 10_000, TODAY + 5);
    let content = Content::Promise(Promise {
        amount_minor: Minor::new(10_000),
        due_on: TODAY + 5,
        state: PromiseState::Cancelled,
        visit: None,
    });
    let cancel = OfficeOp { record: Some(cancelled), ..OfficeOp::of(cases(app)[1], content) };
    write(app, None, &[cancel]).unwrap();
    assert_eq!(judged(&site, DAY * 8, 1), 0, "the last day of grace");
    // Noon in Greenwich is the morning of the same day in New York.
    assert_eq!(judged(&site, DAY * 9, 2), 1);
    assert_eq!(states(database), ["broken", "cancelled"]);
}

fn late_news_makes_a_promise_better_and_never_worse(database: &Database) {
    let site = Site::new(database).unwrap();
    let app = &site.office.app;
    let case = cases(app)[0];
    promise(app, case, 10_000, TODAY + 5);
    assert_eq!(judged(&site, DAY * 9, 1), 1);
    // A phone without signal brings what was paid in time.
    let later = site.app_later(DAY * 10, 2).unwrap();
    pay(&later, case, 2_000, 4);
    assert_eq!(judged(&site, DAY * 10, 3), 1);
    assert_eq!(states(database), ["part_kept"]);
    let rest = pay(&later, case, 8_000, 5);
    assert_eq!(judged(&site, DAY * 11, 4), 1);
    assert_eq!(states(database), ["kept"]);
    let reversal = Content::Reversal(Reversal {
        payment: rest,
        amount_minor: Minor::new(8_000),
        reason: "bounced".into(),
        source: None,
    });
    write(&later, None, &[OfficeOp::of(case, reversal)]).unwrap();
    assert_eq!(judged(&site, DAY * 12, 5), 0);
    assert_eq!(states(database), ["kept"], "the office decides what to do about it");
}
