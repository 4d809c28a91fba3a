//! The next version of the day: what is done, what is left, why the rest is left out, and what it was made from.

use std::collections::{BTreeSet, HashMap};

use planner::{Figures, check};

use super::draft::{Draft, Gone};
use super::search::{Effort, Found};
use crate::app::App;
use crate::db::audit::AuditNote;
use crate::db::rows::{PlanLeftOutRow, PlanRouteRow, PlanRow, PlanStopRow};
use crate::db::{DbError, Id, PlanRows};
use crate::error::Error;
use crate::progress::Progress;
use crate::travel::Travel;
use crate::usecases::build_plan::basis::{Basis, Kept};
use crate::usecases::build_plan::candidates::Candidate;
use crate::usecases::build_plan::edit::Editor;
use crate::usecases::build_plan::reasons::{Code, LeftOutCase};
use crate::usecases::build_plan::repose::{Reposed, Saved};
use crate::usecases::build_plan::solve::{Day, Posed};
use crate::usecases::build_plan::{explain, groups, hours, mandatory, save};
use sync_core::model::PlanId;

pub(super) struct Saving<'a> {
    pub(super) app: &'a App,
    pub(super) travel: &'a Travel,
    pub(super) plan: &'a Reposed,
    pub(super) draft: &'a Draft,
    pub(super) found: &'a Found,
    pub(super) by: &'a Editor,
    pub(super) effort: Effort,
    pub(super) now: i64,
    /// How many events it was made from.
    pub(super) events: usize,
    pub(super) progress: &'a dyn Progress,
}

impl Saving<'_> {
    /// Saves the new version and answers with it.
    ///
    /// # Errors
    /// The routes do not hold or add up, which would be a mistake of this program; or the database fails.
    pub(super) fn save(&self, told: Vec<String>) -> Result<PlanRows, Error> {
        let plan = self.plan;
        let day = plan.day(self.app, self.travel);
        let inside = self.found.inside.iter().copied();
        let jobs = plan.on_the_roads(self.travel, inside, self.progress)?;
        let posed = plan.posed(&day, &jobs, self.progress)?;
        let routes = &self.found.routes;
        let left = check(&posed.problem, routes).map_err(|broken| {
            Error::Invalid(format!(
                "the plan breaks its own rules ({broken:?}); please report this"
            ))
        })?;
        let figures = plan.with_past(&left);
        let plan_id = save::plan_id(&day)?;
        let (route_rows, stops) = save::route_rows(&day, plan_id, &posed, routes)?;
        if !save::adds_up(&route_rows, &figures) {
            return Err(Error::Invalid(
                "the routes do not add up to the plan; please report this".into(),
            ));
        }
        self.progress.begin("explaining what is left out", None);
        let others = self.others()?;
        let left_out = self.left_out(plan_id, &day, &posed, &others)?;
        let notices = self.notices(&day, &route_rows, &stops, (&left_out, told))?;
        let row = self.plan_row(plan_id, &figures, &notices);
        let mut rows = PlanRows { plan: row, routes: route_rows, stops, left_out };
        let out_by = self.out_by();
        let kept = jobs
            .iter()
            .chain(&others)
            .map(|candidate| Kept { candidate, out_by: out_by.get(&candidate.case).copied() });
        let mut basis = Basis::of(&day, &plan.duty, kept);
        basis.replanned = Some(self.now);
        let basis = basis.row(plan_id, self.app)?;
        self.progress.begin("saving the plan", None);
        let note = self.note(plan_id)?;
        rows.plan.version = self.app.store.insert_plan(&rows, Some(&basis), Some(&note))?;
        Ok(rows)
    }

    /// Who took which case of the book out by hand.
    fn out_by(&self) -> HashMap<usize, &str> {
        let out = self.plan.candidates.iter();
        out.filter_map(|saved| Some((saved, saved.out_by.as_deref()?)))
            .flat_map(|(saved, who)| saved.cases().map(move |case| (case, who)))
            .collect()
    }

    /// Candidates beside those that were searched: done, waiting, or of little promise.
    fn others(&self) -> Result<Vec<Candidate>, Error> {
        let inside: BTreeSet<usize> = self.found.inside.iter().copied().collect();
        let others = (0..self.plan.candidates.len()).filter(|at| {
            let out = self.draft.gone.get(at).is_some_and(|gone| !gone.waits);
            let anchor = self.plan.candidates.get(*at).is_some_and(|saved| saved.anchor);
            !inside.contains(at) && !out && !anchor
        });
        self.plan.on_the_roads(self.travel, others, self.progress)
    }

    fn left_out(
        &self,
        plan_id: Id,
        day: &Day<'_>,
        posed: &Posed<'_>,
        others: &[Candidate],
    ) -> Result<Vec<PlanLeftOutRow>, Error> {
        let routes = &self.found.routes;
        let mut reasons = explain::left_out(day, posed, routes);
        let gone: BTreeSet<usize> = self
            .draft
            .gone
            .keys()
            .filter_map(|at| self.plan.candidates.get(*at))
            .map(|saved| saved.case)
            .collect();
        let rest: Vec<&Candidate> =
            others.iter().filter(|c| c.hold.done.is_none() && !gone.contains(&c.case)).collect();
        reasons.extend(groups::explain_rest(day, posed, routes, &rest, self.progress)?);
        let out_by = self.out_by();
        for reason in &mut reasons {
            if let Some(who) = out_by.get(&reason.case) {
                reason.code = Code::ByHand;
                reason.sentence = format!("Taken out by hand by {who}. {}", reason.sentence);
            }
        }
        reasons.extend(self.draft.gone.iter().flat_map(|(at, gone)| self.of_gone(*at, gone)));
        let mut rows = save::left_out_rows(day, plan_id, &reasons);
        let cases = self.plan.candidates.iter().flat_map(Saved::cases);
        let cases = cases.filter_map(|case| self.plan.cases.get(case));
        let told: BTreeSet<Id> = cases.map(|case| case.row.case_id).collect();
        // What a rule keeps out stays as it was said.
        let ruled = self.plan.plan.left_out.iter().filter(|row| !told.contains(&row.case_id));
        rows.extend(ruled.map(|row| PlanLeftOutRow { plan_id, ..row.clone() }));
        Ok(rows)
    }

    fn of_gone(&self, at: usize, gone: &Gone) -> Vec<LeftOutCase> {
        let parts = self.plan.candidates.get(at).into_iter().flat_map(Saved::parts);
        parts
            .map(|(case, prize)| LeftOutCase {
                case,
                code: gone.code,
                sentence: gone.sentence.clone(),
                prize: Some(prize),
                cost: None,
            })
            .collect()
    }

    /// What is told of the change first, then what was told before and still holds.
    fn notices(
        &self,
        day: &Day<'_>,
        routes: &[PlanRouteRow],
        stops: &[PlanStopRow],
        (left_out, mut notices): (&[PlanLeftOutRow], Vec<String>),
    ) -> Result<Vec<String>, Error> {
        let old: Vec<String> = serde_json::from_str(&self.plan.plan.plan.notices)
            .map_err(|e| DbError::Corrupt(format!("notices of a plan: {e}")))?;
        let zone = &self.app.settings.organisation.time_zone;
        notices.extend(self.travel.warnings());
        notices.extend(hours::notice(self.travel, routes, stops, zone));
        notices.extend(mandatory::notice(day, left_out));
        let old = old.into_iter().filter(|text| !text.starts_with(hours::BEGINNING));
        let old = old.filter(|text| !text.starts_with(mandatory::BEGINNING));
        let old: Vec<String> = old.filter(|text| !notices.contains(text)).collect();
        notices.extend(old);
        Ok(notices)
    }

    fn plan_row(&self, plan_id: Id, figures: &Figures, notices: &[String]) -> PlanRow {
        let from = &self.plan.plan.plan;
        PlanRow {
            plan_id,
            created_at: self.app.ids.clock().now().as_microsecond(),
            travel: self.travel.describe(),
            network: self.travel.fingerprint(),
            seed: i64::try_from(self.effort.seed).unwrap_or(i64::MAX),
            iterations: i64::try_from(self.effort.iterations).unwrap_or(i64::MAX),
            schedule: self.found.schedule.to_string(),
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

    fn note(&self, plan_id: Id) -> Result<AuditNote, Error> {
        let from = &self.plan.plan.plan;
        Ok(AuditNote {
            at: self.app.ids.clock().now().as_microsecond(),
            user_id: self.by.user.map(Id::from),
            actor: None,
            action: "plan_replanned",
            subject: format!("plan {}", PlanId::try_from(plan_id)?),
            detail: format!(
                "{} from version {}: {} events",
                from.plan_date, from.version, self.events
            ),
        })
    }
}
