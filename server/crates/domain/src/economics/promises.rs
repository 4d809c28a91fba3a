//! What became of promises to pay.

use std::collections::HashMap;

use sync_core::kinds::PromiseState;
use sync_core::model::CaseId;

use super::input::{Input, Promise};

/// One promise, judged.
#[derive(Debug, Clone, Copy)]
pub(super) struct Judged {
    /// Whether it is due and not cancelled.
    pub(super) due: bool,
    /// Whether it was kept in full.
    pub(super) kept: bool,
    /// What was paid of it, at most all.
    pub(super) paid: i64,
}

/// The verdict on each promise by its place in the input.
///
/// What somebody noted (kept, part kept, broken) holds. An open promise that is due is judged by the
/// payments on its case from the promise to the end of its day, without grace; a payment counts once, for
/// the promise that is due first.
pub(super) fn judge(input: &Input<'_>) -> Vec<Judged> {
    let mut payments: HashMap<CaseId, Vec<(i64, i64)>> = HashMap::new();
    for payment in input.payments.iter().filter(|payment| payment.net.get() > 0) {
        payments.entry(payment.case).or_default().push((payment.at, payment.net.get()));
    }
    for left in payments.values_mut() {
        left.sort_unstable();
    }
    let mut order: Vec<usize> = (0..input.promises.len()).collect();
    order.sort_by_key(|at| {
        input.promises.get(*at).map(|p| (p.due_at, p.made_at, p.amount, p.visit))
    });
    let mut judged = vec![Judged { due: false, kept: false, paid: 0 }; input.promises.len()];
    for at in order {
        let (Some(promise), Some(slot)) = (input.promises.get(at), judged.get_mut(at)) else {
            continue;
        };
        *slot = verdict(promise, payments.get_mut(&promise.case), input.now);
    }
    judged
}

fn verdict(promise: &Promise, payments: Option<&mut Vec<(i64, i64)>>, now: i64) -> Judged {
    let amount = promise.amount.get();
    let settled = match promise.state {
        PromiseState::Cancelled => Some(false),
        PromiseState::Broken => Some(true),
        PromiseState::Kept | PromiseState::PartKept | PromiseState::Open => None,
    };
    if let Some(due) = settled {
        return Judged { due, kept: false, paid: 0 };
    }
    let mut paid = 0;
    for (at, left) in payments.into_iter().flatten() {
        if promise.made_at <= *at && *at < promise.due_at {
            let taken = (*left).min(amount - paid);
            (*left, paid) = (*left - taken, paid + taken);
        }
    }
    let kept = match promise.state {
        PromiseState::Kept => return Judged { due: true, kept: true, paid: amount },
        PromiseState::Open => paid >= amount,
        _ => false,
    };
    Judged { due: promise.state != PromiseState::Open || promise.due_at <= now, kept, paid }
}
