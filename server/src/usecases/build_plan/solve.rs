//! From candidates and agents on duty to routes with times and money.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use planner::{
    Budget, Figures, Job, Matrix, Options, Problem, Route, Shift, Solution, Violation, Window,
    along_curve, check,
};

use super::candidates::Candidate;
use super::crew::{OnDuty, Prices};
use super::needs::Needs;
use super::terms::{DayTerms, Zones};
use super::under_way;
use super::{cash, home};
use crate::app::App;
use crate::db::rows::AgentRow;
use crate::error::Error;
use crate::progress::Progress;
use crate::travel::{Spot, Travel};
use crate::usecases::book::{BookAgent, BookCase};

/// Everything the planner's indices refer to.
#[derive(Debug)]
pub(super) struct Day<'a> {
    pub(super) app: &'a App,
    pub(super) cases: &'a [BookCase],
    pub(super) agents: &'a [BookAgent],
    pub(super) needs: &'a Needs,
    pub(super) travel: &'a Travel,
    /// Midnight of the day in the organisation's zone, seconds since 1970: zero of the planner.
    pub(super) origin: i64,
    pub(super) service_s: u32,
    /// More for each further case of a stop.
    pub(super) further_s: u32,
    pub(super) prices: Prices,
    pub(super) terms: &'a DayTerms,
}

/// A problem and which candidates its jobs are.
#[derive(Debug)]
pub(super) struct Posed<'a> {
    pub(super) problem: Problem,
    pub(super) jobs: Vec<&'a Candidate>,
    pub(super) duty: Vec<&'a OnDuty>,
}

/// Poses the problem: locations are each agent's start and end and the jobs, near ones with near numbers.
pub(super) fn pose<'a>(
    day: &Day<'_>,
    duty: Vec<&'a OnDuty>,
    jobs: Vec<&'a Candidate>,
    progress: &dyn Progress,
) -> Result<Posed<'a>, Error> {
    let mut spots: Vec<Spot> = Vec::with_capacity(duty.len() * 2 + jobs.len());
    for agent in &duty {
        spots.push(agent.start.clone());
        spots.push(agent.end.clone());
    }
    spots.extend(jobs.iter().map(|job| job.spot.clone()));
    let points: Vec<(f64, f64)> =
        spots.iter().map(|s| (s.position().lon(), s.position().lat())).collect();
    let order = along_curve(&points);
    let mut place = vec![0; spots.len()];
    order.iter().enumerate().for_each(|(at, &spot)| place[spot] = at);
    let spots: Vec<Spot> = order.iter().map(|&spot| spots[spot].clone()).collect();
    let (bases, homes) = place.split_at(duty.len() * 2);
    let table = day.travel.table(&spots, progress)?;
    let matrix = Matrix::new(spots.len(), table.seconds, table.metres).map_err(wrong)?;
    let mut zones = Zones::default();
    let mut planner_jobs: Vec<Job> = jobs
        .iter()
        .zip(homes)
        .map(|(job, home)| as_job(day, job, &duty, &mut zones, *home))
        .collect();
    let mut shifts: Vec<Shift> = duty
        .iter()
        .zip(bases.chunks_exact(2))
        .map(|(agent, ends)| as_shift(day, agent, (ends[0], ends[1])))
        .collect();
    cash::add(day, (&duty, &jobs), (&mut planner_jobs, &mut shifts));
    under_way::add(day, (&duty, &jobs), &matrix, (&mut planner_jobs, &mut shifts))?;
    let together = day.terms.together();
    let problem = Problem::with_terms(matrix, planner_jobs, shifts, together).map_err(wrong)?;
    Ok(Posed { problem, jobs, duty })
}

fn as_job(
    day: &Day<'_>,
    candidate: &Candidate,
    duty: &[&OnDuty],
    zones: &mut Zones,
    location: usize,
) -> Job {
    let windows = candidate
        .windows
        .iter()
        .map(|(early, late)| Window::new(early - day.origin, late - day.origin))
        .collect();
    let further = u32::try_from(candidate.also.len()).unwrap_or(u32::MAX);
    let service_s = day.service_s.saturating_add(day.further_s.saturating_mul(further));
    let mut job = Job { windows, ..Job::new(location, service_s, candidate.prize) };
    if let Some(agent) = candidate.only {
        match duty.iter().position(|duty| duty.agent == agent) {
            Some(shift) => job.only = vec![shift],
            None => job.forbidden = (0..duty.len()).collect(),
        }
    }
    let Some(case) = day.cases.get(candidate.case) else { return job };
    let rows: Vec<Option<&AgentRow>> =
        duty.iter().map(|duty| day.agents.get(duty.agent).map(|agent| &agent.row)).collect();
    let must_not =
        rows.iter().enumerate().filter(|(_, row)| row.is_some_and(|row| case.forbids(row)));
    job.forbidden.extend(must_not.map(|(shift, _)| shift));
    if !day.terms.home.is_empty() && candidate.prize > 0 {
        let bands = (day.terms.home.as_slice(), candidate.prize);
        let hours =
            home::openings((&job.windows, day.origin), bands, (day.needs.date(), &case.zone));
        (job.windows, job.premiums) = hours;
    }
    job.required = candidate.mandatory;
    job.crew = case.crew();
    job.skills = day.needs.needed(case);
    job.pairing = day.terms.pairing(case, &rows);
    job.zone = zones.of(day.terms, case.at);
    job
}

fn as_shift(day: &Day<'_>, duty: &OnDuty, (start, end): (usize, usize)) -> Shift {
    let (early, late) = duty.shift;
    let agent = day.agents.get(duty.agent);
    let most = agent.and_then(|agent| agent.row.max_visits).and_then(|n| u32::try_from(n).ok());
    let had = agent.map(|agent| day.needs.had(agent));
    let window = Window::new(early - day.origin, late - day.origin);
    let shift = Shift {
        max_duration_s: u32::try_from(late - early).unwrap_or(0),
        cost_per_metre: day.prices.per_metre,
        cost_per_second: day.prices.per_second,
        fixed_cost: day.prices.per_shift,
        max_jobs: most,
        skills: had.unwrap_or_default(),
        ..Shift::new(Some(start), Some(end), window)
    };
    day.terms.add_to(shift, day.origin)
}

/// Searches, and has the independent checker score what was found.
pub(super) fn search(
    problem: &Problem,
    seed: u64,
    iterations: u64,
    start: Option<Vec<Route>>,
    progress: &dyn Progress,
) -> Result<Solution, Error> {
    progress.begin("searching routes", Some(iterations));
    let options = Options { seed, budget: Budget::Iterations(iterations), start };
    let solution = planner::solve(problem, &options, &mut |at| {
        progress.at(at.iteration);
        progress.note(&format!("{} visits, profit {}", at.jobs, at.objective / 1_000_000));
        if progress.is_cancelled() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    match score(problem, &solution.routes) {
        Ok(figures) if figures == solution.figures => Ok(solution),
        Ok(figures) => Err(Error::Invalid(format!(
            "the plan's figures do not hold: the search says {:?}, the checker {figures:?}; please \
             report this with the seed",
            solution.figures
        ))),
        Err(violations) => Err(Error::Invalid(format!(
            "the plan breaks its own rules ({violations:?}); please report this with the seed"
        ))),
    }
}

/// What the checker says of routes; what has to be in them and is in none is no fault of theirs.
///
/// # Errors
/// Everything else that they break.
pub(super) fn score(problem: &Problem, routes: &[Route]) -> Result<Figures, Vec<Violation>> {
    check(problem, routes).or_else(|broken| {
        let missing = |v: &Violation| matches!(v, Violation::RequiredMissing { .. });
        if !broken.iter().all(missing) {
            return Err(broken);
        }
        let served: BTreeSet<usize> = routes.iter().flat_map(|r| &r.jobs).copied().collect();
        let free = |(at, job): (usize, &Job)| Job {
            required: job.required && served.contains(&at),
            ..job.clone()
        };
        let jobs = problem.jobs().iter().enumerate().map(free).collect();
        let (matrix, shifts) = (problem.matrix().clone(), problem.shifts().to_vec());
        match Problem::with_terms(matrix, jobs, shifts, problem.terms()) {
            Ok(problem) => check(&problem, routes),
            Err(_) => Err(broken),
        }
    })
}

/// The same problem as one route by itself meets it: visits of two are made by whoever is looked at.
pub(super) fn apart(problem: &Problem) -> Result<Problem, Error> {
    let alone = |job: &Job| Job { crew: 1, required: false, ..job.clone() };
    let jobs = problem.jobs().iter().map(alone).collect();
    let (matrix, shifts) = (problem.matrix().clone(), problem.shifts().to_vec());
    Problem::with_terms(matrix, jobs, shifts, problem.terms()).map_err(wrong)
}

/// The same problem without skills that every shift has: they decide nothing, and other solvers
/// model one skill at most.
pub(super) fn without_common_skills(problem: &Problem) -> Result<Problem, Error> {
    let common = |skill: &u16| problem.shifts().iter().all(|s| s.skills.contains(skill));
    let rare = |skills: &[u16]| skills.iter().copied().filter(|s| !common(s)).collect::<Vec<u16>>();
    let jobs =
        problem.jobs().iter().map(|job| Job { skills: rare(&job.skills), ..job.clone() }).collect();
    let shifts = problem
        .shifts()
        .iter()
        .map(|shift| Shift { skills: rare(&shift.skills), ..shift.clone() })
        .collect();
    Problem::with_terms(problem.matrix().clone(), jobs, shifts, problem.terms()).map_err(wrong)
}

pub(super) fn wrong(error: impl std::fmt::Display) -> Error {
    Error::Invalid(format!("the day cannot be planned: {error}"))
}
