//! The figures of one group: its sums and what follows from them.

use sync_core::model::{Metres, Micro, Minor, Seconds};

use super::EconomicsError;
use super::advice::Advice;
use super::atoms::Tally;
use super::input::Rates;
use super::interval::{Interval, wilson};
use super::rounding::divided;
use super::sums::Sums;
use crate::number::float;
use crate::recovery::break_even;

/// A share or ratio by its two whole numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// What is counted.
    pub part: i64,
    /// Out of, or for, how much.
    pub whole: i64,
}

impl Rate {
    /// The quotient, `None` by nothing.
    #[must_use]
    pub fn value(self) -> Option<f64> {
        (self.whole > 0).then(|| float(self.part) / float(self.whole))
    }

    /// The quotient as a whole number rounded half away from zero, `None` by nothing.
    #[must_use]
    pub fn mean(self) -> Option<i64> {
        if self.whole <= 0 {
            return None;
        }
        divided(i128::from(self.part), i128::from(self.whole)).ok()
    }
}

/// The figures of a group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figures {
    /// What adds up.
    pub sums: Sums,
    /// All parts of the cost.
    pub cost_minor: i64,
    /// Recovered less cost.
    pub net_minor: i64,
    /// The contact rate lies between, Wilson.
    pub contact_interval: Option<Interval>,
    /// Recovered per visit lies between, in minor units, t; without meaning while windows are open.
    pub recovered_interval: Option<(i64, i64)>,
    /// One-way distance from which a visit of its own no longer pays, at what visits brought after the fee;
    /// `None` without visits or where distance costs nothing.
    pub break_even: Option<Metres>,
    /// Whether to go on.
    pub advice: Advice,
}

impl Figures {
    pub(super) fn of(
        tally: &Tally,
        rates: &Rates,
        typical: Option<f64>,
    ) -> Result<Self, EconomicsError> {
        let sums = tally.sums;
        let cost_minor = sums.cost_minor()?;
        let over = EconomicsError::Overflow;
        Ok(Self {
            sums,
            cost_minor,
            net_minor: sums.recovered_minor.checked_sub(cost_minor).ok_or(over)?,
            contact_interval: wilson(sums.met_borrower, sums.visits),
            recovered_interval: tally.recovered.interval().and_then(|interval| interval.minor()),
            break_even: break_even_of(&sums, rates)?,
            advice: Advice::of(tally, rates, typical),
        })
    }

    /// Shares and ratios by name, in order.
    #[must_use]
    pub fn rates(&self) -> [(&'static str, Rate); 10] {
        let s = &self.sums;
        let rate = |part, whole| Rate { part, whole };
        let road_s = s.driven_s.saturating_add(s.return_s);
        [
            ("coverage", rate(s.cases_visited, s.cases)),
            ("intensity", rate(s.visits, s.cases)),
            ("contact_rate", rate(s.met_borrower, s.visits)),
            ("ptp_rate", rate(s.promises, s.met_borrower)),
            ("kept_rate", rate(s.promises_kept, s.promises_due)),
            ("kept_amount_rate", rate(s.promises_kept_minor, s.promises_due_minor)),
            ("return_on_cost", rate(self.net_minor, self.cost_minor)),
            ("cost_to_collect", rate(self.cost_minor, s.recovered_minor)),
            ("plan_adherence", rate(s.planned_made, s.planned_stops)),
            ("travel_share", rate(road_s, road_s.saturating_add(s.service_s))),
        ]
    }

    /// Amounts per visit by name, in order; minor units.
    #[must_use]
    pub fn averages(&self) -> [(&'static str, Option<i64>); 5] {
        let s = &self.sums;
        let mean = |part, whole| Rate { part, whole }.mean();
        [
            ("cost_per_visit_minor", mean(self.cost_minor, s.visits)),
            ("cost_per_contact_minor", mean(self.cost_minor, s.met_borrower)),
            ("cost_per_paying_visit_minor", mean(self.cost_minor, s.paying_visits)),
            ("recovered_per_visit_minor", mean(s.recovered_minor, s.visits)),
            ("net_per_visit_minor", mean(self.net_minor, s.visits)),
        ]
    }
}

/// d* at the observed benefit: what visits brought after the fee, by visit.
fn break_even_of(sums: &Sums, rates: &Rates) -> Result<Option<Metres>, EconomicsError> {
    if sums.visits == 0 {
        return Ok(None);
    }
    let one = Micro::from_minor(Minor::new(1), rates.exponent)?.get();
    let kept = i128::from(sums.recovered_minor) - i128::from(sums.fee_cost_minor);
    let benefit = divided(kept * i128::from(one), i128::from(sums.visits))?;
    let service = Seconds::new(sums.service_s / sums.visits).unwrap_or(Seconds::ZERO);
    Ok(break_even(Micro::new(benefit), &rates.costs, service)?)
}
