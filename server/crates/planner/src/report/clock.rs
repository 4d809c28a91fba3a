//! Whether a timetable keeps the rules, looked at second by second and rule by rule. It knows nothing of
//! how the timetable was found.
use crate::model::{Problem, Route};
use crate::report::timetable::Timetable;

/// Whether the times follow from each other and keep windows, meetings, breaks, shift and duration.
pub(crate) fn keeps(problem: &Problem, route: &Route, times: &Timetable) -> bool {
    let shift = &problem.shifts()[route.shift];
    let within = shift.window.early <= times.departure
        && times.departure <= times.finish
        && times.finish <= shift.window.late
        && times.finish - times.departure <= i64::from(shift.max_duration_s);
    within && times.stops.len() == route.jobs.len() && follows(problem, route, times) && {
        let due = |b: usize| {
            let end = shift.breaks[b].window.late;
            times.departure < end && end < times.finish
        };
        let taken = |b: usize| times.breaks.iter().filter(|t| t.index == b).count();
        (0..shift.breaks.len()).all(|b| taken(b) <= 1 && (taken(b) == 1 || !due(b)))
    }
}

/// Drives from place to place; nothing may begin before what comes before it has ended.
fn follows(problem: &Problem, route: &Route, times: &Timetable) -> bool {
    let shift = &problem.shifts()[route.shift];
    let mut clock = times.departure;
    let mut breaks = times.breaks.iter().peekable();
    for (i, leg) in problem.legs(route).enumerate() {
        while let Some(pause) = breaks.next_if(|b| b.after == i) {
            let Some(rule) = shift.breaks.get(pause.index) else { return false };
            let open = rule.window.holds(pause.start);
            let long = pause.end - pause.start == i64::from(rule.duration_s);
            if pause.start < clock || !open || !long {
                return false;
            }
            clock = pause.end;
        }
        clock += i64::from(leg.seconds);
        let Some(stop) = times.stops.get(i) else { break };
        let job = &problem.jobs()[route.jobs[i]];
        let open = job.premium_at(stop.start).is_some();
        let met = route.meeting(stop.job).is_none_or(|t| t == stop.start);
        let in_time = stop.arrive == clock && stop.start == stop.arrive + stop.wait_s;
        let long = stop.leave - stop.start == i64::from(job.service_s);
        if stop.job != route.jobs[i] || stop.wait_s < 0 || !open || !met || !in_time || !long {
            return false;
        }
        clock = stop.leave;
    }
    breaks.next().is_none() && times.finish == clock.max(shift.window.early)
}

/// Seconds of a timetable that are paid.
pub(crate) fn paid(problem: &Problem, route: &Route, times: &Timetable) -> i64 {
    let breaks = &problem.shifts()[route.shift].breaks;
    let unpaid = times.breaks.iter().filter(|t| !breaks[t.index].paid).map(|t| t.end - t.start);
    times.finish - times.departure - unpaid.sum::<i64>()
}
