//! Every shift's route, and what one more job in one of them does to all.
use std::collections::BTreeMap;

use crate::model::{Job, Problem, Route};
use crate::report::explain::Insertion;
use crate::report::line::{Line, line};
use crate::report::terms::unfairness;

/// Every shift's route.
pub(super) struct Lines<'a> {
    pub(super) problem: &'a Problem,
    pub(super) all: Vec<Line<'a>>,
    /// Paid seconds by shift, and what their unevenness costs.
    paid: Vec<i64>,
    unfairness: i64,
    /// Days and spacings of planned visits, by series.
    series: BTreeMap<u32, Vec<(i32, u32)>>,
    /// Shifts that stop in a zone.
    zones: BTreeMap<u32, Vec<usize>>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(problem: &'a Problem, routes: &[Route]) -> Self {
        let mut paid = vec![0; problem.shifts().len()];
        let (mut all, mut series, mut zones) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
        for (k, paid) in paid.iter_mut().enumerate() {
            let empty = Route::new(k, Vec::new());
            let route = routes.iter().find(|r| r.shift == k).unwrap_or(&empty);
            let Some(line) = line(problem, route) else { continue };
            *paid = line.paid;
            for job in route.jobs.iter().map(|&j| &problem.jobs()[j]) {
                if let Some(of) = job.series {
                    let days: &mut Vec<(i32, u32)> = series.entry(of.series).or_default();
                    days.push((line.shift.day, of.days));
                }
                if let Some(zone) = job.zone {
                    let shifts: &mut Vec<usize> = zones.entry(zone).or_default();
                    if !shifts.contains(&k) {
                        shifts.push(k);
                    }
                }
            }
            all.push(line);
        }
        let unfairness = unfairness(problem, &paid);
        Self { problem, all, paid, unfairness, series, zones }
    }

    /// Whether a day is far enough from the other visits of the job's series.
    pub(super) fn is_apart(&self, job: &Job, day: i32) -> bool {
        let Some(own) = job.series else { return true };
        let planned = self.series.get(&own.series).map_or(&[][..], Vec::as_slice);
        planned.iter().all(|(other, days)| other.abs_diff(day) >= own.days.max(*days))
    }

    /// What two insertions of one job cost together beyond what each costs alone.
    pub(super) fn joint(&self, job: usize, both: [&Insertion; 2]) -> i64 {
        let terms = self.problem.terms();
        let zone = self.problem.jobs()[job].zone;
        let first = zone.is_some_and(|zone| !self.zones.contains_key(&zone));
        let overlap = if first { terms.overlap } else { 0 };
        if terms.unfairness_per_second == 0 {
            return overlap;
        }
        let cost = |of: &[&Insertion]| {
            let mut paid = self.paid.clone();
            of.iter().for_each(|at| paid[at.shift] += at.extra_s);
            unfairness(self.problem, &paid)
        };
        let alone: i64 = both.iter().map(|at| cost(&[*at]) - self.unfairness).sum();
        overlap + cost(&both) - self.unfairness - alone
    }

    /// What one more job in a route costs besides way, time and the shift itself.
    pub(super) fn other(&self, job: &Job, line: &Line<'_>, paid: i64, gain: i64) -> i64 {
        let mut cost = line.gain.saturating_sub(gain).saturating_sub(job.paired(line.index));
        let terms = self.problem.terms();
        if let Some(shifts) = job.zone.and_then(|zone| self.zones.get(&zone))
            && !shifts.contains(&line.index)
        {
            cost = cost.saturating_add(terms.overlap);
        }
        if terms.unfairness_per_second > 0 {
            let mut with = self.paid.clone();
            with[line.index] = paid;
            cost = cost.saturating_add(unfairness(self.problem, &with) - self.unfairness);
        }
        cost
    }
}
