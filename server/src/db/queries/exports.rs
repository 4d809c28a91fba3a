//! The log as it is handed out for comparison.

use diesel::prelude::*;

use super::Conn;
use crate::db::schema::{conflicts, kept_aside, ops, payments, visits};
use crate::db::{DbError, FieldCounts, Id};

/// Actor, sequence and body hash of at most `limit` admitted ops after `(actor, sequence)`, in
/// that order.
pub(in crate::db) fn hashes_after(
    conn: &mut Conn,
    org: Id,
    (actor, sequence): (i64, i64),
    limit: i64,
) -> Result<Vec<(i64, i64, Vec<u8>)>, DbError> {
    let later = ops::actor.gt(actor).or(ops::actor.eq(actor).and(ops::sequence.gt(sequence)));
    Ok(ops::table
        .filter(ops::org_id.eq(org).and(later))
        .order((ops::actor, ops::sequence))
        .limit(limit)
        .select((ops::actor, ops::sequence, ops::body_hash))
        .load(conn)?)
}

/// What devices have brought, and what is open. Amounts are added up outside, where overflow is seen.
pub(in crate::db) fn field_totals(conn: &mut Conn, org: Id) -> Result<FieldCounts, DbError> {
    let visits = visits::table
        .filter(visits::org_id.eq(org).and(visits::actor.gt(0)))
        .count()
        .get_result(conn)?;
    let amounts = payments::table
        .filter(payments::org_id.eq(org).and(payments::actor.gt(0)))
        .select(payments::amount_minor)
        .load(conn)?;
    let conflicts = conflicts::table
        .filter(conflicts::org_id.eq(org).and(conflicts::settled_seq.is_null()))
        .count()
        .get_result(conn)?;
    let kept_aside = kept_aside::table
        .filter(kept_aside::org_id.eq(org).and(kept_aside::released_seq.is_null()))
        .order((kept_aside::actor, kept_aside::sequence))
        .select((kept_aside::actor, kept_aside::sequence))
        .load(conn)?;
    Ok(FieldCounts { visits, amounts, conflicts, kept_aside })
}
