//! Cases and agents by the lender's keys, for rows that name them.

use std::collections::HashMap;

use sync_core::model::{AgentId, CaseId, Zone};

use super::cell::{Row, shown};
use crate::app::App;
use crate::error::Error;
use crate::usecases::book::{load_agents, load_cases};

/// A case of the book.
#[derive(Debug, Clone)]
pub(super) struct KnownCase {
    pub(super) id: CaseId,
    pub(super) zone: Zone,
}

/// The book by its keys.
#[derive(Debug)]
pub(super) struct Known {
    cases: HashMap<String, KnownCase>,
    agents: HashMap<String, AgentId>,
}

impl Known {
    pub(super) fn load(app: &App) -> Result<Self, Error> {
        let mut known = Self { cases: HashMap::new(), agents: HashMap::new() };
        for case in load_cases(app)? {
            let found = KnownCase { id: case.row.case_id.try_into()?, zone: case.zone };
            known.cases.insert(case.row.case_ref, found);
        }
        for agent in load_agents(app)? {
            known.agents.insert(agent.row.agent_ref, agent.row.agent_id.try_into()?);
        }
        Ok(known)
    }

    /// The case that a row names.
    pub(super) fn case(&self, row: &mut Row<'_>) -> Option<KnownCase> {
        let name = row.required("case_ref", 100)?;
        let found = self.cases.get(&name).cloned();
        if found.is_none() {
            let remedy = "import the case first, or correct the reference";
            row.bad("case_ref", "unknown_case", shown(&name), remedy);
        }
        found
    }

    /// The agent that a row names.
    pub(super) fn agent(&self, row: &mut Row<'_>) -> Option<AgentId> {
        let name = row.required("agent_ref", 100)?;
        let found = self.agents.get(&name).copied();
        if found.is_none() {
            let remedy = "import the agent first, or correct the reference";
            row.bad("agent_ref", "unknown_agent", shown(&name), remedy);
        }
        found
    }
}
