//! The one error a phone app sees.

use thiserror::Error;

/// Why a question could not be answered.
#[derive(Debug, Clone, PartialEq, Eq, Error, uniffi::Error)]
pub enum PhoneError {
    /// A field of the request is not what it should be.
    #[error("{field}: {detail}")]
    BadInput {
        /// Which field.
        field: String,
        /// What is wrong and what to write.
        detail: String,
    },
    /// The policy packs on the phone cannot be read; fetch them again.
    #[error("policy packs: {detail}")]
    BadPack {
        /// What is wrong.
        detail: String,
    },
}

impl PhoneError {
    pub(crate) fn input(field: &str, detail: impl ToString) -> Self {
        Self::BadInput { field: field.to_owned(), detail: detail.to_string() }
    }
}
