//! The audit log: appended to within the transaction that does what it tells.

use diesel::prelude::*;

use super::{Conn, heads};
use crate::db::audit::{AuditEnds, AuditNote, audit_hash};
use crate::db::rows::AuditRow;
use crate::db::schema::{audit, audit_marks, sync_heads, users};
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
    diesel::insert_into(audit_marks::table)
        .values((audit_marks::org_id.eq(org), audit_marks::audit_seq.eq(number)))
        .on_conflict(audit_marks::org_id)
        .do_update()
        .set(audit_marks::audit_seq.eq(number))
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

/// At most `limit` entries before number `before`, newest first; none with a number that is never
/// given out.
pub(in crate::db) fn before(
    conn: &mut Conn,
    org: Id,
    before: i64,
    limit: i64,
) -> Result<Vec<AuditRow>, DbError> {
    Ok(audit::table
        .filter(audit::org_id.eq(org).and(audit::audit_seq.lt(before)))
        .filter(audit::audit_seq.ge(1))
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

/// Where the log should begin and end, and where it does.
pub(in crate::db) fn ends(conn: &mut Conn, org: Id) -> Result<AuditEnds, DbError> {
    use diesel::dsl::{max, min};
    let head = heads::find(conn, org)?.map(|head| (head.audit_seq, head.audit_head));
    let mark = audit_marks::table
        .filter(audit_marks::org_id.eq(org))
        .select(audit_marks::audit_seq)
        .first(conn)
        .optional()?;
    let (first, last) = audit::table
        .filter(audit::org_id.eq(org))
        .select((min(audit::audit_seq), max(audit::audit_seq)))
        .first(conn)?;
    let users: i64 = users::table.filter(users::org_id.eq(org)).count().get_result(conn)?;
    Ok(AuditEnds { head, mark, first, last, used: users > 0 })
}
