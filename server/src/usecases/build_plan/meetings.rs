//! Visits of two agents: both routes have the job and the instant at which they begin it together.

use std::collections::BTreeMap;

use planner::{Job, Meeting, Problem, Route, Window, timetable};

/// Meetings are agreed on to five minutes.
const GRID_S: i64 = 300;

/// The same routes in other indices of jobs; what has none is left out.
pub(super) fn renumbered(routes: &[Route], place: impl Fn(usize) -> Option<usize>) -> Vec<Route> {
    let one = |route: &Route| Route {
        shift: route.shift,
        jobs: route.jobs.iter().filter_map(|job| place(*job)).collect(),
        meetings: route
            .meetings
            .iter()
            .filter_map(|meeting| Some(Meeting { job: place(meeting.job)?, ..*meeting }))
            .collect(),
    };
    routes.iter().map(one).collect()
}

/// The jobs of routes, each once, and the routes in the indices of that list.
pub(super) fn compact(routes: &[Route]) -> (Vec<usize>, Vec<Route>) {
    let mut places: BTreeMap<usize, usize> = BTreeMap::new();
    let mut jobs = Vec::new();
    for &job in routes.iter().flat_map(|route| &route.jobs) {
        places.entry(job).or_insert_with(|| {
            jobs.push(job);
            jobs.len() - 1
        });
    }
    let routes = renumbered(routes, |job| places.get(&job).copied());
    (jobs, routes)
}

/// Agrees on an instant for every job for two whose routes cannot keep the one they had. Where there is none the
/// routes stay as they are, and the checker says so.
pub(super) fn agree(problem: &Problem, routes: &mut [Route]) {
    let crews = problem.jobs().iter().enumerate().filter(|(_, job)| job.crew == 2);
    for (job, data) in crews {
        let with: Vec<usize> = (0..routes.len())
            .filter(|at| routes.get(*at).is_some_and(|r| r.jobs.contains(&job)))
            .collect();
        let [one, other] = with[..] else { continue };
        let had = routes.get(one).and_then(|route| route.meeting(job));
        let times = |routes: &[Route], at: Option<i64>| -> Option<i64> {
            let seconds = |route: usize| {
                let mut route = routes.get(route)?.clone();
                set(&mut route, job, at);
                let times = timetable(problem, &route)?;
                Some(times.finish - times.departure)
            };
            Some(seconds(one)? + seconds(other)?)
        };
        let kept = had.filter(|at| times(routes, Some(*at)).is_some());
        let best = || {
            let all = instants(problem, data).into_iter();
            all.filter_map(|at| Some((times(routes, Some(at))?, at))).min().map(|(_, at)| at)
        };
        let agreed = kept.or_else(best);
        for at in [one, other] {
            if let Some(route) = routes.get_mut(at) {
                set(route, job, agreed);
            }
        }
    }
}

fn set(route: &mut Route, job: usize, at: Option<i64>) {
    route.meetings.retain(|meeting| meeting.job != job);
    route.meetings.extend(at.map(|start| Meeting { job, start }));
}

/// Every five minutes of the windows of a job while shifts last, and the first second of each.
fn instants(problem: &Problem, job: &Job) -> Vec<i64> {
    let early = problem.shifts().iter().map(|shift| shift.window.early).min().unwrap_or(0);
    let late = problem.shifts().iter().map(|shift| shift.window.late).max().unwrap_or(0);
    let any = [Window::new(early, late)];
    let windows = if job.windows.is_empty() { any.as_slice() } else { &job.windows };
    let mut all = Vec::new();
    for window in windows {
        let (from, to) = (window.early.max(early), window.late.min(late));
        if from > to {
            continue;
        }
        all.push(from);
        let mut at = (from.div_euclid(GRID_S) + 1) * GRID_S;
        while at <= to {
            all.push(at);
            at += GRID_S;
        }
    }
    all
}
