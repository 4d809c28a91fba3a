//! Carries edits out on a list of routes.

use std::collections::{BTreeMap, BTreeSet};

use planner::{Meeting, Problem, Route, check};

use super::{Edit, Fault, MOST_EDITS, Verb, allowed};
use crate::app::App;
use crate::db::Id;
use crate::error::Error;
use crate::progress::Progress;
use crate::travel::Travel;
use crate::usecases::build_plan::candidates::{Candidate, judge};
use crate::usecases::build_plan::changes::TodayRules;
use crate::usecases::build_plan::crew::OnDuty;
use crate::usecases::build_plan::meetings;
use crate::usecases::build_plan::reasons::Code;
use crate::usecases::build_plan::repose::{Reposed, place_in};
use crate::usecases::build_plan::solve::{Posed, apart};
use crate::usecases::build_plan::stops::{common, earlier};
use crate::usecases::lists::case_named;
use crate::usecases::score_cases::CaseScore;

/// The plan's stops and the cases of the edits, with the locks as they shall be.
pub(super) struct Draft<'a> {
    pub(super) plan: &'a Reposed,
    /// Stops, then further cases of the edits.
    pub(super) jobs: Vec<Candidate>,
    /// The same with locks and hours as they were.
    pub(super) jobs_before: Vec<Candidate>,
    /// Indices of jobs by agent on duty, before the edits.
    routes: Vec<Vec<usize>>,
    /// When the visits of two begin, before the edits.
    met: BTreeSet<(usize, i64)>,
    /// The job of each edit, and the agents on duty where it names any.
    targets: Vec<(usize, Vec<usize>)>,
    /// Who took which case of the book out.
    out_by: BTreeMap<usize, String>,
    /// What was taken from today's book.
    pub(super) notices: Vec<String>,
}

pub(super) fn fault(at: usize, field: &str, rule: &str, detail: impl Into<String>) -> Fault {
    let field =
        if field.is_empty() { format!("edits[{at}]") } else { format!("edits[{at}].{field}") };
    Fault { field, rule: rule.into(), detail: detail.into() }
}

impl<'a> Draft<'a> {
    /// Finds cases and agents, and asks today's rules about the cases that shall be visited.
    pub(super) fn new(
        app: &App,
        travel: &Travel,
        plan: &'a Reposed,
        edits: &[Edit],
        scores: &[CaseScore],
        by: &str,
        progress: &dyn Progress,
    ) -> Result<Self, Error> {
        check_number(edits)?;
        let (planned, routes) = plan.planned();
        let mut draft = Self {
            plan,
            jobs: plan.on_the_roads(travel, planned.into_iter(), progress)?,
            jobs_before: Vec::new(),
            routes: vec![Vec::new(); plan.duty.len()],
            met: BTreeSet::new(),
            targets: Vec::with_capacity(edits.len()),
            out_by: plan
                .candidates
                .iter()
                .filter_map(|saved| Some((saved, saved.out_by.clone()?)))
                .flat_map(|(saved, who)| saved.cases().map(move |case| (case, who.clone())))
                .collect(),
            notices: Vec::new(),
        };
        for route in routes {
            draft.met.extend(route.meetings.iter().map(|meeting| (meeting.job, meeting.start)));
            if let Some(own) = draft.routes.get_mut(route.shift) {
                *own = route.jobs;
            }
        }
        let asked = Asking { app, travel, scores, rules: TodayRules::load(app, plan)?, progress };
        let (mut faults, mut fresh) = (Vec::new(), Vec::new());
        for (at, edit) in edits.iter().enumerate() {
            match draft.target(at, edit, &asked, &mut fresh)? {
                Ok(target) => draft.targets.push(target),
                Err(fault) => faults.push(fault),
            }
        }
        if !faults.is_empty() {
            return Err(Error::Edits(faults));
        }
        // What has to be visited and was in no route is not asked of the edits.
        let planned: BTreeSet<usize> = draft.routes.iter().flatten().copied().collect();
        for (at, job) in draft.jobs.iter_mut().enumerate() {
            job.mandatory &= planned.contains(&at);
        }
        draft.jobs_before.clone_from(&draft.jobs);
        draft.take_today(fresh);
        draft.lock(edits, by);
        Ok(draft)
    }

    /// The job and the agent that an edit is about.
    fn target(
        &mut self,
        at: usize,
        edit: &Edit,
        asking: &Asking<'_>,
        fresh: &mut Vec<(usize, Vec<(i64, i64)>)>,
    ) -> Result<Result<(usize, Vec<usize>), Fault>, Error> {
        let shifts = match self.agents(at, edit) {
            Ok(shifts) => shifts,
            Err(fault) => return Ok(Err(fault)),
        };
        let case = match case_named(asking.app, &edit.case) {
            Ok(case) => Id::from(case),
            Err(Error::Unknown(why) | Error::Invalid(why)) => {
                return Ok(Err(fault(at, "case", "unknown_case", why)));
            }
            Err(other) => return Err(other),
        };
        let book = self.plan.today.cases.iter().position(|known| known.row.case_id == case);
        let Some(book) = book else {
            let why = format!("case {} is not in the book", edit.case);
            return Ok(Err(fault(at, "case", "unknown_case", why)));
        };
        if self.plan.is_done(book) {
            let why = format!("case {} was visited already, or is being visited", edit.case);
            return Ok(Err(fault(at, "case", "done", why)));
        }
        let known = self.jobs.iter().position(|job| job.cases().any(|own| own == book));
        let saved = self.plan.candidate_of(case).and_then(|at| self.plan.candidates.get(at));
        let stop: Vec<usize> = match (known.and_then(|job| self.jobs.get(job)), saved) {
            (Some(job), _) => job.cases().collect(),
            (None, Some(saved)) => saved.cases().collect(),
            (None, None) => vec![book],
        };
        for of_stop in &stop {
            if let Some(fault) = allowed::fault_of(self.plan, (at, edit), *of_stop, &shifts) {
                return Ok(Err(fault));
            }
        }
        let visits = matches!(edit.verb, Verb::Move | Verb::PutIn);
        let today = if visits { Some(asking.stop(self.plan, &stop)) } else { None };
        if let Some(Err((code, why))) = &today
            && *code != Code::NoValue
        {
            let why = format!("case {} may not be visited: {why}", edit.case);
            return Ok(Err(fault(at, "case", code.label(), why)));
        }
        let job = match known {
            Some(job) => job,
            None => match self.further(case, book, today.as_ref(), asking)? {
                Ok(job) => job,
                Err((code, why)) => return Ok(Err(fault(at, "case", code.label(), why))),
            },
        };
        if let Some(Ok(candidate)) = today {
            fresh.push((job, candidate.windows));
        }
        Ok(Ok((job, shifts)))
    }

    /// Adds a case that is not planned: as it was saved, else as it is today.
    fn further(
        &mut self,
        case: Id,
        book: usize,
        today: Option<&Result<Candidate, (Code, String)>>,
        asking: &Asking<'_>,
    ) -> Result<Result<usize, (Code, String)>, Error> {
        if let Some(saved) = self.plan.candidate_of(case) {
            let one = std::iter::once(saved);
            self.jobs.extend(self.plan.on_the_roads(asking.travel, one, asking.progress)?);
            return Ok(Ok(self.jobs.len() - 1));
        }
        let candidate = match today {
            Some(Ok(candidate)) => candidate.clone(),
            Some(Err((code, why))) => return Ok(Err((*code, why.clone()))),
            None => match asking.today(self.plan, book) {
                Ok(candidate) => candidate,
                Err(refused) => return Ok(Err(refused)),
            },
        };
        self.notices.push(format!(
            "Case {} could not be visited when the plan was made; it counts with its worth of today.",
            self.plan.today.cases.get(book).map_or("?", |case| case.row.case_ref.as_str())
        ));
        self.jobs.push(candidate);
        Ok(Ok(self.jobs.len() - 1))
    }

    /// The agents on duty that an edit names, where its verb needs any.
    fn agents(&self, at: usize, edit: &Edit) -> Result<Vec<usize>, Fault> {
        let needed = matches!(edit.verb, Verb::Move | Verb::PutIn | Verb::Lock);
        let extra = |field| {
            fault(at, field, "too_many", format!("{field} has no meaning here: leave it out"))
        };
        let places = matches!(edit.verb, Verb::Move | Verb::PutIn);
        if edit.position.is_some() && !places {
            return Err(extra("position"));
        }
        if edit.with.is_some() && !places {
            return Err(extra("with"));
        }
        if edit.agent.is_none() && needed {
            return Err(fault(at, "agent", "missing", "name the agent"));
        }
        if edit.agent.is_some() && !needed {
            return Err(extra("agent"));
        }
        let named = [("agent", &edit.agent), ("with", &edit.with)];
        let named = named.into_iter().filter_map(|(field, name)| Some((field, name.as_ref()?)));
        named
            .map(|(field, name)| {
                let duty = 0..self.plan.duty.len();
                let shift = duty.into_iter().find(|shift| self.plan.agent_ref(*shift) == name);
                let why = || format!("no agent {name} is on duty in that plan");
                shift.ok_or_else(|| fault(at, field, "unknown_agent", why()))
            })
            .collect()
    }

    /// Cases that are moved or put in get the hours of today.
    fn take_today(&mut self, fresh: Vec<(usize, Vec<(i64, i64)>)>) {
        for (job, windows) in fresh {
            let Some(candidate) = self.jobs.get_mut(job) else { continue };
            if candidate.windows != windows {
                candidate.windows = windows;
                let case = self.plan.cases.get(candidate.case);
                let name = case.map_or("?", |case| case.row.case_ref.as_str());
                self.notices.push(format!("The hours of {name} are those of today."));
            }
        }
    }

    /// Locks and who took what out, as they are after all edits.
    fn lock(&mut self, edits: &[Edit], by: &str) {
        for (edit, (job, shifts)) in edits.iter().zip(&self.targets) {
            let agent = shifts
                .first()
                .copied()
                .and_then(|shift| self.plan.duty.get(shift))
                .map(|duty| duty.agent);
            let Some(candidate) = self.jobs.get_mut(*job) else { continue };
            match edit.verb {
                Verb::Lock => candidate.only = agent,
                Verb::Unlock => candidate.only = None,
                Verb::TakeOut => {
                    self.out_by.extend(candidate.cases().map(|case| (case, by.to_owned())));
                    if candidate.hold.promised {
                        self.notices.push(format!(
                            "The visit to {} was agreed on with the borrower, who has to be told.",
                            edit.case
                        ));
                    }
                    (candidate.hold.required, candidate.hold.promised) = (false, false);
                    candidate.mandatory = false;
                }
                Verb::PutIn | Verb::Move => {
                    self.out_by.retain(|out, _| !candidate.cases().any(|case| case == *out));
                }
            }
        }
    }

    /// Who took a case of the book out.
    pub(super) fn out_by(&self, case: usize) -> Option<&str> {
        self.out_by.get(&case).map(String::as_str)
    }

    /// The routes before the edits.
    pub(super) fn routes_before(&self) -> Vec<Route> {
        self.as_routes(&self.routes)
    }

    /// Without agents who stay home.
    fn as_routes(&self, routes: &[Vec<usize>]) -> Vec<Route> {
        let some = routes.iter().enumerate().filter(|(_, jobs)| !jobs.is_empty());
        some.map(|(shift, jobs)| {
            let met = self.met.iter().filter(|(job, _)| jobs.contains(job));
            let meetings = met.map(|(job, start)| Meeting { job: *job, start: *start }).collect();
            Route { meetings, ..Route::new(shift, jobs.clone()) }
        })
        .collect()
    }

    /// The job and the agents on duty of an edit.
    pub(super) fn target_of(&self, edit: usize) -> Option<(usize, &[usize])> {
        self.targets.get(edit).map(|(job, shifts)| (*job, shifts.as_slice()))
    }

    /// The routes after the edits, and what was done in words.
    pub(super) fn apply(
        &self,
        posed: &Posed<'_>,
        edits: &[Edit],
    ) -> Result<(Vec<Route>, Vec<String>), Error> {
        let (mut routes, mut spoken, mut faults) = (self.routes.clone(), Vec::new(), Vec::new());
        // What must be planned somewhere says nothing about places in one route.
        let problem = apart(&posed.problem)?;
        for (at, (edit, target)) in edits.iter().zip(&self.targets).enumerate() {
            match self.one((at, edit), target, &mut routes, &problem) {
                Ok(words) => spoken.push(words),
                Err(fault) => faults.push(fault),
            }
        }
        if !faults.is_empty() {
            return Err(Error::Edits(faults));
        }
        let mut routes = self.as_routes(&routes);
        meetings::agree(&posed.problem, &mut routes);
        Ok((routes, spoken))
    }

    fn one(
        &self,
        (at, edit): (usize, &Edit),
        (job, shifts): &(usize, Vec<usize>),
        routes: &mut [Vec<usize>],
        problem: &Problem,
    ) -> Result<String, Fault> {
        let job = *job;
        let place = place_in(routes, job);
        let candidate = self.jobs.get(job).and_then(|c| self.plan.cases.get(c.case));
        let name = candidate.map_or(edit.case.as_str(), |case| case.row.case_ref.as_str());
        match (edit.verb, place) {
            (Verb::Move | Verb::TakeOut, None) => {
                return Err(fault(
                    at,
                    "case",
                    "not_planned",
                    format!("{name} is no stop of the plan"),
                ));
            }
            (Verb::PutIn, Some((on, _))) => {
                let why =
                    format!("{name} is a stop of {} already: move it", self.plan.agent_ref(on));
                return Err(fault(at, "case", "already_planned", why));
            }
            _ => {}
        }
        if let Verb::Move | Verb::TakeOut = edit.verb {
            for stops in routes.iter_mut() {
                stops.retain(|stop| *stop != job);
            }
        }
        let first = shifts.first().map_or("", |shift| self.plan.agent_ref(*shift));
        match edit.verb {
            Verb::TakeOut => return Ok(format!("{name} taken out")),
            Verb::Unlock => return Ok(format!("{name} locked no more")),
            Verb::Lock => return Ok(format!("{name} locked to {first}")),
            Verb::Move | Verb::PutIn => {}
        }
        let mut places = Vec::new();
        for (nth, shift) in shifts.iter().enumerate() {
            // The position is that of the agent who is named first.
            let position = edit.position.filter(|_| nth == 0);
            let number = self.insert((at, position), (job, *shift), routes, problem)?;
            places.push(format!("{} as stop {number}", self.plan.agent_ref(*shift)));
        }
        let done = if edit.verb == Verb::Move { "moved to" } else { "put in for" };
        Ok(format!("{name} {done} {}", places.join(" and ")))
    }

    /// Puts a job into a route and says as which stop.
    fn insert(
        &self,
        (at, position): (usize, Option<usize>),
        (job, shift): (usize, usize),
        routes: &mut [Vec<usize>],
        problem: &Problem,
    ) -> Result<usize, Fault> {
        let stops = routes.get_mut(shift);
        let stops = stops.ok_or_else(|| fault(at, "agent", "missing", "name the agent"))?;
        let lead = self.plan.duty.get(shift).map_or(0, OnDuty::lead);
        let number_of = |place| self.plan.duty.get(shift).map_or(place + 1, |d| d.number(place));
        let to = match position {
            None => cheapest(problem, shift, (lead, stops), job),
            Some(number) => {
                let found = (lead..=stops.len()).find(|place| number_of(*place) == number);
                found.ok_or_else(|| {
                    let (stops, first) = (number_of(stops.len()) - 1, number_of(lead));
                    let behind = if first > 1 { ", some of them done" } else { "" };
                    let agent = self.plan.agent_ref(shift);
                    let why = format!("{agent} has {stops} stops{behind}: {number} is no place");
                    fault(at, "position", "position", why)
                })?
            }
        };
        stops.insert(to, job);
        Ok(number_of(to))
    }
}

/// What today's book says of a case.
struct Asking<'a> {
    app: &'a App,
    travel: &'a Travel,
    scores: &'a [CaseScore],
    rules: TodayRules,
    progress: &'a dyn Progress,
}

impl Asking<'_> {
    /// What it says of all cases of a stop: the first objection, else the hours that all have.
    fn stop(&self, plan: &Reposed, cases: &[usize]) -> Result<Candidate, (Code, String)> {
        let mut all = cases.iter().map(|case| self.today(plan, *case));
        let first = all.next().unwrap_or_else(|| self.today(plan, usize::MAX))?;
        let more = i64::try_from(cases.len().saturating_sub(1)).unwrap_or(0);
        let longer_s = i64::from(plan.basis.further_s).saturating_mul(more);
        let mut windows = earlier(&first.windows, longer_s);
        for other in all {
            windows = common(&windows, &earlier(&other?.windows, longer_s));
        }
        if windows.is_empty() {
            return Err((Code::Policy, "Its cases have no hour in common.".into()));
        }
        Ok(Candidate { windows, ..first })
    }

    fn today(&self, plan: &Reposed, book: usize) -> Result<Candidate, (Code, String)> {
        let known = plan.today.cases.get(book).zip(self.scores.get(book));
        let Some((case, score)) = known else {
            return Err((Code::Status, "It is not in the book.".into()));
        };
        judge(book, case, score, &self.rules.rules(self.app), self.travel)
    }
}

fn check_number(edits: &[Edit]) -> Result<(), Error> {
    let whole = |rule: &str, detail: String| {
        Err(Error::Edits(vec![Fault { field: "edits".into(), rule: rule.into(), detail }]))
    };
    match edits.len() {
        0 => whole("missing", "name at least one edit".into()),
        n if n > MOST_EDITS => whole("too_many", format!("{n} edits: at most {MOST_EDITS}")),
        _ => Ok(()),
    }
}

/// The place at which a route brings most with one more job; the end where it holds at none.
fn cheapest(
    problem: &Problem,
    shift: usize,
    (lead, stops): (usize, &[usize]),
    job: usize,
) -> usize {
    let value = |to: usize| {
        let mut jobs = stops.to_vec();
        jobs.insert(to, job);
        check(problem, &[Route::new(shift, jobs)]).ok().map(|figures| figures.objective)
    };
    let places = (lead..=stops.len()).filter_map(|to| Some((value(to)?, std::cmp::Reverse(to))));
    places.max().map_or(stops.len(), |(_, to)| to.0)
}
