//! Kinds 4 and 5: payments and their reversals.

use super::codes::PaymentMethod;
use super::fields::{Fields, PayloadError, write_text};
use crate::bytes::RecordWriter;
use crate::model::Minor;
use crate::op::Dot;

/// Money that was taken. It is never changed; what was wrong is reversed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// How much, above 0.
    pub amount_minor: Minor,
    /// How.
    pub method: PaymentMethod,
    /// Milliseconds since 1970 UTC, by the device's clock.
    pub paid_at: i64,
    /// The device's own counter, from 1; with the actor before it the number of the receipt.
    pub receipt: Option<u64>,
    /// The visit it was taken at.
    pub visit: Option<Dot>,
    /// The lender's own key.
    pub source: Option<String>,
}

impl Payment {
    pub(super) fn read(fields: &mut Fields<'_>) -> Result<Self, PayloadError> {
        let amount_minor = fields.amount(1)?;
        let method = fields.code(2, "method", PaymentMethod::of_number)?;
        let paid_at = fields.ivarint(3, "paid_at")?;
        let receipt = fields.uvarint(4)?;
        if receipt == Some(0) {
            return Err(PayloadError::Value { field: "receipt", rule: "must be counted from 1" });
        }
        let visit = fields.dot(5, "visit")?;
        Ok(Self { amount_minor, method, paid_at, receipt, visit, source: fields.text(6)? })
    }

    pub(super) fn write(&self, out: &mut RecordWriter<'_>) {
        out.ivarint(1, self.amount_minor.get()).uvarint(2, self.method.number());
        out.ivarint(3, self.paid_at);
        if let Some(receipt) = self.receipt {
            out.uvarint(4, receipt);
        }
        if let Some(visit) = self.visit {
            out.record(5, &visit.encode());
        }
        write_text(out, 6, self.source.as_ref());
    }
}

/// A payment, or a part of it, that was none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reversal {
    /// The payment.
    pub payment: Dot,
    /// How much of it, above 0.
    pub amount_minor: Minor,
    /// Why.
    pub reason: String,
    /// The lender's own key.
    pub source: Option<String>,
}

impl Reversal {
    pub(super) fn read(fields: &mut Fields<'_>) -> Result<Self, PayloadError> {
        let field = "payment";
        let payment = fields.dot(1, field)?.ok_or(PayloadError::Missing { field })?;
        let amount_minor = fields.amount(2)?;
        let reason = fields.required_text(3, "reason")?;
        Ok(Self { payment, amount_minor, reason, source: fields.text(4)? })
    }

    pub(super) fn write(&self, out: &mut RecordWriter<'_>) {
        out.record(1, &self.payment.encode()).ivarint(2, self.amount_minor.get());
        out.text(3, &self.reason);
        write_text(out, 4, self.source.as_ref());
    }
}
