//! What each planned job adds.
use crate::model::{Problem, Route};
use crate::report::check::{score, total};

/// Value of one planned job, micro-units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobValue {
    /// The job.
    pub job: usize,
    /// The shift that serves it.
    pub shift: usize,
    /// Place in the route, from 0.
    pub position: usize,
    /// Its prize.
    pub prize: i64,
    /// What leaving it out would save: travel, time, for a route's only job the fixed cost, and the terms
    /// between routes.
    pub saved_cost: i64,
    /// `prize - saved_cost`.
    pub value: i64,
}

/// The value of every planned job with all others left as they are. Jobs of routes that do not pass
/// [`crate::check`], or that cannot be left out without breaking the rest of the route, are not listed.
/// A job for two is listed once, with the first of its shifts.
#[must_use]
pub fn marginal(problem: &Problem, routes: &[Route]) -> Vec<JobValue> {
    let known = |r: &&Route| {
        r.shift < problem.shifts().len() && r.jobs.iter().all(|&j| j < problem.jobs().len())
    };
    let terms = problem.terms();
    let coupled = terms.unfairness_per_second > 0 || terms.overlap > 0;
    let whole = coupled.then(|| total(problem, routes).objective);
    let mut values = Vec::new();
    for (k, route) in routes.iter().enumerate().filter(|(_, r)| known(r)) {
        let Some(with) = score(problem, route) else { continue };
        for (position, &job) in route.jobs.iter().enumerate() {
            let data = &problem.jobs()[job];
            let value = if coupled || data.crew == 2 {
                if routes[..k].iter().any(|r| r.jobs.contains(&job)) {
                    continue;
                }
                let whole = whole.unwrap_or_else(|| total(problem, routes).objective);
                without(problem, routes, job).map(|rest| whole.saturating_sub(rest))
            } else {
                let mut rest = route.clone();
                rest.jobs.remove(position);
                score(problem, &rest).map(|rest| with.objective.saturating_sub(rest.objective))
            };
            let Some(value) = value else { continue };
            let prize = data.prize;
            let saved_cost = prize.saturating_sub(value);
            values.push(JobValue { job, shift: route.shift, position, prize, saved_cost, value });
        }
    }
    values
}

/// Objective of all routes without one job; `None` when one of them does not hold then.
fn without(problem: &Problem, routes: &[Route], job: usize) -> Option<i64> {
    let mut rest = routes.to_vec();
    for route in rest.iter_mut().filter(|r| r.jobs.contains(&job)) {
        route.jobs.retain(|&j| j != job);
        route.meetings.retain(|m| m.job != job);
        score(problem, route)?;
    }
    Some(total(problem, &rest).objective)
}
