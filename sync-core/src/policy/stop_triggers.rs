//! Circumstances under which nobody collects at the door, and what is done instead.

use serde::{Deserialize, Serialize};

use super::facts::CaseFacts;
use super::pack::Pack;
use super::verdict::{Reason, Rule};
use crate::model::{CaseFlag, Treatment};

/// A flag that stops collection visits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StopTrigger {
    /// The circumstance.
    pub flag: CaseFlag,
    /// What is done instead of a visit.
    pub treatment: Treatment,
}

pub(super) fn check(facts: &CaseFacts, pack: &Pack) -> Vec<Reason> {
    pack.rules
        .stop_triggers
        .iter()
        .filter(|trigger| facts.flags.contains(trigger.flag))
        .map(|trigger| Reason {
            treatment: Some(trigger.treatment),
            ..Reason::new(Rule::StopTriggers, pack, sentence(*trigger))
        })
        .collect()
}

fn sentence(trigger: StopTrigger) -> String {
    let because = match trigger.flag {
        CaseFlag::Vulnerable => "The borrower needs special care",
        CaseFlag::Dispute => "The debt is contested",
        CaseFlag::Bereaved => "There was a death in the household",
        CaseFlag::Hardship => "Hardship was reported",
        CaseFlag::NoContact => "The borrower asked for no contact",
    };
    format!("{because}: no collection visit; instead {}.", trigger.treatment.label())
}
