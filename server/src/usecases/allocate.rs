//! Gives a case to a further agent, and takes it back.

use sync_core::model::{AgentId, AllocationId, CaseId, UserId};

use super::log::{allocation, next};
use crate::app::App;
use crate::db::Id;
use crate::db::log::{AuditNote, LogQuery, LogRows};
use crate::error::Error;

/// The case and the agent with the lender's references.
///
/// # Errors
/// There is no such case or agent, or the database fails.
pub fn by_reference(
    app: &App,
    case_ref: &str,
    agent_ref: &str,
) -> Result<(CaseId, AgentId), Error> {
    let case = app.store.case_of_ref(app.org, case_ref)?;
    let case = case.ok_or_else(|| {
        Error::Unknown(format!(
            "there is no case {case_ref}: import it first, or check the spelling"
        ))
    })?;
    let agent = app.store.agent_of_ref(app.org, agent_ref)?;
    let agent = agent.ok_or_else(|| {
        Error::Unknown(format!(
            "there is no agent {agent_ref}: import it first, or check the spelling"
        ))
    })?;
    Ok((case.try_into()?, agent.try_into()?))
}

/// Gives a case to an agent. Says whether that changed anything: he or she may have it.
///
/// # Errors
/// There is no such case or agent, or the database fails.
pub fn allocate(
    app: &App,
    case: CaseId,
    agent: AgentId,
    by: Option<UserId>,
) -> Result<bool, Error> {
    if !app.store.has_agent(app.org, agent.into())? {
        return Err(Error::Unknown(format!("there is no agent {agent}")));
    }
    let (ms, random) = app.ids.parts()?;
    let id = AllocationId::from_parts(ms, random);
    change(app, (case, agent), by, Some(id.into()))
}

/// Takes a case back from an agent. Says whether that changed anything.
///
/// # Errors
/// There is no such case, or the database fails.
pub fn withdraw(
    app: &App,
    case: CaseId,
    agent: AgentId,
    by: Option<UserId>,
) -> Result<bool, Error> {
    change(app, (case, agent), by, None)
}

/// `new`: the allocation to make; else all that last are ended.
fn change(
    app: &App,
    (case, agent): (CaseId, AgentId),
    by: Option<UserId>,
    new: Option<Id>,
) -> Result<bool, Error> {
    let (case_id, agent_id) = (Id::from(case), Id::from(agent));
    let now = app.ids.clock().now().as_microsecond();
    let query = LogQuery { cases: vec![case_id], ..LogQuery::default() };
    let changed = app.store.decide(app.org, &query, |known| {
        if !known.cases.iter().any(|row| row.case_id == case_id) {
            return Ok((None, None));
        }
        let mut rows = LogRows::at(known.head);
        let lasting = known
            .allocations
            .iter()
            .filter(|row| row.withdrawn_seq.is_none() && row.agent_id == agent_id);
        let had: Vec<Id> = lasting.map(|row| row.allocation_id).collect();
        let action = match new {
            Some(_) if !had.is_empty() => return Ok((None, Some(false))),
            None if had.is_empty() => return Ok((None, Some(false))),
            Some(id) => {
                let row = allocation(&mut rows.head, id, (case_id, agent_id), now);
                rows.granted.push(row);
                "case_allocated"
            }
            None => {
                for id in had {
                    rows.withdrawn.push((id, now, next(&mut rows.head)));
                }
                "case_withdrawn"
            }
        };
        rows.audit.push(AuditNote {
            at: now,
            user_id: by.map(Id::from),
            actor: None,
            action,
            subject: format!("case {case}"),
            detail: format!("agent {agent}"),
        });
        Ok((Some(rows), Some(true)))
    })?;
    changed.ok_or_else(|| Error::Unknown(format!("there is no case {case}")))
}
