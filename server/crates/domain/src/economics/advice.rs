//! Whether to go on visiting a group: said only where the visits made allow it.

use super::atoms::Tally;
use super::input::Rates;
use super::interval::wilson;
use crate::number::float;

/// What the visits made so far say about the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advice {
    /// Fewer visits with a closed outcome window than an advice needs.
    NotEnoughVisits,
    /// Visits cost more than they bring, even if all that was paid is put down to them.
    DoNotVisit,
    /// Visits bring more than they cost, if all that was paid is put down to them.
    CoversCost,
    /// The interval holds both.
    Unclear,
}

impl Advice {
    /// The word in files and JSON.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::NotEnoughVisits => "not_enough_visits",
            Self::DoNotVisit => "do_not_visit",
            Self::CoversCost => "covers_cost",
            Self::Unclear => "unclear",
        }
    }

    /// From visits with a closed window: `DoNotVisit` where the whole t interval of net per visit lies
    /// below zero *and* the upper end of Wilson's interval of paying visits, each bringing `typical` (the
    /// mean of all paying visits of the report, after fee), would not pay for a visit either. The second
    /// is there because the first knows nothing of payments that were rare enough not to happen yet.
    pub(super) fn of(tally: &Tally, rates: &Rates, typical: Option<f64>) -> Self {
        let closed = tally.net.count;
        let Some(net) = tally.net.interval().filter(|_| closed >= rates.least_visits) else {
            return Self::NotEnoughVisits;
        };
        if net.low > 0.0 {
            return Self::CoversCost;
        }
        let hoped = wilson(tally.closed_paying, closed).zip(typical).map(|(i, each)| i.high * each);
        let cost = float(tally.closed_cost) / float(closed);
        if net.high < 0.0 && hoped.is_some_and(|hoped| hoped < cost) {
            return Self::DoNotVisit;
        }
        Self::Unclear
    }
}
