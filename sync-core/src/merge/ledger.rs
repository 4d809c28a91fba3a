//! Payments and reversals as a ledger: nothing in it is ever changed.

use std::collections::BTreeMap;

use super::{CaseState, Written};
use crate::kinds::{Content, Payment};
use crate::model::{Minor, MoneyError};
use crate::op::Dot;

/// Two payments of the same amount at most this far apart may be one, in milliseconds: ten minutes.
pub const DUPLICATE_WITHIN_MS: u64 = 600_000;

/// What is odd about an entry. It is kept in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LedgerFlag {
    /// A reversal of a payment that was not known, or of more than was left of it: not counted.
    ReversalExceeds,
    /// A payment like an earlier one: counted.
    DuplicateSuspected,
}

impl LedgerFlag {
    /// The code of section 9 of `server/docs/SYNC.md`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::ReversalExceeds => "reversal_exceeds",
            Self::DuplicateSuspected => "duplicate_suspected",
        }
    }
}

/// A payment and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentLine {
    /// The payment.
    pub payment: Payment,
    /// How much of it was reversed; never more than its amount.
    pub reversed_minor: Minor,
    /// An earlier payment that may be the same one.
    pub like: Option<Dot>,
}

impl PaymentLine {
    /// What is left of it.
    #[must_use]
    pub const fn left_minor(&self) -> Minor {
        // Reversals beyond the amount are not counted.
        Minor::new(self.payment.amount_minor.get().saturating_sub(self.reversed_minor.get()))
    }
}

/// A reversal and whether it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReversalLine {
    /// The payment it names.
    pub payment: Dot,
    /// How much of it.
    pub amount_minor: Minor,
    /// Whether it was taken off the payment.
    pub counted: bool,
}

/// The ledger of a case.
///
/// Entries count in the order of the log, so what was flagged when it was admitted stays flagged
/// whatever comes later.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    payments: BTreeMap<Dot, PaymentLine>,
    reversals: BTreeMap<Dot, ReversalLine>,
}

impl Ledger {
    /// The ledger of the ops of one case, in whatever order and however often they come; all but
    /// payments and reversals are passed over.
    #[must_use]
    pub fn of<'a>(ops: impl IntoIterator<Item = &'a Written>) -> Self {
        let mut ops: Vec<_> = ops.into_iter().collect();
        ops.sort_by_key(|op| (op.server_seq, op.dot()));
        let mut ledger = Self::default();
        for op in ops {
            ledger.enter(op);
        }
        ledger
    }

    /// The payments by dot.
    pub fn payments(&self) -> impl Iterator<Item = (Dot, &PaymentLine)> {
        self.payments.iter().map(|(dot, line)| (*dot, line))
    }

    /// The reversals by dot.
    pub fn reversals(&self) -> impl Iterator<Item = (Dot, &ReversalLine)> {
        self.reversals.iter().map(|(dot, line)| (*dot, line))
    }

    /// The payment of that dot.
    #[must_use]
    pub fn payment(&self, dot: Dot) -> Option<&PaymentLine> {
        self.payments.get(&dot)
    }

    /// What is odd about the op of that dot.
    #[must_use]
    pub fn flag(&self, dot: Dot) -> Option<LedgerFlag> {
        if self.payments.get(&dot).is_some_and(|line| line.like.is_some()) {
            return Some(LedgerFlag::DuplicateSuspected);
        }
        let exceeds = self.reversals.get(&dot).is_some_and(|line| !line.counted);
        exceeds.then_some(LedgerFlag::ReversalExceeds)
    }

    /// All that was paid less all that was reversed.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] outside of 64 bits.
    pub fn balance(&self) -> Result<Minor, MoneyError> {
        let mut sum = Minor::ZERO;
        for line in self.payments.values() {
            sum = sum.checked_add(line.left_minor())?;
        }
        Ok(sum)
    }

    fn enter(&mut self, op: &Written) {
        let dot = op.dot();
        match &op.content {
            Content::Payment(payment) if !self.payments.contains_key(&dot) => {
                let (payment, reversed_minor) = (payment.clone(), Minor::ZERO);
                let like = self.like(&payment);
                self.payments.insert(dot, PaymentLine { payment, reversed_minor, like });
            }
            Content::Reversal(reversal) if !self.reversals.contains_key(&dot) => {
                let (payment, amount_minor) = (reversal.payment, reversal.amount_minor);
                let counted = self.reverse(payment, amount_minor);
                self.reversals.insert(dot, ReversalLine { payment, amount_minor, counted });
            }
            _ => {}
        }
    }

    /// Of the earlier payments that may be the same one that with the lowest dot.
    fn like(&self, payment: &Payment) -> Option<Dot> {
        let like = |line: &PaymentLine| {
            let earlier = &line.payment;
            earlier.amount_minor == payment.amount_minor
                && earlier.paid_at.abs_diff(payment.paid_at) <= DUPLICATE_WITHIN_MS
        };
        self.payments.iter().find(|(_, line)| like(line)).map(|(dot, _)| *dot)
    }

    fn reverse(&mut self, payment: Dot, amount: Minor) -> bool {
        let Some(line) = self.payments.get_mut(&payment) else { return false };
        let Ok(reversed) = line.reversed_minor.checked_add(amount) else { return false };
        let counted = reversed <= line.payment.amount_minor;
        if counted {
            line.reversed_minor = reversed;
        }
        counted
    }
}

impl CaseState {
    /// The ledger of the case.
    #[must_use]
    pub fn ledger(&self) -> Ledger {
        Ledger::of(self.records())
    }
}
