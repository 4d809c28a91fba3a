//! What is handed out of the log.

use super::Store;
use crate::db::{DbError, Id};

/// What devices have brought, and what is open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldCounts {
    /// Visits of devices.
    pub visits: i64,
    /// Payments and reversals of devices, in minor units.
    pub amounts: Vec<i64>,
    /// Conflicts nobody has settled.
    pub conflicts: i64,
    /// Actor and sequence of what is kept aside and not released.
    pub kept_aside: Vec<(i64, i64)>,
}

impl Store {
    /// Actor, sequence and body hash of at most `limit` admitted ops after `(actor, sequence)`, in
    /// that order.
    ///
    /// # Errors
    /// The database fails.
    pub fn hashes_after(
        &self,
        org: Id,
        after: (i64, i64),
        limit: i64,
    ) -> Result<Vec<(i64, i64, Vec<u8>)>, DbError> {
        on!(self, read, |conn, q| q::exports::hashes_after(conn, org, after, limit))
    }

    /// What devices have brought, and what is open.
    ///
    /// # Errors
    /// The database fails.
    pub fn field_totals(&self, org: Id) -> Result<FieldCounts, DbError> {
        on!(self, read, |conn, q| q::exports::field_totals(conn, org))
    }
}
