//! Which cases agents were given, and by which plans they work.

use diesel::prelude::*;

use super::{Conn, ROWS};
use crate::db::rows::{AllocationRow, PublicationRow};
use crate::db::schema::{allocations, publications};
use crate::db::{DbError, Id};

/// Gives cases.
pub(in crate::db) fn insert(conn: &mut Conn, rows: &[AllocationRow]) -> Result<(), DbError> {
    for some in rows.chunks(ROWS) {
        diesel::insert_into(allocations::table).values(some).execute(conn)?;
    }
    Ok(())
}

/// Takes a case back.
pub(in crate::db) fn withdraw(
    conn: &mut Conn,
    org: Id,
    allocation: Id,
    at: i64,
    server_seq: i64,
) -> Result<(), DbError> {
    diesel::update(
        allocations::table
            .filter(allocations::org_id.eq(org).and(allocations::allocation_id.eq(allocation))),
    )
    .set((allocations::withdrawn_at.eq(at), allocations::withdrawn_seq.eq(server_seq)))
    .execute(conn)?;
    Ok(())
}

/// All allocations of cases, those that ended too.
pub(in crate::db) fn of_cases(
    conn: &mut Conn,
    org: Id,
    cases: &[Id],
) -> Result<Vec<AllocationRow>, DbError> {
    let mut found = Vec::new();
    for some in cases.chunks(ROWS) {
        found.extend(
            allocations::table
                .filter(allocations::org_id.eq(org).and(allocations::case_id.eq_any(some)))
                .order(allocations::granted_seq)
                .select(AllocationRow::as_select())
                .load(conn)?,
        );
    }
    Ok(found)
}

/// Allocations that last and came with one of `plans`.
pub(in crate::db) fn of_plans(
    conn: &mut Conn,
    org: Id,
    plans: &[Id],
) -> Result<Vec<AllocationRow>, DbError> {
    Ok(allocations::table
        .filter(allocations::org_id.eq(org).and(allocations::plan_id.eq_any(plans)))
        .filter(allocations::withdrawn_seq.is_null())
        .order(allocations::granted_seq)
        .select(AllocationRow::as_select())
        .load(conn)?)
}

/// Publications of a day, the newest first.
pub(in crate::db) fn publications_of(
    conn: &mut Conn,
    org: Id,
    date: &str,
) -> Result<Vec<PublicationRow>, DbError> {
    Ok(publications::table
        .filter(publications::org_id.eq(org).and(publications::plan_date.eq(date)))
        .order(publications::server_seq.desc())
        .select(PublicationRow::as_select())
        .load(conn)?)
}

/// Publishes a plan. One that was published before is the newest again.
pub(in crate::db) fn publish(conn: &mut Conn, row: &PublicationRow) -> Result<(), DbError> {
    diesel::insert_into(publications::table)
        .values(row)
        .on_conflict((publications::org_id, publications::plan_id))
        .do_update()
        .set((
            publications::published_at.eq(row.published_at),
            publications::published_by.eq(row.published_by),
            publications::server_seq.eq(row.server_seq),
        ))
        .execute(conn)?;
    Ok(())
}

/// The publication of a plan, if it was published.
pub(in crate::db) fn publication(
    conn: &mut Conn,
    org: Id,
    plan: Id,
) -> Result<Option<PublicationRow>, DbError> {
    Ok(publications::table
        .filter(publications::org_id.eq(org).and(publications::plan_id.eq(plan)))
        .select(PublicationRow::as_select())
        .first(conn)
        .optional()?)
}
