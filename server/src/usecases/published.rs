//! The routes of a plan by agent.

use std::collections::HashMap;

use sync_core::model::{AgentId, CaseId, PlanId};

use crate::app::App;
use crate::db::Id;
use crate::db::rows::AgentRow;
use crate::error::Error;

/// Whose route it is, and its cases in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentRoute {
    /// The agent.
    pub agent: AgentId,
    /// The lender's key of the agent.
    pub agent_ref: String,
    /// Name of the agent.
    pub agent_name: String,
    /// The cases of the stops.
    pub cases: Vec<CaseId>,
}

/// The routes of a plan by number.
///
/// # Errors
/// There is no such plan, or the database fails.
pub fn agent_routes(app: &App, plan: PlanId) -> Result<Vec<AgentRoute>, Error> {
    let rows = app.store.plan(app.org, plan.into())?;
    let rows = rows.ok_or_else(|| Error::Unknown(format!("there is no plan {plan}")))?;
    let agents: HashMap<Id, AgentRow> =
        app.store.agents(app.org)?.into_iter().map(|row| (row.agent_id, row)).collect();
    let mut routes = Vec::with_capacity(rows.routes.len());
    for route in &rows.routes {
        let Some(agent) = agents.get(&route.agent_id) else { continue };
        let stops = rows.stops.iter().filter(|stop| stop.route_no == route.route_no);
        routes.push(AgentRoute {
            agent: agent.agent_id.try_into()?,
            agent_ref: agent.agent_ref.clone(),
            agent_name: agent.name.clone(),
            cases: stops.map(|stop| stop.case_id.try_into()).collect::<Result<_, _>>()?,
        });
    }
    Ok(routes)
}
