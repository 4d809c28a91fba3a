//! May this borrower be visited at this instant, and if not, why and when again.
//!
//! One file per rule. The same code runs when a plan is made, on the phone without signal and
//! when records merge. Packs are data ([`Pack`]); where several apply, the strictest wins.
//!
//! A visit window is half-open: with hours `08:00-21:00`, 08:00:00 is allowed and 21:00:00 is not.
//!
//! ```
//! use sync_core::model::{Dpd, Flags, Zone};
//! use sync_core::policy::{CaseFacts, Pack, evaluate};
//!
//! let facts = CaseFacts {
//!     zone: "America/New_York".parse::<Zone>()?,
//!     visit_window: None,
//!     flags: Flags::NONE,
//!     attempts: Vec::new(),
//!     facts_as_of: "2026-03-02T12:00:00Z".parse()?,
//!     dpd: Dpd::new(60)?,
//! };
//! let early = evaluate(&facts, "2026-03-02T12:59:59Z".parse()?, &Pack::house()?);
//! assert!(!early.is_allowed());
//! assert_eq!(early.again_at(), Some("2026-03-02T13:00:00Z".parse()?));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod caps;
mod days;
mod facts;
mod hours;
mod minimum_dpd;
mod pack;
mod staleness;
mod stop_triggers;
mod verdict;
mod visit_window;

#[cfg(test)]
mod tests;

pub use caps::{Cap, Counted};
pub use days::Days;
pub use facts::{Attempt, CaseFacts, Channel};
pub use hours::Hours;
pub use pack::{Pack, PackError, PackRef, Rules};
pub use stop_triggers::StopTrigger;
pub use verdict::{Reason, Rule, Verdict};

use jiff::Timestamp;
use jiff::civil::Date;

use crate::model::intersect;
use crate::model::{LocalWindow, TimeWindow};

/// How far ahead a later instant is looked for.
const HORIZON_DAYS: usize = 400;

/// Whether one pack allows a visit at `at`.
///
/// [`Verdict::again_at`] is the first later instant at which the rules that lift by time (hours,
/// days, caps, the borrower's own window) all allow; it is `None` when another rule blocks that
/// time alone does not lift. Facts must be fresh by then, too.
#[must_use]
pub fn evaluate(facts: &CaseFacts, at: Timestamp, pack: &Pack) -> Verdict {
    evaluate_all(facts, at, std::slice::from_ref(pack))
}

/// Whether all packs allow a visit at `at`: the strictest wins. Without a pack nothing is allowed.
#[must_use]
pub fn evaluate_all(facts: &CaseFacts, at: Timestamp, packs: &[Pack]) -> Verdict {
    let date = facts.zone.date_at(at);
    let mut reasons = lasting_reasons(facts, packs);
    reasons.extend(packs.iter().filter_map(|pack| staleness::check(facts, at, pack)));
    let time_lifts = reasons.is_empty();
    reasons.extend(day_reasons(facts, date, packs));
    reasons.extend(packs.iter().filter_map(|pack| hours::check(facts, at, pack)));
    reasons.extend(packs.first().and_then(|pack| visit_window::check(facts, at, pack)));
    let packs_named = packs.iter().map(Pack::reference).collect();
    if reasons.is_empty() {
        return Verdict::Allowed { packs: packs_named };
    }
    let again_at = if time_lifts { next_allowed(facts, at, packs) } else { None };
    Verdict::Blocked { reasons, again_at, packs: packs_named }
}

/// The UTC windows of local day `date` (in the case's zone) that a plan may use under one pack.
///
/// Never an empty list. Freshness of facts is not asked: a plan is made ahead, and the phone asks
/// [`evaluate`] at the door.
///
/// # Errors
/// The blocking [`Verdict`] when no instant of the day is allowed.
pub fn visit_windows(
    facts: &CaseFacts,
    date: Date,
    pack: &Pack,
) -> Result<Vec<TimeWindow>, Verdict> {
    visit_windows_all(facts, date, std::slice::from_ref(pack))
}

/// As [`visit_windows`] under several packs: the strictest wins.
///
/// # Errors
/// The blocking [`Verdict`] when no instant of the day is allowed.
pub fn visit_windows_all(
    facts: &CaseFacts,
    date: Date,
    packs: &[Pack],
) -> Result<Vec<TimeWindow>, Verdict> {
    let mut reasons = lasting_reasons(facts, packs);
    let time_lifts = reasons.is_empty();
    reasons.extend(day_reasons(facts, date, packs));
    if reasons.is_empty() {
        let windows = windows_of_day(facts, date, packs);
        if !windows.is_empty() {
            return Ok(windows);
        }
        reasons.extend(packs.iter().map(|pack| hours::no_common_time(facts, date, pack)));
    }
    let start = LocalWindow::DAY.on(date, &facts.zone).first().map(|day| day.early());
    let again_at = start.filter(|_| time_lifts).and_then(|at| next_allowed(facts, at, packs));
    Err(Verdict::Blocked { reasons, again_at, packs: packs.iter().map(Pack::reference).collect() })
}

/// Reasons that time alone does not lift.
fn lasting_reasons(facts: &CaseFacts, packs: &[Pack]) -> Vec<Reason> {
    if packs.is_empty() {
        return vec![Reason::no_pack()];
    }
    packs
        .iter()
        .flat_map(|pack| {
            stop_triggers::check(facts, pack).into_iter().chain(minimum_dpd::check(facts, pack))
        })
        .collect()
}

/// Reasons that hold for a whole local day.
fn day_reasons(facts: &CaseFacts, date: Date, packs: &[Pack]) -> Vec<Reason> {
    packs
        .iter()
        .flat_map(|pack| days::check(date, pack).into_iter().chain(caps::check(facts, date, pack)))
        .collect()
}

/// Instants of a local day within all hours and the borrower's own window.
fn windows_of_day(facts: &CaseFacts, date: Date, packs: &[Pack]) -> Vec<TimeWindow> {
    let own = facts.visit_window.unwrap_or(LocalWindow::DAY);
    let own = own.on(date, &facts.zone);
    packs.iter().fold(own, |left, pack| intersect(&left, &hours::windows(facts, date, pack)))
}

/// The first instant after `at` that the rules that lift by time allow.
fn next_allowed(facts: &CaseFacts, at: Timestamp, packs: &[Pack]) -> Option<Timestamp> {
    let today = facts.zone.date_at(at);
    today
        .series(jiff::ToSpan::days(1))
        .take(HORIZON_DAYS)
        .filter(|date| day_reasons(facts, *date, packs).is_empty())
        .find_map(|date| {
            let windows = windows_of_day(facts, date, packs);
            windows.into_iter().find(|w| w.late() > at).map(|w| w.early().max(at))
        })
}
