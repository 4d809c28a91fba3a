//! Plans and what is in them.

use std::collections::HashMap;

use jiff::Timestamp;
use serde::Serialize;
use sync_core::model::{CaseId, PlanId};
use utoipa::ToSchema;

use super::{Refs, instant};
use crate::app::App;
use crate::db::rows::{PlanRow, PublicationRow};
use crate::db::{Id, PlanRows};
use crate::error::Error;
use crate::usecases::breaks;
use crate::usecases::build_plan::{done_of, is_nothing};

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
    /// Seconds of overtime; left out where there are none.
    #[serde(skip_serializing_if = "is_nothing")]
    pub overtime_s: i64,
    /// Breaks in their order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub breaks: Vec<BreakView>,
    /// The stops in their order.
    pub stops: Vec<StopView>,
}

/// A break of an agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct BreakView {
    /// After how many stops.
    pub after_stop: i32,
    /// Beginning.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// End.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Timestamp>,
    /// Whether it is paid.
    pub paid: bool,
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
    /// Further cases of the borrower that the visit is for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<FurtherCase>,
    /// The lender's key of the agent who arrives at the same time, if the visit takes two.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_agent: Option<String>,
    /// Of a plan that was made anew in the middle of its day whether the visit was made or begun by then, and how
    /// that is known: `recorded`, `given` (somebody said so) or `assumed` (the plan says so).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub done: Option<String>,
}

/// A further case at a stop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FurtherCase {
    /// The case.
    #[schema(value_type = String, format = Uuid)]
    pub case: CaseId,
    /// The lender's key of it.
    pub case_ref: String,
}

/// The other agent of each stop of two, by case and route; `names` are the keys of agents.
pub(in crate::usecases) fn partners(
    plan: &PlanRows,
    names: &HashMap<Id, &str>,
) -> HashMap<(Id, i32), String> {
    let agents: HashMap<i32, Id> = plan.routes.iter().map(|r| (r.route_no, r.agent_id)).collect();
    let mut routes: HashMap<Id, Vec<i32>> = HashMap::new();
    for stop in &plan.stops {
        routes.entry(stop.case_id).or_default().push(stop.route_no);
    }
    let mut found = HashMap::new();
    for (case, routes) in routes {
        let [one, other] = routes[..] else { continue };
        for (own, with) in [(one, other), (other, one)] {
            let name = agents.get(&with).and_then(|agent| names.get(agent));
            found.extend(name.map(|name| ((case, own), (*name).to_owned())));
        }
    }
    found
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
    let names = refs.agents.iter().map(|(id, name)| (*id, name.as_str())).collect();
    let partners = partners(&rows, &names);
    let done = done_of(app, &rows.plan)?;
    let mut routes = Vec::with_capacity(rows.routes.len());
    for route in &rows.routes {
        let mut stops: Vec<StopView> = Vec::new();
        for stop in rows.stops.iter().filter(|stop| stop.route_no == route.route_no) {
            let case_ref = refs.case(stop.case_id);
            if let Some(first) = stops.last_mut().filter(|_| stop.part_no > 1) {
                first.also.push(FurtherCase { case: stop.case_id.try_into()?, case_ref });
                continue;
            }
            stops.push(StopView {
                number: stop.stop_no,
                case: stop.case_id.try_into()?,
                done: done.get(&case_ref).map(|how| (*how).to_owned()),
                case_ref,
                start_at: instant(stop.start_at),
                leave_at: instant(stop.leave_at),
                leg_metres: stop.leg_metres,
                also: Vec::new(),
                with_agent: partners.get(&(stop.case_id, stop.route_no)).cloned(),
            });
        }
        routes.push(RouteView {
            number: route.route_no,
            agent_ref: refs.agent(Some(route.agent_id)).unwrap_or_default(),
            departs_at: instant(route.departs_at),
            returns_at: instant(route.returns_at),
            metres: route.metres,
            overtime_s: route.overtime_s,
            breaks: breaks::read(route)?
                .iter()
                .map(|rest| BreakView {
                    after_stop: rest.after,
                    from: instant(rest.from),
                    to: instant(rest.to),
                    paid: rest.paid,
                })
                .collect(),
            stops,
        });
    }
    let plan = PlanLine::of(&rows.plan, published.as_ref())?;
    Ok(PlanView { plan, routes, left_out: rows.left_out.len() })
}
