//! Why something that was sent is refused.

use thiserror::Error;

use super::Code;
use crate::bytes::BytesError;
use crate::op::{ChainError, HeaderError};

/// Why something that was sent is refused whole. Nothing of it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ProtocolError {
    /// It begins otherwise than this version does.
    #[error("{what}: does not begin with {magic}; this program speaks version 1")]
    UnknownFormat {
        /// What was read.
        what: &'static str,
        /// What it must begin with.
        magic: &'static str,
    },
    /// The protocol versions of both sides have none in common.
    #[error("{what}: version {found} of the protocol is not spoken; update the app")]
    Version {
        /// What was read.
        what: &'static str,
        /// The version it asks for.
        found: u64,
    },
    /// It ends too early.
    #[error("{what}: is cut off; send it again, whole")]
    Cut {
        /// What was read.
        what: &'static str,
    },
    /// Something follows the end.
    #[error("{what}: bytes after the end; send one and nothing behind it")]
    Trailing {
        /// What was read.
        what: &'static str,
    },
    /// More than is allowed or announced.
    #[error("{what}: more than {allowed}; send less at once")]
    TooLarge {
        /// What was read and counted.
        what: &'static str,
        /// What is allowed or was announced.
        allowed: u64,
    },
    /// Compressed bytes that are none.
    #[error("{what}: cannot be decompressed; compress it with zstd, a window of at most 8 MiB")]
    Compression {
        /// What was read.
        what: &'static str,
    },
    /// Not canonical.
    #[error("{what}: {error}")]
    Bytes {
        /// What was read.
        what: &'static str,
        /// What is wrong.
        error: BytesError,
    },
    /// The header of an op is none.
    #[error("{what}: {error}")]
    Header {
        /// What was read.
        what: &'static str,
        /// What is wrong.
        error: HeaderError,
    },
    /// A field that must be there is not.
    #[error("{what}: {field} is missing")]
    Missing {
        /// What was read.
        what: &'static str,
        /// The name of the field.
        field: &'static str,
    },
    /// A field has a value that it cannot have.
    #[error("{what}: {field} {rule}")]
    Value {
        /// What was read.
        what: &'static str,
        /// The name of the field.
        field: &'static str,
        /// What it must be.
        rule: &'static str,
    },
    /// The signature does not hold.
    #[error("{what}: the signature does not hold; sign with the key of the device")]
    Signature {
        /// What was read.
        what: &'static str,
    },
    /// The ops are not those of the chain head after them.
    #[error("batch: the ops do not lead to the chain head that it names")]
    Chain,
    /// The ops to be sent do not follow the chain.
    #[error("batch: {0}")]
    Order(#[from] ChainError),
}

impl ProtocolError {
    /// The code of section 9.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::UnknownFormat { .. } => Code::UnknownFormat,
            Self::Version { .. } => Code::UpgradeRequired,
            Self::Cut { .. } => Code::Truncated,
            Self::Trailing { .. } => Code::TrailingBytes,
            Self::TooLarge { .. } => Code::TooLarge,
            Self::Compression { .. }
            | Self::Bytes { .. }
            | Self::Header { .. }
            | Self::Missing { .. }
            | Self::Value { .. } => Code::NotCanonical,
            Self::Signature { .. } => Code::BadSignature,
            Self::Chain | Self::Order(_) => Code::ChainBroken,
        }
    }

    /// The HTTP status of the refusal.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.code().status().unwrap_or(400)
    }
}
