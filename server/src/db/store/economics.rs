//! Reading the work of a period.

use super::Store;
use crate::db::economics::{KeyedDot, Work, WorkQuery};
use crate::db::rows::PaymentRow;
use crate::db::{DbError, Id};

impl Store {
    /// Visits, payments, promises, allocations and plans, as of one instant.
    ///
    /// # Errors
    /// The database fails.
    pub fn work(&self, org: Id, query: &WorkQuery) -> Result<Work, DbError> {
        on!(self, read, |conn, q| q::economics::work(conn, org, query))
    }

    /// The first and the last arrival of a visit (microseconds since 1970 UTC), if there is any.
    ///
    /// # Errors
    /// The database fails.
    pub fn visit_span(&self, org: Id) -> Result<Option<(i64, i64)>, DbError> {
        on!(self, read, |conn, q| q::economics::visit_span(conn, org))
    }

    /// Actor and sequence of the ops of visits, by the lender's keys.
    ///
    /// # Errors
    /// The database fails.
    pub fn visit_dots(&self, org: Id, keys: &[String]) -> Result<Vec<KeyedDot>, DbError> {
        on!(self, read, |conn, q| q::economics::visit_dots(conn, org, keys))
    }

    /// Payments and reversals by the lender's keys.
    ///
    /// # Errors
    /// The database fails.
    pub fn payments_by_source(&self, org: Id, keys: &[String]) -> Result<Vec<PaymentRow>, DbError> {
        on!(self, read, |conn, q| q::economics::payments_by_source(conn, org, keys))
    }

    /// Payments by the receipts that borrowers got.
    ///
    /// # Errors
    /// The database fails.
    pub fn payments_by_receipt(
        &self,
        org: Id,
        receipts: &[String],
    ) -> Result<Vec<PaymentRow>, DbError> {
        on!(self, read, |conn, q| q::economics::payments_by_receipt(conn, org, receipts))
    }

    /// The payment that the op of that actor and sequence took; not a reversal.
    ///
    /// # Errors
    /// The database fails.
    pub fn payment_at(&self, org: Id, dot: (i64, i64)) -> Result<Option<PaymentRow>, DbError> {
        on!(self, read, |conn, q| q::economics::payment_at(conn, org, dot))
    }
}
