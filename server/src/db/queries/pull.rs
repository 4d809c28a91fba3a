//! The stream of one user: what happened to the cases of an agent, in the order of the log.
//!
//! A case is the agent's while an allocation lasts. What was given after `from` goes down as a
//! whole; everything else only for cases that were given up to `from`.

use diesel::dsl::max;
use diesel::prelude::*;

use super::{Conn, ROWS};
use crate::db::pull::{Page, Span};
use crate::db::rows::{
    AllocationRow, BorrowerRow, FeedRow, OpRow, PlanRouteRow, PlanStopRow, PublicationRow,
};
use crate::db::schema::{allocations, borrowers, feed, ops, plan_routes, plan_stops, publications};
use crate::db::{DbError, Id};

/// The code of a feed row that is no recall.
const FACTS: &str = "facts";

macro_rules! cases_known {
    ($span:expr) => {
        allocations::table
            .filter(allocations::org_id.eq($span.org).and(allocations::agent_id.eq($span.agent)))
            .filter(allocations::withdrawn_seq.is_null())
            .filter(allocations::granted_seq.le($span.from))
            .select(allocations::case_id)
    };
}

/// Recalls or, with `facts`, changed facts, after `page.after`.
pub(in crate::db) fn fed(
    conn: &mut Conn,
    span: &Span,
    page: &Page,
    facts: bool,
) -> Result<Vec<FeedRow>, DbError> {
    let mut query = feed::table
        .filter(feed::org_id.eq(span.org))
        .filter(feed::case_id.eq_any(cases_known!(span)))
        .filter(feed::server_seq.gt(page.after.max(span.from)).and(feed::server_seq.le(span.to)))
        .order(feed::server_seq)
        .limit(page.most)
        .select(FeedRow::as_select())
        .into_boxed();
    query =
        if facts { query.filter(feed::code.eq(FACTS)) } else { query.filter(feed::code.ne(FACTS)) };
    Ok(query.load(conn)?)
}

/// Allocations that ended, of cases that the agent has by none now.
pub(in crate::db) fn withdrawn(
    conn: &mut Conn,
    span: &Span,
    page: &Page,
) -> Result<Vec<AllocationRow>, DbError> {
    let lasting = diesel::alias!(allocations as lasting);
    let still = lasting
        .filter(lasting.field(allocations::org_id).eq(span.org))
        .filter(lasting.field(allocations::agent_id).eq(span.agent))
        .filter(lasting.field(allocations::withdrawn_seq).is_null())
        .select(lasting.field(allocations::case_id));
    Ok(allocations::table
        .filter(allocations::org_id.eq(span.org).and(allocations::agent_id.eq(span.agent)))
        .filter(allocations::withdrawn_seq.gt(page.after.max(span.from)))
        .filter(allocations::withdrawn_seq.le(span.to))
        .filter(allocations::case_id.ne_all(still))
        .order(allocations::withdrawn_seq)
        .limit(page.most)
        .select(AllocationRow::as_select())
        .load(conn)?)
}

/// Allocations that began and last, by when they began.
pub(in crate::db) fn granted(
    conn: &mut Conn,
    span: &Span,
    page: &Page,
) -> Result<Vec<AllocationRow>, DbError> {
    Ok(allocations::table
        .filter(allocations::org_id.eq(span.org).and(allocations::agent_id.eq(span.agent)))
        .filter(allocations::withdrawn_seq.is_null())
        .filter(allocations::granted_seq.gt(page.after.max(span.from)))
        .filter(allocations::granted_seq.le(span.to))
        .order(allocations::granted_seq)
        .limit(page.most)
        .select(AllocationRow::as_select())
        .load(conn)?)
}

/// Publications, each the newest of its day.
pub(in crate::db) fn published(
    conn: &mut Conn,
    span: &Span,
    page: &Page,
) -> Result<Vec<PublicationRow>, DbError> {
    let newest: Vec<Option<i64>> = publications::table
        .filter(publications::org_id.eq(span.org).and(publications::server_seq.le(span.to)))
        .group_by(publications::plan_date)
        .select(max(publications::server_seq))
        .load(conn)?;
    let newest: Vec<i64> = newest.into_iter().flatten().filter(|seq| *seq > span.from).collect();
    Ok(publications::table
        .filter(publications::org_id.eq(span.org).and(publications::server_seq.eq_any(newest)))
        .filter(publications::server_seq.gt(page.after))
        .order(publications::server_seq)
        .limit(page.most)
        .select(PublicationRow::as_select())
        .load(conn)?)
}

/// Ops of the agent's cases by others, and those of the device itself.
pub(in crate::db) fn admitted(
    conn: &mut Conn,
    span: &Span,
    page: &Page,
) -> Result<Vec<OpRow>, DbError> {
    let after = page.after.max(span.from);
    let mut found: Vec<OpRow> = ops::table
        .filter(ops::org_id.eq(span.org))
        .filter(ops::case_id.eq_any(cases_known!(span).select(allocations::case_id.nullable())))
        .filter(ops::server_seq.gt(after).and(ops::server_seq.le(span.to)))
        .filter(ops::actor.ne(span.actor))
        .order(ops::server_seq)
        .limit(page.most)
        .select(OpRow::as_select())
        .load(conn)?;
    let own: Vec<OpRow> = ops::table
        .filter(ops::org_id.eq(span.org).and(ops::actor.eq(span.actor)))
        .filter(ops::server_seq.gt(after).and(ops::server_seq.le(span.to)))
        .order(ops::server_seq)
        .limit(page.most)
        .select(OpRow::as_select())
        .load(conn)?;
    found.extend(own);
    found.sort_by_key(|row| row.server_seq);
    found.truncate(usize::try_from(page.most).unwrap_or(0));
    Ok(found)
}

/// The route of an agent in a plan, with its stops; none where he or she has none.
pub(in crate::db) fn route(
    conn: &mut Conn,
    org: Id,
    plan: Id,
    agent: Id,
) -> Result<Option<(PlanRouteRow, Vec<PlanStopRow>)>, DbError> {
    let route = plan_routes::table
        .filter(plan_routes::org_id.eq(org).and(plan_routes::plan_id.eq(plan)))
        .filter(plan_routes::agent_id.eq(agent))
        .select(PlanRouteRow::as_select())
        .first(conn)
        .optional()?;
    let Some(route) = route else { return Ok(None) };
    let stops = plan_stops::table
        .filter(plan_stops::org_id.eq(org).and(plan_stops::plan_id.eq(plan)))
        .filter(plan_stops::route_no.eq(route.route_no))
        .order((plan_stops::stop_no, plan_stops::part_no))
        .select(PlanStopRow::as_select())
        .load(conn)?;
    Ok(Some((route, stops)))
}

/// Borrowers by id.
pub(in crate::db) fn borrowers(
    conn: &mut Conn,
    org: Id,
    ids: &[Id],
) -> Result<Vec<BorrowerRow>, DbError> {
    let mut found = Vec::new();
    for some in ids.chunks(ROWS) {
        found.extend(
            borrowers::table
                .filter(borrowers::org_id.eq(org).and(borrowers::borrower_id.eq_any(some)))
                .select(BorrowerRow::as_select())
                .load(conn)?,
        );
    }
    Ok(found)
}
