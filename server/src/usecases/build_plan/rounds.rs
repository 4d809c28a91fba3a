//! The rounds of a search: the whole day at once where it fits into one matrix, else territory by
//! territory and then all routes together with whatever would still pay.

use std::collections::{HashMap, HashSet};

use planner::{Route, Solution};

use super::candidates::Candidate;
use super::crew::OnDuty;
use super::groups;
use super::reasons::{Code, LeftOutCase};
use super::solve::{Day, Posed, pose, search};
use super::{Request, explain};
use crate::error::Error;
use crate::progress::Progress;

/// Most rounds over the whole day after the territories.
const JOINT_ROUNDS: u64 = 3;

/// A solved day.
pub(super) struct Solved<'a> {
    pub(super) posed: Posed<'a>,
    pub(super) solution: Solution,
    pub(super) left_out: Vec<LeftOutCase>,
}

/// Routes by what they visit, free of any problem's indices.
type Visits<'a> = Vec<(usize, Vec<&'a Candidate>)>;

/// Searches the day and explains what is left out.
pub(super) fn solve_day<'a>(
    day: &Day<'_>,
    candidates: &'a [Candidate],
    duty: &'a [OnDuty],
    request: &Request,
    progress: &dyn Progress,
) -> Result<Solved<'a>, Error> {
    let all: Vec<&Candidate> = candidates.iter().collect();
    if all.len() <= day.largest() {
        let posed = pose(day, duty.iter().collect(), all, progress)?;
        let solution = search(&posed.problem, request.seed, request.iterations, None, progress)?;
        let left_out = explain::left_out(day, &posed, &solution.routes);
        return Ok(Solved { posed, solution, left_out });
    }
    let mut visits = territories(day, &all, duty, request, progress)?;
    let everybody: Vec<&OnDuty> = duty.iter().collect();
    let mut wanted = groups::shortlist(day, &everybody, &all, day.largest());
    for round in 1.. {
        let (jobs, start) = together(&visits, &wanted, day.largest());
        let posed = pose(day, everybody.clone(), jobs, progress)?;
        let share = (request.iterations / JOINT_ROUNDS).max(1);
        let solution = search(&posed.problem, request.seed + round, share, Some(start), progress)?;
        progress.begin("looking at the other candidates", None);
        let inside: HashSet<usize> = posed.jobs.iter().map(|job| job.case).collect();
        let rest: Vec<&Candidate> =
            all.iter().copied().filter(|c| !inside.contains(&c.case)).collect();
        let outside = groups::explain_rest(day, &posed, &solution.routes, &rest, progress)?;
        let paying: HashSet<usize> =
            outside.iter().filter(|out| out.code == Code::NextBest).map(|out| out.case).collect();
        if paying.is_empty() || round == JOINT_ROUNDS {
            let mut left_out = explain::left_out(day, &posed, &solution.routes);
            left_out.extend(outside);
            return Ok(Solved { posed, solution, left_out });
        }
        let joining: Vec<&Candidate> =
            rest.iter().copied().filter(|c| paying.contains(&c.case)).collect();
        wanted = groups::shortlist(day, &everybody, &joining, day.largest());
        visits = visited(&posed, &solution.routes);
    }
    Err(Error::Invalid("the search ended without a round; please report this".into()))
}

/// Each territory by itself.
fn territories<'a>(
    day: &Day<'_>,
    all: &[&'a Candidate],
    duty: &'a [OnDuty],
    request: &Request,
    progress: &dyn Progress,
) -> Result<Visits<'a>, Error> {
    let mut visits = Visits::new();
    let agents = duty.len().max(1) as u64;
    for (at, group) in groups::by_territory(day, all, duty)?.into_iter().enumerate() {
        let jobs = groups::shortlist(day, &group.duty, &group.candidates, day.largest());
        let posed = pose(day, group.duty, jobs, progress)?;
        let share = (request.iterations / agents).max(1);
        let solution = search(&posed.problem, request.seed, share, None, progress)?;
        // The group has one agent, whose place among all is `at`.
        visits.extend(visited(&posed, &solution.routes).into_iter().map(|(_, jobs)| (at, jobs)));
    }
    Ok(visits)
}

fn visited<'a>(posed: &Posed<'a>, routes: &[Route]) -> Visits<'a> {
    routes
        .iter()
        .map(|route| {
            let jobs = route.jobs.iter().filter_map(|job| posed.jobs.get(*job).copied()).collect();
            (route.shift, jobs)
        })
        .collect()
}

/// The visited first, then the most promising others up to the size of a matrix; and the routes in
/// their indices.
fn together<'a>(
    visits: &[(usize, Vec<&'a Candidate>)],
    wanted: &[&'a Candidate],
    largest: usize,
) -> (Vec<&'a Candidate>, Vec<Route>) {
    let mut jobs: Vec<&Candidate> = Vec::new();
    let mut inside: HashMap<usize, usize> = HashMap::new();
    let mut routes = Vec::new();
    for (shift, stops) in visits {
        // Who is visited by two is in two routes.
        let places = stops.iter().map(|stop| {
            *inside.entry(stop.case).or_insert_with(|| {
                jobs.push(stop);
                jobs.len() - 1
            })
        });
        routes.push(Route::new(*shift, places.collect()));
    }
    let room = largest.saturating_sub(jobs.len()).max(largest / 4);
    jobs.extend(wanted.iter().copied().filter(|c| !inside.contains_key(&c.case)).take(room));
    (jobs, routes)
}
