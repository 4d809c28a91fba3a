//! Re-scores routes from the problem alone. Shares nothing with the search, so that each checks the other.
use std::fmt;

use crate::cast::saturate;
use crate::model::{Figures, Problem, Route, UNREACHABLE};
use crate::report::clock;
use crate::report::terms;
use crate::report::timetable::{Timetable, timetable};

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
    /// The shift may not serve the job.
    Pair {
        /// The route.
        route: usize,
        /// The job.
        job: usize,
    },
    /// The job comes after one of a later rank.
    Order {
        /// The route.
        route: usize,
        /// The job.
        job: usize,
    },
    /// The job is not served by the number of shifts it needs, starting at one instant.
    Crew {
        /// The job.
        job: usize,
    },
    /// Two visits of a series lie too few days apart.
    Spacing {
        /// The earlier job by index.
        job: usize,
        /// The other.
        other: usize,
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
            Self::Time { route } => {
                write!(f, "routes[{route}]: windows, breaks, shift or duration broken")
            }
            Self::Pair { route, job } => {
                write!(f, "routes[{route}]: the shift may not serve job {job}")
            }
            Self::Order { route, job } => {
                write!(f, "routes[{route}]: job {job} comes after one of a later rank")
            }
            Self::Crew { job } => write!(f, "job {job} needs two shifts that start it together"),
            Self::Spacing { job, other } => {
                write!(f, "jobs {job} and {other} of a series lie too few days apart")
            }
            Self::RequiredMissing { job } => write!(f, "required job {job} is in no route"),
        }
    }
}

/// Scores routes, or lists everything they break.
///
/// # Errors
/// All violations found: those of single routes in their order, then those between routes, missing
/// required jobs last.
pub fn check(problem: &Problem, routes: &[Route]) -> Result<Figures, Vec<Violation>> {
    let mut wrong = Vec::new();
    let mut shift_seen = vec![false; problem.shifts().len()];
    let mut served = vec![0_u8; problem.jobs().len()];
    let mut total = Figures::default();
    let mut paid = vec![0; problem.shifts().len()];
    for (k, route) in routes.iter().enumerate() {
        if !identities(problem, k, route, &mut shift_seen, &mut served, &mut wrong) {
            continue;
        }
        limits(problem, k, route, &mut wrong);
        match score(problem, route) {
            Some(f) => {
                paid[route.shift] = f.seconds;
                total = total.plus(&f);
            }
            None if broken_way(problem, route) => wrong.push(Violation::Unreachable { route: k }),
            None => wrong.push(Violation::Time { route: k }),
        }
    }
    terms::crews(problem, routes, &served, &mut wrong);
    terms::spacing(problem, routes, &mut wrong);
    let missing = problem.jobs().iter().zip(&served).enumerate();
    wrong.extend(
        missing
            .filter(|(_, (job, times))| job.required && **times == 0)
            .map(|(job, _)| Violation::RequiredMissing { job }),
    );
    if wrong.is_empty() { Ok(terms::together(problem, routes, total, &paid)) } else { Err(wrong) }
}

/// Figures of routes that are known to hold, terms between them included.
pub(crate) fn total(problem: &Problem, routes: &[Route]) -> Figures {
    let mut paid = vec![0; problem.shifts().len()];
    let mut total = Figures::default();
    for route in routes {
        if let Some(figures) = score(problem, route) {
            paid[route.shift] = figures.seconds;
            total = total.plus(&figures);
        }
    }
    terms::together(problem, routes, total, &paid)
}

/// Figures of one route whose indices exist, without terms between routes; `None` when its times cannot
/// be kept. The prize of a job for two counts in the first of them only: half of it would be a fraction.
pub(crate) fn score(problem: &Problem, route: &Route) -> Option<Figures> {
    let shift = &problem.shifts()[route.shift];
    if route.jobs.is_empty() {
        return Some(Figures::default());
    }
    if broken_way(problem, route) {
        return None;
    }
    let times = timetable(problem, route)?;
    if !clock::keeps(problem, route, &times) {
        return None;
    }
    let paid = clock::paid(problem, route, &times);
    let metres: i128 = legs(problem, route).map(|(_, m)| i128::from(m)).sum();
    let prize = prizes(problem, route, &times);
    let pairing: i128 =
        route.jobs.iter().map(|&j| i128::from(problem.jobs()[j].paired(route.shift))).sum();
    let travel = metres * i128::from(shift.cost_per_metre);
    let time = i128::from(paid) * i128::from(shift.cost_per_second);
    let overtime_s = shift.overtime(paid);
    let overtime = i128::from(overtime_s) * i128::from(shift.overtime_per_second);
    let costs = travel + time + overtime + i128::from(shift.fixed_cost);
    Some(Figures {
        objective: saturate(prize + pairing - costs),
        prize: saturate(prize),
        pairing: saturate(pairing),
        travel_cost: saturate(travel),
        time_cost: saturate(time),
        overtime_cost: saturate(overtime),
        fixed_cost: shift.fixed_cost,
        metres: saturate(metres),
        seconds: paid,
        overtime_s,
        jobs: route.jobs.len(),
        routes: 1,
        ..Figures::default()
    })
}

/// Prizes, and the best premium of the windows that each stop begins in.
fn prizes(problem: &Problem, route: &Route, times: &Timetable) -> i128 {
    let of = |(&j, start): (&usize, i64)| {
        let job = &problem.jobs()[j];
        let open = job.openings().filter(|(w, _)| w.early <= start && start <= w.late);
        let premium = open.map(|(_, premium)| premium).max().unwrap_or(0);
        i128::from(job.prize) + i128::from(premium)
    };
    route.jobs.iter().zip(times.stops.iter().map(|s| s.start)).map(of).sum()
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
    served: &mut [u8],
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
    for (i, &job) in route.jobs.iter().enumerate() {
        let crew = problem.jobs().get(job).map_or(1, |j| j.crew);
        match served.get_mut(job) {
            None => {
                wrong.push(Violation::UnknownJob { route: k, job });
                known = false;
            }
            Some(times) if *times >= crew || route.jobs[..i].contains(&job) => {
                wrong.push(Violation::JobTwice { route: k, job });
            }
            Some(times) => *times += 1,
        }
        if let (Some(j), Some(s)) = (problem.jobs().get(job), problem.shifts().get(route.shift)) {
            if !s.can(j) {
                wrong.push(Violation::Skill { route: k, job });
            }
            if !j.admits(route.shift) {
                wrong.push(Violation::Pair { route: k, job });
            }
        }
    }
    known
}

fn limits(problem: &Problem, k: usize, route: &Route, wrong: &mut Vec<Violation>) {
    let shift = &problem.shifts()[route.shift];
    if shift.max_jobs.is_some_and(|most| route.jobs.len() as u128 > u128::from(most)) {
        wrong.push(Violation::MaxJobs { route: k });
    }
    let mut rank = None;
    for &job in &route.jobs {
        let own = problem.jobs()[job].rank;
        if own.is_some() && own < rank {
            wrong.push(Violation::Order { route: k, job });
        }
        rank = own.or(rank);
    }
    for kind in 0..shift.capacity.len() {
        let Some(room) = shift.room(kind) else { continue };
        let of = |&j: &usize| problem.jobs()[j].demand.get(kind).map_or(0, |&d| u64::from(d));
        if route.jobs.iter().map(of).sum::<u64>() > u64::from(room) {
            wrong.push(Violation::Capacity { route: k, kind });
        }
    }
}
