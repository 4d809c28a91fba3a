//! Kind 2: another disposition of a visit.

use super::codes::Disposition;
use super::fields::{Fields, PayloadError, write_text};
use crate::bytes::RecordWriter;

/// What the outcome of a visit is now said to have been.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DispositionEdit {
    /// The outcome.
    pub disposition: Disposition,
    /// Why.
    pub note: Option<String>,
}

impl DispositionEdit {
    pub(super) fn read(fields: &mut Fields<'_>) -> Result<Self, PayloadError> {
        Ok(Self {
            disposition: fields.code(1, "disposition", Disposition::of_number)?,
            note: fields.text(2)?,
        })
    }

    pub(super) fn write(&self, out: &mut RecordWriter<'_>) {
        out.uvarint(1, self.disposition.number());
        write_text(out, 2, self.note.as_ref());
    }
}
