//! What a plan was posed from, as it is kept beside it: who was on duty and until when, at which prices, which cases
//! could have been visited and in which hours. Prizes and places are in the rows of the plan.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::candidates::Candidate;
use super::crew::{OnDuty, Prices};
use super::edit::Edit;
use super::figures::is_nothing;
use super::solve::Day;
use super::terms::DayTerms;
use super::under_way::{Hold, UnderWay};
use crate::app::App;
use crate::db::Id;
use crate::db::rows::{CaseRow, PlanBasisRow, PlanRow};
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
    /// More for each further case of a stop.
    #[serde(default)]
    pub(super) further_s: u32,
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
    /// Skills, `court;night`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) skills: String,
    /// Certificates with their last days, `bailiff:2027-03-31`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) certificates: String,
    /// Most money that he or she may carry, minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) max_cash: Option<i64>,
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
    /// The first case of the stop, where it is a further one of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) stop_of: Option<String>,
    /// The money that a visit is expected to bring, minor units.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub(super) cash: i64,
    /// What it needs, and who may, shall or must not go.
    #[serde(default, skip_serializing_if = "Wants::is_nothing")]
    pub(super) wants: Wants,
}

/// What the book says that a visit needs, and who may, shall or must not make it; lists as the book has them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Wants {
    #[serde(skip_serializing_if = "String::is_empty")]
    skills: String,
    /// Agents who arrive together.
    #[serde(skip_serializing_if = "is_one")]
    crew: i32,
    #[serde(skip_serializing_if = "is_no")]
    mandatory: i32,
    #[serde(skip_serializing_if = "String::is_empty")]
    forbidden: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    preferred: String,
}

impl Default for Wants {
    fn default() -> Self {
        let nothing = String::new;
        Self {
            skills: nothing(),
            crew: 1,
            mandatory: 0,
            forbidden: nothing(),
            preferred: nothing(),
        }
    }
}

impl Wants {
    fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// As a row of the book has it.
    pub(super) fn of(row: &CaseRow) -> Self {
        Self {
            skills: row.skills.clone(),
            crew: row.crew,
            mandatory: row.mandatory,
            forbidden: row.agent_forbidden.clone(),
            preferred: row.agent_preferred.clone(),
        }
    }

    /// Whether a visit takes the same agents.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let needs = |wants: &Self| (wants.crew, wants.skills.clone(), wants.forbidden.clone());
        needs(self) == needs(other)
    }

    /// Puts it back.
    pub(super) fn put_back(&self, row: &mut CaseRow) {
        row.skills.clone_from(&self.skills);
        (row.crew, row.mandatory) = (self.crew, self.mandatory);
        row.agent_forbidden.clone_from(&self.forbidden);
        row.agent_preferred.clone_from(&self.preferred);
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "what serde calls")]
const fn is_one(crew: &i32) -> bool {
    *crew == 1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "what serde calls")]
const fn is_no(flag: &i32) -> bool {
    *flag == 0
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
                skills: row.skills.clone(),
                certificates: row.certificates.clone(),
                max_cash: row.max_cash_minor,
                under_way: duty.course.as_ref().map(|course| course.now),
            })
        });
        let (mut windows, mut known) = (Vec::new(), HashMap::new());
        let mut cases = Vec::new();
        for kept in candidates {
            let candidate = kept.candidate;
            let Some(first) = day.cases.get(candidate.case) else { continue };
            let at = *known.entry(candidate.windows.clone()).or_insert_with_key(|hours| {
                windows.push(hours.clone());
                windows.len() - 1
            });
            let own = std::iter::once((candidate.case, candidate.own_cash()));
            for (place, cash) in own.chain(candidate.also.iter().map(|also| (also.case, also.cash)))
            {
                let Some(case) = day.cases.get(place) else { continue };
                let further = place != candidate.case;
                let last = case.last_agent.and_then(|id| by_id.get(&id));
                cases.push(CaseBasis {
                    case: case.row.case_ref.clone(),
                    windows: at,
                    language: case.language.clone(),
                    only: candidate.only.and_then(agent_ref),
                    last: last.map(|name| (*name).to_owned()),
                    out_by: kept.out_by.map(ToOwned::to_owned),
                    hold: candidate.hold,
                    stop_of: further.then(|| first.row.case_ref.clone()),
                    cash,
                    wants: Wants::of(&case.row),
                });
            }
        }
        Self {
            format: FORMAT,
            service_s: day.service_s,
            further_s: day.further_s,
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
