//! Errors, each saying what to do.

/// Why a saved index could not be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// Another kind of file.
    #[error("this is not an address file; give the file that the road build wrote")]
    NotAddresses,
    /// Written by another version of this program.
    #[error(
        "the address file has format {found}, this program reads {expected}; build the roads \
         again from the extract"
    )]
    OtherVersion {
        /// Format of the file.
        found: u32,
        /// Format of this program.
        expected: u32,
    },
    /// The file ends early.
    #[error(
        "the address file is cut short ({found} of {expected} bytes); build the roads again from \
         the extract"
    )]
    Truncated {
        /// Bytes of content found.
        found: u64,
        /// Bytes of content expected.
        expected: u64,
    },
    /// The content does not match its checksum, or contradicts itself.
    #[error("the address file is damaged ({what}); build the roads again from the extract")]
    Corrupted {
        /// What was wrong.
        what: &'static str,
    },
}
