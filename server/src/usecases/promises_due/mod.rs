//! Promises whose day has passed become kept, part kept or broken, by the payments that match them.

mod matching;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::{Span, Timestamp};
use sync_core::kinds::{Content, Promise, PromiseState};
use sync_core::merge::CaseState;
use sync_core::model::{CaseId, Zone};
use sync_core::op::Dot;

use super::office::{self, OfficeOp};
use crate::app::App;
use crate::config::Promises;
use crate::db::log::LogKnown;
use crate::db::rows::{PaymentRow, PromiseRow};
use crate::db::{DbError, Id};
use crate::error::Error;
use matching::{Paid, Promised, match_payments};

/// Cases judged in one transaction.
const CASES: usize = 100;
/// Days after its own in which a promise that was not kept may still turn out to be: a phone
/// without signal brings payments late.
const STILL_OPEN_DAYS: i64 = 90;

/// Judges every promise whose day and days of grace have passed, and says how many changed. A promise
/// that was judged is looked at again for some weeks, and only ever becomes better. Doing it twice
/// changes nothing.
///
/// # Errors
/// The database fails.
pub fn judge_promises(app: &App) -> Result<usize, Error> {
    let now = app.ids.clock().now();
    // No zone is more than a day ahead of another.
    let today = app.settings.organisation.time_zone.date_at(now);
    let latest = shift(today, 1)?.to_string();
    let earliest = shift(today, -STILL_OPEN_DAYS)?.to_string();
    let mut of_case: BTreeMap<Id, Vec<PromiseRow>> = BTreeMap::new();
    for row in app.store.promises_to_judge(app.org, &latest, &earliest)? {
        of_case.entry(row.case_id).or_default().push(row);
    }
    let cases: Vec<(Id, Vec<PromiseRow>)> = of_case.into_iter().collect();
    let mut changed = 0;
    for some in cases.chunks(CASES) {
        let ids: Vec<CaseId> =
            some.iter().map(|(id, _)| CaseId::try_from(*id)).collect::<Result<_, _>>()?;
        let written = office::write_chosen(app, None, &ids, |known, journal| {
            let mut ops = Vec::new();
            for (id, rows) in some {
                if let Some(state) = journal.case(*id) {
                    ops.extend(judge_case(app, known, *id, state, rows, now)?);
                }
            }
            Ok(ops)
        })?;
        changed += written.len();
    }
    Ok(changed)
}

/// What changes of one case, which is as it stands under the lock of the log.
fn judge_case(
    app: &App,
    known: &LogKnown,
    id: Id,
    state: &CaseState,
    rows: &[PromiseRow],
    now: Timestamp,
) -> Result<Vec<OfficeOp>, Error> {
    let rules = app.settings.promises;
    let zone = zone_of(app, known, id)?;
    let today = zone.date_at(now);
    let made: BTreeMap<(i64, i64), i64> =
        rows.iter().map(|row| ((row.actor, row.sequence), row.promised_at)).collect();
    let mut promises: Vec<(Dot, &Promise, Promised)> = Vec::new();
    for view in state.promises() {
        let dot = (i64::from(view.dot.actor.number()), sequence(view.dot));
        let Some(from) = made.get(&dot) else { continue };
        if view.promise.state == PromiseState::Cancelled {
            continue;
        }
        let until = shift(day(view.promise.due_on)?, i64::from(rules.grace_days))?;
        let amount = view.promise.amount_minor.get();
        promises.push((view.dot, view.promise, Promised { from: *from, until, amount }));
    }
    promises.sort_by_key(|(dot, _, promised)| (promised.until, promised.from, *dot));
    let wanted: Vec<Promised> = promises.iter().map(|(_, _, promised)| *promised).collect();
    let paid = match_payments(&wanted, &payments(known, id, &zone)?);
    let mut ops = Vec::new();
    for ((dot, promise, promised), paid) in promises.into_iter().zip(paid) {
        if today <= promised.until {
            continue;
        }
        let judged = judge(promised.amount, paid, rules);
        if better(promise.state, judged) {
            ops.push(OfficeOp {
                case: state.case(),
                content: Content::Promise(Promise { state: judged, ..promise.clone() }),
                record: Some(dot),
                field: None,
            });
        }
    }
    Ok(ops)
}

/// What became of a promise of `amount` for which `paid` came in time.
fn judge(amount: i64, paid: i64, rules: Promises) -> PromiseState {
    let enough = 100 - i128::from(rules.tolerance_percent);
    if i128::from(paid) * 100 >= i128::from(amount) * enough {
        PromiseState::Kept
    } else if paid > 0 {
        PromiseState::PartKept
    } else {
        PromiseState::Broken
    }
}

/// Whether a judgement replaces the state there is.
fn better(is: PromiseState, judged: PromiseState) -> bool {
    use PromiseState::{Broken, Kept, Open, PartKept};
    match is {
        Open => true,
        Broken => matches!(judged, PartKept | Kept),
        PartKept => judged == Kept,
        _ => false,
    }
}

/// The payments of a case, less what of them was reversed, by time.
fn payments(known: &LogKnown, case: Id, zone: &Zone) -> Result<Vec<Paid>, DbError> {
    let of_case = || known.payments.iter().filter(|row| row.case_id == case);
    let counted = |row: &&PaymentRow| !row.flagged.split(' ').any(|f| f == "reversal_exceeds");
    let mut reversed: BTreeMap<(i64, i64), i64> = BTreeMap::new();
    for row in of_case().filter(counted) {
        if let (Some(actor), Some(sequence)) = (row.reverses_actor, row.reverses_sequence) {
            let sum = reversed.entry((actor, sequence)).or_default();
            *sum = sum.saturating_add(row.amount_minor);
        }
    }
    let mut seen = BTreeSet::new();
    let mut paid = Vec::new();
    for row in of_case().filter(|row| row.reverses_actor.is_none()) {
        if !seen.insert((row.actor, row.sequence)) {
            continue;
        }
        let at = super::users::instant(row.paid_at)?;
        // Reversals are below zero.
        let less = reversed.get(&(row.actor, row.sequence)).copied().unwrap_or(0);
        let left = row.amount_minor.saturating_add(less).max(0);
        paid.push(Paid { at: row.paid_at, on: zone.date_at(at), left });
    }
    paid.sort_by_key(|payment| payment.at);
    Ok(paid)
}

fn zone_of(app: &App, known: &LogKnown, case: Id) -> Result<Zone, DbError> {
    let row = known.cases.iter().find(|row| row.case_id == case);
    match row.and_then(|row| row.time_zone.as_deref()) {
        Some(own) => own.parse().map_err(|error| DbError::Corrupt(format!("{error}"))),
        None => Ok(app.settings.organisation.time_zone.clone()),
    }
}

fn sequence(dot: Dot) -> i64 {
    i64::try_from(dot.sequence.get()).unwrap_or(i64::MAX)
}

/// The day that many days after 1970-01-01.
fn day(days: i32) -> Result<Date, Error> {
    shift(Date::constant(1970, 1, 1), i64::from(days))
}

fn shift(date: Date, days: i64) -> Result<Date, Error> {
    Span::new()
        .try_days(days)
        .and_then(|span| date.checked_add(span))
        .map_err(|error| Error::Invalid(format!("the day of a promise: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: Promises = Promises { grace_days: 3, tolerance_percent: 5 };

    #[test]
    fn almost_all_is_kept_and_nothing_is_broken() {
        for (paid, state) in [
            (0, PromiseState::Broken),
            (1, PromiseState::PartKept),
            (9_499, PromiseState::PartKept),
            (9_500, PromiseState::Kept),
            (10_000, PromiseState::Kept),
        ] {
            assert_eq!(judge(10_000, paid, RULES), state, "{paid}");
        }
        let exact = Promises { tolerance_percent: 0, ..RULES };
        assert_eq!(judge(10_000, 9_999, exact), PromiseState::PartKept);
        assert_eq!(judge(i64::MAX, i64::MAX, exact), PromiseState::Kept);
    }

    #[test]
    fn what_was_judged_only_becomes_better() {
        use PromiseState::{Broken, Cancelled, Kept, Open, PartKept};
        let all = [Open, Broken, PartKept, Kept, Cancelled];
        let changes: Vec<_> = all
            .into_iter()
            .flat_map(|is| [Broken, PartKept, Kept].map(|judged| (is, judged)))
            .filter(|(is, judged)| better(*is, *judged))
            .collect();
        let expected = [
            (Open, Broken),
            (Open, PartKept),
            (Open, Kept),
            (Broken, PartKept),
            (Broken, Kept),
            (PartKept, Kept),
        ];
        assert_eq!(changes, expected);
    }

    #[test]
    fn days_are_counted_from_1970() {
        assert_eq!(day(20_781).unwrap().to_string(), "2026-11-24");
        assert_eq!(day(-1).unwrap().to_string(), "1969-12-31");
        assert!(day(i32::MAX).is_err());
    }
}
