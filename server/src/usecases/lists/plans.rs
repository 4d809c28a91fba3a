//! Plans and what is in them.

use jiff::Timestamp;
use serde::Serialize;
use sync_core::model::{CaseId, PlanId};
use utoipa::ToSchema;

use super::{Refs, instant};
use crate::app::App;
use crate::db::rows::{PlanRow, PublicationRow};
use crate::error::Error;

/// A plan as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlanLine {
    /// Its id.
    #[schema(value_type = String, format = Uuid)]
    pub id: PlanId,
    /// The working day.
    pub date: String,
    /// Its version among the plans of the day.
    pub version: i32,
    /// When it was made.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// When it was published last, if it was.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published_at: Option<Timestamp>,
    /// Prize less all costs, in 1e-6 of the currency.
    pub profit_micro: i64,
    /// Of a plan edited by hand the version it was made from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edited_from: Option<i32>,
    /// Who edited it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edited_by: Option<String>,
    /// Where the list goes on after it.
    #[serde(skip)]
    pub key: i64,
}

impl PlanLine {
    fn of(row: &PlanRow, published: Option<&PublicationRow>) -> Result<Self, Error> {
        Ok(Self {
            id: row.plan_id.try_into()?,
            date: row.plan_date.clone(),
            version: row.version,
            created_at: instant(row.created_at),
            published_at: published.and_then(|row| instant(row.published_at)),
            profit_micro: row.profit_micro(),
            edited_from: row.edited_from,
            edited_by: row.edited_by.clone(),
            key: row.serial,
        })
    }
}

/// Plans, the newest first: at most `most`, after the one with `key`.
///
/// # Errors
/// The database fails.
pub fn plans(app: &App, key: Option<i64>, most: i64) -> Result<Vec<PlanLine>, Error> {
    let rows = app.store.list_plans(app.org, key.unwrap_or(i64::MAX), most)?;
    rows.iter().map(|(row, published)| PlanLine::of(row, published.as_ref())).collect()
}

/// A plan with its routes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlanView {
    /// The plan.
    #[serde(flatten)]
    pub plan: PlanLine,
    /// Its routes by number.
    pub routes: Vec<RouteView>,
    /// How many cases are left out.
    pub left_out: usize,
}

/// The stops of one agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RouteView {
    /// Its number.
    pub number: i32,
    /// The lender's key of the agent.
    pub agent_ref: String,
    /// When the agent leaves.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub departs_at: Option<Timestamp>,
    /// When the agent is back.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub returns_at: Option<Timestamp>,
    /// Metres of all ways.
    pub metres: i64,
    /// The stops in their order.
    pub stops: Vec<StopView>,
}

/// One planned visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct StopView {
    /// Its number in the route.
    pub number: i32,
    /// The case.
    #[schema(value_type = String, format = Uuid)]
    pub case: CaseId,
    /// The lender's key of it.
    pub case_ref: String,
    /// Beginning of the visit.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_at: Option<Timestamp>,
    /// End of the visit.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leave_at: Option<Timestamp>,
    /// Metres of the way to it.
    pub leg_metres: i64,
}

/// One plan.
///
/// # Errors
/// There is no such plan, or the database fails.
pub fn plan(app: &App, id: PlanId) -> Result<PlanView, Error> {
    let rows = app.store.plan(app.org, id.into())?;
    let rows = rows.ok_or_else(|| Error::Unknown(format!("there is no plan {id}")))?;
    let published = app.store.publication(app.org, id.into())?;
    let refs = Refs::of(app, rows.stops.iter().map(|stop| stop.case_id))?;
    let mut routes = Vec::with_capacity(rows.routes.len());
    for route in &rows.routes {
        let mut stops = Vec::new();
        for stop in rows.stops.iter().filter(|stop| stop.route_no == route.route_no) {
            stops.push(StopView {
                number: stop.stop_no,
                case: stop.case_id.try_into()?,
                case_ref: refs.case(stop.case_id),
                start_at: instant(stop.start_at),
                leave_at: instant(stop.leave_at),
                leg_metres: stop.leg_metres,
            });
        }
        routes.push(RouteView {
            number: route.route_no,
            agent_ref: refs.agent(Some(route.agent_id)).unwrap_or_default(),
            departs_at: instant(route.departs_at),
            returns_at: instant(route.returns_at),
            metres: route.metres,
            stops,
        });
    }
    let plan = PlanLine::of(&rows.plan, published.as_ref())?;
    Ok(PlanView { plan, routes, left_out: rows.left_out.len() })
}
