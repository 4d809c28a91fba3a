//! Which visit a payment counts for.

use std::collections::HashMap;

use sync_core::model::{CaseId, VisitId};

use super::input::{Input, Payment};
use super::rounding::share;
use super::{EconomicsError, Visit};

/// What payments brought to one visit.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Credit {
    /// Payments, in minor units.
    pub(super) recovered: i64,
    /// The agency's share of them, each rounded once.
    pub(super) fee: i64,
}

/// The credit of each visit by its place in the input, and what payments of the period count for none.
pub(super) fn credits(input: &Input<'_>) -> Result<(Vec<Credit>, i64), EconomicsError> {
    let mut by_case: HashMap<CaseId, Vec<usize>> = HashMap::new();
    let mut by_id: HashMap<VisitId, usize> = HashMap::with_capacity(input.visits.len());
    for (at, visit) in input.visits.iter().enumerate() {
        by_case.entry(visit.case).or_default().push(at);
        by_id.insert(visit.id, at);
    }
    let order = |at: &usize| input.visits.get(*at).map(|visit| (visit.at, visit.id));
    for visits in by_case.values_mut() {
        visits.sort_unstable_by_key(order);
    }
    let known: std::collections::HashSet<CaseId> = input.cases.iter().map(|c| c.id).collect();
    let window = input.rates.window_us();
    let in_time = |payment: &Payment, visit: &Visit| payment.at.saturating_sub(visit.at) < window;
    let mut credits = vec![Credit::default(); input.visits.len()];
    let mut uncredited = 0_i64;
    for payment in input.payments.iter().filter(|payment| payment.net.get() > 0) {
        let named = payment.visit.and_then(|id| by_id.get(&id).copied());
        let last = || {
            let visits = by_case.get(&payment.case)?;
            let earlier = visits.partition_point(|at| {
                input.visits.get(*at).is_some_and(|visit| visit.at <= payment.at)
            });
            visits.get(earlier.checked_sub(1)?).copied()
        };
        let found = named
            .or_else(last)
            .filter(|at| input.visits.get(*at).is_some_and(|visit| in_time(payment, visit)));
        let amount = payment.net.get();
        if let Some(credit) = found.and_then(|at| credits.get_mut(at)) {
            let fee = share(amount, input.rates.costs.fee_bp)?;
            credit.recovered = added(credit.recovered, amount)?;
            credit.fee = added(credit.fee, fee)?;
        } else if input.period.holds(payment.at) && known.contains(&payment.case) {
            uncredited = added(uncredited, amount)?;
        }
    }
    Ok((credits, uncredited))
}

fn added(a: i64, b: i64) -> Result<i64, EconomicsError> {
    a.checked_add(b).ok_or(EconomicsError::Overflow)
}
