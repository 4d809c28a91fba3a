//! What the figures are made from.

use std::collections::BTreeMap;

use h3o::{CellIndex, Resolution};
use sync_core::kinds::{Met, PromiseState};
use sync_core::model::{BorrowerId, CaseId, Micro, Minor, VisitId};

use crate::recovery::Costs;

/// A span of instants in microseconds since 1970 UTC, the end excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first instant.
    pub from: i64,
    /// The first instant after it.
    pub to: i64,
}

impl Period {
    /// Whether an instant lies in it.
    #[must_use]
    pub const fn holds(self, at: i64) -> bool {
        self.from <= at && at < self.to
    }
}

/// A case that was given to an agent in the period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// Whose it is. A borrower with several cases counts once, in the cell of the first of them.
    pub borrower: BorrowerId,
    /// The cell of the home.
    pub cell: CellIndex,
}

/// A visit. Those before and after the period only take the credit of payments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visit {
    /// Its id.
    pub id: VisitId,
    /// The case.
    pub case: CaseId,
    /// Arrival, microseconds since 1970 UTC.
    pub at: i64,
    /// Who was there.
    pub met: Met,
    /// Metres from the place before.
    pub travel_m: i64,
    /// Seconds of that way.
    pub travel_s: i64,
    /// Whether these two were estimated, not recorded.
    pub estimated: bool,
    /// Seconds at the door.
    pub service_s: i64,
    /// Index of its shift in [`Input::shifts`].
    pub shift: Option<usize>,
}

/// One agent's working day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Shift {
    /// Metres from the last visit to the end of the day.
    pub return_m: i64,
    /// Seconds of that way.
    pub return_s: i64,
}

/// A payment, less what of it was reversed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Payment {
    /// The case.
    pub case: CaseId,
    /// When, microseconds since 1970 UTC.
    pub at: i64,
    /// How much, after reversals; nothing below or at zero counts.
    pub net: Minor,
    /// The visit it was taken at.
    pub visit: Option<VisitId>,
}

/// A promise to pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promise {
    /// The case.
    pub case: CaseId,
    /// The visit it was made at; one that names none is of no visit and not counted.
    pub visit: Option<VisitId>,
    /// When it was made, microseconds since 1970 UTC.
    pub made_at: i64,
    /// The first instant after the day it was due on.
    pub due_at: i64,
    /// How much.
    pub amount: Minor,
    /// What is noted of it. An open one that is due is judged by the payments.
    pub state: PromiseState,
}

/// A planned visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop {
    /// The case.
    pub case: CaseId,
    /// The planned day; a visit to the case within it makes the stop.
    pub day: Period,
    /// Metres from the stop before, as planned.
    pub metres: i64,
    /// Seconds of that way.
    pub seconds: i64,
    /// What it was expected to bring before travel and time.
    pub prize: Micro,
}

/// Prices and thresholds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rates {
    /// Costs of visits.
    pub costs: Costs,
    /// Cost of sending an agent out, once a shift.
    pub per_shift: Micro,
    /// Decimals of the currency.
    pub exponent: u8,
    /// Days after a visit within which a payment counts for it.
    pub window_days: u32,
    /// Fewest borrowers of a group that is shown.
    pub least_borrowers: i64,
    /// Fewest visits with a closed window for an advice.
    pub least_visits: i64,
}

impl Rates {
    /// No costs, 30 days, groups of 10 borrowers, advice from 30 visits on.
    #[must_use]
    pub fn new(exponent: u8) -> Self {
        Self {
            costs: Costs::default(),
            per_shift: Micro::ZERO,
            exponent,
            window_days: 30,
            least_borrowers: 10,
            least_visits: 30,
        }
    }

    /// The outcome window in microseconds.
    pub(super) fn window_us(&self) -> i64 {
        i64::from(self.window_days) * 86_400_000_000
    }
}

/// All of it. The order of visits, payments, promises, stops and territories does not matter.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// Cases given to agents in the period; all that visits and stops of the period are about.
    pub cases: &'a [Case],
    /// Visits of the period, and others as far as the outcome window reaches before and after it.
    pub visits: &'a [Visit],
    /// Payments from the window before the period on.
    pub payments: &'a [Payment],
    /// Promises made at these visits.
    pub promises: &'a [Promise],
    /// Planned stops of the period.
    pub stops: &'a [Stop],
    /// Working days.
    pub shifts: &'a [Shift],
    /// The beats: cells of the resolution of the report and the agent's key.
    pub territories: &'a BTreeMap<CellIndex, String>,
    /// Resolution of all cells here, 5 to 15.
    pub resolution: Resolution,
    /// What is reported on.
    pub period: Period,
    /// The present, microseconds since 1970 UTC.
    pub now: i64,
    /// Prices and thresholds.
    pub rates: Rates,
}
