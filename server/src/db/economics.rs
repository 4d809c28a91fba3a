//! What the economics of a period are made from: data without queries.

use super::rows::{AllocationRow, PaymentRow, PlanRow, PlanStopRow, PromiseRow, VisitRow};

/// A key of the lender's, and actor and sequence of the op that has it.
pub type KeyedDot = (String, (i64, i64));

/// Which rows are wanted. Instants are microseconds since 1970 UTC, ends excluded.
#[derive(Debug, Clone)]
pub struct WorkQuery {
    /// Visits that arrived from here ...
    pub visits_from: i64,
    /// ... until here.
    pub visits_to: i64,
    /// Allocations that lasted for a moment from here ...
    pub from: i64,
    /// ... until here.
    pub to: i64,
    /// Plans from this day (YYYY-MM-DD) ...
    pub first_day: String,
    /// ... up to and including this.
    pub last_day: String,
}

/// Work at the doors and what it was meant to be.
#[derive(Debug, Clone, Default)]
pub struct Work {
    /// Visits, by time.
    pub visits: Vec<VisitRow>,
    /// Payments from the first of these instants on, and all reversals.
    pub payments: Vec<PaymentRow>,
    /// All promises.
    pub promises: Vec<PromiseRow>,
    /// Allocations.
    pub allocations: Vec<AllocationRow>,
    /// Of each day the plan published last or, before anything was published, the newest.
    pub plans: Vec<PlanRow>,
    /// Their stops.
    pub stops: Vec<PlanStopRow>,
}
