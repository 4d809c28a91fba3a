//! The log itself, what is kept aside, and which ops registers consist of.

use std::collections::BTreeMap;

use diesel::dsl::max;
use diesel::prelude::*;

use super::{Conn, ROWS};
use crate::db::rows::{KeptAsideRow, LiveOpRow, OpRow};
use crate::db::schema::{kept_aside, live_ops, ops};
use crate::db::{DbError, Id};

/// Appends admitted ops.
pub(in crate::db) fn insert(conn: &mut Conn, rows: &[OpRow]) -> Result<(), DbError> {
    for some in rows.chunks(ROWS) {
        diesel::insert_into(ops::table).values(some).execute(conn)?;
    }
    Ok(())
}

/// Ops by actor and sequence, as far as they are admitted.
pub(in crate::db) fn by_dots(
    conn: &mut Conn,
    org: Id,
    dots: &[(i64, i64)],
) -> Result<Vec<OpRow>, DbError> {
    let mut found = Vec::new();
    for (actor, sequences) in by_actor(dots) {
        for some in sequences.chunks(ROWS) {
            found.extend(
                ops::table
                    .filter(ops::org_id.eq(org).and(ops::actor.eq(actor)))
                    .filter(ops::sequence.eq_any(some))
                    .select(OpRow::as_select())
                    .load(conn)?,
            );
        }
    }
    Ok(found)
}

fn by_actor(dots: &[(i64, i64)]) -> BTreeMap<i64, Vec<i64>> {
    let mut of: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for (actor, sequence) in dots {
        of.entry(*actor).or_default().push(*sequence);
    }
    of
}

/// Ops of an actor with sequences from `first` to `last`.
pub(in crate::db) fn of_actor(
    conn: &mut Conn,
    org: Id,
    actor: i64,
    (first, last): (i64, i64),
) -> Result<Vec<OpRow>, DbError> {
    Ok(ops::table
        .filter(ops::org_id.eq(org).and(ops::actor.eq(actor)))
        .filter(ops::sequence.between(first, last))
        .select(OpRow::as_select())
        .load(conn)?)
}

/// The highest sequence of an actor that was received before `at`.
pub(in crate::db) fn received_before(
    conn: &mut Conn,
    org: Id,
    actor: i64,
    at: i64,
) -> Result<i64, DbError> {
    let admitted: Option<i64> = ops::table
        .filter(ops::org_id.eq(org).and(ops::actor.eq(actor)))
        .filter(ops::received_at.lt(at))
        .select(max(ops::sequence))
        .first(conn)?;
    let kept: Option<i64> = kept_aside::table
        .filter(kept_aside::org_id.eq(org).and(kept_aside::actor.eq(actor)))
        .filter(kept_aside::received_at.lt(at))
        .select(max(kept_aside::sequence))
        .first(conn)?;
    Ok(admitted.max(kept).unwrap_or(0))
}

/// All ops of a case of certain kinds, in the order of the log.
pub(in crate::db) fn of_cases(
    conn: &mut Conn,
    org: Id,
    cases: &[Id],
    kinds: &[i64],
) -> Result<Vec<OpRow>, DbError> {
    let mut found = Vec::new();
    for some in cases.chunks(ROWS) {
        found.extend(
            ops::table
                .filter(ops::org_id.eq(org).and(ops::case_id.eq_any(some)))
                .filter(ops::kind.eq_any(kinds))
                .order(ops::server_seq)
                .select(OpRow::as_select())
                .load(conn)?,
        );
    }
    Ok(found)
}

/// All ops of cases but those of `kinds`, in the order of the log.
pub(in crate::db) fn of_cases_without(
    conn: &mut Conn,
    org: Id,
    cases: &[Id],
    kinds: &[i64],
) -> Result<Vec<OpRow>, DbError> {
    let mut found = Vec::new();
    for some in cases.chunks(ROWS) {
        found.extend(
            ops::table
                .filter(ops::org_id.eq(org).and(ops::case_id.eq_any(some)))
                .filter(ops::kind.ne_all(kinds))
                .order(ops::server_seq)
                .select(OpRow::as_select())
                .load(conn)?,
        );
    }
    Ok(found)
}

/// Live ops of cases, each with the key of its register.
pub(in crate::db) fn live(
    conn: &mut Conn,
    org: Id,
    cases: &[Id],
) -> Result<Vec<(Vec<u8>, OpRow)>, DbError> {
    let mut found = Vec::new();
    for some in cases.chunks(ROWS) {
        found.extend(
            live_ops::table
                .inner_join(ops::table.on(
                    live_ops::org_id.eq(ops::org_id).and(live_ops::server_seq.eq(ops::server_seq)),
                ))
                .filter(live_ops::org_id.eq(org).and(live_ops::case_id.eq_any(some)))
                .order((live_ops::register, live_ops::server_seq))
                .select((live_ops::register, OpRow::as_select()))
                .load(conn)?,
        );
    }
    Ok(found)
}

/// Replaces the live ops of registers.
pub(in crate::db) fn replace_live(
    conn: &mut Conn,
    org: Id,
    gone: &[LiveOpRow],
    new: &[LiveOpRow],
) -> Result<(), DbError> {
    for row in gone {
        diesel::delete(
            live_ops::table
                .filter(live_ops::org_id.eq(org).and(live_ops::case_id.eq(row.case_id)))
                .filter(live_ops::register.eq(&row.register))
                .filter(live_ops::server_seq.eq(row.server_seq)),
        )
        .execute(conn)?;
    }
    for some in new.chunks(ROWS) {
        diesel::insert_into(live_ops::table).values(some).execute(conn)?;
    }
    Ok(())
}

/// Keeps ops aside; those that are there already stay as they are.
pub(in crate::db) fn keep_aside(conn: &mut Conn, rows: &[KeptAsideRow]) -> Result<(), DbError> {
    for some in rows.chunks(ROWS) {
        diesel::insert_into(kept_aside::table)
            .values(some)
            .on_conflict_do_nothing()
            .execute(conn)?;
    }
    Ok(())
}

/// Ops of an actor that are kept aside, with sequences from `first` to `last`.
pub(in crate::db) fn kept_of_actor(
    conn: &mut Conn,
    org: Id,
    actor: i64,
    (first, last): (i64, i64),
) -> Result<Vec<KeptAsideRow>, DbError> {
    Ok(kept_aside::table
        .filter(kept_aside::org_id.eq(org).and(kept_aside::actor.eq(actor)))
        .filter(kept_aside::sequence.between(first, last))
        .select(KeptAsideRow::as_select())
        .load(conn)?)
}

/// Notes which release took an op in.
pub(in crate::db) fn release(
    conn: &mut Conn,
    org: Id,
    (actor, sequence): (i64, i64),
    body_hash: &[u8],
    released_seq: i64,
) -> Result<(), DbError> {
    diesel::update(
        kept_aside::table
            .filter(kept_aside::org_id.eq(org).and(kept_aside::actor.eq(actor)))
            .filter(kept_aside::sequence.eq(sequence).and(kept_aside::body_hash.eq(body_hash))),
    )
    .set(kept_aside::released_seq.eq(released_seq))
    .execute(conn)?;
    Ok(())
}
