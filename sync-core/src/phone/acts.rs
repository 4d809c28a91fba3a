//! What an agent does at the door, as ops.

use std::fmt;

use super::{Moment, Phone, PhoneError};
use crate::kinds::{
    ContactField, ContactValue, Content, DispositionEdit, Payment, PaymentMethod, Promise,
    Reversal, Settled, Visit,
};
use crate::model::{CaseId, Minor};
use crate::op::{Actor, Dot};
use crate::store::OpStore;

/// A payment that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPayment {
    /// How much, in minor units; above 0.
    pub amount_minor: Minor,
    /// How.
    pub method: PaymentMethod,
    /// When, in milliseconds since 1970 UTC by the phone's own clock.
    pub paid_at: i64,
    /// The visit it was taken at.
    pub visit: Option<Dot>,
}

/// What the borrower gets for a payment; shown as `actor-counter`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    /// The phone.
    pub actor: Actor,
    /// The phone's own counter, from 1.
    pub counter: u64,
    /// The payment.
    pub payment: Dot,
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.actor, self.counter)
    }
}

/// Each is durable when it returns, and fails with [`PhoneError`] when the case is not allocated to
/// the user, a value cannot be, or the store failed; nothing is written then.
#[expect(clippy::missing_errors_doc, reason = "said once, above")]
impl<S: OpStore> Phone<S> {
    /// Logs a visit. The clock's offset, the packs that were asked and the rules that objected at
    /// the arrival are filled in here; a visit outside of the rules is logged all the same, because
    /// it happened.
    pub fn log_visit(
        &mut self,
        moment: Moment,
        case: CaseId,
        visit: Visit,
    ) -> Result<Dot, PhoneError> {
        let asked = self.may_visit(case, visit.arrived_at)?;
        let visit = Visit {
            clock_offset_ms: self.state.offset_ms,
            packs: asked.packs(),
            breached: asked.objections(),
            ..visit
        };
        self.write(moment, case, Content::Visit(visit), (None, None))
    }

    /// Says what the outcome of a visit was after all.
    pub fn edit_disposition(
        &mut self,
        moment: Moment,
        case: CaseId,
        visit: Dot,
        edit: DispositionEdit,
    ) -> Result<Dot, PhoneError> {
        self.write(moment, case, Content::Disposition(edit), (Some(visit), None))
    }

    /// Records a promise.
    pub fn promise(
        &mut self,
        moment: Moment,
        case: CaseId,
        promise: Promise,
    ) -> Result<Dot, PhoneError> {
        self.write(moment, case, Content::Promise(promise), (None, None))
    }

    /// Writes another version of the promise that op `first` made.
    pub fn edit_promise(
        &mut self,
        moment: Moment,
        case: CaseId,
        first: Dot,
        promise: Promise,
    ) -> Result<Dot, PhoneError> {
        self.write(moment, case, Content::Promise(promise), (Some(first), None))
    }

    /// Records a payment, under the next receipt number of this phone.
    pub fn record_payment(
        &mut self,
        moment: Moment,
        case: CaseId,
        payment: NewPayment,
    ) -> Result<Receipt, PhoneError> {
        let counter = self.state.receipts.saturating_add(1);
        let NewPayment { amount_minor, method, paid_at, visit } = payment;
        let (receipt, source) = (Some(counter), None);
        let payment = Payment { amount_minor, method, paid_at, receipt, visit, source };
        let payment =
            self.append(moment, case, Content::Payment(payment), (None, None), counter)?;
        Ok(Receipt { actor: payment.actor, counter, payment })
    }

    /// Takes a payment back, or a part of it.
    pub fn reverse_payment(
        &mut self,
        moment: Moment,
        case: CaseId,
        reversal: Reversal,
    ) -> Result<Dot, PhoneError> {
        self.write(moment, case, Content::Reversal(reversal), (None, None))
    }

    /// Corrects a contact field.
    pub fn correct_contact(
        &mut self,
        moment: Moment,
        case: CaseId,
        field: ContactField,
        value: ContactValue,
    ) -> Result<Dot, PhoneError> {
        self.write(moment, case, Content::Contact(value), (None, Some(field.number())))
    }

    /// Adds a tag.
    pub fn tag(&mut self, moment: Moment, case: CaseId, tag: &str) -> Result<Dot, PhoneError> {
        self.write(moment, case, Content::TagAdded(tag.to_owned()), (None, None))
    }

    /// Removes a tag.
    pub fn untag(&mut self, moment: Moment, case: CaseId, tag: &str) -> Result<Dot, PhoneError> {
        self.write(moment, case, Content::TagRemoved(tag.to_owned()), (None, None))
    }

    /// Settles conflicts: the values of the ops `dots` have lost for good.
    pub fn settle(
        &mut self,
        moment: Moment,
        case: CaseId,
        dots: Vec<Dot>,
        note: Option<String>,
    ) -> Result<Dot, PhoneError> {
        self.write(moment, case, Content::Settled(Settled { dots, note }), (None, None))
    }
}
