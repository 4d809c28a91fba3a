//! The head of the log: one row an organisation, locked by whoever admits.

use diesel::prelude::*;
use sync_core::model::OrgId;
use sync_core::op::{Actor, Chain, OFFICE_KEY};

use super::Conn;
use crate::db::rows::{EpochRow, SyncHeadRow};
use crate::db::schema::epochs;
use crate::db::schema::sync_heads::dsl as h;
use crate::db::{DbError, Id};

/// The head, and nobody else gets it until this transaction ends: so whoever has read up to a
/// `server_seq` has missed nothing up to it. An organisation's first use makes the row.
pub(in crate::db) fn lock(conn: &mut Conn, org: Id) -> Result<SyncHeadRow, DbError> {
    if hold(conn, org)? == 0 {
        let first = first(org)?;
        diesel::insert_into(h::sync_heads).values(&first).on_conflict_do_nothing().execute(conn)?;
        hold(conn, org)?;
    }
    find(conn, org)?.ok_or_else(|| DbError::Corrupt("the head of the log is gone".into()))
}

fn hold(conn: &mut Conn, org: Id) -> Result<usize, DbError> {
    Ok(diesel::update(h::sync_heads.filter(h::org_id.eq(org)))
        .set(h::epoch.eq(h::epoch))
        .execute(conn)?)
}

/// The head of an empty log.
fn first(org: Id) -> Result<SyncHeadRow, DbError> {
    let chain = Chain::start(OrgId::try_from(org)?, Actor::OFFICE, &OFFICE_KEY);
    Ok(SyncHeadRow {
        org_id: org,
        epoch: 1,
        server_seq: 0,
        last_actor: 0,
        office_sequence: 0,
        office_head: chain.head().as_bytes().to_vec(),
        office_ms: 0,
        office_count: 0,
        audit_seq: 0,
        audit_head: vec![0; 32],
    })
}

/// The head as it is committed, if there was a first use.
pub(in crate::db) fn find(conn: &mut Conn, org: Id) -> Result<Option<SyncHeadRow>, DbError> {
    Ok(h::sync_heads
        .filter(h::org_id.eq(org))
        .select(SyncHeadRow::as_select())
        .first(conn)
        .optional()?)
}

/// As [`find`]; an empty log where there was no first use.
pub(in crate::db) fn read(conn: &mut Conn, org: Id) -> Result<SyncHeadRow, DbError> {
    find(conn, org)?.map_or_else(|| first(org), Ok)
}

/// Moves the log on. Actors and audit have their own counters in the row and are left alone.
pub(in crate::db) fn advance(conn: &mut Conn, head: &SyncHeadRow) -> Result<(), DbError> {
    diesel::update(h::sync_heads.filter(h::org_id.eq(head.org_id)))
        .set((
            h::server_seq.eq(head.server_seq),
            h::office_sequence.eq(head.office_sequence),
            h::office_head.eq(&head.office_head),
            h::office_ms.eq(head.office_ms),
            h::office_count.eq(head.office_count),
        ))
        .execute(conn)?;
    Ok(())
}

/// When a device last made the epoch rise, in microseconds since 1970 UTC.
pub(in crate::db) fn raised_by(
    conn: &mut Conn,
    org: Id,
    actor: i64,
) -> Result<Option<i64>, DbError> {
    Ok(epochs::table
        .filter(epochs::org_id.eq(org).and(epochs::actor.eq(actor)))
        .select(diesel::dsl::max(epochs::raised_at))
        .first(conn)?)
}

/// Goes on in another epoch, with all numbers further on.
pub(in crate::db) fn raise(
    conn: &mut Conn,
    head: &SyncHeadRow,
    row: &EpochRow,
) -> Result<(), DbError> {
    diesel::insert_into(epochs::table).values(row).execute(conn)?;
    diesel::update(h::sync_heads.filter(h::org_id.eq(head.org_id)))
        .set((h::epoch.eq(head.epoch), h::last_actor.eq(head.last_actor)))
        .execute(conn)?;
    advance(conn, head)
}
