//! What routes owe each other: crews that meet, visits apart, fair shares, zones of one's own.
use std::collections::BTreeMap;

use crate::cast::saturate;
use crate::model::{Figures, Problem, Route};
use crate::report::violation::Violation;

/// Adds the terms between routes to the sum of their own figures. `paid` holds each shift's seconds.
pub(crate) fn together(problem: &Problem, routes: &[Route], sum: Figures, paid: &[i64]) -> Figures {
    let mut total = sum;
    total.unfairness_cost = unfairness(problem, paid);
    total.overlap_cost = overlap(problem, routes);
    // Each route of a crew has counted the job and its prize.
    let mut met = BTreeMap::new();
    for route in routes {
        for &job in route.jobs.iter().filter(|&&j| problem.jobs()[j].crew == 2) {
            if met.insert(job, route.shift).is_some() {
                let data = &problem.jobs()[job];
                let premium = route.meeting(job).and_then(|t| data.premium_at(t)).unwrap_or(0);
                let twice = data.prize.saturating_add(premium);
                total.prize -= twice;
                total.objective -= twice;
                total.jobs -= 1;
            }
        }
    }
    let cost = total.unfairness_cost.saturating_add(total.overlap_cost);
    total.objective = total.objective.saturating_sub(cost);
    total
}

/// Seconds beyond fair shares at their price, rounded down.
pub(crate) fn unfairness(problem: &Problem, paid: &[i64]) -> i64 {
    let price = i128::from(problem.terms().unfairness_per_second);
    let longest = problem.shifts().iter().map(|s| i128::from(s.longest()));
    let all: i128 = longest.clone().sum();
    if price == 0 || all == 0 {
        return 0;
    }
    let worked: i128 = paid.iter().map(|&p| i128::from(p)).sum();
    let beyond = longest.zip(paid).map(|(l, &p)| (i128::from(p) * all - worked * l).max(0));
    saturate(beyond.sum::<i128>() / all * price)
}

/// Further shifts in zones at their price.
fn overlap(problem: &Problem, routes: &[Route]) -> i64 {
    let price = problem.terms().overlap;
    if price == 0 {
        return 0;
    }
    let visits = routes
        .iter()
        .flat_map(|r| r.jobs.iter().filter_map(|&j| Some((problem.jobs()[j].zone?, r.shift))));
    let mut pairs: Vec<(u32, usize)> = visits.collect();
    pairs.sort_unstable();
    pairs.dedup();
    let further = pairs.windows(2).filter(|p| p[0].0 == p[1].0).count();
    price.saturating_mul(i64::try_from(further).unwrap_or(i64::MAX))
}

/// Jobs for two that are not served by two, at one instant.
pub(crate) fn crews(
    problem: &Problem,
    routes: &[Route],
    served: &[u8],
    wrong: &mut Vec<Violation>,
) {
    for (job, data) in problem.jobs().iter().enumerate().filter(|(_, d)| d.crew == 2) {
        let with = routes.iter().filter(|r| r.jobs.contains(&job));
        let starts: Vec<Option<i64>> = with.map(|r| r.meeting(job)).collect();
        let agreed = starts.len() == 2 && starts[0].is_some() && starts[0] == starts[1];
        let open = starts.first().copied().flatten().is_some_and(|t| data.premium_at(t).is_some());
        if served[job] > 0 && !(agreed && open) {
            wrong.push(Violation::Crew { job });
        }
    }
}

/// Visits of one series on days too near each other.
pub(crate) fn spacing(problem: &Problem, routes: &[Route], wrong: &mut Vec<Violation>) {
    let mut series: BTreeMap<u32, Vec<(usize, i64, u32)>> = BTreeMap::new();
    for route in routes {
        let Some(shift) = problem.shifts().get(route.shift) else { continue };
        for &j in &route.jobs {
            if let Some(of) = problem.jobs().get(j).and_then(|job| job.series) {
                series.entry(of.series).or_default().push((j, i64::from(shift.day), of.days));
            }
        }
    }
    for visits in series.values_mut() {
        visits.sort_unstable();
        for (i, a) in visits.iter().enumerate() {
            for b in visits[i + 1..].iter().filter(|b| b.0 != a.0) {
                if (a.1 - b.1).abs() < i64::from(a.2.max(b.2)) {
                    wrong.push(Violation::Spacing { job: a.0, other: b.0 });
                }
            }
        }
    }
}
