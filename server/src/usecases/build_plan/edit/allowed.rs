//! What today's book says against an edit before anything is tried: pairs, crews, what agents lack, what has to be
//! visited.

use super::apply::fault;
use super::{Edit, Fault, Verb};
use crate::usecases::build_plan::repose::Reposed;

/// The first objection to an edit of the case at `book`, by the agents on duty that it names.
pub(super) fn fault_of(
    plan: &Reposed,
    (at, edit): (usize, &Edit),
    book: usize,
    shifts: &[usize],
) -> Option<Fault> {
    let today = plan.today.cases.get(book)?;
    let name = today.row.case_ref.as_str();
    // A stop of the plan takes as many as it did when that was made.
    let two = plan.cases.get(book)?.crew() == 2;
    if edit.verb == Verb::TakeOut && today.is_mandatory() {
        let why = format!(
            "{name} has to be visited (mandatory): import the case without that before it is taken out"
        );
        return Some(fault(at, "case", "mandatory", why));
    }
    if edit.verb == Verb::Lock && two {
        let why = format!("{name} takes two agents and cannot be locked to one");
        return Some(fault(at, "case", "crew", why));
    }
    if !matches!(edit.verb, Verb::Move | Verb::PutIn) {
        return None;
    }
    match (two, shifts) {
        (true, [_]) => {
            let why = format!("{name} takes two agents who arrive together: name the other one");
            return Some(fault(at, "with", "crew", why));
        }
        (true, [one, other]) if one == other => {
            let why = format!("{name} takes two agents: name two");
            return Some(fault(at, "with", "crew", why));
        }
        (false, [_, _]) => {
            let why = format!("{name} takes one agent: leave it out");
            return Some(fault(at, "with", "too_many", why));
        }
        _ => {}
    }
    for (field, shift) in ["agent", "with"].into_iter().zip(shifts) {
        let agent = plan.today.agents.get(plan.duty.get(*shift)?.agent)?;
        let who = agent.row.agent_ref.as_str();
        if today.forbids(&agent.row) {
            let why = format!("{who} must not go to {name}: see agent_forbidden in cases.csv");
            return Some(fault(at, field, "forbidden", why));
        }
        if let Some(lack) = plan.needs.lacks(agent, today).first() {
            let why = format!("{who} {}", lack.of_case(name));
            return Some(fault(at, field, lack.code().label(), why));
        }
    }
    None
}
