//! The value of one visit to one case.

use serde::Serialize;
use sync_core::model::{CaseFlag, Currency, Metres, Micro, Minor, Seconds};
use thiserror::Error;

use super::card::{Card, CardPoint};
use super::costs::{Costs, break_even};
use crate::bands::BandError;
use crate::case::CaseView;
use crate::number::{float, micro};

const DAYS_OF_YEAR: f64 = 365.0;

/// Why a visit could not be valued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RecoveryError {
    /// A table of the card is not in order.
    #[error("score card: {0}")]
    Bands(#[from] BandError),
    /// A value that makes no sense.
    #[error("{field} {problem}; correct it")]
    Value {
        /// Of which field.
        field: &'static str,
        /// What is wrong.
        problem: &'static str,
    },
    /// The result is outside of 64 bits.
    #[error("{0}: the result does not fit in 64 bits; check amounts and costs for a wrong unit")]
    Overflow(&'static str),
}

/// What a visit is worth, with every part of the sum.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Recovery {
    /// Name of the card used.
    pub card: String,
    /// Within how many days a payment counts.
    pub window_days: u32,
    /// Log-odds points by factor.
    pub points: Vec<CardPoint>,
    /// Chance of a payment without a visit.
    pub p0: f64,
    /// Chance of a payment with a visit.
    pub p1: f64,
    /// R: what a payment would bring, min(due, ability over the window).
    pub recoverable: Micro,
    /// E(e^(-r t)) without a visit.
    pub discount0: f64,
    /// E(e^(-r t)) with a visit.
    pub discount1: f64,
    /// n: the how-manieth visit within 30 days this would be.
    pub visit_number: u32,
    /// rho^(n-1).
    pub repeat_factor: f64,
    /// B: what the visit brings over no visit, after fee.
    pub benefit: Micro,
    /// B - `c_fix` - `c_evidence`; may be negative.
    pub prize: Micro,
    /// d*: one-way distance from which a visit of its own no longer pays; `None`: no limit.
    pub break_even: Option<Metres>,
}

/// The value of a visit, or why none is computed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Valuation {
    /// Ranked by profit.
    Priced(Recovery),
    /// Never ranked by profit.
    Bypassed {
        /// The circumstance.
        flag: CaseFlag,
        /// Why, in words.
        sentence: String,
    },
}

impl Valuation {
    /// The parts, when there is a price.
    #[must_use]
    pub const fn recovery(&self) -> Option<&Recovery> {
        match self {
            Self::Priced(recovery) => Some(recovery),
            Self::Bypassed { .. } => None,
        }
    }
}

/// What a visit to `case` is worth by `card` and `costs`; `service` is the time at the door.
///
/// # Errors
/// [`RecoveryError`] when card or costs make no sense, or amounts do not fit.
pub fn value_visit(
    case: &CaseView,
    currency: Currency,
    card: &Card,
    costs: &Costs,
    service: Seconds,
) -> Result<Valuation, RecoveryError> {
    card.check()?;
    costs.check()?;
    if let Some(flag) = case.flags.iter().next() {
        let sentence = format!("{}: never ranked by profit, so no prize.", flag.label());
        return Ok(Valuation::Bypassed { flag, sentence });
    }
    let points = card.points(case);
    let base: f64 = points.iter().map(|point| point.effect.base).sum();
    // A visit is never taken to make a payment less likely; a lender who thinks so does not visit.
    let visit = points.iter().map(|point| point.effect.visit).sum::<f64>().max(0.0);
    let (p0, p1) = (logistic(base), logistic(base + visit));
    let recoverable_minor = recoverable_minor(case, card);
    let scale = micro_per_minor(currency)?;
    let recoverable = recoverable_minor * scale;
    let discount0 = discount(costs, card.days_to_pay_alone);
    let discount1 = discount(costs, card.days_to_pay_visited);
    let repeat_factor = libm::pow(card.rho, f64::from(case.attempts_30d));
    let kept = 1.0 - f64::from(costs.fee_bp) / 10_000.0;
    let benefit = kept * (p1 * discount1 - p0 * discount0) * recoverable * repeat_factor;
    let benefit = micro(benefit).ok_or(RecoveryError::Overflow("benefit"))?;
    let prize =
        benefit.checked_sub(costs.at_the_door()?).map_err(|_| RecoveryError::Overflow("prize"))?;
    Ok(Valuation::Priced(Recovery {
        card: card.name.clone(),
        window_days: card.window_days,
        points,
        p0,
        p1,
        recoverable: micro(recoverable).ok_or(RecoveryError::Overflow("amount due"))?,
        discount0,
        discount1,
        visit_number: case.attempts_30d.saturating_add(1),
        repeat_factor,
        benefit,
        prize,
        break_even: break_even(benefit, costs, service)?,
    }))
}

/// R in minor units, not yet rounded. A month counts 30 days.
fn recoverable_minor(case: &CaseView, card: &Card) -> f64 {
    let (per_month, _) = card.ability(case);
    let capacity = per_month * f64::from(card.window_days) / 30.0;
    capacity.min(float(case.due.get().max(0)))
}

fn micro_per_minor(currency: Currency) -> Result<f64, RecoveryError> {
    Micro::from_minor(Minor::new(1), currency.exponent())
        .map(|one| float(one.get()))
        .map_err(|_| RecoveryError::Overflow("currency exponent"))
}

fn discount(costs: &Costs, days: u32) -> f64 {
    libm::exp(-f64::from(costs.r_bp) / 10_000.0 * f64::from(days) / DAYS_OF_YEAR)
}

/// Chance of log-odds.
fn logistic(log_odds: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-log_odds))
}
