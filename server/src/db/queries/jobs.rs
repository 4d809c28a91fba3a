//! The queue of work, and what regular work looks for.

use diesel::prelude::*;

use super::super::claim::due;
use super::{Conn, ROWS};
use crate::db::rows::{JobRow, PromiseRow};
use crate::db::schema::{jobs, promises};
use crate::db::{DbError, Id};

/// Adds a job unless one with its id is there.
pub(in crate::db) fn add(conn: &mut Conn, row: &JobRow) -> Result<bool, DbError> {
    let added =
        diesel::insert_into(jobs::table).values(row).on_conflict_do_nothing().execute(conn)?;
    Ok(added == 1)
}

/// Claims the job that has been due longest until `until`. Those that were claimed `tries` times
/// before are given up.
pub(in crate::db) fn claim(
    conn: &mut Conn,
    org: Id,
    now: i64,
    until: i64,
    tries: i32,
) -> Result<Option<JobRow>, DbError> {
    while let Some(row) = due(conn, org, now)? {
        let spent = row.attempts >= tries;
        let after = JobRow {
            state: if spent { "failed" } else { "running" }.into(),
            attempts: if spent { row.attempts } else { row.attempts + 1 },
            claimed_until: (!spent).then_some(until),
            done_at: spent.then_some(now),
            last_error: if spent && row.last_error.is_none() {
                Some("the worker ended during each attempt".into())
            } else {
                row.last_error.clone()
            },
            ..row.clone()
        };
        write(conn, &after)?;
        if !spent {
            return Ok(Some(after));
        }
    }
    Ok(None)
}

/// Ends the claim `before`, if it is still the same one.
pub(in crate::db) fn end(
    conn: &mut Conn,
    before: &JobRow,
    after: &JobRow,
) -> Result<bool, DbError> {
    let ended = diesel::update(
        jobs::table
            .filter(jobs::org_id.eq(before.org_id).and(jobs::job_id.eq(before.job_id)))
            .filter(jobs::state.eq("running").and(jobs::attempts.eq(before.attempts))),
    )
    .set((
        jobs::state.eq(&after.state),
        jobs::run_at.eq(after.run_at),
        jobs::claimed_until.eq(after.claimed_until),
        jobs::last_error.eq(&after.last_error),
        jobs::done_at.eq(after.done_at),
    ))
    .execute(conn)?;
    Ok(ended == 1)
}

fn write(conn: &mut Conn, row: &JobRow) -> Result<(), DbError> {
    diesel::update(
        jobs::table.filter(jobs::org_id.eq(row.org_id).and(jobs::job_id.eq(row.job_id))),
    )
    .set((
        jobs::state.eq(&row.state),
        jobs::attempts.eq(row.attempts),
        jobs::claimed_until.eq(row.claimed_until),
        jobs::last_error.eq(&row.last_error),
        jobs::done_at.eq(row.done_at),
    ))
    .execute(conn)?;
    Ok(())
}

/// Removes jobs that were over before `before`, and says how many.
pub(in crate::db) fn remove_old(conn: &mut Conn, org: Id, before: i64) -> Result<usize, DbError> {
    Ok(diesel::delete(jobs::table.filter(jobs::org_id.eq(org).and(jobs::done_at.lt(before))))
        .execute(conn)?)
}

/// All promises of the cases that have one to be judged; see the method of the store.
pub(in crate::db) fn promises_to_judge(
    conn: &mut Conn,
    org: Id,
    latest: &str,
    earliest: &str,
) -> Result<Vec<PromiseRow>, DbError> {
    let not_kept = promises::state.eq_any(["broken", "part_kept"]);
    let cases: Vec<Id> = promises::table
        .filter(promises::org_id.eq(org).and(promises::due_on.le(latest)))
        .filter(promises::state.eq("open").or(not_kept.and(promises::due_on.ge(earliest))))
        .select(promises::case_id)
        .distinct()
        .order(promises::case_id)
        .load(conn)?;
    let mut found = Vec::new();
    for some in cases.chunks(ROWS) {
        found.extend(
            promises::table
                .filter(promises::org_id.eq(org).and(promises::case_id.eq_any(some)))
                .order((promises::case_id, promises::actor, promises::sequence))
                .select(PromiseRow::as_select())
                .load(conn)?,
        );
    }
    Ok(found)
}
