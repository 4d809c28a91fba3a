//! Section `[replanning]`: what a change in the middle of the day is weighed by.

use serde::Deserialize;

use super::Amount;

/// Section `[replanning]`; every name may be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Replanning {
    /// What a stop must bring beyond its costs to be given to another agent.
    pub moved_stop: Amount,
    /// What becomes of a stop whose borrower was told who comes, where somebody else would have to.
    pub changed_agent: ChangedAgent,
}

/// What a change of agent means where the borrower was told a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangedAgent {
    /// The borrower is told anew, which the office has to do before the visit.
    #[default]
    NewNotice,
    /// Nobody else comes that day.
    Drop,
}

impl Default for Replanning {
    fn default() -> Self {
        Self { moved_stop: Amount::whole(1), changed_agent: ChangedAgent::NewNotice }
    }
}
