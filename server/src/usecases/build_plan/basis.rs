//! What a plan was posed from, as it is kept beside it: who was on duty and until when, at which prices, which cases
//! could have been visited and in which hours. Prizes and places are in the rows of the plan.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::candidates::Candidate;
use super::crew::{OnDuty, Prices};
use super::edit::Edit;
use super::solve::Day;
use super::terms::DayTerms;
use super::under_way::{Hold, UnderWay};
use crate::app::App;
use crate::db::Id;
use crate::db::rows::{PlanBasisRow, PlanRow};
use crate::error::Error;

/// The form of the JSON.
const FORMAT: u32 = 1;

/// Beside a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Basis {
    format: u32,
    /// Seconds at a door.
    pub(super) service_s: u32,
    pub(super) prices: Prices,
    /// Breaks, overtime and smaller terms.
    #[serde(default)]
    pub(super) terms: DayTerms,
    /// Agents on duty, also those without a route.
    pub(super) agents: Vec<AgentBasis>,
    /// Hours of cases, each set once: first and last instant at which a visit may begin, seconds since 1970.
    windows: Vec<Vec<(i64, i64)>>,
    /// Cases that could have been visited.
    pub(super) cases: Vec<CaseBasis>,
    /// What was done by hand to the version this one was made from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) edits: Vec<Edit>,
    /// When the version was made anew in the middle of the day, seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) replanned: Option<i64>,
}

/// An agent on duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AgentBasis {
    /// The lender's key.
    pub(super) agent: String,
    /// Latitude and longitude of base and end, 1e-7 degrees.
    pub(super) base: (i32, i32),
    pub(super) end: (i32, i32),
    /// First and last second, since 1970.
    pub(super) shift: (i64, i64),
    /// Languages, `en;es`.
    pub(super) languages: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) max_visits: Option<i32>,
    /// Where he or she is, once the day has begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) under_way: Option<UnderWay>,
}

/// A case that could have been visited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CaseBasis {
    /// The lender's key.
    pub(super) case: String,
    /// Index in the list of hours.
    windows: usize,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) language: Option<String>,
    /// The agent it is locked to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) only: Option<String>,
    /// The agent who was there last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) last: Option<String>,
    /// Who took it out by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) out_by: Option<String>,
    /// What has to be kept of what was said.
    #[serde(default, skip_serializing_if = "Hold::is_nothing")]
    pub(super) hold: Hold,
}

/// A candidate to be kept.
#[derive(Debug, Clone)]
pub(super) struct Kept<'a> {
    pub(super) candidate: &'a Candidate,
    /// Who took it out by hand.
    pub(super) out_by: Option<&'a str>,
}

impl Basis {
    /// Of a day with these agents on duty and candidates.
    pub(super) fn of<'a>(
        day: &Day<'_>,
        duty: &[OnDuty],
        candidates: impl Iterator<Item = Kept<'a>>,
    ) -> Self {
        let agent_ref = |agent: usize| day.agents.get(agent).map(|a| a.row.agent_ref.clone());
        let names = day.agents.iter().map(|a| (a.row.agent_id, a.row.agent_ref.as_str()));
        let by_id: HashMap<Id, &str> = names.collect();
        let agents = duty.iter().filter_map(|duty| {
            let row = &day.agents.get(duty.agent)?.row;
            Some(AgentBasis {
                agent: row.agent_ref.clone(),
                base: (row.base_lat_e7, row.base_lon_e7),
                end: (row.end_lat_e7, row.end_lon_e7),
                shift: duty.shift,
                languages: row.languages.clone(),
                max_visits: row.max_visits,
                under_way: duty.course.as_ref().map(|course| course.now),
            })
        });
        let (mut windows, mut known) = (Vec::new(), HashMap::new());
        let mut cases = Vec::new();
        for kept in candidates {
            let Some(case) = day.cases.get(kept.candidate.case) else { continue };
            let at = *known.entry(kept.candidate.windows.clone()).or_insert_with_key(|hours| {
                windows.push(hours.clone());
                windows.len() - 1
            });
            cases.push(CaseBasis {
                case: case.row.case_ref.clone(),
                windows: at,
                language: case.language.clone(),
                only: kept.candidate.only.and_then(agent_ref),
                last: case.last_agent.and_then(|id| by_id.get(&id).map(|name| (*name).to_owned())),
                out_by: kept.out_by.map(ToOwned::to_owned),
                hold: kept.candidate.hold,
            });
        }
        Self {
            format: FORMAT,
            service_s: day.service_s,
            prices: day.prices,
            terms: day.terms.clone(),
            agents: agents.collect(),
            windows,
            cases,
            edits: Vec::new(),
            replanned: None,
        }
    }

    /// As a row beside the plan.
    pub(super) fn row(&self, plan: Id, app: &App) -> Result<PlanBasisRow, Error> {
        let body = serde_json::to_string(self)
            .map_err(|e| Error::Invalid(format!("the basis of a plan: {e}; please report this")))?;
        Ok(PlanBasisRow { org_id: app.org, plan_id: plan, body })
    }

    /// Of a saved plan.
    ///
    /// # Errors
    /// The plan is of a program that kept none, or of a newer one; or the database fails.
    pub(super) fn load(app: &App, plan: &PlanRow) -> Result<Self, Error> {
        let which = format!("the plan of {}, version {},", plan.plan_date, plan.version);
        let body = app.store.plan_basis(app.org, plan.plan_id)?.ok_or_else(|| {
            Error::Outdated(format!(
                "{which} was made by an older Doorstep that did not keep hours and prices beside it: plan the \
                 day again"
            ))
        })?;
        let basis: Self = serde_json::from_str(&body).map_err(|e| {
            Error::Outdated(format!(
                "what {which} was made from cannot be read by this Doorstep ({e}): plan the day again"
            ))
        })?;
        if basis.format > FORMAT {
            return Err(Error::Outdated(format!(
                "{which} was made by a newer Doorstep: run that one"
            )));
        }
        Ok(basis)
    }

    /// Hours of a case.
    pub(super) fn hours(&self, case: &CaseBasis) -> Vec<(i64, i64)> {
        self.windows.get(case.windows).cloned().unwrap_or_default()
    }
}
