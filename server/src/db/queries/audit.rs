//! The audit log: appended to within the transaction that does what it tells.

use diesel::prelude::*;

use super::{Conn, heads};
use crate::db::audit::{AuditNote, audit_hash};
use crate::db::rows::AuditRow;
use crate::db::schema::{audit, sync_heads};
use crate::db::{DbError, Id};

/// Appends entries to the chain of `org`. The head of the log is locked until this transaction
/// ends, as by whoever admits ops.
pub(in crate::db) fn append(conn: &mut Conn, org: Id, notes: &[AuditNote]) -> Result<(), DbError> {
    if notes.is_empty() {
        return Ok(());
    }
    let head = heads::lock(conn, org)?;
    let (mut number, mut hash) = (head.audit_seq, head.audit_head);
    for note in notes {
        number += 1;
        let mut row = AuditRow {
            org_id: org,
            audit_seq: number,
            at: note.at,
            user_id: note.user_id,
            actor: note.actor,
            action: note.action.into(),
            subject: note.subject.clone(),
            detail: note.detail.clone(),
            hash: Vec::new(),
        };
        hash = audit_hash(&hash, &row);
        row.hash.clone_from(&hash);
        diesel::insert_into(audit::table).values(&row).execute(conn)?;
    }
    diesel::update(sync_heads::table.filter(sync_heads::org_id.eq(org)))
        .set((sync_heads::audit_seq.eq(number), sync_heads::audit_head.eq(hash)))
        .execute(conn)?;
    Ok(())
}

/// At most `limit` entries after number `after`, oldest first.
pub(in crate::db) fn after(
    conn: &mut Conn,
    org: Id,
    after: i64,
    limit: i64,
) -> Result<Vec<AuditRow>, DbError> {
    Ok(audit::table
        .filter(audit::org_id.eq(org).and(audit::audit_seq.gt(after)))
        .order(audit::audit_seq)
        .limit(limit)
        .select(AuditRow::as_select())
        .load(conn)?)
}

/// At most `limit` entries before number `before`, newest first.
pub(in crate::db) fn before(
    conn: &mut Conn,
    org: Id,
    before: i64,
    limit: i64,
) -> Result<Vec<AuditRow>, DbError> {
    Ok(audit::table
        .filter(audit::org_id.eq(org).and(audit::audit_seq.lt(before)))
        .order(audit::audit_seq.desc())
        .limit(limit)
        .select(AuditRow::as_select())
        .load(conn)?)
}

/// Number and hash of the last entry as the head has them.
pub(in crate::db) fn head(conn: &mut Conn, org: Id) -> Result<(i64, Vec<u8>), DbError> {
    let head = heads::read(conn, org)?;
    Ok((head.audit_seq, head.audit_head))
}
