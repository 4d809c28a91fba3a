//! Rows that no figure can be made of. One absurd value would spoil every sum, so such rows stand in
//! none, and are named.

use jiff::Timestamp;
use jiff::civil::Date;
use sync_core::kinds::{Met, PromiseState};

use crate::db::economics::Work;
use crate::db::rows::{PaymentRow, PromiseRow, VisitRow};
use crate::usecases::log::{MOST_TRAVEL_M, MOST_TRAVEL_S, most_minor};

/// Longest visit in microseconds: a day, and an hour for the changes of clocks.
const LONGEST_US: i64 = 90_000_000_000;

/// Rows named in the notice.
const NAMED: usize = 20;

/// What is left out: each as the op with the field that cannot be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct LeftOut(Vec<String>);

impl LeftOut {
    /// Takes them out of `work`.
    pub(super) fn of(work: &mut Work, exponent: u8) -> Self {
        let most = most_minor(exponent);
        let mut out = Vec::new();
        let mut keep = |what: &str, (actor, sequence): (i64, i64), broken: Option<&str>| {
            out.extend(broken.map(|field| format!("{what} {actor}:{sequence} ({field})")));
            broken.is_none()
        };
        work.visits.retain(|row| keep("visit", (row.actor, row.sequence), visit(row)));
        work.payments.retain(|row| keep("payment", (row.actor, row.sequence), payment(row, most)));
        work.promises.retain(|row| keep("promise", (row.actor, row.sequence), promise(row, most)));
        Self(out)
    }

    /// The sentence about them.
    pub(super) fn notice(&self) -> Option<String> {
        let count = self.0.len();
        let named = self.0.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
        let more =
            if count > NAMED { format!(", and {} more", count - NAMED) } else { String::new() };
        let (rows, them) = if count == 1 { ("row is", "it") } else { ("rows are", "them") };
        (count > 0).then(|| {
            format!(
                "{count} {rows} in no figure, because a value in {them} cannot be: {named}{more}. Write what \
                 happened as an edit of the office or import it."
            )
        })
    }
}

fn visit(row: &VisitRow) -> Option<&'static str> {
    let above = |value: Option<i64>, most| value.is_some_and(|value| !(0..=most).contains(&value));
    let stay = row.left_at.saturating_sub(row.arrived_at);
    if row.met.parse::<Met>().is_err() {
        Some("met")
    } else if !is_time(row.arrived_at) {
        Some("arrived_at")
    } else if !is_time(row.left_at) || !(0..=LONGEST_US).contains(&stay) {
        Some("left_at")
    } else if above(row.travel_m, MOST_TRAVEL_M) {
        Some("travel_m")
    } else {
        above(row.travel_s, MOST_TRAVEL_S).then_some("travel_s")
    }
}

fn payment(row: &PaymentRow, most: i64) -> Option<&'static str> {
    if !is_time(row.paid_at) {
        return Some("paid_at");
    }
    (!(-most..=most).contains(&row.amount_minor)).then_some("amount_minor")
}

fn promise(row: &PromiseRow, most: i64) -> Option<&'static str> {
    let due = row.due_on.parse::<Date>().ok().filter(|due| (1..9999).contains(&due.year()));
    if due.is_none() {
        return Some("due_on");
    }
    if row.state.parse::<PromiseState>().is_err() {
        return Some("state");
    }
    (!(0..=most).contains(&row.amount_minor)).then_some("amount_minor")
}

/// Whether an instant has a day before and a day after in every zone.
fn is_time(micros: i64) -> bool {
    let far = jiff::SignedDuration::from_hours(48);
    Timestamp::from_microsecond(micros)
        .is_ok_and(|at| at.checked_add(far).is_ok() && at.checked_sub(far).is_ok())
}
