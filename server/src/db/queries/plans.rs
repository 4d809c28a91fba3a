//! Plans: routes, stops, and the cases left out with their reasons.

use diesel::dsl::max;
use diesel::prelude::*;

use super::{Conn, organisations};
use crate::db::rows::{PlanBasisRow, PlanLeftOutRow, PlanRouteRow, PlanRow, PlanStopRow};
use crate::db::schema::{plan_basis, plan_left_out, plan_routes, plan_stops, plans};
use crate::db::{DbError, Id};

/// A plan with everything in it.
pub(in crate::db) type Whole = (PlanRow, Vec<PlanRouteRow>, Vec<PlanStopRow>, Vec<PlanLeftOutRow>);

/// Saves a plan under the next free version of its day, and returns that version.
pub(in crate::db) fn insert(
    conn: &mut Conn,
    plan: &PlanRow,
    routes: &[PlanRouteRow],
    stops: &[PlanStopRow],
    left_out: &[PlanLeftOutRow],
) -> Result<i32, DbError> {
    organisations::hold(conn, plan.org_id)?;
    let latest: Option<i32> = plans::table
        .filter(plans::org_id.eq(plan.org_id))
        .filter(plans::plan_date.eq(&plan.plan_date))
        .select(max(plans::version))
        .first(conn)?;
    let version = latest.unwrap_or(0) + 1;
    let newest: Option<i64> = plans::table
        .filter(plans::org_id.eq(plan.org_id))
        .select(max(plans::serial))
        .first(conn)?;
    let plan = PlanRow { version, serial: newest.unwrap_or(0) + 1, ..plan.clone() };
    diesel::insert_into(plans::table).values(&plan).execute(conn)?;
    for row in routes {
        diesel::insert_into(plan_routes::table).values(row).execute(conn)?;
    }
    for row in stops {
        diesel::insert_into(plan_stops::table).values(row).execute(conn)?;
    }
    for row in left_out {
        diesel::insert_into(plan_left_out::table).values(row).execute(conn)?;
    }
    Ok(version)
}

/// Keeps what a plan was posed from.
pub(in crate::db) fn insert_basis(conn: &mut Conn, row: &PlanBasisRow) -> Result<(), DbError> {
    diesel::insert_into(plan_basis::table).values(row).execute(conn)?;
    Ok(())
}

/// What a plan was posed from, if that was kept.
pub(in crate::db) fn basis(conn: &mut Conn, org: Id, id: Id) -> Result<Option<String>, DbError> {
    Ok(plan_basis::table
        .filter(plan_basis::org_id.eq(org).and(plan_basis::plan_id.eq(id)))
        .select(plan_basis::body)
        .first(conn)
        .optional()?)
}

/// Id of the plan saved last, for a day or for any. Clocks have no say in it.
pub(in crate::db) fn latest_id(
    conn: &mut Conn,
    org: Id,
    date: Option<&str>,
) -> Result<Option<Id>, DbError> {
    let mut query =
        plans::table.filter(plans::org_id.eq(org)).order(plans::serial.desc()).into_boxed();
    if let Some(date) = date {
        query = query.filter(plans::plan_date.eq(date));
    }
    Ok(query.select(plans::plan_id).first(conn).optional()?)
}

/// One plan with everything in it, if it exists.
pub(in crate::db) fn find(conn: &mut Conn, org: Id, id: Id) -> Result<Option<Whole>, DbError> {
    let plan = plans::table
        .filter(plans::org_id.eq(org).and(plans::plan_id.eq(id)))
        .select(PlanRow::as_select())
        .first(conn)
        .optional()?;
    let Some(plan) = plan else { return Ok(None) };
    let routes = plan_routes::table
        .filter(plan_routes::org_id.eq(org).and(plan_routes::plan_id.eq(id)))
        .order(plan_routes::route_no)
        .select(PlanRouteRow::as_select())
        .load(conn)?;
    let stops = plan_stops::table
        .filter(plan_stops::org_id.eq(org).and(plan_stops::plan_id.eq(id)))
        .order((plan_stops::route_no, plan_stops::stop_no, plan_stops::part_no))
        .select(PlanStopRow::as_select())
        .load(conn)?;
    let left_out = plan_left_out::table
        .filter(plan_left_out::org_id.eq(org).and(plan_left_out::plan_id.eq(id)))
        .order(plan_left_out::case_id)
        .select(PlanLeftOutRow::as_select())
        .load(conn)?;
    Ok(Some((plan, routes, stops, left_out)))
}

/// A plan without its routes and stops.
pub(in crate::db) fn one(conn: &mut Conn, org: Id, id: Id) -> Result<PlanRow, DbError> {
    Ok(plans::table
        .filter(plans::org_id.eq(org).and(plans::plan_id.eq(id)))
        .select(PlanRow::as_select())
        .first(conn)?)
}

/// Id of the plan of `date` with that version, or of the newest.
pub(in crate::db) fn of_day(
    conn: &mut Conn,
    org: Id,
    date: &str,
    version: Option<i32>,
) -> Result<Option<Id>, DbError> {
    let Some(version) = version else { return latest_id(conn, org, Some(date)) };
    Ok(plans::table
        .filter(plans::org_id.eq(org).and(plans::plan_date.eq(date)))
        .filter(plans::version.eq(version))
        .select(plans::plan_id)
        .first(conn)
        .optional()?)
}
