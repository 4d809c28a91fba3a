//! Kind 9: the status of a case.

use super::codes::CaseStatus;
use super::fields::{Fields, PayloadError};
use crate::bytes::RecordWriter;

/// How a case stands, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusEdit {
    /// The status.
    pub status: CaseStatus,
    /// Why.
    pub reason: String,
}

impl StatusEdit {
    pub(super) fn read(fields: &mut Fields<'_>) -> Result<Self, PayloadError> {
        Ok(Self {
            status: fields.code(1, "status", CaseStatus::of_number)?,
            reason: fields.required_text(2, "reason")?,
        })
    }

    pub(super) fn write(&self, out: &mut RecordWriter<'_>) {
        out.uvarint(1, self.status.number()).text(2, &self.reason);
    }
}
