//! The slow way: everything is tried.
use planner::{Figures, Problem, Route, Shift, UNREACHABLE, Window, check};

use crate::problems::optional;

/// Figures of routes that may lack required jobs.
pub(crate) fn score(problem: &Problem, routes: &[Route]) -> Option<Figures> {
    check(&optional(problem.clone()), routes).ok()
}

/// Most required jobs, then highest objective, over everything that can be done.
pub(crate) fn best_of_all(problem: &Problem) -> (usize, i64) {
    fn extend(p: &Problem, routes: &mut Vec<Route>, job: usize, best: &mut (usize, i64)) {
        if job == p.jobs().len() {
            if let Some(f) = score(p, routes) {
                let required = routes.iter().flat_map(|r| &r.jobs);
                let count = required.filter(|&&j| p.jobs()[j].required).count();
                *best = (*best).max((count, f.objective));
            }
            return;
        }
        extend(p, routes, job + 1, best);
        for k in 0..routes.len() {
            for at in 0..=routes[k].jobs.len() {
                routes[k].jobs.insert(at, job);
                extend(p, routes, job + 1, best);
                routes[k].jobs.remove(at);
            }
        }
    }
    let shifts = 0..problem.shifts().len();
    let mut routes: Vec<Route> = shifts.map(|shift| Route::new(shift, vec![])).collect();
    let mut best = (0, i64::MIN);
    extend(problem, &mut routes, 0, &mut best);
    best
}

/// What paid seconds cost.
pub(crate) fn price(shift: &Shift, paid: i64) -> i64 {
    let overtime = (paid - i64::from(shift.regular_s)).max(0);
    paid * shift.cost_per_second + overtime * shift.overtime_per_second
}

/// The best premiums less paid time of a route that leaves at `t`, over all windows and places of breaks.
pub(crate) fn best_from(p: &Problem, route: &Route, t: i64) -> Option<i64> {
    let s = &p.shifts()[route.shift];
    // breaks over before it leaves are not needed
    let first = (0..=s.breaks.len()).filter(|&k| k == 0 || s.breaks[k - 1].window.late <= t);
    first.filter_map(|k| on_from(p, route, (t, t), (0, k), (0, 0))).max()
}

/// From a clock after `stop` stops and `rested` breaks, with premiums gained and seconds not paid.
fn on_from(
    p: &Problem,
    route: &Route,
    (left, clock): (i64, i64),
    (stop, rested): (usize, usize),
    (gain, unpaid): (i64, i64),
) -> Option<i64> {
    let s = &p.shifts()[route.shift];
    let mut best = s.breaks.get(rested).filter(|b| clock <= b.window.late).and_then(|b| {
        let end = clock.max(b.window.early) + i64::from(b.duration_s);
        let more = if b.paid { 0 } else { i64::from(b.duration_s) };
        on_from(p, route, (left, end), (stop, rested + 1), (gain, unpaid + more))
    });
    let before = stop.checked_sub(1).map(|k| p.jobs()[route.jobs[k]].location).or(if stop == 0 {
        s.start
    } else {
        None
    });
    let job = route.jobs.get(stop).map(|&j| &p.jobs()[j]);
    let to = job.map_or(s.end, |j| Some(j.location));
    let way = match (before, to) {
        (Some(a), Some(b)) => p.matrix().seconds(a, b),
        _ => 0,
    };
    let arrive = clock + i64::from(way);
    if way == UNREACHABLE {
        return best;
    }
    let Some(job) = job else {
        let in_time = arrive.max(s.window.early) <= s.window.late
            && s.breaks.get(rested).is_none_or(|b| arrive.max(s.window.early) <= b.window.late);
        let end = arrive.max(s.window.early);
        let short = end - left <= i64::from(s.max_duration_s);
        let value = gain - price(s, end - left - unpaid);
        return if in_time && short { best.max(Some(value)) } else { best };
    };
    let always = [Window::new(i64::MIN / 4, i64::MAX / 4)];
    let windows = if job.windows.is_empty() { &always[..] } else { &job.windows };
    for (k, w) in windows.iter().enumerate().filter(|(_, w)| arrive <= w.late) {
        let end = arrive.max(w.early) + i64::from(job.service_s);
        let premium = job.premiums.get(k).copied().unwrap_or(0);
        let rest = on_from(p, route, (left, end), (stop + 1, rested), (gain + premium, unpaid));
        best = best.max(rest);
    }
    best
}

/// Whether all beginnings of all routes hold, so that routes can be given stop by stop.
pub(crate) fn metric(p: &Problem, routes: &[Route]) -> bool {
    let one_window = p.jobs().iter().all(|j| j.windows.len() < 2);
    let begins = routes.iter().all(|r| {
        (1..=r.jobs.len()).all(|n| score(p, &[Route::new(r.shift, r.jobs[..n].to_vec())]).is_some())
    });
    one_window && begins
}

/// Figures with the job put everywhere in one shift's route.
pub(crate) fn places(
    p: &Problem,
    routes: &[Route],
    shift: usize,
    job: usize,
) -> impl Iterator<Item = Figures> {
    let mut routes = routes.to_vec();
    let at = routes.iter().position(|r| r.shift == shift).unwrap_or_else(|| {
        routes.push(Route::new(shift, vec![]));
        routes.len() - 1
    });
    (0..=routes[at].jobs.len()).filter_map(move |place| {
        let mut with = routes.clone();
        with[at].jobs.insert(place, job);
        score(p, &with)
    })
}
