//! What is known of the day at an instant: visits that were made or began, and where agents are. Records come
//! first, then what somebody says, then what the plan says.

use std::collections::{BTreeMap, HashMap};

use sync_core::model::Position;

use super::events::Said;
use crate::app::App;
use crate::db::Id;
use crate::db::lists::Visits;
use crate::db::rows::{PlanRouteRow, PlanStopRow, VisitRow};
use crate::error::Error;
use crate::progress::Silent;
use crate::travel::{Spot, Table, Travel};
use crate::usecases::build_plan::repose::Reposed;
use crate::usecases::build_plan::under_way::{Course, Done, UnderWay, spot};
use crate::usecases::lists::day_span;

/// Most visits of a day that are read.
const MOST_VISITS: i64 = 200_000;

/// How it is known where an agent is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    /// By the last record, and the plan since.
    Record,
    /// Somebody said so.
    Given,
    /// By the plan alone.
    Plan,
    /// The day has not begun for him or her.
    Base,
}

/// An agent at the instant.
#[derive(Debug, Clone)]
pub(super) struct Agent {
    pub(super) course: Option<Course>,
    /// Where what is left of the shift begins.
    pub(super) start: Spot,
    pub(super) at: Position,
    /// From when on there is time for the next stop, seconds since 1970.
    pub(super) free: i64,
    pub(super) seen: Seen,
    /// The candidate at whose door the agent is.
    pub(super) begun: Option<usize>,
}

/// The day at the instant.
#[derive(Debug)]
pub(super) struct Known {
    /// By agent on duty.
    pub(super) agents: Vec<Agent>,
    /// Candidates that were visited, or are being visited.
    pub(super) done: BTreeMap<usize, Done>,
}

/// A visit that was made or began.
#[derive(Debug, Clone, Copy)]
struct Call {
    candidate: Option<usize>,
    at: Position,
    arrived: i64,
    left: i64,
    done: Done,
}

/// Reads what is known.
///
/// # Errors
/// The database fails, or travel times cannot be had.
pub(super) fn read(
    app: &App,
    travel: &Travel,
    plan: &Reposed,
    said: &Said,
    now: i64,
) -> Result<Known, Error> {
    let mut reading = Reading { app, travel, plan, said, now, done: BTreeMap::new() };
    let calls = reading.calls()?;
    for call in calls.iter().flatten() {
        if let Some(candidate) = call.candidate {
            reading.done.insert(candidate, call.done);
        }
    }
    let mut agents = Vec::with_capacity(calls.len());
    for (shift, own) in calls.into_iter().enumerate() {
        agents.push(reading.agent(shift, own)?);
    }
    Ok(Known { agents, done: reading.done })
}

struct Reading<'a> {
    app: &'a App,
    travel: &'a Travel,
    plan: &'a Reposed,
    said: &'a Said,
    now: i64,
    done: BTreeMap<usize, Done>,
}

impl Reading<'_> {
    /// Visits by agent on duty, in the order of arrival.
    fn calls(&self) -> Result<Vec<Vec<Call>>, Error> {
        let mut calls: Vec<Vec<Call>> = vec![Vec::new(); self.plan.duty.len()];
        let mut recorded = Vec::new();
        for row in self.records()? {
            let stop = |at: &usize| self.row_of(*at).is_some();
            let candidate = self.plan.candidate_of(row.case_id).filter(stop);
            let planned = candidate.and_then(|at| self.shift_of(at));
            let own = row.agent_id.and_then(|id| self.shift_of_agent(id)).or(planned);
            let (Some(shift), Some(at)) = (own, self.place_of(&row)) else { continue };
            recorded.extend(candidate);
            let (arrived, left) = (seconds(row.arrived_at), seconds(row.left_at));
            let Some(own) = calls.get_mut(shift) else { continue };
            let same = candidate.filter(|at| self.is_for_several(*at));
            match own.iter_mut().find(|call| same.is_some() && call.candidate == same) {
                // Each case of a stop has a record of the same visit.
                Some(call) => {
                    (call.arrived, call.left) = (call.arrived.min(arrived), call.left.max(left));
                }
                None => own.push(Call { candidate, at, arrived, left, done: Done::Recorded }),
            }
        }
        let told = self.said.visits.iter().map(|v| (v.candidate, v.shift, v.arrived, v.left));
        let earlier = self.told_earlier();
        for (candidate, shift, arrived, left) in told.chain(earlier) {
            let (Some(at), false) = (self.door(candidate), recorded.contains(&candidate)) else {
                continue;
            };
            if let Some(own) = calls.get_mut(shift) {
                let candidate = Some(candidate);
                own.push(Call { candidate, at, arrived, left, done: Done::Given });
            }
        }
        self.both_were_there(&mut calls);
        for (shift, own) in calls.iter_mut().enumerate() {
            if own.iter().all(|call| call.done == Done::Given) {
                own.extend(self.by_the_plan(shift, &recorded, own));
            }
            own.sort_by_key(|call| (call.arrived, call.left, call.candidate));
        }
        Ok(calls)
    }

    /// A visit of two that one of them tells of was made by both.
    fn both_were_there(&self, calls: &mut [Vec<Call>]) {
        let told: Vec<Call> = calls.iter().flatten().copied().collect();
        for call in told {
            let Some(candidate) = call.candidate.filter(|at| self.plan.crew_of(*at) == 2) else {
                continue;
            };
            let case = self.row_of(candidate).map(|row| row.case_id);
            for (shift, own) in calls.iter_mut().enumerate() {
                let route = self.route(shift).map(|route| route.route_no);
                let mut rows = self.plan.plan.stops.iter();
                let goes = rows.any(|s| Some(s.case_id) == case && Some(s.route_no) == route);
                if goes && own.iter().all(|other| other.candidate != Some(candidate)) {
                    own.push(call);
                }
            }
        }
    }

    /// Records of the day up to now.
    fn records(&self) -> Result<Vec<VisitRow>, Error> {
        let between = Some(day_span(self.app, self.plan.date)?);
        let asked = Visits { between, case: None, agent: None, before: None, most: MOST_VISITS };
        let mut rows = self.app.store.list_visits(self.app.org, &asked)?;
        rows.retain(|row| seconds(row.arrived_at) <= self.now);
        rows.sort_by_key(|row| (row.arrived_at, row.visit_id));
        Ok(rows)
    }

    /// What was said when the plan was made anew before.
    fn told_earlier(&self) -> impl Iterator<Item = (usize, usize, i64, i64)> + '_ {
        let given = |at: &usize| {
            self.plan.candidates.get(*at).is_some_and(|s| s.hold.done == Some(Done::Given))
        };
        (0..self.plan.candidates.len()).filter(given).filter_map(|at| {
            let row = self.row_of(at)?;
            Some((at, self.shift_of(at)?, seconds(row.start_at), seconds(row.leave_at)))
        })
    }

    /// Visits of an agent of whom nothing is heard, as far as the plan says that they are over or began.
    fn by_the_plan(&self, shift: usize, recorded: &[usize], given: &[Call]) -> Vec<Call> {
        let Some(route) = self.route(shift) else { return Vec::new() };
        let rows = self.plan.plan.stops.iter();
        let rows = rows.filter(|stop| stop.route_no == route.route_no && stop.part_no == 1);
        let over = rows.filter(|row| {
            let unsaid = given.is_empty() && !self.is_out(shift);
            let begun = seconds(row.start_at) <= self.now && unsaid;
            begun || seconds(row.leave_at) <= self.now
        });
        let calls = over.filter_map(|row| {
            let candidate = self.plan.candidate_of(row.case_id)?;
            let at = self.door(candidate)?;
            let known = given.iter().any(|call| call.candidate == Some(candidate));
            let known = known || recorded.contains(&candidate);
            let free = !known && !self.is_spoken_of(candidate);
            free.then(|| Call {
                candidate: Some(candidate),
                at,
                arrived: seconds(row.start_at),
                left: seconds(row.leave_at),
                done: Done::Assumed,
            })
        });
        calls.collect()
    }

    /// Where an agent is, and the day so far.
    fn agent(&mut self, shift: usize, calls: Vec<Call>) -> Result<Agent, Error> {
        let given = self.said.places.get(&shift).copied();
        let departed = self.route(shift).map(|route| seconds(route.departs_at));
        let gone = !calls.is_empty() || departed.is_some_and(|at| at <= self.now);
        if gone {
            return self.under_way(shift, &calls, given);
        }
        let duty = self.plan.duty.get(shift).ok_or_else(|| lost(shift))?;
        let free = self.now.max(duty.shift.0);
        let book = self.plan.agents.get(duty.agent).ok_or_else(|| lost(shift))?;
        let mut agent = Agent {
            course: duty.course.clone(),
            start: duty.start.clone(),
            at: book.base,
            free,
            seen: Seen::Base,
            begun: None,
        };
        if let Some(at) = given {
            self.travel.locate(&[at], &Silent)?;
            agent.start = spot(at, self.travel).ok_or_else(|| self.off_the_roads(shift, at))?;
            (agent.at, agent.seen) = (at, Seen::Given);
            let now = UnderWay { at: e7(at), ..self.nothing() };
            agent.course = Some(Course { now, done: Vec::new() });
        }
        Ok(agent)
    }

    fn under_way(
        &mut self,
        shift: usize,
        calls: &[Call],
        given: Option<Position>,
    ) -> Result<Agent, Error> {
        let way = self.way(shift, calls, given)?;
        let mut past = Past::new(way.departs, &way);
        for (leg, call) in calls.iter().enumerate() {
            let mut call = *call;
            if call.done == Done::Given {
                // Only one of its ends was said.
                call.arrived = call.arrived.max(past.clock).min(call.left);
            }
            let call = &call;
            past.drive_to(leg, call.arrived);
            past.stay(call.arrived, call.left);
            past.stop(&self.rows_on(call.candidate, shift), call, leg);
        }
        let seen = match calls.iter().any(|call| call.done == Done::Recorded) {
            _ if given.is_some() => Seen::Given,
            true => Seen::Record,
            false if calls.iter().any(|call| call.done == Done::Given) => Seen::Given,
            false => Seen::Plan,
        };
        let place = self.place(shift, &way, &mut past, given)?;
        let free = past.clock.max(if place.home { past.clock } else { self.now });
        if let Some(candidate) = place.begun {
            self.done.insert(candidate, Done::Assumed);
            let service = self.plan.service_of(candidate);
            let call = Call {
                candidate: Some(candidate),
                at: place.at,
                arrived: free - service,
                left: free,
                done: Done::Assumed,
            };
            past.stop(&self.rows_on(Some(candidate), shift), &call, calls.len());
        }
        let last = calls.last().filter(|call| call.left > self.now).and_then(|call| call.candidate);
        let now = UnderWay {
            at: e7(place.at),
            moving: !place.home,
            out: None,
            departed: way.departs,
            until: free,
            metres: past.metres,
            drive_s: past.drive_s,
            service_s: past.service_s,
            made: past.made,
            cash: self.carried(calls, place.begun),
        };
        let start = spot(place.at, self.travel).unwrap_or(place.spot);
        let free = free.max(self.now);
        let begun = place.begun.or(last);
        let done = past.rows;
        Ok(Agent { course: Some(Course { now, done }), start, at: place.at, free, seen, begun })
    }

    /// Everything between which an agent was, is or will be under way.
    fn way(&self, shift: usize, calls: &[Call], given: Option<Position>) -> Result<Way, Error> {
        let duty = self.plan.duty.get(shift).ok_or_else(|| lost(shift))?;
        let book = self.plan.agents.get(duty.agent).ok_or_else(|| lost(shift))?;
        let next = self.next(shift);
        let door = next.and_then(|at| self.door(at));
        let mut places = vec![book.base];
        places.extend(calls.iter().map(|call| call.at));
        let target = given.or(door);
        places.extend(target);
        places.push(book.end);
        self.travel.locate(&places, &Silent)?;
        let mut spots: Vec<Spot> = Vec::with_capacity(places.len());
        for (k, at) in places.iter().enumerate() {
            let door = k.checked_sub(1).and_then(|k| calls.get(k)).and_then(|call| call.candidate);
            let fallback = || spot(self.door(door?)?, self.travel);
            let found = spot(*at, self.travel).or_else(fallback);
            spots.push(found.ok_or_else(|| self.off_the_roads(shift, *at))?);
        }
        let table = self.travel.table(&spots, &Silent)?;
        let mut way = Way { places, spots, table, next, departs: 0, target: target.is_some() };
        let planned = self.route(shift).map(|route| seconds(route.departs_at));
        let first = calls.first().map(|call| call.arrived);
        way.departs = match (planned, first) {
            (Some(planned), Some(first)) if planned <= first => planned,
            (_, Some(first)) => first - way.leg(0, 1).0,
            (planned, None) => planned.unwrap_or(self.now),
        };
        Ok(way)
    }

    /// Where the agent is now, going on from the last visit, or from the base.
    fn place(
        &self,
        shift: usize,
        way: &Way,
        past: &mut Past<'_>,
        given: Option<Position>,
    ) -> Result<Place, Error> {
        let from = past.made_calls;
        let here = |home| Place { at: way.at(from), spot: way.spot(from), home, begun: None };
        if let Some(at) = given {
            past.drive_to(from, past.clock.max(self.now));
            return Ok(Place { at, spot: way.spot(from + 1), home: false, begun: None });
        }
        if past.clock > self.now {
            return Ok(here(false));
        }
        let (seconds, metres) = way.leg(from, from + 1);
        let gone = self.now - past.clock;
        if gone < seconds {
            past.part_of_a_way(gone, metres * gone / seconds.max(1));
            let at = between(way.at(from), way.at(from + 1), gone, seconds);
            self.travel.locate(&[at], &Silent)?;
            let found = spot(at, self.travel);
            let at = if found.is_some() { at } else { way.at(from) };
            let spot = found.unwrap_or_else(|| way.spot(from));
            return Ok(Place { at, spot, home: false, begun: None });
        }
        let arrived = past.clock + seconds;
        let there =
            Place { at: way.at(from + 1), spot: way.spot(from + 1), home: false, begun: None };
        let Some(next) = way.next.filter(|_| way.target) else {
            past.drive_to(from, arrived);
            past.clock = arrived;
            return Ok(Place { home: true, ..there });
        };
        past.drive_to(from, arrived);
        past.clock = arrived;
        let windows = self.plan.candidates.get(next).map(|c| c.windows.as_slice());
        let open = windows.unwrap_or_default().iter().filter(|w| w.1 >= arrived);
        let start = open.map(|w| w.0.max(arrived)).min().unwrap_or(arrived);
        let end = start + self.plan.service_of(next);
        // Records come when a visit is over: whoever should be at a door now is.
        let is_at_the_door = start <= self.now && self.now < end;
        if is_at_the_door && !self.is_out(shift) && !self.is_spoken_of(next) {
            past.stay(start, end);
            return Ok(Place { begun: Some(next), ..there });
        }
        Ok(there)
    }

    /// The next stop of an agent that is not done.
    fn next(&self, shift: usize) -> Option<usize> {
        let open = |at: &&usize| {
            !self.done.contains_key(*at)
                && self.plan.candidates.get(**at).is_some_and(|saved| !saved.anchor)
        };
        let reopened = |at: &usize| {
            let saved = self.plan.candidates.get(*at);
            saved.is_some_and(|saved| saved.hold.done.is_some()) && !self.done.contains_key(at)
        };
        let of_route = self.plan.routes.get(shift)?.iter().find(open).copied();
        of_route.or_else(|| {
            (0..self.plan.candidates.len())
                .filter(reopened)
                .find(|at| self.shift_of(*at) == Some(shift))
        })
    }

    /// The row of a candidate that is a stop of the plan.
    fn row_of(&self, candidate: usize) -> Option<&PlanStopRow> {
        let case = self.plan.cases.get(self.plan.candidates.get(candidate)?.case)?.row.case_id;
        self.plan.plan.stops.iter().find(|stop| stop.case_id == case)
    }

    /// Those of all its cases on the route of an agent on duty; where that has none, the first there are.
    fn rows_on(&self, candidate: Option<usize>, shift: usize) -> Vec<&PlanStopRow> {
        let first = candidate.and_then(|at| self.row_of(at));
        let Some((first, stop)) = first.zip(candidate.and_then(|at| self.plan.candidates.get(at)))
        else {
            return Vec::new();
        };
        let cases = stop.cases().filter_map(|case| self.plan.cases.get(case));
        let cases: Vec<Id> = cases.map(|case| case.row.case_id).collect();
        let own = self.route(shift).map(|route| route.route_no);
        let of = |route: i32| -> Vec<&PlanStopRow> {
            let rows = self.plan.plan.stops.iter();
            rows.filter(|row| row.route_no == route && cases.contains(&row.case_id)).collect()
        };
        let rows = own.map(of).unwrap_or_default();
        if rows.is_empty() { of(first.route_no) } else { rows }
    }

    fn is_for_several(&self, candidate: usize) -> bool {
        self.plan.candidates.get(candidate).is_some_and(|stop| !stop.also.is_empty())
    }

    fn route(&self, shift: usize) -> Option<&PlanRouteRow> {
        let agent = self.plan.agents.get(self.plan.duty.get(shift)?.agent)?.row.agent_id;
        self.plan.plan.routes.iter().find(|route| route.agent_id == agent)
    }

    /// The agent on duty whose stop a candidate is in the plan, done or not.
    fn shift_of(&self, candidate: usize) -> Option<usize> {
        let number = self.row_of(candidate)?.route_no;
        let route = self.plan.plan.routes.iter().find(|route| route.route_no == number)?;
        self.shift_of_agent(route.agent_id)
    }

    fn shift_of_agent(&self, agent: Id) -> Option<usize> {
        let is = |at: usize| self.plan.agents.get(at).map(|a| a.row.agent_id) == Some(agent);
        self.plan.duty.iter().position(|duty| is(duty.agent))
    }

    fn door(&self, candidate: usize) -> Option<Position> {
        Some(self.plan.cases.get(self.plan.candidates.get(candidate)?.case)?.at)
    }

    /// Where a visit was: by the phone, else at the pin.
    fn place_of(&self, row: &VisitRow) -> Option<Position> {
        let of_phone = row.lat_e7.zip(row.lon_e7).filter(|_| row.mock_location == 0);
        let of_phone = of_phone.and_then(|(lat, lon)| Position::from_e7(lat, lon).ok());
        of_phone.or_else(|| {
            let case = self.plan.cases.iter().find(|case| case.row.case_id == row.case_id)?;
            Some(case.at)
        })
    }

    fn is_out(&self, shift: usize) -> bool {
        let before = self.plan.duty.get(shift).is_some_and(|duty| duty.out_since().is_some());
        before || self.said.out.get(&shift).is_some_and(|from| *from <= self.now)
    }

    /// Whether an event says something about it: then it is not under way unseen.
    fn is_spoken_of(&self, candidate: usize) -> bool {
        let stop = self.plan.candidates.get(candidate);
        let case = stop.map(|saved| saved.case);
        let away = |case: usize| self.said.away.contains_key(&case);
        case.is_some_and(|case| {
            stop.is_some_and(|stop| stop.cases().any(away))
                || self.said.appointments.contains_key(&case)
                || self.said.urgent.contains_key(&case)
                || self.said.locks.contains_key(&case)
        })
    }

    fn nothing(&self) -> UnderWay {
        UnderWay {
            at: (0, 0),
            moving: false,
            out: None,
            departed: self.now,
            until: self.now,
            metres: 0,
            drive_s: 0,
            service_s: 0,
            made: 0,
            cash: 0,
        }
    }

    /// What visits were expected to bring, minor units.
    fn carried(&self, calls: &[Call], begun: Option<usize>) -> i64 {
        let visited = calls.iter().filter_map(|call| call.candidate).chain(begun);
        visited.filter_map(|at| self.plan.candidates.get(at)).map(|saved| saved.cash).sum()
    }

    fn off_the_roads(&self, shift: usize, at: Position) -> Error {
        let name = self.plan.agent_ref(shift);
        Error::Invalid(format!(
            "agent {name}: {at} is on no road of the network: give another position"
        ))
    }
}

/// Base, visits, where to next, and the end of the day.
struct Way {
    places: Vec<Position>,
    spots: Vec<Spot>,
    table: Table,
    next: Option<usize>,
    /// Whether the place before the last is one to go to.
    target: bool,
    departs: i64,
}

impl Way {
    /// Seconds and metres; nothing where there is no way.
    fn leg(&self, from: usize, to: usize) -> (i64, i64) {
        let at = from * self.spots.len() + to;
        let read =
            |all: &[u32]| all.get(at).copied().filter(|x| *x != u32::MAX).map_or(0, i64::from);
        (read(&self.table.seconds), read(&self.table.metres))
    }

    fn at(&self, place: usize) -> Position {
        self.places.get(place).or(self.places.last()).copied().unwrap_or(self.places[0])
    }

    fn spot(&self, place: usize) -> Spot {
        self.spots.get(place).unwrap_or(&self.spots[0]).clone()
    }
}

struct Place {
    at: Position,
    spot: Spot,
    /// Back, with nothing left to do.
    home: bool,
    begun: Option<usize>,
}

/// Adds up what is behind an agent.
struct Past<'a> {
    way: &'a Way,
    clock: i64,
    metres: i64,
    drive_s: i64,
    service_s: i64,
    made: u32,
    /// Visits so far, which is the place that the next way begins at.
    made_calls: usize,
    legs: HashMap<usize, (i64, i64)>,
    rows: Vec<PlanStopRow>,
}

impl<'a> Past<'a> {
    fn new(departs: i64, way: &'a Way) -> Self {
        Self {
            way,
            clock: departs,
            metres: 0,
            drive_s: 0,
            service_s: 0,
            made: 0,
            made_calls: 0,
            legs: HashMap::new(),
            rows: Vec::new(),
        }
    }

    /// The whole way from one place to the one after it, in the time there was.
    fn drive_to(&mut self, leg: usize, arrived: i64) {
        let (seconds, metres) = self.way.leg(leg, leg + 1);
        let seconds = seconds.min((arrived - self.clock).max(0));
        self.part_of_a_way(seconds, metres);
        self.legs.insert(leg, (metres, seconds));
    }

    fn part_of_a_way(&mut self, seconds: i64, metres: i64) {
        self.drive_s += seconds;
        self.metres += metres;
    }

    fn stay(&mut self, arrived: i64, left: i64) {
        // Two visits at once are one stay.
        self.service_s += (left - arrived.max(self.clock)).max(0);
        self.clock = self.clock.max(left);
        self.made += 1;
        self.made_calls += 1;
    }

    /// A stop of the plan as it was made, with all its cases.
    fn stop(&mut self, rows: &[&PlanStopRow], call: &Call, leg: usize) {
        let (leg_metres, leg_s) = self.legs.get(&leg).copied().unwrap_or_default();
        for (part, row) in rows.iter().enumerate() {
            let assumed = call.done == Done::Assumed && row.start_at == call.arrived * 1_000_000;
            self.rows.push(PlanStopRow {
                arrive_at: if assumed { row.arrive_at } else { call.arrived * 1_000_000 },
                start_at: call.arrived * 1_000_000,
                leave_at: call.left * 1_000_000,
                leg_metres: if part == 0 { leg_metres } else { 0 },
                leg_s: if part == 0 { leg_s } else { 0 },
                ..(*row).clone()
            });
        }
    }
}

/// A place so far along the straight line from one to another.
fn between(from: Position, to: Position, gone: i64, of: i64) -> Position {
    let part = |a: i32, b: i32| {
        let (a, b) = (i64::from(a), i64::from(b));
        i32::try_from(a + (b - a) * gone / of.max(1))
    };
    let ((a, b), (c, d)) = (e7(from), e7(to));
    let found = part(a, c).ok().zip(part(b, d).ok());
    found.and_then(|(lat, lon)| Position::from_e7(lat, lon).ok()).unwrap_or(from)
}

fn e7(at: Position) -> (i32, i32) {
    (at.lat_e7(), at.lon_e7())
}

const fn seconds(micros: i64) -> i64 {
    micros.div_euclid(1_000_000)
}

fn lost(shift: usize) -> Error {
    Error::Invalid(format!("agent {shift} on duty is not in the book; please report this"))
}
