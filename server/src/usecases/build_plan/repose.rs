//! Poses a saved plan again: its date, agents, candidates, prizes, prices and places as they were saved. What is
//! different today changes nothing in it and is told.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::civil::Date;
use planner::{Figures, Meeting, Route};
use sync_core::model::{Position, Zone};

use super::basis::{AgentBasis, Basis, CaseBasis};
use super::candidates::{Candidate, place};
use super::crew::OnDuty;
use super::needs::Needs;
use super::solve::{Day, Posed, pose, score};
use super::stops::{Also, parts};
use super::under_way::{Course, Hold, NO_CASE, spot, with_past};
use super::{meetings, midnight};
use crate::app::App;
use crate::db::{DbError, Id, PlanRows};
use crate::error::Error;
use crate::progress::Progress;
use crate::travel::{Placed, Spot, Travel};
use crate::usecases::book::{BookAgent, BookCase, load_agents, load_cases};

/// A saved plan with everything its problem is posed from.
pub(super) struct Reposed {
    /// As it was saved.
    pub(super) plan: PlanRows,
    /// Its day.
    pub(super) date: Date,
    pub(super) basis: Basis,
    /// The book as it is today, for whoever compares.
    pub(super) today: Today,
    /// Today's book, but the cases and agents of the plan as they were.
    pub(super) cases: Vec<BookCase>,
    pub(super) agents: Vec<BookAgent>,
    pub(super) needs: Needs,
    /// Agents on duty, in the order of the plan.
    pub(super) duty: Vec<OnDuty>,
    /// All that could have been visited.
    pub(super) candidates: Vec<Saved>,
    /// Indices of candidates, by agent on duty.
    pub(super) routes: Vec<Vec<usize>>,
    /// When the visits of two agents begin, seconds from the beginning of the day, by candidate.
    met: BTreeMap<usize, i64>,
    origin: i64,
}

/// The book of today.
pub(super) struct Today {
    pub(super) cases: Vec<BookCase>,
    pub(super) agents: Vec<BookAgent>,
}

/// A candidate as it was saved; where it is on the roads is looked up when it is needed.
#[derive(Debug, Clone)]
pub(super) struct Saved {
    /// Index in the book.
    pub(super) case: usize,
    /// Further cases at the same stop.
    pub(super) also: Vec<Also>,
    pub(super) prize: i64,
    pub(super) windows: Vec<(i64, i64)>,
    pub(super) only: Option<usize>,
    pub(super) out_by: Option<String>,
    /// What has to be kept of what was said.
    pub(super) hold: Hold,
    /// As [`Candidate::cash`].
    pub(super) cash: i64,
    /// As [`Candidate::mandatory`].
    pub(super) mandatory: bool,
    /// As [`Candidate::anchor`].
    pub(super) anchor: bool,
}

impl Saved {
    /// The cases of the stop, as places in the book, each with its part of the prize.
    pub(super) fn parts(&self) -> impl Iterator<Item = (usize, i64)> + '_ {
        parts((self.case, self.prize), &self.also)
    }

    /// The cases of the stop, as places in the book.
    pub(super) fn cases(&self) -> impl Iterator<Item = usize> + '_ {
        self.parts().map(|(case, _)| case)
    }

    /// Whether a case of the book is one of the stop.
    pub(super) fn has(&self, case: usize) -> bool {
        self.cases().any(|own| own == case)
    }

    fn take_in(&mut self, other: &Self) {
        self.prize += other.prize;
        self.cash += other.cash;
        self.mandatory |= other.mandatory;
        self.also.push(Also { case: other.case, prize: other.prize, cash: other.cash });
    }
}

/// A case as the rows of a plan have it.
struct SavedRow<'a> {
    prize: i64,
    at: (i32, i32),
    /// Address, amount due and days past due of a stop.
    stop: Option<(&'a str, i64, i32)>,
}

impl Reposed {
    /// Reads one plan.
    ///
    /// # Errors
    /// There is no such plan, it was made before bases were kept, or it names what is gone.
    pub(super) fn load(app: &App, travel: &Travel, plan: Id, what: &str) -> Result<Self, Error> {
        let rows = app.store.plan(app.org, plan)?;
        let rows = rows.ok_or_else(|| Error::Unknown(format!("there is no plan {what}")))?;
        let basis = Basis::load(app, &rows.plan)?;
        let today = Today { cases: load_cases(app)?, agents: load_agents(app)? };
        let (mut cases, mut agents) = (today.cases.clone(), today.agents.clone());
        let by_ref: HashMap<String, usize> = index(cases.iter().map(|c| c.row.case_ref.as_str()));
        let agent_by_ref = index(agents.iter().map(|a| a.row.agent_ref.as_str()));
        let saved = saved_rows(&rows);
        let mut candidates: Vec<Saved> = Vec::with_capacity(basis.cases.len());
        let mut stops: HashMap<&str, usize> = HashMap::new();
        for kept in &basis.cases {
            let at = *by_ref.get(&kept.case).ok_or_else(|| gone("case", &kept.case))?;
            let case = cases.get_mut(at).ok_or_else(|| gone("case", &kept.case))?;
            let row = saved.get(&case.row.case_id).ok_or_else(|| gone("row of", &kept.case))?;
            let last = kept.last.as_ref().and_then(|name| agent_by_ref.get(name));
            case.last_agent = last.and_then(|at| agents.get(*at)).map(|agent| agent.row.agent_id);
            let saved = as_it_was(&basis, kept, at, case, row, &agent_by_ref)?;
            let Some(first) = &kept.stop_of else {
                stops.insert(&kept.case, candidates.len());
                candidates.push(saved);
                continue;
            };
            let stop = stops.get(first.as_str()).and_then(|stop| candidates.get_mut(*stop));
            stop.ok_or_else(|| gone("stop of", &kept.case))?.take_in(&saved);
        }
        let mut duty = on_duty(&basis.agents, &mut agents, &agent_by_ref, travel)?;
        put_back_the_past(&rows, &mut duty, &agents, &cases, &candidates);
        let date = rows.plan.date()?;
        let needs = Needs::of(&cases, &agents, date, &basis.terms.certificates);
        let mut reposed = Self {
            origin: midnight(date, &app.settings.organisation.time_zone)?,
            date,
            routes: vec![Vec::new(); duty.len()],
            plan: rows,
            basis,
            today,
            cases,
            agents,
            needs,
            met: BTreeMap::new(),
            duty,
            candidates,
        };
        reposed.read_routes()?;
        reposed.hold_who_is_under_way();
        Ok(reposed)
    }

    fn read_routes(&mut self) -> Result<(), Error> {
        let of_case: HashMap<Id, usize> = (0..)
            .zip(&self.candidates)
            .flat_map(|(at, stop)| stop.cases().map(move |case| (at, case)))
            .filter_map(|(at, case)| Some((self.cases.get(case)?.row.case_id, at)))
            .collect();
        for route in &self.plan.routes {
            let is = |duty: &OnDuty| self.agents.get(duty.agent).map(|a| a.row.agent_id);
            let at = self.duty.iter().position(|duty| is(duty) == Some(route.agent_id));
            let shift = at.and_then(|at| self.routes.get_mut(at));
            let shift = shift.ok_or_else(|| gone("agent of route", &route.route_no.to_string()))?;
            let rows = self.plan.stops.iter();
            for row in rows.filter(|row| row.route_no == route.route_no && row.part_no == 1) {
                let stop = of_case.get(&row.case_id);
                let stop =
                    *stop.ok_or_else(|| gone("stop of route", &route.route_no.to_string()))?;
                if self.candidates.get(stop).is_some_and(|stop| stop.hold.done.is_none()) {
                    shift.push(stop);
                }
                let crew = self.candidates.get(stop).and_then(|stop| self.cases.get(stop.case));
                if crew.is_some_and(|case| case.crew() == 2) {
                    self.met.insert(stop, row.start_at.div_euclid(1_000_000) - self.origin);
                }
            }
        }
        Ok(())
    }

    /// Puts a job at the head of the route of everybody who is under way: see [`Candidate::anchor`].
    pub(super) fn hold_who_is_under_way(&mut self) {
        for (duty, route) in self.duty.iter().zip(&mut self.routes) {
            let Some((agent, from)) = duty.anchor() else { continue };
            route.insert(0, self.candidates.len());
            self.candidates.push(Saved {
                case: NO_CASE,
                also: Vec::new(),
                prize: 0,
                windows: vec![(from, from)],
                only: Some(agent),
                out_by: None,
                hold: Hold::default(),
                cash: 0,
                mandatory: false,
                anchor: true,
            });
        }
    }

    /// What the planner's indices refer to.
    pub(super) fn day<'a>(&'a self, app: &'a App, travel: &'a Travel) -> Day<'a> {
        Day {
            app,
            cases: &self.cases,
            agents: &self.agents,
            needs: &self.needs,
            travel,
            origin: self.origin,
            service_s: self.basis.service_s,
            further_s: self.basis.further_s,
            prices: self.basis.prices,
            terms: &self.basis.terms,
        }
    }

    /// Candidates with their places on the roads, in the order of `which`.
    ///
    /// # Errors
    /// One is not on today's roads.
    pub(super) fn on_the_roads(
        &self,
        travel: &Travel,
        which: impl Iterator<Item = usize>,
        progress: &dyn Progress,
    ) -> Result<Vec<Candidate>, Error> {
        let which: Vec<&Saved> = which.filter_map(|at| self.candidates.get(at)).collect();
        let doors = which.iter().filter_map(|c| self.cases.get(c.case)).map(|case| case.at);
        travel.locate(&doors.collect::<Vec<_>>(), progress)?;
        which
            .into_iter()
            .map(|saved| {
                let spot = self.spot_of(saved, travel)?;
                Ok(Candidate {
                    case: saved.case,
                    also: saved.also.clone(),
                    prize: saved.prize,
                    windows: saved.windows.clone(),
                    spot,
                    only: saved.only,
                    hold: saved.hold,
                    cash: saved.cash,
                    mandatory: saved.mandatory,
                    anchor: saved.anchor,
                })
            })
            .collect()
    }

    /// Where a candidate is on today's roads.
    fn spot_of(&self, saved: &Saved, travel: &Travel) -> Result<Spot, Error> {
        if saved.anchor {
            let held = self.duty.iter().find(|duty| Some(duty.agent) == saved.only);
            return held.map(|duty| duty.start.clone()).ok_or_else(|| gone("agent", "under way"));
        }
        let case = self.cases.get(saved.case).ok_or_else(|| gone("case", "of a stop"))?;
        place(case.at, travel).map_err(|(_, why)| {
            Error::Outdated(format!(
                "case {} of the plan is not on today's roads: {why} Plan the day again",
                case.row.case_ref
            ))
        })
    }

    /// The problem of the agents on duty with these candidates.
    pub(super) fn posed<'a>(
        &'a self,
        day: &Day<'_>,
        jobs: &'a [Candidate],
        progress: &dyn Progress,
    ) -> Result<Posed<'a>, Error> {
        pose(day, self.duty.iter().collect(), jobs.iter().collect(), progress)
    }

    /// Candidates of the routes, route by route, and the routes in the indices of that list.
    pub(super) fn planned(&self) -> (Vec<usize>, Vec<Route>) {
        let some = self.routes.iter().enumerate().filter(|(_, stops)| !stops.is_empty());
        let routes: Vec<Route> = some.map(|(shift, stops)| self.route(shift, stops)).collect();
        meetings::compact(&routes)
    }

    /// A route of candidates, with the instants of visits of two.
    pub(super) fn route(&self, shift: usize, stops: &[usize]) -> Route {
        let met = |stop: &usize| Some(Meeting { job: *stop, start: *self.met.get(stop)? });
        Route { shift, jobs: stops.to_vec(), meetings: stops.iter().filter_map(met).collect() }
    }

    /// When a visit of two begins in the saved plan, seconds since 1970.
    pub(super) fn met(&self, candidate: usize) -> Option<i64> {
        self.met.get(&candidate).map(|start| start + self.origin)
    }

    /// How many agents visit a candidate together.
    pub(super) fn crew_of(&self, candidate: usize) -> u8 {
        let case = self.candidates.get(candidate).and_then(|saved| self.cases.get(saved.case));
        case.map_or(1, BookCase::crew)
    }

    /// The candidate of a case, if it was one.
    pub(super) fn candidate_of(&self, case: Id) -> Option<usize> {
        let is = |at: usize| self.cases.get(at).map(|c| c.row.case_id) == Some(case);
        self.candidates.iter().position(|saved| saved.cases().any(is))
    }

    /// The first case of the stop that a case of the book belongs to; itself where it is in none.
    pub(super) fn first_of(&self, case: usize) -> usize {
        self.candidates.iter().find(|saved| saved.has(case)).map_or(case, |saved| saved.case)
    }

    /// Seconds at the door of a candidate.
    pub(super) fn service_of(&self, candidate: usize) -> i64 {
        let also = self.candidates.get(candidate).map_or(0, |saved| saved.also.len());
        let further = i64::from(self.basis.further_s) * i64::try_from(also).unwrap_or(0);
        i64::from(self.basis.service_s) + further
    }

    /// Takes a case out of the stop it shares with others and makes it a candidate of its own, planned nowhere; which
    /// one that is.
    pub(super) fn part(&mut self, candidate: usize, case: usize) -> Option<usize> {
        let stop = self.candidates.get_mut(candidate).filter(|stop| !stop.also.is_empty())?;
        let (_, prize) = stop.parts().find(|(own, _)| *own == case)?;
        let cash = match stop.also.iter().position(|also| also.case == case) {
            Some(at) => stop.also.remove(at).cash,
            None => {
                let cash = stop.cash - stop.also.iter().map(|also| also.cash).sum::<i64>();
                stop.case = stop.also.remove(0).case;
                cash
            }
        };
        stop.prize -= prize;
        stop.cash -= cash;
        let own = Saved {
            case,
            also: Vec::new(),
            prize,
            windows: stop.windows.clone(),
            only: None,
            out_by: None,
            hold: Hold::default(),
            cash,
            mandatory: false,
            anchor: false,
        };
        self.candidates.push(own);
        Some(self.candidates.len() - 1)
    }

    /// Agent on duty and place, from 0, of a planned candidate.
    pub(super) fn place_of(&self, candidate: usize) -> Option<(usize, usize)> {
        place_in(&self.routes, candidate)
    }

    /// Whether the case was visited, or is being visited.
    pub(super) fn is_done(&self, case: usize) -> bool {
        self.candidates.iter().any(|saved| saved.hold.done.is_some() && saved.has(case))
    }

    /// Figures of what is left with what is behind the agents.
    pub(super) fn with_past(&self, figures: &Figures) -> Figures {
        with_past(figures, &self.duty, self.basis.prices)
    }

    /// Scores routes of the plan on today's roads, what is behind the agents included.
    ///
    /// # Errors
    /// They do not hold there.
    pub(super) fn rescore(&self, posed: &Posed<'_>, routes: &[Route]) -> Result<Figures, Error> {
        let left = score(&posed.problem, routes);
        left.map(|figures| self.with_past(&figures)).map_err(|violations| {
            let broken: Vec<String> = violations.iter().map(ToString::to_string).collect();
            Error::Outdated(format!(
                "the plan of {}, version {}, does not hold on today's roads ({}): plan the day again",
                self.plan.plan.plan_date,
                self.plan.plan.version,
                broken.join("; ")
            ))
        })
    }

    /// The lender's key of an agent on duty.
    pub(super) fn agent_ref(&self, shift: usize) -> &str {
        let duty = self.duty.get(shift).and_then(|duty| self.agents.get(duty.agent));
        duty.map_or("?", |agent| agent.row.agent_ref.as_str())
    }

    /// Zero of the planner, seconds since 1970.
    pub(super) const fn origin(&self) -> i64 {
        self.origin
    }

    /// The zone that times are said in.
    pub(super) fn zone(app: &App) -> &Zone {
        &app.settings.organisation.time_zone
    }
}

/// Shift and place, from 0, of a stop in lists of stops by shift.
pub(super) fn place_in(routes: &[Vec<usize>], stop: usize) -> Option<(usize, usize)> {
    routes
        .iter()
        .enumerate()
        .find_map(|(shift, stops)| Some((shift, stops.iter().position(|other| *other == stop)?)))
}

fn index<'a>(refs: impl Iterator<Item = &'a str>) -> HashMap<String, usize> {
    refs.enumerate().map(|(at, name)| (name.to_owned(), at)).collect()
}

fn gone(what: &str, name: &str) -> Error {
    DbError::Corrupt(format!("a plan's basis: the {what} {name} is gone")).into()
}

/// Prize and place of every case of the plan that has a prize.
fn saved_rows(plan: &PlanRows) -> HashMap<Id, SavedRow<'_>> {
    let stops = plan.stops.iter().filter(|stop| stop.crew_no == 1).map(|stop| {
        let (prize, at) = (stop.prize_micro, (stop.lat_e7, stop.lon_e7));
        let stop_values = (stop.address.as_str(), stop.amount_due_minor, stop.dpd);
        (stop.case_id, SavedRow { prize, at, stop: Some(stop_values) })
    });
    let left_out = plan.left_out.iter().filter_map(|out| {
        let (prize, at) = (out.prize_micro?, (out.lat_e7, out.lon_e7));
        Some((out.case_id, SavedRow { prize, at, stop: None }))
    });
    stops.chain(left_out).collect()
}

/// Puts a case back to what the plan was made from.
fn as_it_was(
    basis: &Basis,
    kept: &CaseBasis,
    at: usize,
    case: &mut BookCase,
    row: &SavedRow<'_>,
    agents: &HashMap<String, usize>,
) -> Result<Saved, Error> {
    (case.row.lat_e7, case.row.lon_e7) = row.at;
    case.at = position(row.at)?;
    case.language.clone_from(&kept.language);
    kept.wants.put_back(&mut case.row);
    if let Some((address, due, dpd)) = row.stop {
        case.row.address = Some(address.to_owned());
        case.row.amount_due_minor = due;
        case.row.dpd = dpd;
    }
    let only = kept.only.as_ref().map(|name| agents.get(name).copied());
    Ok(Saved {
        case: at,
        also: Vec::new(),
        prize: row.prize,
        windows: basis.hours(kept),
        only: only.map(|known| known.ok_or_else(|| gone("agent", &kept.case))).transpose()?,
        out_by: kept.out_by.clone(),
        hold: kept.hold,
        cash: kept.cash,
        mandatory: case.is_mandatory() && kept.out_by.is_none(),
        anchor: false,
    })
}

/// Gives agents the stops that are behind them.
fn put_back_the_past(
    plan: &PlanRows,
    duty: &mut [OnDuty],
    agents: &[BookAgent],
    cases: &[BookCase],
    candidates: &[Saved],
) {
    let done = candidates.iter().filter(|saved| saved.hold.done.is_some());
    let done: HashSet<Id> =
        done.flat_map(Saved::cases).filter_map(|case| Some(cases.get(case)?.row.case_id)).collect();
    for duty in duty {
        let agent = agents.get(duty.agent).map(|agent| agent.row.agent_id);
        let route = plan.routes.iter().find(|route| Some(route.agent_id) == agent);
        if let (Some(course), Some(route)) = (&mut duty.course, route) {
            let own = plan.stops.iter().filter(|stop| stop.route_no == route.route_no);
            course.done = own.filter(|stop| done.contains(&stop.case_id)).cloned().collect();
        }
    }
}

/// Agents on duty as they were, put back in `agents`.
fn on_duty(
    saved: &[AgentBasis],
    agents: &mut [BookAgent],
    by_ref: &HashMap<String, usize>,
    travel: &Travel,
) -> Result<Vec<OnDuty>, Error> {
    let mut ends = Vec::with_capacity(saved.len() * 2);
    let mut starts = Vec::with_capacity(saved.len());
    for of in saved {
        ends.extend([position(of.base)?, position(of.end)?]);
        starts.push(of.under_way.map(|now| position(now.at)).transpose()?);
    }
    let all: Vec<Position> = ends.iter().copied().chain(starts.iter().flatten().copied()).collect();
    travel.locate(&all, &crate::progress::Silent)?;
    let spots = ends.iter().map(|at| match travel.place(*at) {
        Placed::At(spot) => Ok(spot),
        _ => Err(Error::Outdated(format!(
            "{at}, where an agent of the plan starts or ends, is not on today's roads: plan the day again"
        ))),
    });
    let spots: Vec<Spot> = spots.collect::<Result<_, Error>>()?;
    let mut duty = Vec::with_capacity(saved.len());
    let of_agents = saved.iter().zip(spots.chunks(2)).zip(ends.chunks(2)).zip(starts);
    for (((of, spots), places), now) in of_agents {
        let at = *by_ref.get(&of.agent).ok_or_else(|| gone("agent", &of.agent))?;
        let (Some(agent), [start, end], [base, home]) = (agents.get_mut(at), spots, places) else {
            return Err(gone("agent", &of.agent));
        };
        (agent.base, agent.end) = (*base, *home);
        (agent.row.base_lat_e7, agent.row.base_lon_e7) = of.base;
        (agent.row.end_lat_e7, agent.row.end_lon_e7) = of.end;
        agent.row.languages.clone_from(&of.languages);
        agent.row.max_visits = of.max_visits;
        agent.row.skills.clone_from(&of.skills);
        agent.row.certificates.clone_from(&of.certificates);
        agent.row.max_cash_minor = of.max_cash;
        let start = now.and_then(|at| spot(at, travel)).unwrap_or_else(|| start.clone());
        let course = of.under_way.map(|now| Course { now, done: Vec::new() });
        duty.push(OnDuty { agent: at, start, end: end.clone(), shift: of.shift, course });
    }
    Ok(duty)
}

fn position((lat, lon): (i32, i32)) -> Result<Position, Error> {
    Position::from_e7(lat, lon)
        .map_err(|e| DbError::Corrupt(format!("a place of a plan's basis: {e}")).into())
}
