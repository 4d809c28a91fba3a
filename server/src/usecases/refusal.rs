//! Why something a device sent is refused whole.

use sync_core::kinds::PayloadError;
use sync_core::protocol::{Code, ProtocolError};

use crate::db::DbError;
use crate::error::Error;
use crate::ids::IdSourceError;

/// Why a hello, a batch or a pull is refused. Nothing of it is stored, but for the batches of
/// revoked and forked devices, which are kept aside.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// What was sent is not what it must be.
    #[error(transparent)]
    Protocol(#[from] ProtocolError),
    /// The payload of an op is not canonical.
    #[error("op {sequence}: {error}")]
    Payload {
        /// Which op.
        sequence: u64,
        /// What is wrong.
        error: PayloadError,
    },
    /// No such device here.
    #[error("no device of that number is enrolled here; enrol it with a code of the office")]
    UnknownDevice,
    /// The token is of another device, or the user may not work any more.
    #[error("{0}")]
    Unauthenticated(&'static str),
    /// A hello that was there before.
    #[error("the hello was sent before; say hello again with a higher count")]
    HelloReplayed,
    /// Ops between are missing.
    #[error("the batch begins at op {found}, and the next is {expected}; send from there")]
    Gap {
        /// The sequence that is next.
        expected: u64,
        /// The sequence the batch begins with.
        found: u64,
    },
    /// The ops do not follow those that are here.
    #[error("the batch does not follow the ops that are here; send from the last acknowledged one")]
    ChainBroken,
    /// The device exists twice.
    #[error(
        "the device has sent other ops under the same numbers: its storage was copied or restored; \
         what it sent is kept aside, enrol it again"
    )]
    Forked,
    /// The device exists twice, and asks for a token or a page.
    #[error(
        "the device exists twice: its storage was copied or restored; enrol it again, and ask the office \
         for what it wrote"
    )]
    Clone,
    /// The user may not work any more.
    #[error("the user of the device is disabled; what it sent is kept aside for the office")]
    UserDisabled,
    /// The device is revoked.
    #[error("the device is revoked; what it sent is kept aside for the office")]
    Revoked,
    /// A cursor that is none of this server's.
    #[error("the cursor cannot be read; pull without one")]
    Cursor,
}

impl Refusal {
    /// The code of section 9 of `SYNC.md`.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::Protocol(error) => error.code(),
            Self::Payload { .. } | Self::Cursor => Code::NotCanonical,
            Self::UnknownDevice => Code::UnknownDevice,
            Self::Unauthenticated(_) => Code::Unauthenticated,
            Self::HelloReplayed => Code::HelloReplayed,
            Self::Gap { .. } => Code::SequenceGap,
            Self::ChainBroken => Code::ChainBroken,
            Self::Forked | Self::Clone => Code::DeviceForked,
            Self::UserDisabled => Code::UserDisabled,
            Self::Revoked => Code::DeviceRevoked,
        }
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::Clone => 403,
            _ => self.code().status().unwrap_or(400),
        }
    }
}

/// What a request of a device can end in beside an answer.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// It is refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The server failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl From<ProtocolError> for SyncError {
    fn from(error: ProtocolError) -> Self {
        Self::Refused(error.into())
    }
}

impl From<DbError> for SyncError {
    fn from(error: DbError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<IdSourceError> for SyncError {
    fn from(error: IdSourceError) -> Self {
        Self::Failed(error.into())
    }
}
