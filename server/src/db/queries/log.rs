//! A decision about the log: what it reads under the lock of the head, and what it writes.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::{Conn, ROWS, allocations, audit, field, heads, ops};
use crate::db::log::{DeviceProgress, Greeting, LogKnown, LogQuery, LogRows};
use crate::db::rows::{AllocationRow, CaseRow, DeviceRow, UserRow};
use crate::db::schema::{cases, devices, feed, users};
use crate::db::{DbError, Id};

/// Kinds of add-only records: visits, payments, reversals, conflicts settled, ops released.
const RECORDS: [i64; 5] = [1, 4, 5, 10, 11];

/// Codes of recalls that say since when a circumstance is known.
const CIRCUMSTANCES: [&str; 5] = ["vulnerable", "dispute", "bereaved", "hardship", "no_contact"];

/// Locks the head and reads what was asked for.
pub(in crate::db) fn known(
    conn: &mut Conn,
    org: Id,
    query: &LogQuery,
) -> Result<LogKnown, DbError> {
    let head = heads::lock(conn, org)?;
    let asked = &query.cases;
    let read: &[Id] = if query.admits { asked } else { &[] };
    let (mut device, mut user, mut stored, mut kept) = (None, None, Vec::new(), Vec::new());
    if let Some((actor, first, last)) = query.device {
        if let Some((found, of)) = device_and_user(conn, org, actor)? {
            (device, user) = (Some(found), Some(of));
        }
        stored = ops::of_actor(conn, org, actor, (first, last))?;
        kept = ops::kept_of_actor(conn, org, actor, (first, last))?;
    }
    for (actor, sequence) in &query.kept {
        kept.extend(ops::kept_of_actor(conn, org, *actor, (*sequence, *sequence))?);
    }
    let (publications, allocations) = given(conn, org, query)?;
    Ok(LogKnown {
        heights: heights(conn, org, &query.actors)?,
        device,
        user,
        stored,
        kept,
        ops: ops::by_dots(conn, org, &query.dots)?,
        live: ops::live(conn, org, read)?,
        records: ops::of_cases(conn, org, read, &RECORDS)?,
        conflicts: field::open_conflicts(conn, org, read)?,
        visits: field::visits_of(conn, org, read)?,
        payments: field::payments_of(conn, org, read)?,
        cases: with_other_accounts(conn, org, asked)?,
        allocations,
        publications,
        recalls: field::fed(conn, org, read, &CIRCUMSTANCES)?,
        head,
    })
}

fn heights(conn: &mut Conn, org: Id, actors: &[i64]) -> Result<Vec<(i64, i64)>, DbError> {
    if actors.is_empty() {
        return Ok(Vec::new());
    }
    Ok(devices::table
        .filter(devices::org_id.eq(org).and(devices::actor.eq_any(actors)))
        .select((devices::actor, devices::sequence))
        .load(conn)?)
}

type Given = (Vec<crate::db::rows::PublicationRow>, Vec<AllocationRow>);

fn given(conn: &mut Conn, org: Id, query: &LogQuery) -> Result<Given, DbError> {
    let mut found = allocations::of_cases(conn, org, &query.cases)?;
    let Some(date) = &query.published_on else { return Ok((Vec::new(), found)) };
    let publications = allocations::publications_of(conn, org, date)?;
    let plans: Vec<Id> = publications.iter().map(|row| row.plan_id).collect();
    let seen: BTreeSet<Id> = found.iter().map(|row| row.allocation_id).collect();
    let more = allocations::of_plans(conn, org, &plans)?;
    found.extend(more.into_iter().filter(|row| !seen.contains(&row.allocation_id)));
    Ok((publications, found))
}

/// A device with its user.
pub(in crate::db) fn device_and_user(
    conn: &mut Conn,
    org: Id,
    actor: i64,
) -> Result<Option<(DeviceRow, UserRow)>, DbError> {
    Ok(devices::table
        .inner_join(
            users::table
                .on(users::org_id.eq(devices::org_id).and(users::user_id.eq(devices::user_id))),
        )
        .filter(devices::org_id.eq(org).and(devices::actor.eq(actor)))
        .select((DeviceRow::as_select(), UserRow::as_select()))
        .first(conn)
        .optional()?)
}

/// The cases and all others of their borrowers: what is true of a person holds for each of them.
pub(in crate::db) fn with_other_accounts(
    conn: &mut Conn,
    org: Id,
    asked: &[Id],
) -> Result<Vec<CaseRow>, DbError> {
    let mut found: Vec<CaseRow> = Vec::new();
    let mut seen = BTreeSet::new();
    for some in asked.chunks(ROWS) {
        let borrowers: Vec<Id> = cases::table
            .filter(cases::org_id.eq(org).and(cases::case_id.eq_any(some)))
            .select(cases::borrower_id)
            .distinct()
            .load(conn)?;
        let rows: Vec<CaseRow> = cases::table
            .filter(cases::org_id.eq(org).and(cases::borrower_id.eq_any(&borrowers)))
            .select(CaseRow::as_select())
            .load(conn)?;
        found.extend(rows.into_iter().filter(|row| seen.insert(row.case_id)));
    }
    Ok(found)
}

/// Writes a decision.
pub(in crate::db) fn write(conn: &mut Conn, org: Id, rows: &LogRows) -> Result<(), DbError> {
    heads::advance(conn, &rows.head)?;
    ops::insert(conn, &rows.ops)?;
    ops::keep_aside(conn, &rows.kept)?;
    for (dot, hash, released_seq) in &rows.released {
        ops::release(conn, org, *dot, hash, *released_seq)?;
    }
    ops::replace_live(conn, org, &rows.live_gone, &rows.live_new)?;
    field::write(conn, org, rows)?;
    for some in rows.feed.chunks(ROWS) {
        diesel::insert_into(feed::table).values(some).execute(conn)?;
    }
    allocations::insert(conn, &rows.granted)?;
    for (allocation, at, server_seq) in &rows.withdrawn {
        allocations::withdraw(conn, org, *allocation, *at, *server_seq)?;
    }
    for row in &rows.published {
        allocations::publish(conn, row)?;
    }
    if let Some(device) = &rows.device {
        progress(conn, org, device)?;
    }
    audit::append(conn, org, &rows.audit)
}

/// Revocation is another's column and is left alone.
fn progress(conn: &mut Conn, org: Id, device: &DeviceProgress) -> Result<(), DbError> {
    diesel::update(
        devices::table.filter(devices::org_id.eq(org).and(devices::actor.eq(device.actor))),
    )
    .set((
        devices::sequence.eq(device.sequence),
        devices::chain_head.eq(&device.chain_head),
        devices::admitted_ms.eq(device.admitted.0),
        devices::admitted_count.eq(device.admitted.1),
        devices::seen_at.eq(device.seen_at),
        devices::forked_at.eq(device.forked_at),
    ))
    .execute(conn)?;
    Ok(())
}

/// Notes a hello, unless one with that count or a later one was there before. Says whether it was
/// noted.
pub(in crate::db) fn greet(conn: &mut Conn, org: Id, greeting: &Greeting) -> Result<bool, DbError> {
    let noted = diesel::update(
        devices::table
            .filter(devices::org_id.eq(org).and(devices::actor.eq(greeting.actor)))
            .filter(devices::hello_count.lt(greeting.count)),
    )
    .set((
        devices::hello_count.eq(greeting.count),
        devices::offset_ms.eq(greeting.offset_ms),
        devices::app_version.eq(&greeting.app_version),
        devices::seen_at.eq(greeting.at),
    ))
    .execute(conn)?;
    Ok(noted > 0)
}
