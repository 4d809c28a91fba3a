//! Lists for people of what came back: visits, conflicts, refusals, oddities; and plans.
//!
//! Each list is asked with the key of the last item seen and gives the key with each item.

mod aside;
mod case;
mod conflicts;
mod plans;
mod visits;

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use sync_core::model::{AgentId, CaseId};

use crate::app::App;
use crate::db::Id;
use crate::error::Error;

pub use aside::{FlaggedOp, KeptOp, flagged, kept_aside};
pub use case::{CaseFile, ContactLine, PromiseLine, case_file};
pub use conflicts::{OpenConflict, conflicts};
pub(in crate::usecases) use plans::partners;
pub use plans::{BreakView, FurtherCase, PlanLine, PlanView, RouteView, StopView, plan, plans};
pub use visits::{VisitLine, Wanted, day_span, visits};

/// The references people know cases and agents by.
pub(super) struct Refs {
    pub(super) cases: HashMap<Id, String>,
    pub(super) agents: BTreeMap<Id, String>,
}

impl Refs {
    pub(super) fn of(app: &App, cases: impl Iterator<Item = Id>) -> Result<Self, Error> {
        let mut ids: Vec<Id> = cases.collect();
        ids.sort_unstable();
        ids.dedup();
        Ok(Self {
            cases: app.store.case_refs(app.org, &ids)?.into_iter().collect(),
            agents: app.store.agent_refs(app.org)?.into_iter().collect(),
        })
    }

    fn case(&self, id: Id) -> String {
        self.cases.get(&id).cloned().unwrap_or_default()
    }

    fn agent(&self, id: Option<Id>) -> Option<String> {
        self.agents.get(&id?).cloned()
    }
}

/// An instant as people read it; none for clocks that no calendar has.
pub(super) fn instant(micros: i64) -> Option<Timestamp> {
    Timestamp::from_microsecond(micros).ok()
}

/// The codes of a column.
fn codes(flagged: &str) -> Vec<String> {
    flagged.split(' ').filter(|code| !code.is_empty()).map(ToOwned::to_owned).collect()
}

/// A hash as it is listed.
///
/// # Errors
/// It has not 64 hexadecimal digits.
pub fn read_hash(text: &str) -> Result<[u8; 32], Error> {
    let bytes = of_hex(text).and_then(|bytes| bytes.try_into().ok());
    bytes.ok_or_else(|| Error::Invalid("body_hash: write the 64 digits of the list".into()))
}

/// The case that a text names: by its id, or by the lender's key.
///
/// # Errors
/// There is none, it is the id of one case and the key of another, or the database fails.
pub fn case_named(app: &App, text: &str) -> Result<CaseId, Error> {
    let by_id: Option<CaseId> = text.parse().ok();
    let by_key = app.store.case_of_ref(app.org, text)?.map(CaseId::try_from).transpose()?;
    match (by_id, by_key) {
        (Some(id), Some(key)) if id != key => {
            let ids = [Id::from(id)];
            if app.store.case_refs(app.org, &ids)?.is_empty() {
                return Ok(key);
            }
            Err(Error::Invalid(format!(
                "case: {text} is the id of one case and the case_ref of another; name the first by its \
                 case_ref, and the second by its id, {key}"
            )))
        }
        (_, Some(case)) | (Some(case), None) => Ok(case),
        (None, None) => Err(Error::Unknown(format!(
            "there is no case {text}: import it first, or check the spelling"
        ))),
    }
}

/// The agent with that key of the lender.
///
/// # Errors
/// There is none, or the database fails.
pub fn agent_named(app: &App, agent_ref: &str) -> Result<AgentId, Error> {
    let found = app.store.agent_of_ref(app.org, agent_ref)?;
    let found = found.ok_or_else(|| {
        Error::Unknown(format!(
            "there is no agent {agent_ref}: import it first, or check the spelling"
        ))
    })?;
    Ok(found.try_into()?)
}

/// The bytes of a hexadecimal text.
fn of_hex(text: &str) -> Option<Vec<u8>> {
    let byte = |at: usize| u8::from_str_radix(text.get(at..at + 2)?, 16).ok();
    (0..text.len()).step_by(2).map(byte).collect()
}
