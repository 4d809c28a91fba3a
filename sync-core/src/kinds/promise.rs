//! Kind 3: a promise to pay.

use super::codes::PromiseState;
use super::fields::{Fields, PayloadError};
use crate::bytes::RecordWriter;
use crate::model::Minor;
use crate::op::Dot;

/// A promise as it stands: every edit says all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    /// What is promised, above 0.
    pub amount_minor: Minor,
    /// By which day: days since 1970-01-01, in the case's zone.
    pub due_on: i32,
    /// What became of it.
    pub state: PromiseState,
    /// The visit it was made at.
    pub visit: Option<Dot>,
}

impl Promise {
    pub(super) fn read(fields: &mut Fields<'_>) -> Result<Self, PayloadError> {
        let amount_minor = fields.amount(1)?;
        let field = "due_on";
        let due_on = i32::try_from(fields.ivarint(2, field)?);
        let due_on = due_on.map_err(|_| PayloadError::Value { field, rule: "must be a day" })?;
        let state = fields.code(3, "state", PromiseState::of_number)?;
        Ok(Self { amount_minor, due_on, state, visit: fields.dot(4, "visit")? })
    }

    pub(super) fn write(&self, out: &mut RecordWriter<'_>) {
        out.ivarint(1, self.amount_minor.get()).ivarint(2, i64::from(self.due_on));
        out.uvarint(3, self.state.number());
        if let Some(visit) = self.visit {
            out.record(4, &visit.encode());
        }
    }
}
