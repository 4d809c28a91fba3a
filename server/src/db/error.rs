//! What can go wrong between the server and its database.

use std::path::PathBuf;

use diesel::result::{DatabaseErrorKind, Error as DieselError};

/// A failed database operation, with what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// `DATABASE_URL` is neither PostgreSQL nor absent.
    #[error(
        "DATABASE_URL starts with `{0}`, which is not supported: use postgres://USER:PASSWORD@HOST/NAME, \
         or unset it to use the SQLite file of the data directory"
    )]
    UnknownScheme(String),
    /// The build has no TLS and the server is on another machine.
    #[error(
        "DATABASE_URL names the host `{0}`, and this build has no TLS to the database: use a \
         server on this machine (localhost), or build with `--no-default-features --features \
         postgres-tls`"
    )]
    TlsNeeded(String),
    /// The server is on another machine and the URL does not insist on TLS.
    #[error(
        "DATABASE_URL names the host `{0}` without asking for TLS: add ?sslmode=verify-full (with \
         sslrootcert=FILE), or at least ?sslmode=require"
    )]
    SslModeNeeded(String),
    /// No connection could be had.
    #[error("{place} cannot be opened: {cause}")]
    Connect {
        /// File or host.
        place: String,
        /// Message of the driver.
        cause: String,
    },
    /// The schema is not the one this program was built for.
    #[error("the tables of {place} could not be migrated: {cause}")]
    Migrate {
        /// File or host.
        place: String,
        /// Message of the migration.
        cause: String,
    },
    /// The disk under the SQLite file is full.
    #[error("the disk that holds {0} is full: free some space or choose another --data-dir")]
    DiskFull(PathBuf),
    /// Another process holds the database for too long.
    #[error(
        "the database is busy with another doorstep command: wait until it ends and run this again"
    )]
    Busy,
    /// The tables are missing.
    #[error("the database has no tables yet, or old ones: run `doorstep migrate` first")]
    NotMigrated,
    /// A value in the database cannot be read.
    #[error("the database holds a value that this program cannot read: {0}")]
    Corrupt(String),
    /// Anything else the driver reports.
    #[error("the database refused an operation: {0}")]
    Query(#[source] DieselError),
}

impl From<DieselError> for DbError {
    fn from(error: DieselError) -> Self {
        if let DieselError::DatabaseError(kind, info) = &error {
            let text = info.message();
            // Who waits too long for a row, or is in the way of somebody who waits for his, tries again.
            let waited = ["database is locked", "lock timeout", "deadlock detected"];
            let crowded = ["too many clients", "remaining connection slots", "could not serialize"];
            if waited.iter().chain(&crowded).any(|words| text.contains(words)) {
                return Self::Busy;
            }
            if text.contains("disk is full") || text.contains("No space left") {
                return Self::DiskFull(PathBuf::from("the database"));
            }
            if text.starts_with("no such table")
                || text.starts_with("no such column")
                || (matches!(kind, DatabaseErrorKind::Unknown) && text.contains("does not exist"))
            {
                return Self::NotMigrated;
            }
        }
        if let DieselError::DeserializationError(cause) = &error {
            return Self::Corrupt(cause.to_string());
        }
        Self::Query(error)
    }
}
