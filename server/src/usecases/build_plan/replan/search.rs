//! The search for what is left of the day: it begins with the old routes, and each move has its price.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use planner::{Budget, Figures, Job, Options, Pairing, Problem, Route, Schedule, check};

use super::draft::Draft;
use super::events::Span;
use crate::app::App;
use crate::error::Error;
use crate::progress::Progress;
use crate::travel::Travel;
use crate::usecases::build_plan::candidates::Candidate;
use crate::usecases::build_plan::crew::OnDuty;
use crate::usecases::build_plan::groups::most_promising;
use crate::usecases::build_plan::meetings::renumbered;
use crate::usecases::build_plan::repose::{Reposed, Saved};
use crate::usecases::build_plan::solve::{pose, wrong};

/// How to search.
#[derive(Debug, Clone, Copy)]
pub(super) struct Effort {
    pub(super) seed: u64,
    pub(super) iterations: u64,
}

/// What was found; everything by the places of candidates in the plan.
#[derive(Debug)]
pub(super) struct Found {
    /// The candidates that were looked at, in the order of the problem.
    pub(super) inside: Vec<usize>,
    /// Routes in the places of `inside`.
    pub(super) routes: Vec<Route>,
    /// What had to be visited and could not.
    pub(super) unserved: BTreeSet<usize>,
    pub(super) schedule: Schedule,
}

impl Found {
    /// The stops of every agent on duty, in order, without whatever holds them where they are.
    pub(super) fn stops(&self, plan: &Reposed) -> Vec<Vec<usize>> {
        let mut all = vec![Vec::new(); plan.duty.len()];
        for route in &self.routes {
            let stops = route.jobs.iter().filter_map(|job| self.inside.get(*job).copied());
            let stops = stops.filter(|at| plan.candidates.get(*at).is_some_and(|c| !c.anchor));
            if let Some(own) = all.get_mut(route.shift) {
                own.extend(stops);
            }
        }
        all
    }
}

/// Searches.
///
/// # Errors
/// Travel times cannot be had, a place is not on today's roads, or whoever watches has gone.
pub(super) fn search(
    app: &App,
    travel: &Travel,
    plan: &Reposed,
    draft: &Draft,
    effort: Effort,
    progress: &dyn Progress,
) -> Result<Found, Error> {
    let day = plan.day(app, travel);
    let inside = inside(app, travel, plan, draft);
    let mut jobs = plan.on_the_roads(travel, inside.iter().copied(), progress)?;
    let mut own = BTreeSet::new();
    for (job, at) in jobs.iter_mut().zip(&inside) {
        let Some(shift) = draft.had.get(at) else { continue };
        // What a dispatcher locked stays, whatever else would pay.
        job.hold.required |= job.only.is_some();
        // Who is visited by two is nobody's alone.
        if plan.crew_of(*at) == 2 {
            continue;
        }
        if draft.named.contains(at) || (draft.promised.contains(at) && job.only.is_none()) {
            job.only = plan.duty.get(*shift).map(|duty| duty.agent);
            own.insert(*at);
        }
    }
    let met = keep_meetings(plan, draft, (&inside, &mut jobs));
    own.retain(|at| draft.promised.contains(at) && !draft.named.contains(at));
    let of: BTreeMap<usize, usize> =
        inside.iter().enumerate().map(|(job, at)| (*at, job)).collect();
    let start: Vec<Route> = plan
        .routes
        .iter()
        .enumerate()
        .map(|(shift, stops)| plan.route(shift, stops))
        .filter(|route| !route.jobs.is_empty())
        .collect();
    let start = renumbered(&start, |at| of.get(&at).copied());
    let duty: Vec<&OnDuty> = plan.duty.iter().collect();
    let problem = |jobs: &[Candidate]| -> Result<Problem, Error> {
        let posed = pose(&day, duty.clone(), jobs.iter().collect(), progress)?;
        priced(&posed.problem, &inside, draft, app.settings.replanning.moved_stop.micro())
    };
    let mut rounds = Rounds { effort, progress, schedule: Schedule::default() };
    let posed = problem(&jobs)?;
    let (mut routes, mut missing) = rounds.solve(&posed, start)?;
    // Who cannot keep what was agreed on gives it to somebody who can.
    let stuck = missing.iter().filter_map(|job| inside.get(*job)).filter(|at| own.contains(at));
    let mut stuck: BTreeSet<usize> = stuck.copied().collect();
    let planned: BTreeSet<usize> = routes.iter().flat_map(|route| &route.jobs).copied().collect();
    let place = |at: &usize| of.get(at).is_some_and(|job| planned.contains(job));
    stuck.extend(met.keys().copied().filter(|at| !place(at)));
    let mut last = posed;
    if !stuck.is_empty() {
        for (job, at) in jobs.iter_mut().zip(&inside) {
            if !stuck.contains(at) {
                continue;
            }
            match met.get(at) {
                Some(windows) => job.windows.clone_from(windows),
                None => job.only = None,
            }
        }
        last = problem(&jobs)?;
        (routes, missing) = rounds.solve(&last, routes)?;
    }
    scored(&last, &routes, &missing)?;
    let unserved = missing.iter().filter_map(|job| inside.get(*job).copied()).collect();
    Ok(Found { inside, routes, unserved, schedule: rounds.schedule })
}

/// Holds visits of two at the instant that both agents know, as long as neither is out; gives the hours they had.
fn keep_meetings(
    plan: &Reposed,
    draft: &Draft,
    (inside, jobs): (&[usize], &mut [Candidate]),
) -> BTreeMap<usize, Vec<Span>> {
    let is_out = |shift: usize| plan.duty.get(shift).is_some_and(|d| d.out_since().is_some());
    let mut had = BTreeMap::new();
    for (job, at) in jobs.iter_mut().zip(inside) {
        let Some(start) = plan.met(*at).filter(|_| !draft.wanted.contains(at)) else { continue };
        let with = draft.before.iter().enumerate().filter(|(_, stops)| stops.contains(at));
        let open = job.windows.iter().any(|(from, to)| *from <= start && start <= *to);
        if open && with.clone().count() == 2 && !with.clone().any(|(shift, _)| is_out(shift)) {
            had.insert(*at, std::mem::replace(&mut job.windows, vec![(start, start)]));
        }
    }
    had
}

/// Stops to come, what the events want, and the most promising others.
fn inside(app: &App, travel: &Travel, plan: &Reposed, draft: &Draft) -> Vec<usize> {
    let mut seen: BTreeSet<usize> = BTreeSet::new();
    let stops = plan.routes.iter().flatten().copied();
    let mut inside: Vec<usize> = stops.filter(|at| seen.insert(*at)).collect();
    inside.extend(draft.wanted.iter().copied().filter(|at| seen.insert(*at)));
    let open = plan.candidates.iter().enumerate().filter(|(at, saved)| {
        let free = saved.hold.done.is_none() && saved.out_by.is_none() && !saved.anchor;
        free && !seen.contains(at) && !draft.gone.contains_key(at)
    });
    let worth = |c: &Saved| if c.mandatory { i64::MAX } else { c.prize };
    let open: Vec<(usize, usize, i64)> = open.map(|(at, c)| (at, c.case, worth(c))).collect();
    let day = plan.day(app, travel);
    let room = day.largest().saturating_sub(inside.len());
    if open.len() <= room {
        inside.extend(open.iter().map(|(at, ..)| *at));
        return inside;
    }
    let duty: Vec<&OnDuty> = plan.duty.iter().collect();
    let worth = open.iter().map(|(_, case, prize)| (*case, *prize));
    let near = most_promising(&day, &duty, worth, room);
    inside.extend(near.iter().filter_map(|place| open.get(*place)).map(|(at, ..)| *at));
    inside
}

/// The problem in which another agent than the one who had a stop costs something. Whoever is out has none.
fn priced(
    problem: &Problem,
    inside: &[usize],
    draft: &Draft,
    price: i64,
) -> Result<Problem, Error> {
    let jobs = problem.jobs().iter().zip(inside).map(|(job, at)| {
        let own = draft.had.get(at).copied().filter(|own| job.admits(*own) && job.crew == 1);
        own.map_or_else(|| job.clone(), |own| moving_costs(job, own, price))
    });
    let (matrix, shifts) = (problem.matrix().clone(), problem.shifts().to_vec());
    Problem::with_terms(matrix, jobs.collect(), shifts, problem.terms()).map_err(wrong)
}

fn moving_costs(job: &Job, own: usize, price: i64) -> Job {
    let others = job.pairing.with.iter().filter(|(shift, _)| *shift != own);
    let mut with: Vec<(usize, i64)> =
        others.map(|(shift, worth)| (*shift, worth - price)).collect();
    with.push((own, job.paired(own)));
    let pairing = Pairing { with, otherwise: job.pairing.otherwise - price };
    Job { pairing, ..job.clone() }
}

struct Rounds<'a> {
    effort: Effort,
    progress: &'a dyn Progress,
    schedule: Schedule,
}

impl Rounds<'_> {
    /// Routes, and what had to be in them and is not.
    fn solve(
        &mut self,
        problem: &Problem,
        start: Vec<Route>,
    ) -> Result<(Vec<Route>, Vec<usize>), Error> {
        let iterations = self.effort.iterations;
        self.progress.begin("searching routes", Some(iterations));
        let options = Options {
            seed: self.effort.seed,
            budget: Budget::Iterations(iterations),
            start: Some(start.clone()),
        };
        let progress = self.progress;
        let solution = planner::solve(problem, &options, &mut |at| {
            progress.at(at.iteration);
            if progress.is_cancelled() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        if self.progress.is_cancelled() {
            return Err(Error::Cancelled);
        }
        self.schedule = solution.schedule;
        // Of equals the one that everybody knows.
        let as_it_was = check(problem, &start);
        if as_it_was.is_ok_and(|figures| figures.objective >= solution.figures.objective) {
            return Ok((start, Vec::new()));
        }
        Ok((solution.routes, solution.unserved_required))
    }
}

/// What the checker says of routes that leave out what had to be in them.
///
/// # Errors
/// They break another rule, which would be a mistake of the search.
fn scored(problem: &Problem, routes: &[Route], missing: &[usize]) -> Result<Figures, Error> {
    let free = |(at, job): (usize, &Job)| Job {
        required: job.required && !missing.contains(&at),
        ..job.clone()
    };
    let jobs = problem.jobs().iter().enumerate().map(free).collect();
    let (matrix, shifts) = (problem.matrix().clone(), problem.shifts().to_vec());
    let problem = Problem::with_terms(matrix, jobs, shifts, problem.terms()).map_err(wrong)?;
    check(&problem, routes).map_err(|broken| {
        Error::Invalid(format!(
            "the plan breaks its own rules ({broken:?}); please report this with the seed"
        ))
    })
}
