//! Turns solved routes into rows.

use std::collections::{BTreeSet, HashMap};

use planner::{BreakTime, Figures, Job, Route, Shift, StopTime, marginal, timetable};
use sync_core::model::PlanId;

use super::candidates::Candidate;
use super::crew::OnDuty;
use super::solve::{Day, Posed};
use super::under_way::{Course, past_only, prepend};
use crate::db::Id;
use crate::db::rows::{PlanLeftOutRow, PlanRouteRow, PlanStopRow};
use crate::error::Error;
use crate::usecases::book::BookCase;
use crate::usecases::breaks::{self, KeptBreak};
use crate::usecases::build_plan::reasons::LeftOutCase;

/// Rows of the routes, numbered from 1.
pub(super) fn route_rows(
    day: &Day<'_>,
    plan: Id,
    posed: &Posed<'_>,
    routes: &[Route],
) -> Result<(Vec<PlanRouteRow>, Vec<PlanStopRow>), Error> {
    let values: HashMap<usize, i64> =
        marginal(&posed.problem, routes).into_iter().map(|v| (v.job, v.value)).collect();
    let (mut rows, mut stops) = (Vec::new(), Vec::new());
    let mut met = BTreeSet::new();
    for (route_no, (shift, route)) in (1..).zip(in_order(posed, routes)) {
        let Some(duty) = posed.duty.get(shift) else { continue };
        let left = match route {
            Some(route) => one_route((day, plan, posed), route, route_no, &values, &mut met),
            None => past_only(day, plan, duty, route_no).map(|row| (row, Vec::new())),
        };
        let (mut row, mut of_route) =
            left.ok_or_else(|| Error::Invalid(format!("route {route_no} has no timetable")))?;
        prepend(day, plan, duty, &mut row, &mut of_route);
        rows.push(row);
        stops.append(&mut of_route);
    }
    Ok((rows, stops))
}

/// The routes, and the agents who have none left and a past.
fn in_order<'a>(posed: &Posed<'_>, routes: &'a [Route]) -> Vec<(usize, Option<&'a Route>)> {
    let mut all: Vec<(usize, Option<&Route>)> = routes.iter().map(|r| (r.shift, Some(r))).collect();
    let gone = posed.duty.iter().enumerate().filter(|(shift, duty)| {
        duty.course.as_ref().is_some_and(Course::has_left)
            && routes.iter().all(|r| r.shift != *shift)
    });
    let before = all.len();
    all.extend(gone.map(|(shift, _)| (shift, None)));
    if all.len() > before {
        all.sort_by_key(|(shift, _)| *shift);
    }
    all
}

fn one_route(
    (day, plan, posed): (&Day<'_>, Id, &Posed<'_>),
    route: &Route,
    route_no: i32,
    values: &HashMap<usize, i64>,
    met: &mut BTreeSet<usize>,
) -> Option<(PlanRouteRow, Vec<PlanStopRow>)> {
    let times = timetable(&posed.problem, route)?;
    let shift = posed.problem.shifts().get(route.shift)?;
    let duty = posed.duty.get(route.shift)?;
    let agent = day.agents.get(duty.agent)?;
    let instant = |seconds: i64| (day.origin + seconds) * 1_000_000;
    let (mut metres, mut drive_s, mut service_s, mut wait_s) = (0, 0, 0, 0);
    let (mut prize, mut pairing) = (0, 0);
    let mut stops = Vec::with_capacity(times.stops.len());
    let mut number = (route_no, 0);
    for stop in &times.stops {
        let candidate = posed.jobs.get(stop.job)?;
        if candidate.anchor {
            continue;
        }
        metres += i64::from(stop.metres_from_previous);
        drive_s += i64::from(stop.seconds_from_previous);
        service_s += stop.leave - stop.start;
        wait_s += stop.wait_s;
        let job = posed.problem.jobs().get(stop.job)?;
        pairing += job.paired(route.shift);
        number.1 += 1;
        let made = Made {
            // The prize of a visit of two agents counts in the first of their routes.
            first: job.crew == 1 || met.insert(stop.job),
            premium: premium(job, stop.start),
            marginal: values.get(&stop.job).copied().unwrap_or(candidate.prize),
            number,
        };
        let rows = stop_rows((day, plan), candidate, stop, &made)?;
        prize += rows.iter().map(|row| row.prize_micro + row.premium_micro).sum::<i64>();
        stops.extend(rows);
    }
    metres += i64::from(times.metres_to_end);
    drive_s += i64::from(times.seconds_to_end);
    let breaks: Vec<KeptBreak> =
        times.breaks.iter().filter_map(|b| kept(b, (shift, duty), instant)).collect();
    let unpaid = times.breaks.iter().filter(|b| !is_paid(b, shift)).map(|b| b.end - b.start);
    let paid_s = times.finish - times.departure - unpaid.sum::<i64>();
    let overtime_s = (paid_s - i64::from(shift.regular_s)).max(0);
    let row = PlanRouteRow {
        org_id: day.app.org,
        plan_id: plan,
        route_no,
        agent_id: agent.row.agent_id,
        departs_at: instant(times.departure),
        returns_at: instant(times.finish),
        base_lat_e7: agent.row.base_lat_e7,
        base_lon_e7: agent.row.base_lon_e7,
        end_lat_e7: agent.row.end_lat_e7,
        end_lon_e7: agent.row.end_lon_e7,
        metres,
        drive_s,
        service_s,
        wait_s,
        prize_micro: prize,
        travel_cost_micro: metres * shift.cost_per_metre,
        time_cost_micro: paid_s * shift.cost_per_second,
        fixed_cost_micro: shift.fixed_cost,
        overtime_s,
        overtime_cost_micro: overtime_s * shift.overtime_per_second,
        pairing_micro: pairing,
        breaks: breaks::written(&breaks),
    };
    Some((row, stops))
}

/// What is known of a visit beside its times.
struct Made {
    /// Whether its prize counts in this route.
    first: bool,
    premium: i64,
    marginal: i64,
    /// Of the route and in it.
    number: (i32, i32),
}

/// One row for each case of a stop. Way and premium are of the visit, and kept with the first of its cases.
fn stop_rows(
    (day, plan): (&Day<'_>, Id),
    candidate: &Candidate,
    stop: &StopTime,
    made: &Made,
) -> Option<Vec<PlanStopRow>> {
    let instant = |seconds: i64| (day.origin + seconds) * 1_000_000;
    let (route_no, stop_no) = made.number;
    let row = |(part_no, (place, prize)): (i32, (usize, i64))| {
        let case = day.cases.get(place)?;
        let of_visit = |all: i64| if part_no == 1 { all } else { 0 };
        Some(PlanStopRow {
            org_id: day.app.org,
            plan_id: plan,
            case_id: case.row.case_id,
            route_no,
            stop_no,
            arrive_at: instant(stop.arrive),
            start_at: instant(stop.start),
            leave_at: instant(stop.leave),
            leg_metres: of_visit(i64::from(stop.metres_from_previous)),
            leg_s: of_visit(i64::from(stop.seconds_from_previous)),
            prize_micro: if made.first { prize } else { 0 },
            marginal_micro: made.marginal,
            lat_e7: case.row.lat_e7,
            lon_e7: case.row.lon_e7,
            address: address(day, case, candidate),
            amount_due_minor: case.row.amount_due_minor,
            dpd: case.row.dpd,
            language: case.language.clone(),
            premium_micro: if made.first { of_visit(made.premium) } else { 0 },
            crew_no: if made.first { 1 } else { 2 },
            part_no,
        })
    };
    (1..).zip(candidate.parts()).map(row).collect()
}

/// What beginning at that second earns on top of the prize.
fn premium(job: &Job, start: i64) -> i64 {
    let open = job.windows.iter().zip(&job.premiums);
    let open = open.filter(|(window, _)| window.early <= start && start <= window.late);
    // A window without an amount of its own earns nothing more.
    let plain = job.windows.iter().skip(job.premiums.len());
    let plain = plain.filter(|window| window.early <= start && start <= window.late).map(|_| 0);
    open.map(|(_, premium)| *premium).chain(plain).max().unwrap_or(0)
}

fn is_paid(pause: &BreakTime, shift: &Shift) -> bool {
    shift.breaks.get(pause.index).is_some_and(|rule| rule.paid)
}

fn kept(
    pause: &BreakTime,
    (shift, duty): (&Shift, &OnDuty),
    instant: impl Fn(i64) -> i64,
) -> Option<KeptBreak> {
    Some(KeptBreak {
        after: i32::try_from(duty.number(pause.after).saturating_sub(1)).ok()?,
        from: instant(pause.start),
        to: instant(pause.end),
        paid: is_paid(pause, shift),
    })
}

/// The address, else the road it lies at, else the coordinates.
fn address(day: &Day<'_>, case: &BookCase, candidate: &Candidate) -> String {
    let near = || {
        let street = day.travel.street(&candidate.spot);
        street.map_or_else(|| case.at.to_string(), |street| format!("near {street}"))
    };
    case.row.address.clone().unwrap_or_else(near)
}

/// Whether the saved rows add up to the planner's figures.
pub(super) fn adds_up(rows: &[PlanRouteRow], figures: &Figures) -> bool {
    let sum = |of: fn(&PlanRouteRow) -> i64| rows.iter().map(of).sum::<i64>();
    sum(|r| r.prize_micro) == figures.prize
        && sum(|r| r.travel_cost_micro) == figures.travel_cost
        && sum(|r| r.time_cost_micro) == figures.time_cost
        && sum(|r| r.overtime_cost_micro) == figures.overtime_cost
        && sum(|r| r.pairing_micro) == figures.pairing
        && sum(|r| r.fixed_cost_micro) == figures.fixed_cost
}

/// Rows of the cases left out.
pub(super) fn left_out_rows(
    day: &Day<'_>,
    plan: Id,
    left_out: &[LeftOutCase],
) -> Vec<PlanLeftOutRow> {
    left_out
        .iter()
        .filter_map(|out| {
            let case = &day.cases.get(out.case)?.row;
            Some(PlanLeftOutRow {
                org_id: day.app.org,
                plan_id: plan,
                case_id: case.case_id,
                code: out.code.label().into(),
                reason: out.sentence.clone(),
                prize_micro: out.prize,
                cost_micro: out.cost,
                lat_e7: case.lat_e7,
                lon_e7: case.lon_e7,
            })
        })
        .collect()
}

/// A new id for a plan.
pub(super) fn plan_id(day: &Day<'_>) -> Result<Id, Error> {
    let (ms, random) = day.app.ids.parts()?;
    Ok(PlanId::from_parts(ms, random).into())
}
