//! The clock of one route: the shortest schedule, stop by stop.
use crate::model::{Job, Problem, Route, Window};
use crate::report::check::legs;

/// Times at one stop, seconds from the problem's origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StopTime {
    /// The job.
    pub job: usize,
    /// Arrival.
    pub arrive: i64,
    /// Seconds waited until the window opens.
    pub wait_s: i64,
    /// Start of service.
    pub start: i64,
    /// End of service.
    pub leave: i64,
    /// Seconds driven from the place before.
    pub seconds_from_previous: u32,
    /// Metres driven from the place before.
    pub metres_from_previous: u32,
}

/// When a route leaves, stops and returns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timetable {
    /// Leaves the shift's start, or its first stop when the shift starts nowhere.
    pub departure: i64,
    /// Reaches the shift's end, or leaves its last stop when the shift ends nowhere.
    pub finish: i64,
    /// The stops in order.
    pub stops: Vec<StopTime>,
    /// Seconds of the last leg.
    pub seconds_to_end: u32,
    /// Metres of the last leg.
    pub metres_to_end: u32,
}

/// The shortest schedule of a route, the earliest finish among equals: with one window a stop, the
/// latest departure that keeps the earliest finish. `None` when no schedule keeps the windows, the shift
/// and its duration, or an index does not exist.
#[must_use]
pub fn timetable(problem: &Problem, route: &Route) -> Option<Timetable> {
    let (departure, finish) = departure(problem, route)?;
    let mut clock = departure;
    let mut stops = Vec::with_capacity(route.jobs.len());
    let mut legs = legs(problem, route);
    for (&job, (seconds, metres)) in route.jobs.iter().zip(&mut legs) {
        let arrive = clock + i64::from(seconds);
        let start = opening(&problem.jobs()[job], arrive)?;
        clock = start + i64::from(problem.jobs()[job].service_s);
        stops.push(StopTime {
            job,
            arrive,
            wait_s: start - arrive,
            start,
            leave: clock,
            seconds_from_previous: seconds,
            metres_from_previous: metres,
        });
    }
    let (seconds_to_end, metres_to_end) = legs.next().unwrap_or((0, 0));
    Some(Timetable { departure, finish, stops, seconds_to_end, metres_to_end })
}

/// Windows of a job, never empty.
fn windows(job: &Job) -> &[Window] {
    if job.windows.is_empty() { &[Window::ALWAYS] } else { &job.windows }
}

/// First instant from `t` on at which service may start.
fn opening(job: &Job, t: i64) -> Option<i64> {
    windows(job).iter().filter(|w| w.late >= t).map(|w| t.max(w.early)).min()
}

/// Last instant up to `t` at which service may start.
fn closing(job: &Job, t: i64) -> Option<i64> {
    windows(job).iter().filter(|w| w.early <= t).map(|w| t.min(w.late)).max()
}

/// Departure and finish of the shortest schedule, by trying each finish that can matter.
///
/// From a departure, the earliest finish; for that finish, the latest departure: their difference is
/// the shortest for this finish. Leaving later still can only pay where a stop falls into another of
/// its windows, so the next departure tried is the one that makes some stop begin where a window
/// opens. A route whose stops have one window each needs a single round.
pub(crate) fn departure(problem: &Problem, route: &Route) -> Option<(i64, i64)> {
    let shift = problem.shifts().get(route.shift)?;
    if route.jobs.iter().any(|&j| j >= problem.jobs().len()) {
        return None;
    }
    let seconds: Vec<i64> = legs(problem, route).map(|(s, _)| i64::from(s)).collect();
    let mut best: Option<(i64, i64)> = None;
    let mut leave = shift.window.early;
    while let Some(finish) = forward(problem, route, &seconds, leave) {
        let finish = finish.max(shift.window.early);
        if finish > shift.window.late {
            break;
        }
        let late = backward(problem, route, &seconds, finish).map_or(leave, |b| b.max(leave));
        let late = late.min(shift.window.late);
        if best.is_none_or(|(b, f)| finish - late < f - b) {
            best = Some((late, finish));
        }
        match next_departure(problem, route, &seconds, late) {
            Some(next) if next > leave && next <= shift.window.late => leave = next,
            _ => break,
        }
    }
    best.filter(|(b, f)| f - b <= i64::from(shift.max_duration_s))
}

fn forward(problem: &Problem, route: &Route, seconds: &[i64], leave: i64) -> Option<i64> {
    let mut t = leave;
    for (&j, s) in route.jobs.iter().zip(seconds) {
        let job = &problem.jobs()[j];
        t = opening(job, t + s)? + i64::from(job.service_s);
    }
    Some(t + seconds.last().copied().unwrap_or(0))
}

fn backward(problem: &Problem, route: &Route, seconds: &[i64], finish: i64) -> Option<i64> {
    let mut t = finish;
    for (&j, s) in route.jobs.iter().zip(&seconds[1..]).rev() {
        let job = &problem.jobs()[j];
        t = closing(job, t - s - i64::from(job.service_s))?;
    }
    Some(t - seconds[0])
}

/// The first departure after `late` at which some stop begins in a window it did not begin in before.
fn next_departure(problem: &Problem, route: &Route, seconds: &[i64], late: i64) -> Option<i64> {
    if route.jobs.iter().all(|&j| problem.jobs()[j].windows.len() < 2) {
        return None;
    }
    let mut next: Option<i64> = None;
    for (i, &j) in route.jobs.iter().enumerate() {
        for w in windows(&problem.jobs()[j]) {
            // the latest departure that still begins this stop by the window's opening or its end
            for instant in [w.early, w.late] {
                let head = Route { shift: route.shift, jobs: route.jobs[..i].to_vec() };
                let arrive = instant - seconds[i];
                let mut legs = seconds[..i].to_vec();
                legs.push(0);
                let at =
                    if i == 0 { Some(arrive) } else { backward(problem, &head, &legs, arrive) };
                for at in at.into_iter().flat_map(|a| [a, a + 1]) {
                    if at > late && next.is_none_or(|n| at < n) {
                        next = Some(at);
                    }
                }
            }
        }
    }
    next
}
