//! Canonical bytes: everything that is hashed or signed has exactly one encoding.
//!
//! The encoding is section 2 of `server/docs/SYNC.md`: numbers are LEB128 in their shortest form,
//! records are fields with strictly growing tags, lists have one type of item. The reader accepts
//! what the writer writes and nothing else, borrows from what it reads, and never allocates more
//! than in proportion to the bytes that are there, whatever lengths these claim.
//!
//! ```
//! use sync_core::bytes::{RecordReader, RecordWriter};
//! let mut written = RecordWriter::new();
//! written.uvarint(1, 300).text(2, "door").ivarint(7, -1);
//! let bytes = written.finish();
//! assert_eq!(bytes, [0x08, 0xac, 0x02, 0x12, 0x04, b'd', b'o', b'o', b'r', 0x39, 0x01]);
//!
//! // A program that knows tags 1 and 2 only.
//! let mut record = RecordReader::new(&bytes);
//! assert_eq!(record.uvarint(1)?, Some(300));
//! assert_eq!(record.text(2)?, Some("door"));
//! let unknown = record.finish()?;
//! let mut again = RecordWriter::with_unknown(&unknown);
//! again.uvarint(1, 300).text(2, "door");
//! assert_eq!(again.finish(), bytes);
//! # Ok::<(), sync_core::bytes::BytesError>(())
//! ```

mod list;
mod reader;
mod record;
mod unknown;
mod writer;

pub use list::{List, ListReader};
pub use reader::Reader;
pub use record::RecordReader;
pub use unknown::Unknown;
pub use writer::{RecordWriter, put_bytes, put_ivarint, put_uvarint};

use thiserror::Error;

/// Why bytes are not canonical. Places are counted in bytes from the start of the innermost value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum BytesError {
    /// A value ends after the bytes do.
    #[error("at byte {at}: the value is cut off; send it whole")]
    Cut {
        /// Where the value begins.
        at: usize,
    },
    /// Something follows the last value.
    #[error("at byte {at}: bytes after the end; send one value and nothing behind it")]
    Trailing {
        /// Where the end should be.
        at: usize,
    },
    /// A number in more bytes than it needs.
    #[error("at byte {at}: the number is longer than it has to be; use the shortest form")]
    LongForm {
        /// Where the number begins.
        at: usize,
    },
    /// A number beyond 64 bits.
    #[error("at byte {at}: the number does not fit in 64 bits")]
    TooWide {
        /// Where the number begins.
        at: usize,
    },
    /// A tag that is not higher than the one before.
    #[error("at byte {at}: tag {tag} after tag {before}; tags must grow strictly")]
    TagOrder {
        /// Where the field begins.
        at: usize,
        /// The tag of the field.
        tag: u64,
        /// The tag of the field before.
        before: u64,
    },
    /// A type beyond those of section 2.
    #[error("at byte {at}: there is no type {number}; types are 0 to 4")]
    NoType {
        /// Where the type stands.
        at: usize,
        /// What stands there.
        number: u64,
    },
    /// A field, or the items of a list, of another type than this program knows them with.
    #[error("tag {tag}: the type is {found:?}, and it must be {expected:?}")]
    WrongType {
        /// The tag of the field.
        tag: u64,
        /// The type it must have.
        expected: Type,
        /// The type it has.
        found: Type,
    },
    /// Bytes of another length than the field has.
    #[error("tag {tag}: {found} bytes, and it must be {expected}")]
    WrongLength {
        /// The tag of the field.
        tag: u64,
        /// The length it must have, in bytes.
        expected: usize,
        /// The length it has, in bytes.
        found: usize,
    },
    /// A text that is not UTF-8.
    #[error("at byte {at}: the text is not UTF-8")]
    NotText {
        /// Where the text begins.
        at: usize,
    },
}

/// The type of a field or of the items of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Type {
    /// An unsigned number of 64 bits.
    Uvarint,
    /// A signed number of 64 bits.
    Ivarint,
    /// Bytes, or a text in UTF-8.
    Bytes,
    /// A record, written as bytes.
    Record,
    /// A list, written as bytes.
    List,
}

impl Type {
    /// All types in the order of their numbers.
    pub const ALL: [Self; 5] =
        [Self::Uvarint, Self::Ivarint, Self::Bytes, Self::Record, Self::List];

    /// The number it is written with.
    #[must_use]
    pub const fn number(self) -> u64 {
        match self {
            Self::Uvarint => 0,
            Self::Ivarint => 1,
            Self::Bytes => 2,
            Self::Record => 3,
            Self::List => 4,
        }
    }

    /// The type with that number, if there is one.
    #[must_use]
    pub const fn of_number(number: u64) -> Option<Self> {
        match number {
            0 => Some(Self::Uvarint),
            1 => Some(Self::Ivarint),
            2 => Some(Self::Bytes),
            3 => Some(Self::Record),
            4 => Some(Self::List),
            _ => None,
        }
    }
}

/// Bytes as hexadecimal digits, two for each, in lower case.
///
/// ```
/// assert_eq!(sync_core::bytes::hex(&[0x0a, 0xff]), "0aff");
/// ```
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
