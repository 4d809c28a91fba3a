//! Re-scores routes from the problem alone. Shares nothing with the search, so that each checks the other.
use std::fmt;

use crate::cast::saturate;
use crate::model::{Figures, Problem, Route, UNREACHABLE};
use crate::report::timetable::departure;

/// Something a set of routes may not do. `route` counts in the list given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Violation {
    /// There is no such shift.
    UnknownShift {
        /// The route.
        route: usize,
    },
    /// The shift makes an earlier route already.
    ShiftTwice {
        /// The route.
        route: usize,
    },
    /// There is no such job.
    UnknownJob {
        /// The route.
        route: usize,
        /// The index that means nothing.
        job: usize,
    },
    /// The job is served before already.
    JobTwice {
        /// The route.
        route: usize,
        /// The job.
        job: usize,
    },
    /// The shift lacks a skill of the job.
    Skill {
        /// The route.
        route: usize,
        /// The job.
        job: usize,
    },
    /// More jobs than the shift takes.
    MaxJobs {
        /// The route.
        route: usize,
    },
    /// More of a kind of load than the shift takes.
    Capacity {
        /// The route.
        route: usize,
        /// The kind of load.
        kind: usize,
    },
    /// There is no way between two places that follow each other.
    Unreachable {
        /// The route.
        route: usize,
    },
    /// No departure keeps every window, the shift and its duration.
    Time {
        /// The route.
        route: usize,
    },
    /// A required job is in no route.
    RequiredMissing {
        /// The job.
        job: usize,
    },
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::UnknownShift { route } => write!(f, "routes[{route}]: no such shift"),
            Self::ShiftTwice { route } => write!(f, "routes[{route}]: shift used before"),
            Self::UnknownJob { route, job } => write!(f, "routes[{route}]: no job {job}"),
            Self::JobTwice { route, job } => write!(f, "routes[{route}]: job {job} served before"),
            Self::Skill { route, job } => write!(f, "routes[{route}]: job {job} needs a skill"),
            Self::MaxJobs { route } => write!(f, "routes[{route}]: too many jobs"),
            Self::Capacity { route, kind } => write!(f, "routes[{route}]: too much of load {kind}"),
            Self::Unreachable { route } => write!(f, "routes[{route}]: no way between two stops"),
            Self::Time { route } => write!(f, "routes[{route}]: windows, shift or duration broken"),
            Self::RequiredMissing { job } => write!(f, "required job {job} is in no route"),
        }
    }
}

/// Scores routes, or lists everything they break.
///
/// # Errors
/// All violations found, in the order of the routes, missing required jobs last.
pub fn check(problem: &Problem, routes: &[Route]) -> Result<Figures, Vec<Violation>> {
    let mut wrong = Vec::new();
    let mut shift_seen = vec![false; problem.shifts().len()];
    let mut job_seen = vec![false; problem.jobs().len()];
    let mut total = Figures::default();
    for (k, route) in routes.iter().enumerate() {
        if !identities(problem, k, route, &mut shift_seen, &mut job_seen, &mut wrong) {
            continue;
        }
        limits(problem, k, route, &mut wrong);
        match score(problem, route) {
            Some(f) => total = total.plus(&f),
            None if broken_way(problem, route) => wrong.push(Violation::Unreachable { route: k }),
            None => wrong.push(Violation::Time { route: k }),
        }
    }
    let missing = problem.jobs().iter().zip(&job_seen).enumerate();
    wrong.extend(
        missing
            .filter(|(_, (job, seen))| job.required && !**seen)
            .map(|(job, _)| Violation::RequiredMissing { job }),
    );
    if wrong.is_empty() { Ok(total) } else { Err(wrong) }
}

/// Figures of one route whose indices exist; `None` when its times cannot be kept.
pub(crate) fn score(problem: &Problem, route: &Route) -> Option<Figures> {
    let shift = &problem.shifts()[route.shift];
    if route.jobs.is_empty() {
        return Some(Figures::default());
    }
    if broken_way(problem, route) {
        return None;
    }
    let (start, finish) = departure(problem, route)?;
    let seconds = finish - start;
    let metres: i128 = legs(problem, route).map(|(_, m)| i128::from(m)).sum();
    let prize: i128 = route.jobs.iter().map(|&j| i128::from(problem.jobs()[j].prize)).sum();
    let travel = metres * i128::from(shift.cost_per_metre);
    let time = i128::from(seconds) * i128::from(shift.cost_per_second);
    Some(Figures {
        objective: saturate(prize - travel - time - i128::from(shift.fixed_cost)),
        prize: saturate(prize),
        travel_cost: saturate(travel),
        time_cost: saturate(time),
        fixed_cost: shift.fixed_cost,
        metres: saturate(metres),
        seconds,
        jobs: route.jobs.len(),
        routes: 1,
    })
}

/// Seconds and metres of every leg, from the shift's start to its end.
pub(crate) fn legs<'a>(
    problem: &'a Problem,
    route: &'a Route,
) -> impl Iterator<Item = (u32, u32)> + 'a {
    let shift = &problem.shifts()[route.shift];
    let place = |&j: &usize| Some(problem.jobs()[j].location);
    let from = std::iter::once(shift.start).chain(route.jobs.iter().map(place));
    let to = route.jobs.iter().map(place).chain(std::iter::once(shift.end));
    from.zip(to).map(|(a, b)| match (a, b) {
        (Some(a), Some(b)) => (problem.matrix().seconds(a, b), problem.matrix().metres(a, b)),
        _ => (0, 0),
    })
}

fn broken_way(problem: &Problem, route: &Route) -> bool {
    legs(problem, route).any(|(s, _)| s == UNREACHABLE)
}

/// Whether shift and jobs exist; notes what is used twice.
fn identities(
    problem: &Problem,
    k: usize,
    route: &Route,
    shifts: &mut [bool],
    jobs: &mut [bool],
    wrong: &mut Vec<Violation>,
) -> bool {
    let mut known = true;
    match shifts.get_mut(route.shift) {
        None => {
            wrong.push(Violation::UnknownShift { route: k });
            known = false;
        }
        Some(seen) if *seen => wrong.push(Violation::ShiftTwice { route: k }),
        Some(seen) => *seen = true,
    }
    for &job in &route.jobs {
        match jobs.get_mut(job) {
            None => {
                wrong.push(Violation::UnknownJob { route: k, job });
                known = false;
            }
            Some(seen) if *seen => wrong.push(Violation::JobTwice { route: k, job }),
            Some(seen) => *seen = true,
        }
        let shift = problem.shifts().get(route.shift);
        if let (Some(j), Some(s)) = (problem.jobs().get(job), shift)
            && !s.can(j)
        {
            wrong.push(Violation::Skill { route: k, job });
        }
    }
    known
}

fn limits(problem: &Problem, k: usize, route: &Route, wrong: &mut Vec<Violation>) {
    let shift = &problem.shifts()[route.shift];
    if shift.max_jobs.is_some_and(|most| route.jobs.len() as u128 > u128::from(most)) {
        wrong.push(Violation::MaxJobs { route: k });
    }
    for kind in 0..shift.capacity.len() {
        let Some(room) = shift.room(kind) else { continue };
        let of = |&j: &usize| problem.jobs()[j].demand.get(kind).map_or(0, |&d| u64::from(d));
        if route.jobs.iter().map(of).sum::<u64>() > u64::from(room) {
            wrong.push(Violation::Capacity { route: k, kind });
        }
    }
}
