//! The clock of one route: its best schedule, stop by stop.
use crate::model::{Arc, Job, Problem, Route};
use crate::report::labels::{Label, best, close, ends, heads, openings};

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

/// One break, seconds from the problem's origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BreakTime {
    /// Which of the shift's breaks.
    pub index: usize,
    /// Stops served before it.
    pub after: usize,
    /// First second.
    pub start: i64,
    /// End.
    pub end: i64,
}

/// When a route leaves, stops, rests and returns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timetable {
    /// Leaves the shift's start, or its first stop when the shift starts nowhere.
    pub departure: i64,
    /// Reaches the shift's end, or leaves its last stop when the shift ends nowhere.
    pub finish: i64,
    /// The stops in order.
    pub stops: Vec<StopTime>,
    /// Breaks taken, in order.
    pub breaks: Vec<BreakTime>,
    /// Seconds of the last leg.
    pub seconds_to_end: u32,
    /// Metres of the last leg.
    pub metres_to_end: u32,
}

/// The best schedule of a route: its windows' premiums less its paid time are highest, then it is the
/// shortest, the earliest to finish among equals, and leaves as late as it can for that. `None` when no
/// schedule keeps the windows, the breaks, the shift and its duration, or an index does not exist.
#[must_use]
pub fn timetable(problem: &Problem, route: &Route) -> Option<Timetable> {
    let shift = problem.shifts().get(route.shift)?;
    let jobs: Vec<&Job> =
        route.jobs.iter().map(|&j| problem.jobs().get(j)).collect::<Option<_>>()?;
    let legs: Vec<Arc> = problem.legs(route).collect();
    let lists = heads(shift, &jobs, route, &legs);
    let last = *legs.last()?;
    let whole = close(lists.last()?, shift, last, &ends(shift, shift.window.late));
    let choice = *best(&whole, shift)?;
    let mut chosen = Vec::with_capacity(jobs.len() + 1);
    let mut at = choice;
    for list in lists.iter().rev() {
        chosen.push(at);
        at = *list.get(at.from)?;
    }
    chosen.reverse();
    Some(run(problem, route, &jobs, &legs, &chosen, choice.seg.early))
}

/// Drives the route with its choices made: `chosen[i]` says what happens between place `i` and the next.
fn run(
    problem: &Problem,
    route: &Route,
    jobs: &[&Job],
    legs: &[Arc],
    chosen: &[Label],
    departure: i64,
) -> Timetable {
    let shift = &problem.shifts()[route.shift];
    let mut clock = departure;
    let mut stops = Vec::with_capacity(jobs.len());
    let mut breaks = Vec::new();
    for (i, leg) in legs.iter().enumerate() {
        let label = chosen[i];
        for index in label.breaks - label.paused..label.breaks {
            let pause = shift.breaks[index];
            let start = clock.max(pause.window.early);
            clock = start + i64::from(pause.duration_s);
            breaks.push(BreakTime { index, after: i, start, end: clock });
        }
        clock += i64::from(leg.seconds);
        let Some(job) = jobs.get(i) else { break };
        let windows = openings(job, route.meeting(route.jobs[i]));
        let early = windows.get(label.opening).map_or(clock, |(w, _)| w.early);
        let (arrive, start) = (clock, clock.max(early));
        clock = start + i64::from(job.service_s);
        stops.push(StopTime {
            job: route.jobs[i],
            arrive,
            wait_s: start - arrive,
            start,
            leave: clock,
            seconds_from_previous: leg.seconds,
            metres_from_previous: leg.metres,
        });
    }
    let last = legs.last().copied().unwrap_or_default();
    let finish = clock.max(shift.window.early);
    Timetable {
        departure,
        finish,
        stops,
        breaks,
        seconds_to_end: last.seconds,
        metres_to_end: last.metres,
    }
}
