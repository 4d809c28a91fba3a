//! The money that agents carry: what visits are expected to bring, against the most an agent may have.

use planner::{Job, Shift};

use super::candidates::Candidate;
use super::crew::OnDuty;
use super::solve::Day;

/// Adds the only load there is to a posed problem, where any agent has a limit.
pub(super) fn add(
    day: &Day<'_>,
    (duty, candidates): (&[&OnDuty], &[&Candidate]),
    (jobs, shifts): (&mut [Job], &mut [Shift]),
) {
    let limits: Vec<Option<i64>> = duty.iter().map(|duty| room(day, duty)).collect();
    let Some(most) = limits.iter().flatten().max() else { return };
    // The planner counts to 2^32: beyond that in larger units, rounded against the agent.
    let unit = most / i64::from(u32::MAX) + 1;
    for (job, candidate) in jobs.iter_mut().zip(candidates) {
        let cash = (candidate.cash.max(0) + unit - 1) / unit;
        job.demand = vec![u32::try_from(cash).unwrap_or(u32::MAX)];
    }
    for (shift, limit) in shifts.iter_mut().zip(limits) {
        let limit = limit.map(|limit| u32::try_from(limit / unit).unwrap_or(u32::MAX));
        shift.capacity = vec![limit];
    }
}

/// What an agent may still take, minor units.
fn room(day: &Day<'_>, duty: &OnDuty) -> Option<i64> {
    let most = day.agents.get(duty.agent)?.row.max_cash_minor?;
    let carried = duty.course.as_ref().map_or(0, |course| course.now.cash);
    Some((most - carried).max(0))
}
