//! Re-scores routes from the problem alone. Shares nothing with the search, so that each checks the other.
use crate::cast::saturate;
use crate::model::{Figures, Problem, Route, UNREACHABLE};
use crate::report::clock;
use crate::report::terms;
use crate::report::timetable::{Timetable, timetable};
use crate::report::violation::Violation;

/// Scores routes, or lists everything they break.
///
/// # Errors
/// All violations found: those of single routes in their order, then those between routes, missing
/// required jobs last.
pub fn check(problem: &Problem, routes: &[Route]) -> Result<Figures, Vec<Violation>> {
    let mut wrong = Vec::new();
    let mut shift_seen = vec![false; problem.shifts().len()];
    let mut served = vec![0_u8; problem.jobs().len()];
    let mut sum = Sum::new(problem);
    for (k, route) in routes.iter().enumerate() {
        if !identities(problem, k, route, &mut shift_seen, &mut served, &mut wrong) {
            continue;
        }
        limits(problem, k, route, &mut wrong);
        if !sum.add(problem, route) {
            let cut = broken_way(problem, route);
            let route = k;
            wrong.push(if cut {
                Violation::Unreachable { route }
            } else {
                Violation::Time { route }
            });
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
    if wrong.is_empty() { Ok(sum.together(problem, routes)) } else { Err(wrong) }
}

/// Figures of routes that are known to hold, terms between them included.
pub(crate) fn total(problem: &Problem, routes: &[Route]) -> Figures {
    let mut sum = Sum::new(problem);
    for route in routes {
        sum.add(problem, route);
    }
    sum.together(problem, routes)
}

/// Figures of single routes, and the paid seconds of each shift.
struct Sum {
    figures: Figures,
    paid: Vec<i64>,
}

impl Sum {
    fn new(problem: &Problem) -> Self {
        Self { figures: Figures::default(), paid: vec![0; problem.shifts().len()] }
    }

    /// False when the route does not hold.
    fn add(&mut self, problem: &Problem, route: &Route) -> bool {
        let own = score(problem, route);
        if let Some(own) = &own {
            self.paid[route.shift] = own.seconds;
            self.figures = self.figures.plus(own);
        }
        own.is_some()
    }

    /// With the terms between routes.
    fn together(self, problem: &Problem, routes: &[Route]) -> Figures {
        terms::together(problem, routes, self.figures, &self.paid)
    }
}

/// Figures of one route whose indices exist, without terms between routes; `None` when its times cannot
/// be kept. A job for two counts in both of its routes, with its prize and premium: [`terms::together`] takes
/// one off again, since half of it would be a fraction.
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
    let metres: i128 = problem.legs(route).map(|leg| i128::from(leg.metres)).sum();
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
        i128::from(job.prize) + i128::from(job.premium_at(start).unwrap_or(0))
    };
    route.jobs.iter().zip(times.stops.iter().map(|s| s.start)).map(of).sum()
}

fn broken_way(problem: &Problem, route: &Route) -> bool {
    problem.legs(route).any(|leg| leg.seconds == UNREACHABLE)
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
        let of = |&j: &usize| u64::from(problem.jobs()[j].load(kind));
        if route.jobs.iter().map(of).sum::<u64>() > u64::from(room) {
            wrong.push(Violation::Capacity { route: k, kind });
        }
    }
}
