//! From rows to the input of the figures.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::economics::{Case, Payment, Promise, Shift, Stop, Visit};
use domain::territory::{cell_of, choose_resolution};
use h3o::{CellIndex, Resolution};
use jiff::Timestamp;
use jiff::civil::Date;
use sync_core::model::{CaseId, Micro, Minor, VisitId};

use super::left_out::LeftOut;
use super::ways::{Door, Ways};
use super::{Span, day, midnight};
use crate::app::App;
use crate::db::economics::{Work, WorkQuery};
use crate::db::rows::{PaymentRow, VisitRow};
use crate::db::{DbError, Id};
use crate::error::Error;
use crate::travel::Travel;
use crate::usecases::book::{BookAgent, BookCase, load_agents, load_cases};
use crate::usecases::cells;

/// The input, and what was odd about it.
#[derive(Debug)]
pub(super) struct Gathered {
    pub(super) cases: Vec<Case>,
    pub(super) visits: Vec<Visit>,
    pub(super) payments: Vec<Payment>,
    pub(super) promises: Vec<Promise>,
    pub(super) stops: Vec<Stop>,
    pub(super) shifts: Vec<Shift>,
    pub(super) territories: BTreeMap<CellIndex, String>,
    pub(super) resolution: Resolution,
    /// Visits of the period that name no agent.
    pub(super) without_agent: usize,
    /// Whether there are visits or payments that are dated later than now.
    pub(super) dated_later: bool,
    /// Rows that are in none of these.
    pub(super) left_out: LeftOut,
}

struct Reader<'a> {
    app: &'a App,
    span: &'a Span,
    book: HashMap<Id, &'a BookCase>,
    agents: HashMap<Id, &'a BookAgent>,
    work: &'a Work,
    /// Visits by actor and sequence of their ops.
    by_dot: HashMap<(i64, i64), &'a VisitRow>,
}

pub(super) fn gather(app: &App, travel: &Travel, span: &Span) -> Result<Gathered, Error> {
    let (book, agents) = (load_cases(app)?, load_agents(app)?);
    let first = span.from.map_or_else(|| "0001-01-01".to_owned(), |from| from.to_string());
    let mut work = app.store.work(
        app.org,
        &WorkQuery {
            visits_from: span.period.from.saturating_sub(span.window_us),
            // What is dated later than now has not happened.
            visits_to: span.period.to.saturating_add(span.window_us).min(span.now + 1),
            from: span.period.from,
            to: span.period.to,
            first_day: first,
            last_day: span.to.to_string(),
        },
    )?;
    let left_out = LeftOut::of(&mut work, app.settings.organisation.currency.exponent());
    let reader = Reader {
        app,
        span,
        book: book.iter().map(|case| (case.row.case_id, case)).collect(),
        agents: agents.iter().map(|agent| (agent.row.agent_id, agent)).collect(),
        work: &work,
        by_dot: work.visits.iter().map(|row| ((row.actor, row.sequence), row)).collect(),
    };
    let territories = reader.territories()?;
    let resolution = territories.keys().next().map_or_else(
        || {
            let homes: Vec<_> = book.iter().map(|case| case.at).collect();
            choose_resolution(&homes, agents.len().max(1))
        },
        |cell| cell.resolution(),
    );
    let (visits, shifts, without_agent) = reader.visits(travel)?;
    let last_visit = app.store.visit_span(app.org)?.map(|(_, last)| last);
    let last_payment = work.payments.iter().map(|row| row.paid_at).max();
    Ok(Gathered {
        cases: reader.cases(&book, resolution)?,
        visits,
        payments: reader.payments()?,
        promises: reader.promises()?,
        stops: reader.stops()?,
        shifts,
        territories,
        resolution,
        without_agent,
        dated_later: last_visit.max(last_payment).is_some_and(|last| last > span.now),
        left_out,
    })
}

impl Reader<'_> {
    /// The beats as they are now.
    fn territories(&self) -> Result<BTreeMap<CellIndex, String>, Error> {
        let (rows, cell_rows) = self.app.store.territories(self.app.org)?;
        let owner: HashMap<Id, Id> =
            rows.into_iter().map(|row| (row.territory_id, row.agent_id)).collect();
        Ok(cell_rows
            .iter()
            .filter_map(|row| {
                let agent = self.agents.get(owner.get(&row.territory_id)?)?;
                Some((cells::of(row.cell)?, agent.row.agent_ref.clone()))
            })
            .collect())
    }

    /// Cases given to an agent in the period, by an allocation, a plan or a visit.
    fn cases(&self, book: &[BookCase], resolution: Resolution) -> Result<Vec<Case>, Error> {
        let visited = self.work.visits.iter().filter(|row| self.span.period.holds(row.arrived_at));
        let given: BTreeSet<Id> = visited
            .map(|row| row.case_id)
            .chain(self.work.allocations.iter().map(|row| row.case_id))
            .chain(self.work.stops.iter().map(|row| row.case_id))
            .collect();
        book.iter()
            .filter(|case| given.contains(&case.row.case_id))
            .map(|case| {
                Ok(Case {
                    id: case.row.case_id.try_into()?,
                    borrower: case.row.borrower_id.try_into()?,
                    cell: cell_of(case.at, resolution),
                })
            })
            .collect()
    }

    fn case(&self, id: Id) -> Result<&BookCase, Error> {
        let found = self.book.get(&id).copied();
        found.ok_or_else(|| DbError::Corrupt("a visit or promise of an unknown case".into()).into())
    }

    /// Visits with their ways, the shifts they belong to, and how many of the period have none.
    fn visits(&self, travel: &Travel) -> Result<(Vec<Visit>, Vec<Shift>, usize), Error> {
        let zone = &self.app.settings.organisation.time_zone;
        let mut visits = Vec::with_capacity(self.work.visits.len());
        let mut days: BTreeMap<(&str, Date), Vec<usize>> = BTreeMap::new();
        let mut without = 0;
        for (at, row) in self.work.visits.iter().enumerate() {
            visits.push(visit(row)?);
            if !self.span.period.holds(row.arrived_at) {
                continue;
            }
            let agent = row.agent_id.and_then(|id| self.agents.get(&id));
            let arrived = Timestamp::from_microsecond(row.arrived_at)
                .map_err(|e| DbError::Corrupt(format!("arrival of a visit: {e}")))?;
            match agent {
                Some(agent) => {
                    let key = (agent.row.agent_ref.as_str(), zone.date_at(arrived));
                    days.entry(key).or_default().push(at);
                }
                None => without += 1,
            }
        }
        let by_ref: HashMap<&str, &BookAgent> =
            self.agents.values().map(|agent| (agent.row.agent_ref.as_str(), *agent)).collect();
        let mut ways = Ways::new(travel, &self.app.settings.planning);
        let mut shifts = Vec::with_capacity(days.len());
        for ((agent_ref, _), of_day) in days {
            let Some(agent) = by_ref.get(agent_ref) else { continue };
            let mut doors = Vec::with_capacity(of_day.len());
            for at in &of_day {
                let Some(row) = self.work.visits.get(*at) else { continue };
                let home = self.case(row.case_id)?.at;
                doors.push(Door { home, metres: row.travel_m, seconds: row.travel_s });
            }
            let (legs, back) = ways.of_day(agent.base, &doors, agent.end)?;
            for (at, leg) in of_day.into_iter().zip(legs) {
                let Some(visit) = visits.get_mut(at) else { continue };
                (visit.travel_m, visit.travel_s) = (leg.metres, leg.seconds);
                (visit.estimated, visit.shift) = (leg.estimated, Some(shifts.len()));
            }
            shifts.push(Shift { return_m: back.metres, return_s: back.seconds });
        }
        Ok((visits, shifts, without))
    }

    /// Payments less their reversals.
    fn payments(&self) -> Result<Vec<Payment>, Error> {
        let mut reversed: HashMap<(i64, i64), i64> = HashMap::new();
        for row in &self.work.payments {
            if let Some(of) = reverses(row) {
                let sum = reversed.entry(of).or_default();
                *sum = sum.saturating_add(row.amount_minor);
            }
        }
        let taken = self.work.payments.iter().filter(|row| reverses(row).is_none());
        taken
            .map(|row| {
                let back = reversed.get(&(row.actor, row.sequence)).copied().unwrap_or(0);
                let visit = row.visit_actor.zip(row.visit_sequence);
                Ok(Payment {
                    case: row.case_id.try_into()?,
                    at: row.paid_at,
                    net: Minor::new(row.amount_minor.saturating_add(back)),
                    visit: self.visit_of(visit)?.map(|(id, _)| id),
                })
            })
            .collect()
    }

    fn visit_of(&self, dot: Option<(i64, i64)>) -> Result<Option<(VisitId, &VisitRow)>, Error> {
        let Some(row) = dot.and_then(|dot| self.by_dot.get(&dot)) else { return Ok(None) };
        Ok(Some((row.visit_id.try_into()?, row)))
    }

    /// Promises; one made at a visit was made when the visit was, whenever it was written down.
    fn promises(&self) -> Result<Vec<Promise>, Error> {
        let corrupt = |what: String| Error::Db(DbError::Corrupt(format!("a promise: {what}")));
        self.work
            .promises
            .iter()
            .map(|row| {
                let due: Date = row.due_on.parse().map_err(|e| corrupt(format!("{e}")))?;
                let after = due.tomorrow().map_err(|e| corrupt(e.to_string()))?;
                let zone = &self.case(row.case_id)?.zone;
                let visit = self.visit_of(row.visit_actor.zip(row.visit_sequence))?;
                Ok(Promise {
                    case: row.case_id.try_into()?,
                    visit: visit.map(|(id, _)| id),
                    made_at: visit.map_or(row.promised_at, |(_, visit)| visit.arrived_at),
                    due_at: midnight(after, zone)?,
                    amount: Minor::new(row.amount_minor),
                    state: row.state.parse().map_err(|e| corrupt(format!("{e}")))?,
                })
            })
            .collect()
    }

    fn stops(&self) -> Result<Vec<Stop>, Error> {
        let zone = &self.app.settings.organisation.time_zone;
        let mut days = HashMap::new();
        for plan in &self.work.plans {
            days.insert(plan.plan_id, day(plan.date()?, zone)?);
        }
        let mut stops: Vec<Stop> = Vec::with_capacity(self.work.stops.len());
        let mut known: HashMap<(Id, Id), usize> = HashMap::new();
        for row in &self.work.stops {
            let Some(day) = days.get(&row.plan_id) else { continue };
            // Two agents who visit together make one stop, each with a way of his or her own.
            let first = known.get(&(row.plan_id, row.case_id)).and_then(|at| stops.get_mut(*at));
            if let Some(first) = first {
                first.metres = first.metres.saturating_add(row.leg_metres);
                first.seconds = first.seconds.saturating_add(row.leg_s);
                continue;
            }
            known.insert((row.plan_id, row.case_id), stops.len());
            stops.push(Stop {
                case: row.case_id.try_into()?,
                day: *day,
                metres: row.leg_metres,
                seconds: row.leg_s,
                prize: Micro::new(row.prize_micro + row.premium_micro),
            });
        }
        Ok(stops)
    }
}

fn reverses(row: &PaymentRow) -> Option<(i64, i64)> {
    row.reverses_actor.zip(row.reverses_sequence)
}

fn visit(row: &VisitRow) -> Result<Visit, Error> {
    let met = row.met.parse().map_err(|e| DbError::Corrupt(format!("a visit: {e}")))?;
    let case: CaseId = row.case_id.try_into()?;
    Ok(Visit {
        id: row.visit_id.try_into()?,
        case,
        at: row.arrived_at,
        met,
        travel_m: row.travel_m.unwrap_or(0),
        travel_s: row.travel_s.unwrap_or(0),
        estimated: row.travel_m.is_none() || row.travel_s.is_none(),
        service_s: (row.left_at.saturating_sub(row.arrived_at) / 1_000_000).max(0),
        shift: None,
    })
}
