//! What each planned job adds.
use crate::model::{Problem, Route};
use crate::report::check::score;

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
    /// What leaving it out would save: travel, time and, for a route's only job, the fixed cost.
    pub saved_cost: i64,
    /// `prize - saved_cost`.
    pub value: i64,
}

/// The value of every planned job with all others left as they are. Jobs of routes that do not pass
/// [`crate::check`], or that cannot be left out without breaking the rest of the route, are not listed.
#[must_use]
pub fn marginal(problem: &Problem, routes: &[Route]) -> Vec<JobValue> {
    let known = |r: &&Route| {
        r.shift < problem.shifts().len() && r.jobs.iter().all(|&j| j < problem.jobs().len())
    };
    let mut values = Vec::new();
    for route in routes.iter().filter(known) {
        let Some(with) = score(problem, route) else { continue };
        for (position, &job) in route.jobs.iter().enumerate() {
            let mut rest = route.clone();
            rest.jobs.remove(position);
            let Some(without) = score(problem, &rest) else { continue };
            let value = with.objective.saturating_sub(without.objective);
            let prize = problem.jobs()[job].prize;
            let saved_cost = prize.saturating_sub(value);
            values.push(JobValue { job, shift: route.shift, position, prize, saved_cost, value });
        }
    }
    values
}
