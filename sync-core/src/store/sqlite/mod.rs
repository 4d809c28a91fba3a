//! The store of a phone on SQLite.

mod changes;
mod open;
mod reads;
mod schema;

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};

use super::{Change, KeptBatch, OpStore, OwnOp, StoreError, StoredCase};
use crate::model::CaseId;
use crate::op::Op;
use crate::protocol::ReceivedOp;

/// A store in one SQLite file, with its write-ahead log beside it while it is open.
///
/// A commit is synced to the disk before it returns. The file is locked: a second program that
/// opens it gets [`StoreError::InUse`]. What is deleted is overwritten.
pub struct SqliteStore {
    conn: SqliteConnection,
}

impl std::fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SqliteStore(..)")
    }
}

impl OpStore for SqliteStore {
    fn named(&mut self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        reads::named(&mut self.conn, name)
    }

    fn names(&mut self, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        reads::names(&mut self.conn, prefix)
    }

    fn own_ops(&mut self, from: u64, most: usize) -> Result<Vec<OwnOp>, StoreError> {
        reads::own_ops(&mut self.conn, from, most)
    }

    fn on_top(&mut self, case: CaseId) -> Result<Vec<Op>, StoreError> {
        reads::on_top(&mut self.conn, case)
    }

    fn case(&mut self, case: CaseId) -> Result<Option<StoredCase>, StoreError> {
        reads::case(&mut self.conn, case)
    }

    fn cases(&mut self) -> Result<Vec<StoredCase>, StoreError> {
        reads::cases(&mut self.conn)
    }

    fn ops(&mut self, case: CaseId) -> Result<Vec<ReceivedOp>, StoreError> {
        reads::ops(&mut self.conn, case)
    }

    fn batch_after(&mut self, sequence: u64) -> Result<Option<KeptBatch>, StoreError> {
        reads::batch_after(&mut self.conn, sequence)
    }

    fn commit(&mut self, changes: Vec<Change>) -> Result<(), StoreError> {
        let wiped = changes.contains(&Change::Wipe);
        // On a full disk SQLite rolls back by itself; then diesel's own rollback fails, and its
        // error would hide ours.
        let mut own = None;
        let done = self.conn.immediate_transaction(|conn| {
            changes.into_iter().try_for_each(|change| changes::make(conn, change)).map_err(
                |error| {
                    own = Some(error);
                    DieselError::RollbackTransaction
                },
            )
        });
        done.map_err(|error| own.unwrap_or_else(|| failed(&error)))?;
        if wiped {
            return open::scrub(&mut self.conn);
        }
        Ok(())
    }
}

fn failed(error: &DieselError) -> StoreError {
    let text = error.to_string();
    let locked = matches!(error, DieselError::DatabaseError(DatabaseErrorKind::Unknown, _))
        && text.contains("locked");
    if locked {
        StoreError::InUse
    } else if text.contains("disk is full") {
        StoreError::Full
    } else {
        StoreError::Failed(text)
    }
}

impl From<DieselError> for StoreError {
    fn from(error: DieselError) -> Self {
        failed(&error)
    }
}

/// A number as the database holds it.
fn big(value: u64) -> Result<i64, StoreError> {
    i64::try_from(value).map_err(|_| StoreError::Range { value })
}

/// A number the database holds.
fn small(value: i64, what: &'static str) -> Result<u64, StoreError> {
    u64::try_from(value).map_err(|_| StoreError::Damaged { what })
}
