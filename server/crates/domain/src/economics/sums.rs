//! The figures that add up.

use serde::Serialize;

use super::EconomicsError;

macro_rules! sums {
    ($($(#[$doc:meta])+ $name:ident,)+) => {
        /// Whole numbers that add up over any groups.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
        pub struct Sums {
            $($(#[$doc])+ pub $name: i64,)+
        }

        impl Sums {
            /// Adds those of another group.
            ///
            /// # Errors
            /// [`EconomicsError::Overflow`] outside of 64 bits.
            pub fn add(&mut self, other: &Self) -> Result<(), EconomicsError> {
                $(self.$name =
                    self.$name.checked_add(other.$name).ok_or(EconomicsError::Overflow)?;)+
                Ok(())
            }

            /// Name and value of each, in order.
            #[must_use]
            pub fn entries(&self) -> Vec<(&'static str, i64)> {
                vec![$((stringify!($name), self.$name)),+]
            }
        }
    };
}

sums! {
    /// Cases given to agents in the period: allocated.
    cases,
    /// Their borrowers, each once.
    borrowers,
    /// Cases with at least one visit.
    cases_visited,
    /// Visits, whatever came of them.
    visits,
    /// Visits that met the borrower: right-party contacts.
    met_borrower,
    /// Visits that met somebody else.
    met_somebody_else,
    /// Visits that met nobody.
    met_nobody,
    /// Visits that a payment counts for.
    paying_visits,
    /// Visits whose outcome window is still open: payments may yet come.
    open_windows,
    /// Promises made at visits.
    promises,
    /// What they are for.
    promised_minor,
    /// Promises that are due and not cancelled.
    promises_due,
    /// What these are for.
    promises_due_minor,
    /// Promises kept in full.
    promises_kept,
    /// What was paid of promises that are due, each at most in full.
    promises_kept_minor,
    /// Payments within the outcome window, for the visit they count for.
    recovered_minor,
    /// Kilometres driven, the way back included.
    distance_cost_minor,
    /// Paid time on the road and at doors.
    time_cost_minor,
    /// Cost of each visit.
    visit_cost_minor,
    /// Evidence of each visit.
    evidence_cost_minor,
    /// Shares in the fixed cost of shifts.
    shift_cost_minor,
    /// The agency's share of what was recovered.
    fee_cost_minor,
    /// Metres to the doors.
    driven_m,
    /// Seconds to the doors.
    driven_s,
    /// Visits whose metres or seconds to the door were not recorded and are estimated.
    estimated_ways,
    /// Shares in the metres back from the last doors; always estimated.
    return_m,
    /// Shares in the seconds back.
    return_s,
    /// Seconds at the doors.
    service_s,
    /// Planned stops.
    planned_stops,
    /// Planned stops whose case was visited on the day.
    planned_made,
    /// Metres to the doors, as planned.
    planned_m,
    /// Seconds to the doors, as planned.
    planned_s,
    /// Expected from the planned stops before travel and time.
    planned_prize_minor,
}

impl Sums {
    /// All parts of the cost.
    ///
    /// # Errors
    /// [`EconomicsError::Overflow`] outside of 64 bits.
    pub fn cost_minor(&self) -> Result<i64, EconomicsError> {
        [
            self.distance_cost_minor,
            self.time_cost_minor,
            self.visit_cost_minor,
            self.evidence_cost_minor,
            self.shift_cost_minor,
            self.fee_cost_minor,
        ]
        .into_iter()
        .try_fold(0_i64, i64::checked_add)
        .ok_or(EconomicsError::Overflow)
    }
}
