//! Edits by hand: checked and priced at once, and saved as the next version of the plan's day.

mod allowed;
mod apply;
mod faults;

use std::collections::BTreeSet;
use std::fmt;

use planner::{Figures, Route, check};
use serde::{Deserialize, Serialize};
use sync_core::model::{PlanId, UserId};
use utoipa::ToSchema;

use super::basis::{Basis, Kept};
use super::candidates::Candidate;
use super::changes::Changes;
use super::figures::PlanFigures;
use super::reasons::{Code, LeftOutCase};
use super::repose::Reposed;
use super::solve::{Day, Posed};
use super::{groups, hours, mandatory, save};
use crate::app::App;
use crate::db::audit::AuditNote;
use crate::db::rows::{PlanLeftOutRow, PlanRow};
use crate::db::{DbError, Id, PlanRows};
use crate::error::Error;
use crate::progress::{Progress, Silent};
use crate::travel::Travel;
use apply::Draft;

/// Most edits of one version.
pub const MOST_EDITS: usize = 200;

/// What to do with a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// To another agent or place.
    Move,
    /// Onto a route.
    PutIn,
    /// Off its route.
    TakeOut,
    /// No other agent may go.
    Lock,
    /// Any agent may go.
    Unlock,
}

/// One edit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// What to do.
    #[serde(rename = "do")]
    pub verb: Verb,
    /// With which case: its id, or the lender's key.
    pub case: String,
    /// The lender's key of the agent, to `move`, `put_in` and `lock`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// Of a visit that takes two the key of the other agent, to `move` and `put_in`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<String>,
    /// The number it gets in the route, from 1; the cheapest that fits unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<usize>,
}

/// Why an edit is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Fault {
    /// Which field of the request, as `edits[0].agent`.
    pub field: String,
    /// Stable code of what it breaks: a code of a case left out, or `unknown_case`, `unknown_agent`, `not_planned`,
    /// `already_planned`, `missing`, `too_many`, `position`, `locked`, `mandatory`, `done`; of what happened on a
    /// day also `instant`, `contradiction`.
    pub rule: String,
    /// In words.
    pub detail: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} [{}]", self.field, self.detail, self.rule)
    }
}

/// Who edits.
#[derive(Debug, Clone)]
pub struct Editor {
    /// As the plan says it.
    pub name: String,
    /// The user; nobody on the command line.
    pub user: Option<UserId>,
}

/// What edits made of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct EditedPlan {
    /// The new plan.
    #[schema(value_type = String, format = Uuid)]
    pub plan: PlanId,
    /// Its day.
    pub date: String,
    /// Its version among the plans of the day.
    pub version: i32,
    /// The version that was edited.
    pub from_version: i32,
    /// Who did it.
    pub edited_by: String,
    /// What the edited version comes to, priced again.
    pub before: PlanFigures,
    /// What the new one comes to.
    pub after: PlanFigures,
    /// What was done, and what is different today from what the plan was made from.
    pub notices: Vec<String>,
}

/// The edits by hand that made a plan; none of a plan that was searched.
///
/// # Errors
/// The database fails.
pub(in crate::usecases) fn edits_of(app: &App, plan: &PlanRow) -> Result<Vec<Edit>, Error> {
    match Basis::load(app, plan) {
        Ok(basis) => Ok(basis.edits),
        Err(Error::Outdated(_)) => Ok(Vec::new()),
        Err(other) => Err(other),
    }
}

/// Edits a plan and saves the result as a new version of its day. Whatever breaks a rule is refused as a whole.
///
/// # Errors
/// There is no such plan, it does not hold on today's roads, an edit breaks a rule, or the database fails.
pub fn edit_plan(
    app: &App,
    travel: &Travel,
    plan: PlanId,
    edits: &[Edit],
    by: &Editor,
    progress: &dyn Progress,
) -> Result<EditedPlan, Error> {
    progress.begin("reading the plan", None);
    let reposed = Reposed::load(app, travel, plan.into(), &plan.to_string())?;
    let changes = Changes::of(app, travel, &reposed, None, None)?;
    let draft = Draft::new(app, travel, &reposed, edits, &changes.scores, &by.name, progress)?;
    let day = reposed.day(app, travel);
    let posed = reposed.posed(&day, &draft.jobs, progress)?;
    // Without the locks of these edits: the plan must hold before it is edited.
    let as_was = reposed.posed(&day, &draft.jobs_before, &Silent)?;
    let before = reposed.rescore(&as_was, &draft.routes_before())?;
    let (routes, spoken) = draft.apply(&posed, edits)?;
    let figures = check(&posed.problem, &routes)
        .map_err(|broken| faults::of(&broken, &draft, &posed, &routes, edits, app))?;
    let figures = reposed.with_past(&figures);
    let saved = Saving { app, travel, reposed: &reposed, draft: &draft, day: &day, by, progress };
    let mut notices = vec![format!(
        "Edited by hand by {} from version {}: {}.",
        by.name,
        reposed.plan.plan.version,
        spoken.join("; ")
    )];
    notices.extend(draft.notices.iter().cloned());
    notices.extend(changes.sentences);
    let rows = saved.save(&posed, &routes, &figures, edits, notices.clone())?;
    let as_before = PlanFigures::of(&reposed.plan);
    Ok(EditedPlan {
        plan: rows.plan.plan_id.try_into()?,
        date: rows.plan.plan_date.clone(),
        version: rows.plan.version,
        from_version: reposed.plan.plan.version,
        edited_by: by.name.clone(),
        before: as_before.priced(&before),
        after: PlanFigures::of(&rows),
        notices,
    })
}

struct Saving<'a> {
    app: &'a App,
    travel: &'a Travel,
    reposed: &'a Reposed,
    draft: &'a Draft<'a>,
    day: &'a Day<'a>,
    by: &'a Editor,
    progress: &'a dyn Progress,
}

impl Saving<'_> {
    fn save(
        &self,
        posed: &Posed<'_>,
        routes: &[Route],
        figures: &Figures,
        edits: &[Edit],
        edited: Vec<String>,
    ) -> Result<PlanRows, Error> {
        let plan_id = save::plan_id(self.day)?;
        let (route_rows, stops) = save::route_rows(self.day, plan_id, posed, routes)?;
        if !save::adds_up(&route_rows, figures) {
            return Err(Error::Invalid(
                "the routes do not add up to the plan; please report this".into(),
            ));
        }
        self.progress.begin("explaining what is left out", None);
        let planned: BTreeSet<usize> = routes
            .iter()
            .flat_map(|route| &route.jobs)
            .filter_map(|job| Some(posed.jobs.get(*job)?.case))
            .collect();
        let rest = self.rest()?;
        let all: Vec<&Candidate> = self.draft.jobs.iter().chain(&rest).collect();
        let open: Vec<&Candidate> = all
            .iter()
            .copied()
            .filter(|c| !planned.contains(&c.case) && c.hold.done.is_none())
            .collect();
        let reasons = groups::explain_rest(self.day, posed, routes, &open, self.progress)?;
        let left_out = self.left_out(plan_id, reasons, &all);
        let notices = self.notices(&route_rows, &stops, &left_out, edited)?;
        let plan = self.plan_row(plan_id, figures, &notices);
        let mut rows = PlanRows { plan, routes: route_rows, stops, left_out };
        let kept = all.iter().map(|candidate| Kept {
            candidate,
            out_by: self
                .draft
                .out_by(candidate.case)
                .filter(|_| !planned.contains(&candidate.case)),
        });
        let mut basis = Basis::of(self.day, &self.reposed.duty, kept);
        basis.edits = edits.to_vec();
        basis.replanned = self.reposed.basis.replanned;
        let basis = basis.row(plan_id, self.app)?;
        self.progress.begin("saving the plan", None);
        let note = self.note(plan_id, edits.len())?;
        rows.plan.version = self.app.store.insert_plan(&rows, Some(&basis), Some(&note))?;
        Ok(rows)
    }

    /// Candidates that were neither planned nor touched.
    fn rest(&self) -> Result<Vec<Candidate>, Error> {
        let inside: BTreeSet<usize> = self.draft.jobs.iter().map(|job| job.case).collect();
        let saved = self.reposed.candidates.iter().enumerate();
        let rest = saved.filter(|(_, saved)| !inside.contains(&saved.case)).map(|(at, _)| at);
        self.reposed.on_the_roads(self.travel, rest, self.progress)
    }

    fn left_out(
        &self,
        plan_id: Id,
        mut reasons: Vec<LeftOutCase>,
        all: &[&Candidate],
    ) -> Vec<PlanLeftOutRow> {
        for reason in &mut reasons {
            if let Some(who) = self.draft.out_by(reason.case) {
                reason.code = Code::ByHand;
                reason.sentence = format!("Taken out by hand by {who}. {}", reason.sentence);
            }
        }
        let mut rows = save::left_out_rows(self.day, plan_id, &reasons);
        let case_id = |case: &usize| self.day.cases.get(*case).map(|case| case.row.case_id);
        let told: BTreeSet<Id> =
            all.iter().flat_map(|c| c.cases()).filter_map(|c| case_id(&c)).collect();
        // What a rule keeps out stays as it was said.
        let ruled = self.reposed.plan.left_out.iter().filter(|row| !told.contains(&row.case_id));
        rows.extend(ruled.map(|row| PlanLeftOutRow { plan_id, ..row.clone() }));
        rows
    }

    /// What is told of the edit first, then what was told before and still holds.
    fn notices(
        &self,
        routes: &[crate::db::rows::PlanRouteRow],
        stops: &[crate::db::rows::PlanStopRow],
        left_out: &[PlanLeftOutRow],
        mut notices: Vec<String>,
    ) -> Result<Vec<String>, Error> {
        let old: Vec<String> = serde_json::from_str(&self.reposed.plan.plan.notices)
            .map_err(|e| DbError::Corrupt(format!("notices of a plan: {e}")))?;
        let zone = &self.app.settings.organisation.time_zone;
        notices.extend(self.travel.warnings());
        notices.extend(hours::notice(self.travel, routes, stops, zone));
        notices.extend(mandatory::notice(self.day, left_out));
        let old = old.into_iter().filter(|text| !text.starts_with(hours::BEGINNING));
        let old = old.filter(|text| !text.starts_with(mandatory::BEGINNING));
        let old: Vec<String> = old.filter(|text| !notices.contains(text)).collect();
        notices.extend(old);
        Ok(notices)
    }

    fn plan_row(&self, plan_id: Id, figures: &Figures, notices: &[String]) -> PlanRow {
        let from = &self.reposed.plan.plan;
        PlanRow {
            plan_id,
            created_at: self.app.ids.clock().now().as_microsecond(),
            travel: self.travel.describe(),
            network: self.travel.fingerprint(),
            prize_micro: figures.prize,
            travel_cost_micro: figures.travel_cost,
            time_cost_micro: figures.time_cost,
            fixed_cost_micro: figures.fixed_cost,
            overtime_cost_micro: figures.overtime_cost,
            pairing_micro: figures.pairing,
            unfairness_cost_micro: figures.unfairness_cost,
            overlap_cost_micro: figures.overlap_cost,
            notices: serde_json::Value::from(notices).to_string(),
            edited_from: Some(from.version),
            edited_by: Some(self.by.name.clone()),
            ..from.clone()
        }
    }

    fn note(&self, plan_id: Id, edits: usize) -> Result<AuditNote, Error> {
        let from = &self.reposed.plan.plan;
        Ok(AuditNote {
            at: self.app.ids.clock().now().as_microsecond(),
            user_id: self.by.user.map(Id::from),
            actor: None,
            action: "plan_edited",
            subject: format!("plan {}", PlanId::try_from(plan_id)?),
            detail: format!("{} from version {}: {edits} edits", from.plan_date, from.version),
        })
    }
}
