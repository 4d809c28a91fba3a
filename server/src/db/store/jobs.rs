//! The queue of work, and what regular work looks for.

use super::Store;
use crate::db::rows::{JobRow, PromiseRow};
use crate::db::{DbError, Id};

#[expect(clippy::missing_errors_doc, reason = "each fails as the database does: see DbError")]
impl Store {
    /// Adds a job; false where one with its id is there.
    pub fn add_job(&self, row: &JobRow) -> Result<bool, DbError> {
        on!(self, write, |conn, q| q::jobs::add(conn, row))
    }

    /// Claims the job that has been due longest until `until`; those that were claimed `tries`
    /// times before are given up.
    pub fn claim_job(
        &self,
        org: Id,
        now: i64,
        until: i64,
        tries: i32,
    ) -> Result<Option<JobRow>, DbError> {
        on!(self, write, |conn, q| q::jobs::claim(conn, org, now, until, tries))
    }

    /// Ends the claim `before` as `after` says; false where it was not the same any more.
    pub fn end_claim(&self, before: &JobRow, after: &JobRow) -> Result<bool, DbError> {
        on!(self, write, |conn, q| q::jobs::end(conn, before, after))
    }

    /// Removes jobs that were over before `before`, and says how many.
    pub fn remove_old_jobs(&self, org: Id, before: i64) -> Result<usize, DbError> {
        on!(self, write, |conn, q| q::jobs::remove_old(conn, org, before))
    }

    /// All promises of the cases that have one to be judged: open and due on `latest` (YYYY-MM-DD) at
    /// the latest, or judged as not kept and due since `earliest`.
    pub fn promises_to_judge(
        &self,
        org: Id,
        latest: &str,
        earliest: &str,
    ) -> Result<Vec<PromiseRow>, DbError> {
        on!(self, read, |conn, q| q::jobs::promises_to_judge(conn, org, latest, earliest))
    }
}
