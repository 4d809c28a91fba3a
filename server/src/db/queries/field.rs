//! What happened at the doors: the projections of the log.

use diesel::prelude::*;

use super::{Conn, ROWS};
use crate::db::log::{LogRows, VisitMade};
use crate::db::rows::{ConflictRow, FeedRow, PaymentRow, VisitRow};
use crate::db::schema::{
    case_statuses, case_tags, conflicts, contact_values, feed, payments, promises, visits,
};
use crate::db::{DbError, Id};

/// Writes the projections of one decision.
pub(in crate::db) fn write(conn: &mut Conn, org: Id, rows: &LogRows) -> Result<(), DbError> {
    for some in rows.visits.chunks(ROWS) {
        diesel::insert_into(visits::table).values(some).execute(conn)?;
    }
    for (visit, disposition) in &rows.dispositions {
        diesel::update(
            visits::table.filter(visits::org_id.eq(org).and(visits::visit_id.eq(visit))),
        )
        .set(visits::disposition.eq(disposition))
        .execute(conn)?;
    }
    for some in rows.payments.chunks(ROWS) {
        diesel::insert_into(payments::table).values(some).execute(conn)?;
    }
    write_promises(conn, rows)?;
    write_contacts(conn, org, rows)?;
    write_tags(conn, org, rows)?;
    for row in &rows.statuses {
        let c = case_statuses::table;
        diesel::delete(
            c.filter(case_statuses::org_id.eq(org).and(case_statuses::case_id.eq(row.case_id))),
        )
        .execute(conn)?;
        diesel::insert_into(c).values(row).execute(conn)?;
    }
    write_conflicts(conn, org, rows)
}

/// A promise keeps the time at which it was first made.
fn write_promises(conn: &mut Conn, rows: &LogRows) -> Result<(), DbError> {
    for row in &rows.promises {
        diesel::insert_into(promises::table)
            .values(row)
            .on_conflict((promises::org_id, promises::case_id, promises::actor, promises::sequence))
            .do_update()
            .set((
                promises::amount_minor.eq(row.amount_minor),
                promises::due_on.eq(&row.due_on),
                promises::state.eq(&row.state),
                promises::visit_actor.eq(row.visit_actor),
                promises::visit_sequence.eq(row.visit_sequence),
            ))
            .execute(conn)?;
    }
    Ok(())
}

fn write_contacts(conn: &mut Conn, org: Id, rows: &LogRows) -> Result<(), DbError> {
    let c = contact_values::table;
    for (case, field, values) in &rows.contacts {
        diesel::delete(
            c.filter(contact_values::org_id.eq(org).and(contact_values::case_id.eq(case)))
                .filter(contact_values::field.eq(field)),
        )
        .execute(conn)?;
        diesel::insert_into(c).values(values).execute(conn)?;
    }
    Ok(())
}

fn write_tags(conn: &mut Conn, org: Id, rows: &LogRows) -> Result<(), DbError> {
    let c = case_tags::table;
    for (case, tags) in &rows.tags {
        diesel::delete(c.filter(case_tags::org_id.eq(org).and(case_tags::case_id.eq(case))))
            .execute(conn)?;
        diesel::insert_into(c).values(tags).execute(conn)?;
    }
    Ok(())
}

fn write_conflicts(conn: &mut Conn, org: Id, rows: &LogRows) -> Result<(), DbError> {
    let c = conflicts::table;
    for row in &rows.conflicts {
        diesel::insert_into(c)
            .values(row)
            .on_conflict((
                conflicts::org_id,
                conflicts::case_id,
                conflicts::register,
                conflicts::actor,
                conflicts::sequence,
            ))
            .do_update()
            .set((
                conflicts::shown.eq(&row.shown),
                conflicts::other.eq(&row.other),
                conflicts::settled_seq.eq(row.settled_seq),
            ))
            .execute(conn)?;
    }
    let _ = org;
    Ok(())
}

/// Open conflicts of cases.
pub(in crate::db) fn open_conflicts(
    conn: &mut Conn,
    org: Id,
    cases: &[Id],
) -> Result<Vec<ConflictRow>, DbError> {
    let mut found = Vec::new();
    for some in cases.chunks(ROWS) {
        found.extend(
            conflicts::table
                .filter(conflicts::org_id.eq(org).and(conflicts::case_id.eq_any(some)))
                .filter(conflicts::settled_seq.is_null())
                .select(ConflictRow::as_select())
                .load(conn)?,
        );
    }
    Ok(found)
}

/// Visits of cases, by time.
pub(in crate::db) fn visits_of(
    conn: &mut Conn,
    org: Id,
    cases: &[Id],
) -> Result<Vec<VisitRow>, DbError> {
    let mut found = Vec::new();
    for some in cases.chunks(ROWS) {
        found.extend(
            visits::table
                .filter(visits::org_id.eq(org).and(visits::case_id.eq_any(some)))
                .order((visits::arrived_at, visits::visit_id))
                .select(VisitRow::as_select())
                .load(conn)?,
        );
    }
    Ok(found)
}

/// The ledger of cases.
pub(in crate::db) fn payments_of(
    conn: &mut Conn,
    org: Id,
    cases: &[Id],
) -> Result<Vec<PaymentRow>, DbError> {
    let mut found = Vec::new();
    for some in cases.chunks(ROWS) {
        found.extend(
            payments::table
                .filter(payments::org_id.eq(org).and(payments::case_id.eq_any(some)))
                .select(PaymentRow::as_select())
                .load(conn)?,
        );
    }
    Ok(found)
}

/// What went down beside the ops of cases, with one of `codes`.
pub(in crate::db) fn fed(
    conn: &mut Conn,
    org: Id,
    cases: &[Id],
    codes: &[&str],
) -> Result<Vec<FeedRow>, DbError> {
    let mut found = Vec::new();
    for some in cases.chunks(ROWS) {
        found.extend(
            feed::table
                .filter(feed::org_id.eq(org).and(feed::case_id.eq_any(some)))
                .filter(feed::code.eq_any(codes))
                .select(FeedRow::as_select())
                .load(conn)?,
        );
    }
    Ok(found)
}

/// Case, arrival, whom it found and the agent of every visit since an instant, by time.
pub(in crate::db) fn visits_since(
    conn: &mut Conn,
    org: Id,
    since: i64,
) -> Result<Vec<VisitMade>, DbError> {
    Ok(visits::table
        .filter(visits::org_id.eq(org).and(visits::arrived_at.ge(since)))
        .order((visits::arrived_at, visits::visit_id))
        .select((visits::case_id, visits::arrived_at, visits::met, visits::agent_id))
        .load(conn)?)
}

/// Statuses of all cases that have one.
pub(in crate::db) fn statuses(conn: &mut Conn, org: Id) -> Result<Vec<(Id, String)>, DbError> {
    Ok(case_statuses::table
        .filter(case_statuses::org_id.eq(org))
        .select((case_statuses::case_id, case_statuses::status))
        .load(conn)?)
}
