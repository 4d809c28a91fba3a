//! Why a store cannot be read or written.

use thiserror::Error;

/// Why a store cannot be read or written. What was committed before is still there.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StoreError {
    /// The file cannot be opened.
    #[error("store {path}: cannot be opened: {cause}")]
    Open {
        /// The file.
        path: String,
        /// What the system says.
        cause: String,
    },
    /// The file was written by a later program.
    #[error("store {path}: was written by a later version ({version}); update the app")]
    Newer {
        /// The file.
        path: String,
        /// The migration this program does not have.
        version: String,
    },
    /// Another program has it open.
    #[error("store: another program has it open; close that one")]
    InUse,
    /// There is no room.
    #[error("store: no room on the device; delete something and try again")]
    Full,
    /// What is there cannot be what was written.
    #[error("store: {what} cannot be read; restore the device or enrol it again")]
    Damaged {
        /// Which part.
        what: &'static str,
    },
    /// A number beyond what the store can hold.
    #[error("store: {value} is more than it can hold")]
    Range {
        /// The number.
        value: u64,
    },
    /// Something else.
    #[error("store: {0}")]
    Failed(String),
}
