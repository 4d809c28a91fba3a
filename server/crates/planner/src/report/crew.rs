//! Two shifts that begin a job together: when they may meet, and where that costs least.
use crate::model::{Job, Problem};
use crate::report::explain::{Binding, Explanation, Insertion};
use crate::report::line::Line;
use crate::report::lines::Lines;

/// Meetings are agreed on to five minutes.
const GRID_S: i64 = 300;

/// Instants at which two shifts may meet for a job: every five minutes of its windows while shifts last,
/// and the first second of each window.
pub(crate) fn instants(problem: &Problem, job: &Job) -> Vec<i64> {
    let span = problem.span();
    let mut all = Vec::new();
    for (window, _) in job.openings() {
        let (from, to) = (window.early.max(span.early), window.late.min(span.late));
        if from <= to {
            all.push(from);
            let mut t = (from.div_euclid(GRID_S) + 1) * GRID_S;
            while t <= to {
                all.push(t);
                t += GRID_S;
            }
        }
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// Explains a job for two by the cheapest pair of places.
pub(super) fn explain(lines: &Lines<'_>, fit: &[&Line<'_>], job: usize) -> Explanation {
    let data = &lines.problem.jobs()[job];
    let mut best: Option<(i64, Insertion, Insertion, i64)> = None;
    for t in instants(lines.problem, data) {
        let mut at: Vec<Insertion> = fit.iter().filter_map(|l| l.at(lines, job, t)).collect();
        at.sort_by_key(|i| (i.cost(), i.shift));
        if let [first, second, ..] = at.as_slice() {
            let premium = data.premium_at(t).unwrap_or(0);
            let joint = lines.joint(job, [first, second]).saturating_sub(premium);
            let cost = first.cost().saturating_add(second.cost()).saturating_add(joint);
            if best.is_none_or(|b| cost < b.0) {
                best = Some((cost, *first, *second, t));
            }
        }
    }
    let binding = match best {
        None => Binding::Crew,
        Some((cost, ..)) if cost < data.prize => Binding::Nothing,
        Some(_) => Binding::Money,
    };
    Explanation {
        job,
        prize: data.prize,
        binding,
        best: best.map(|b| b.1),
        second: best.map(|b| (b.2, b.3)),
        cheaper: None,
        worth_above: best.map(|b| b.0),
        need: None,
    }
}
