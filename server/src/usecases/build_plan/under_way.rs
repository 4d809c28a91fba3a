//! A day that has begun: what is done, where agents are, and what has to be kept of what was said.

use std::collections::HashMap;

use planner::{Figures, Job, Matrix, Shift, UNREACHABLE, Window};
use serde::{Deserialize, Serialize};
use sync_core::model::Position;

use super::basis::Basis;
use super::candidates::Candidate;
use super::crew::{OnDuty, Prices};
use super::figures::is_nothing;
use super::solve::Day;
use crate::app::App;
use crate::db::Id;
use crate::db::rows::{PlanRouteRow, PlanRow, PlanStopRow};
use crate::error::Error;
use crate::travel::Spot;

/// The place in the book of what is no case: see [`Candidate::anchor`].
pub(super) const NO_CASE: usize = usize::MAX;

/// What holds for a case beside its hours and its prize.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Hold {
    /// To be visited whatever it costs.
    #[serde(skip_serializing_if = "is_not")]
    pub(super) required: bool,
    /// Its hours were agreed on with the borrower.
    #[serde(skip_serializing_if = "is_not")]
    pub(super) promised: bool,
    /// The borrower was told who comes.
    #[serde(skip_serializing_if = "is_not")]
    pub(super) told: bool,
    /// Its place among the stops of its route that have one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) rank: Option<u32>,
    /// It was visited, or is being visited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) done: Option<Done>,
}

impl Hold {
    /// Whether there is nothing to keep.
    pub(super) fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "what serde calls")]
const fn is_not(flag: &bool) -> bool {
    !*flag
}

/// How it is known that a visit was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Done {
    /// There is a record of it.
    Recorded,
    /// Somebody said so.
    Given,
    /// The plan says so, and nothing else is known.
    Assumed,
}

impl Done {
    /// As it is listed.
    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Recorded => "recorded",
            Self::Given => "given",
            Self::Assumed => "assumed",
        }
    }
}

/// How it is known of stops of a plan that they were made when it was made anew, by the lender's keys of the
/// cases; none of any other plan.
///
/// # Errors
/// The database fails.
pub(in crate::usecases) fn done_of(
    app: &App,
    plan: &PlanRow,
) -> Result<HashMap<String, &'static str>, Error> {
    if plan.edited_from.is_none() {
        return Ok(HashMap::new());
    }
    match Basis::load(app, plan) {
        Ok(basis) => {
            let done = basis.cases.into_iter();
            Ok(done.filter_map(|case| Some((case.case, case.hold.done?.label()))).collect())
        }
        Err(Error::Outdated(_)) => Ok(HashMap::new()),
        Err(other) => Err(other),
    }
}

/// Where an agent is, and what is behind him or her. Instants are seconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UnderWay {
    /// Latitude and longitude, 1e-7 degrees.
    pub(super) at: (i32, i32),
    /// Out, and not back: what is left of the shift is paid from its first second, and the way to its end
    /// is made whatever else is.
    pub(super) moving: bool,
    /// Takes no further stop since then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) out: Option<i64>,
    /// When the agent left.
    pub(super) departed: i64,
    /// Up to when time is counted as past.
    pub(super) until: i64,
    pub(super) metres: i64,
    pub(super) drive_s: i64,
    pub(super) service_s: i64,
    /// Visits made, also those that are in no plan.
    pub(super) made: u32,
    /// What the visits made were expected to bring, minor units.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub(super) cash: i64,
}

/// The day of an agent so far.
#[derive(Debug, Clone)]
pub(super) struct Course {
    pub(super) now: UnderWay,
    /// Stops that are behind him or her, in order.
    pub(super) done: Vec<PlanStopRow>,
}

impl Course {
    /// Of somebody who is at a place, has not left, and takes no stop since an instant.
    pub(super) const fn not_begun(at: Position, now: i64, out: i64) -> Self {
        let now = UnderWay {
            at: (at.lat_e7(), at.lon_e7()),
            moving: false,
            out: Some(out),
            departed: now,
            until: now,
            metres: 0,
            drive_s: 0,
            service_s: 0,
            made: 0,
            cash: 0,
        };
        Self { now, done: Vec::new() }
    }

    /// Stops that are behind him or her: several cases of one stop are one.
    pub(super) fn stops(&self) -> usize {
        self.done.iter().filter(|row| row.part_no == 1).count()
    }

    /// Whether there is anything to be counted as past.
    pub(super) fn has_left(&self) -> bool {
        self.now.moving || self.now.until > self.now.departed || !self.done.is_empty()
    }

    /// What the past came to.
    fn figures(&self, prices: Prices) -> Figures {
        let seconds = self.now.until - self.now.departed;
        let prize = self.done.iter().map(|stop| stop.prize_micro + stop.premium_micro).sum::<i64>();
        let travel_cost = self.now.metres * prices.per_metre;
        let time_cost = seconds * prices.per_second;
        let fixed_cost = if self.has_left() { prices.per_shift } else { 0 };
        Figures {
            objective: prize - travel_cost - time_cost - fixed_cost,
            prize,
            travel_cost,
            time_cost,
            fixed_cost,
            metres: self.now.metres,
            seconds,
            jobs: self.done.iter().filter(|stop| stop.crew_no == 1 && stop.part_no == 1).count(),
            ..Figures::default()
        }
    }
}

impl OnDuty {
    /// Jobs at the head of the route that are no stops.
    pub(super) fn lead(&self) -> usize {
        usize::from(self.course.as_ref().is_some_and(|course| course.now.moving))
    }

    /// The number in the route of the stop at a place among the planner's jobs.
    pub(super) fn number(&self, place: usize) -> usize {
        let done = self.course.as_ref().map_or(0, Course::stops);
        (done + place + 1).saturating_sub(self.lead())
    }

    /// Since when no further stop is taken.
    pub(super) fn out_since(&self) -> Option<i64> {
        self.course.as_ref().and_then(|course| course.now.out)
    }

    /// The job that holds an agent who is under way where he or she is.
    pub(super) fn anchor(&self) -> Option<(usize, i64)> {
        (self.lead() > 0).then_some((self.agent, self.shift.0))
    }
}

/// Figures with what is behind the agents.
pub(super) fn with_past(figures: &Figures, duty: &[OnDuty], prices: Prices) -> Figures {
    let past = duty.iter().filter_map(|duty| duty.course.as_ref()).map(|c| c.figures(prices));
    past.fold(*figures, |all, past| Figures {
        objective: all.objective + past.objective,
        prize: all.prize + past.prize,
        travel_cost: all.travel_cost + past.travel_cost,
        time_cost: all.time_cost + past.time_cost,
        fixed_cost: all.fixed_cost + past.fixed_cost,
        metres: all.metres + past.metres,
        seconds: all.seconds + past.seconds,
        jobs: all.jobs + past.jobs,
        ..all
    })
}

/// Adds to a posed problem what is known of the day: jobs that must be kept, and shifts that go on from
/// where agents are with what is left of them.
///
/// # Errors
/// There is no way from where an agent is to where the day ends.
pub(super) fn add(
    day: &Day<'_>,
    (duty, candidates): (&[&OnDuty], &[&Candidate]),
    matrix: &Matrix,
    (jobs, shifts): (&mut [Job], &mut [Shift]),
) -> Result<(), Error> {
    let gone = duty.iter().enumerate().filter(|(_, duty)| duty.out_since().is_some());
    let out: Vec<usize> = gone.map(|(shift, _)| shift).collect();
    for (job, candidate) in jobs.iter_mut().zip(candidates) {
        job.required |= candidate.hold.required || candidate.anchor;
        job.rank = candidate.hold.rank.or(job.rank);
        if !candidate.anchor {
            job.forbidden.extend(out.iter().copied());
            continue;
        }
        job.service_s = 0;
        let own = duty.iter().position(|duty| Some(duty.agent) == candidate.only);
        let start = own.and_then(|own| shifts.get(own)).and_then(|shift| shift.start);
        job.location = start.unwrap_or(job.location);
    }
    for (shift, duty) in shifts.iter_mut().zip(duty) {
        if let Some(course) = &duty.course {
            go_on(day, shift, (duty, course), matrix)?;
        }
    }
    Ok(())
}

fn go_on(
    day: &Day<'_>,
    shift: &mut Shift,
    (duty, course): (&OnDuty, &Course),
    matrix: &Matrix,
) -> Result<(), Error> {
    let lead = u32::try_from(duty.lead()).unwrap_or(0);
    shift.max_jobs = match course.now.out {
        Some(_) => Some(lead),
        None => shift.max_jobs.map(|most| most.saturating_sub(course.now.made) + lead),
    };
    if course.has_left() {
        shift.fixed_cost = 0;
    }
    let past = u32::try_from(course.now.until - course.now.departed).unwrap_or(0);
    if shift.regular_s < u32::MAX {
        shift.regular_s = shift.regular_s.saturating_sub(past);
    }
    let early = shift.window.early;
    shift.breaks.retain(|pause| pause.window.late >= early);
    for pause in &mut shift.breaks {
        pause.window.early = pause.window.early.max(early);
    }
    if !course.now.moving {
        return Ok(());
    }
    let home = shift.start.zip(shift.end).map_or(0, |(from, to)| matrix.seconds(from, to));
    if home == UNREACHABLE {
        let name = day.agents.get(duty.agent).map_or("?", |agent| agent.row.agent_ref.as_str());
        return Err(Error::Invalid(format!(
            "agent {name}: there is no way from where he or she is to the end of the day: give another position"
        )));
    }
    // Whoever is late comes home all the same.
    let late = shift.window.late.max(early + i64::from(home));
    shift.window = Window::new(early, late);
    shift.max_duration_s = u32::try_from(late - early).unwrap_or(u32::MAX);
    Ok(())
}

/// Puts what is behind an agent in front of the route that is left.
pub(super) fn prepend(
    day: &Day<'_>,
    plan: Id,
    duty: &OnDuty,
    row: &mut PlanRouteRow,
    stops: &mut Vec<PlanStopRow>,
) {
    let Some(course) = &duty.course else { return };
    if !course.has_left() {
        return;
    }
    let (now, past) = (&course.now, course.figures(day.prices));
    row.departs_at = now.departed * 1_000_000;
    row.metres += now.metres;
    row.drive_s += now.drive_s;
    row.service_s += now.service_s;
    row.wait_s += past.seconds - now.drive_s - now.service_s;
    row.prize_micro += past.prize;
    row.travel_cost_micro += past.travel_cost;
    row.time_cost_micro += past.time_cost;
    row.fixed_cost_micro += past.fixed_cost;
    let route_no = row.route_no;
    let done = course.done.iter().cloned();
    let mut stop_no = 0;
    for row in done.chain(std::mem::take(stops)) {
        stop_no += i32::from(row.part_no == 1);
        stops.push(PlanStopRow { plan_id: plan, route_no, stop_no, ..row });
    }
}

/// The route of somebody who has none left.
pub(super) fn past_only(
    day: &Day<'_>,
    plan: Id,
    duty: &OnDuty,
    route_no: i32,
) -> Option<PlanRouteRow> {
    let course = duty.course.as_ref().filter(|course| course.has_left())?;
    let row = &day.agents.get(duty.agent)?.row;
    Some(PlanRouteRow {
        org_id: day.app.org,
        plan_id: plan,
        route_no,
        agent_id: row.agent_id,
        departs_at: course.now.departed * 1_000_000,
        returns_at: course.now.until * 1_000_000,
        base_lat_e7: row.base_lat_e7,
        base_lon_e7: row.base_lon_e7,
        end_lat_e7: row.end_lat_e7,
        end_lon_e7: row.end_lon_e7,
        metres: 0,
        drive_s: 0,
        service_s: 0,
        wait_s: 0,
        prize_micro: 0,
        travel_cost_micro: 0,
        time_cost_micro: 0,
        fixed_cost_micro: 0,
        overtime_s: 0,
        overtime_cost_micro: 0,
        pairing_micro: 0,
        breaks: String::from("[]"),
    })
}

/// Where an agent is, as a spot; whoever reads it decides what to do where there is none.
pub(super) fn spot(at: Position, travel: &crate::travel::Travel) -> Option<Spot> {
    match travel.place(at) {
        crate::travel::Placed::At(spot) => Some(spot),
        _ => None,
    }
}
