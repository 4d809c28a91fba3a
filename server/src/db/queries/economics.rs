//! Visits, payments, promises, allocations and plans of a period.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::{Conn, ROWS};
use crate::db::economics::{KeyedDot, Work, WorkQuery};
use crate::db::rows::{
    AllocationRow, PaymentRow, PlanRow, PlanStopRow, PromiseRow, PublicationRow, VisitRow,
};
use crate::db::schema::{allocations, payments, plan_stops, plans, promises, publications, visits};
use crate::db::{DbError, Id};

/// All of it, as of one instant.
pub(in crate::db) fn work(conn: &mut Conn, org: Id, query: &WorkQuery) -> Result<Work, DbError> {
    let visits = visits::table
        .filter(visits::org_id.eq(org))
        .filter(
            visits::arrived_at.ge(query.visits_from).and(visits::arrived_at.lt(query.visits_to)),
        )
        .order((visits::arrived_at, visits::visit_id))
        .select(VisitRow::as_select())
        .load(conn)?;
    let payments = payments::table
        .filter(payments::org_id.eq(org))
        .filter(
            payments::paid_at.ge(query.visits_from).or(payments::reverses_sequence.is_not_null()),
        )
        .order((payments::paid_at, payments::actor, payments::sequence))
        .select(PaymentRow::as_select())
        .load(conn)?;
    let promises = promises::table
        .filter(promises::org_id.eq(org))
        .order((promises::actor, promises::sequence))
        .select(PromiseRow::as_select())
        .load(conn)?;
    let allocations = allocations::table
        .filter(allocations::org_id.eq(org))
        .filter(allocations::granted_at.lt(query.to))
        .filter(allocations::withdrawn_at.is_null().or(allocations::withdrawn_at.gt(query.from)))
        .order(allocations::allocation_id)
        .select(AllocationRow::as_select())
        .load(conn)?;
    let plans = plans_of(conn, org, query)?;
    let mut stops = Vec::new();
    for some in plans.chunks(ROWS) {
        let ids: Vec<Id> = some.iter().map(|plan| plan.plan_id).collect();
        stops.extend(
            plan_stops::table
                .filter(plan_stops::org_id.eq(org).and(plan_stops::plan_id.eq_any(ids)))
                .order((
                    plan_stops::plan_id,
                    plan_stops::route_no,
                    plan_stops::stop_no,
                    plan_stops::part_no,
                ))
                .select(PlanStopRow::as_select())
                .load::<PlanStopRow>(conn)?,
        );
    }
    Ok(Work { visits, payments, promises, allocations, plans, stops })
}

/// Of each day the plan published last. Before anything was published, of each day the newest.
fn plans_of(conn: &mut Conn, org: Id, query: &WorkQuery) -> Result<Vec<PlanRow>, DbError> {
    let all: Vec<PlanRow> = plans::table
        .filter(plans::org_id.eq(org))
        .filter(plans::plan_date.ge(&query.first_day).and(plans::plan_date.le(&query.last_day)))
        .order(plans::serial)
        .select(PlanRow::as_select())
        .load(conn)?;
    let published: Vec<PublicationRow> = publications::table
        .filter(publications::org_id.eq(org))
        .order(publications::server_seq)
        .select(PublicationRow::as_select())
        .load(conn)?;
    let worked_by: BTreeMap<&str, Id> =
        published.iter().map(|row| (row.plan_date.as_str(), row.plan_id)).collect();
    let mut of_day: BTreeMap<String, PlanRow> = BTreeMap::new();
    for plan in all {
        if published.is_empty() || worked_by.get(plan.plan_date.as_str()) == Some(&plan.plan_id) {
            of_day.insert(plan.plan_date.clone(), plan);
        }
    }
    Ok(of_day.into_values().collect())
}

/// The first and the last arrival.
pub(in crate::db) fn visit_span(conn: &mut Conn, org: Id) -> Result<Option<(i64, i64)>, DbError> {
    use diesel::dsl::{max, min};
    let (first, last): (Option<i64>, Option<i64>) = visits::table
        .filter(visits::org_id.eq(org))
        .select((min(visits::arrived_at), max(visits::arrived_at)))
        .first(conn)?;
    Ok(first.zip(last))
}

/// Actor and sequence of visits by the lender's keys.
pub(in crate::db) fn visit_dots(
    conn: &mut Conn,
    org: Id,
    keys: &[String],
) -> Result<Vec<KeyedDot>, DbError> {
    let mut found = Vec::new();
    for some in keys.chunks(ROWS) {
        let rows: Vec<(Option<String>, i64, i64)> = visits::table
            .filter(visits::org_id.eq(org).and(visits::source_ref.eq_any(some)))
            .select((visits::source_ref, visits::actor, visits::sequence))
            .load(conn)?;
        found.extend(rows.into_iter().filter_map(|(key, a, s)| Some((key?, (a, s)))));
    }
    Ok(found)
}

/// Payments and reversals by the lender's keys.
pub(in crate::db) fn payments_by_source(
    conn: &mut Conn,
    org: Id,
    keys: &[String],
) -> Result<Vec<PaymentRow>, DbError> {
    let mut found = Vec::new();
    for some in keys.chunks(ROWS) {
        found.extend(
            payments::table
                .filter(payments::org_id.eq(org).and(payments::source_ref.eq_any(some)))
                .select(PaymentRow::as_select())
                .load::<PaymentRow>(conn)?,
        );
    }
    Ok(found)
}

/// Payments by the receipts that borrowers got.
pub(in crate::db) fn payments_by_receipt(
    conn: &mut Conn,
    org: Id,
    receipts: &[String],
) -> Result<Vec<PaymentRow>, DbError> {
    let mut found = Vec::new();
    for some in receipts.chunks(ROWS) {
        found.extend(
            payments::table
                .filter(payments::org_id.eq(org).and(payments::receipt.eq_any(some)))
                .select(PaymentRow::as_select())
                .load::<PaymentRow>(conn)?,
        );
    }
    Ok(found)
}

/// The payment that an op took; not a reversal.
pub(in crate::db) fn payment_at(
    conn: &mut Conn,
    org: Id,
    (actor, sequence): (i64, i64),
) -> Result<Option<PaymentRow>, DbError> {
    Ok(payments::table
        .filter(payments::org_id.eq(org).and(payments::actor.eq(actor)))
        .filter(payments::sequence.eq(sequence).and(payments::reverses_sequence.is_null()))
        .select(PaymentRow::as_select())
        .first(conn)
        .optional()?)
}
