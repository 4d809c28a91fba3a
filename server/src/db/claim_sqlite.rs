//! The next job on SQLite: whoever writes has the file alone, so nobody else is looking at it.

use diesel::prelude::*;

use super::Conn;
use crate::db::rows::JobRow;
use crate::db::schema::jobs;
use crate::db::{DbError, Id};

/// The job that has been due longest, and is not claimed or whose claim is over.
pub(super) fn due(conn: &mut Conn, org: Id, now: i64) -> Result<Option<JobRow>, DbError> {
    Ok(jobs::table
        .filter(jobs::org_id.eq(org).and(jobs::state.eq_any(["queued", "running"])))
        .filter(jobs::run_at.le(now))
        .filter(jobs::claimed_until.is_null().or(jobs::claimed_until.le(now)))
        .order((jobs::run_at, jobs::job_id))
        .select(JobRow::as_select())
        .first(conn)
        .optional()?)
}
