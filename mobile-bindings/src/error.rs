//! The one error a phone app sees.

use sync_core::kinds::PayloadError;
use sync_core::merge::DraftError;
use sync_core::phone::{ClientError, PhoneError as CoreError};
use sync_core::store::StoreError;
use thiserror::Error;

use crate::sync::AppError;

/// Why something could not be done. What the phone holds is as it was before.
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
    /// The policy packs on the phone cannot be read; fetch them again, or update the app.
    #[error("policy packs: {detail}")]
    BadPack {
        /// What is wrong.
        detail: String,
    },
    /// The phone is not enrolled, or was wiped: ask the office for a code.
    #[error("this phone is not enrolled; ask the office for a code")]
    NotEnrolled,
    /// The phone is enrolled already; wipe it first.
    #[error("this phone is enrolled already, as device {actor}; wipe it first")]
    AlreadyEnrolled {
        /// As which device.
        actor: u32,
    },
    /// The case is not allocated to the user of this phone, or not any more.
    #[error("case {case_id} is not allocated to you; synchronise, or ask the office")]
    NotAllocated {
        /// The case.
        case_id: String,
    },
    /// The file on the phone cannot be read or written.
    #[error("{detail}")]
    Storage {
        /// What to do about it.
        reason: StorageReason,
        /// What is wrong.
        detail: String,
    },
    /// No answer came: no signal, no server. Try later.
    #[error("no answer: {detail}")]
    Offline {
        /// What the app said.
        detail: String,
    },
    /// The app's own part of an exchange failed.
    #[error("the app: {detail}")]
    App {
        /// What it said.
        detail: String,
    },
    /// The server refused the request.
    #[error("the server refused it: status {status}, {code}: {detail}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The code of the refusal, as in section 9 of `server/docs/SYNC.md`; empty where the
        /// answer named none.
        code: String,
        /// What the answer says.
        detail: String,
    },
    /// The exchange stopped for another reason.
    #[error("{detail}")]
    Stopped {
        /// What to do about it.
        reason: StopReason,
        /// What is wrong.
        detail: String,
    },
    /// The exchange was cancelled. A later one goes on where it was.
    #[error("cancelled")]
    Cancelled,
}

/// What is wrong with the file on the phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum StorageReason {
    /// There is no room on the device: delete something and try again.
    Full,
    /// Another process has it open: close that one.
    InUse,
    /// A later version of the app has written it: update the app.
    Newer,
    /// What is there cannot be what was written: enrol the device again.
    Damaged,
    /// Anything else: the detail says what.
    Failed,
}

/// Why an exchange cannot go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum StopReason {
    /// The server knows another history of this phone: it was copied or restored. Wipe it and
    /// enrol it again.
    EnrolAgain,
    /// The server lost what it had called durable: tell the office.
    ServerLostOps,
    /// Server and app have no version of the protocol in common: update the app.
    UpdateApp,
    /// The server answers and nothing moves: try later.
    TryLater,
    /// The answer cannot be read: a proxy may have changed it, or the app is too old.
    UnreadableAnswer,
    /// An answer that nobody has asked for: each request has one.
    OutOfTurn,
}

impl PhoneError {
    pub(crate) fn input(field: &str, detail: impl ToString) -> Self {
        Self::BadInput { field: field.to_owned(), detail: detail.to_string() }
    }
}

impl From<CoreError> for PhoneError {
    fn from(error: CoreError) -> Self {
        let detail = error.to_string();
        match error {
            CoreError::Store(error) => error.into(),
            CoreError::NotEnrolled => Self::NotEnrolled,
            CoreError::Enrolled { actor } => Self::AlreadyEnrolled { actor },
            CoreError::NotGranted { case } => Self::NotAllocated { case_id: case.to_string() },
            CoreError::Draft(DraftError::Payload(error)) => match error {
                PayloadError::Missing { field } => Self::input(field, "is missing"),
                PayloadError::Value { field, rule } => Self::input(field, rule),
                PayloadError::Bytes(_) => Self::input("value", detail),
            },
            CoreError::Draft(DraftError::Misplaced { rule, .. }) => Self::input("record", rule),
            CoreError::TooLong { .. } => Self::input("text", detail),
            CoreError::Pack(_) => Self::BadPack { detail },
            CoreError::Time { .. } => Self::input("now_ms", detail),
            CoreError::Chain(_) | CoreError::Protocol(_) => {
                Self::Storage { reason: StorageReason::Failed, detail }
            }
        }
    }
}

impl From<StoreError> for PhoneError {
    fn from(error: StoreError) -> Self {
        let reason = match &error {
            StoreError::Full => StorageReason::Full,
            StoreError::InUse => StorageReason::InUse,
            StoreError::Newer { .. } => StorageReason::Newer,
            StoreError::Damaged { .. } => StorageReason::Damaged,
            StoreError::Open { .. } | StoreError::Range { .. } | StoreError::Failed(_) => {
                StorageReason::Failed
            }
        };
        Self::Storage { reason, detail: error.to_string() }
    }
}

impl From<ClientError> for PhoneError {
    fn from(error: ClientError) -> Self {
        let detail = error.to_string();
        let reason = match error {
            ClientError::Phone(error) => return error.into(),
            ClientError::Refused(refusal) => {
                let (status, detail) = (refusal.status, refusal.detail);
                return Self::Refused { status, code: refusal.code.unwrap_or_default(), detail };
            }
            ClientError::Protocol(_) => StopReason::UnreadableAnswer,
            ClientError::Forked => StopReason::EnrolAgain,
            ClientError::HistoryLost { .. } => StopReason::ServerLostOps,
            ClientError::Upgrade { .. } => StopReason::UpdateApp,
            ClientError::NoProgress => StopReason::TryLater,
            ClientError::Unexpected => StopReason::OutOfTurn,
        };
        Self::Stopped { reason, detail }
    }
}

impl From<AppError> for PhoneError {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Offline { detail } => Self::Offline { detail },
            AppError::Failed { detail } => Self::App { detail },
        }
    }
}
