//! What a phone cannot do, and why.

use thiserror::Error;

use crate::merge::DraftError;
use crate::model::CaseId;
use crate::op::ChainError;
use crate::policy::PackError;
use crate::protocol::ProtocolError;
use crate::store::StoreError;

/// Why a phone cannot do something. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PhoneError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It is not enrolled, or was wiped.
    #[error("this phone is not enrolled; ask the office for a code")]
    NotEnrolled,
    /// It is enrolled already.
    #[error("this phone is enrolled already, as device {actor}; wipe it first")]
    Enrolled {
        /// As what.
        actor: u32,
    },
    /// The case is not allocated to the user of this phone, or not any more.
    #[error("case {case} is not allocated to you; synchronise, or ask the office")]
    NotGranted {
        /// The case.
        case: CaseId,
    },
    /// The op cannot be written like that.
    #[error(transparent)]
    Draft(#[from] DraftError),
    /// The op is larger than a batch can be.
    #[error("this is too long to be sent; write at most {most} bytes")]
    TooLong {
        /// How many bytes there may be.
        most: usize,
    },
    /// There is no next number.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// A batch cannot be signed.
    #[error(transparent)]
    Protocol(#[from] ProtocolError),
    /// A policy pack in force is of a later program, so nobody knows what is allowed.
    #[error("{0}; update the app")]
    Pack(#[from] PackError),
    /// A time that is none.
    #[error("{ms} ms is beyond all calendars; set the clock of the phone")]
    Time {
        /// The time.
        ms: i64,
    },
}
