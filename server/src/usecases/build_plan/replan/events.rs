//! What happened on the day, as somebody says it: read, checked against the plan and against each other.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sync_core::model::Position;
use utoipa::ToSchema;

use crate::app::App;
use crate::db::Id;
use crate::error::Error;
use crate::usecases::build_plan::edit::Fault;
use crate::usecases::build_plan::repose::Reposed;
use crate::usecases::lists::{case_named, day_span};

/// Most events of one request.
pub const MOST_EVENTS: usize = 200;

/// Something that happened on the day. Cases are named by id or by the lender's key, agents by that key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "event", rename_all = "snake_case", deny_unknown_fields)]
pub enum Event {
    /// An agent takes no further stops.
    AgentOut {
        /// Who.
        agent: String,
        /// Since when; of a later instant: back at the end of the day by then. Now unless given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<String>, format = DateTime)]
        from: Option<Timestamp>,
    },
    /// A case must be visited today, whatever it costs.
    Urgent {
        /// Which.
        case: String,
        /// The visit begins not before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<String>, format = DateTime)]
        from: Option<Timestamp>,
        /// Nor after.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<String>, format = DateTime)]
        to: Option<Timestamp>,
    },
    /// The borrower was promised a visit that begins within these.
    Appointment {
        /// Which case.
        case: String,
        /// First instant.
        #[schema(value_type = String, format = DateTime)]
        from: Timestamp,
        /// Last instant.
        #[schema(value_type = String, format = DateTime)]
        to: Timestamp,
    },
    /// A case is not to be visited any more today.
    FallsAway {
        /// Which.
        case: String,
        /// In words: paid, hardship, complaint.
        why: String,
    },
    /// A stop stays where it is: with its agent, in an order, or at a time.
    Lock {
        /// Which.
        case: String,
        /// With whom; who has it unless given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        agent: Option<String>,
        /// Its place among the stops of the route that have one: lower before higher.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rank: Option<u32>,
        /// It begins not before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<String>, format = DateTime)]
        from: Option<Timestamp>,
        /// Nor after.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<String>, format = DateTime)]
        to: Option<Timestamp>,
    },
    /// The borrower was told who comes.
    Told {
        /// Which case.
        case: String,
    },
    /// Where an agent is now.
    Position {
        /// Who.
        agent: String,
        /// Degrees.
        lat: f64,
        /// Degrees.
        lon: f64,
    },
    /// An agent is at the door.
    Begun {
        /// Which case.
        case: String,
        /// Who; who has the stop unless given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        agent: Option<String>,
        /// Since when; now unless given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<String>, format = DateTime)]
        at: Option<Timestamp>,
    },
    /// A visit was made of which there is no record yet.
    Done {
        /// Which case.
        case: String,
        /// By whom; by who has the stop unless given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        agent: Option<String>,
        /// When it ended; now unless given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<String>, format = DateTime)]
        at: Option<Timestamp>,
    },
}

impl Event {
    const fn case(&self) -> Option<&String> {
        match self {
            Self::AgentOut { .. } | Self::Position { .. } => None,
            Self::Urgent { case, .. }
            | Self::Appointment { case, .. }
            | Self::FallsAway { case, .. }
            | Self::Lock { case, .. }
            | Self::Told { case }
            | Self::Begun { case, .. }
            | Self::Done { case, .. } => Some(case),
        }
    }

    const fn agent(&self) -> Option<&String> {
        match self {
            Self::AgentOut { agent, .. } | Self::Position { agent, .. } => Some(agent),
            Self::Lock { agent, .. } | Self::Begun { agent, .. } | Self::Done { agent, .. } => {
                agent.as_ref()
            }
            _ => None,
        }
    }

    /// Whether it says how things stand rather than what shall be.
    const fn tells(&self) -> bool {
        matches!(self, Self::Position { .. } | Self::Begun { .. } | Self::Done { .. })
    }
}

/// Seconds since 1970.
pub(super) type Span = (i64, i64);

/// A stop that stays.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Lock {
    /// An agent on duty.
    pub(super) shift: usize,
    pub(super) rank: Option<u32>,
    pub(super) hours: Option<Span>,
}

/// A visit that somebody tells of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told {
    pub(super) event: usize,
    /// Among the candidates of the plan.
    pub(super) candidate: usize,
    pub(super) shift: usize,
    pub(super) arrived: i64,
    pub(super) left: i64,
}

/// What the events come to; cases by their place in the book.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// Since when agents on duty take no further stop.
    pub(super) out: BTreeMap<usize, i64>,
    /// The event and the hours, if there are any.
    pub(super) urgent: BTreeMap<usize, (usize, Option<Span>)>,
    pub(super) appointments: BTreeMap<usize, (usize, Span)>,
    pub(super) away: BTreeMap<usize, (usize, String)>,
    pub(super) locks: BTreeMap<usize, (usize, Lock)>,
    pub(super) told: BTreeSet<usize>,
    pub(super) places: BTreeMap<usize, Position>,
    pub(super) visits: Vec<Told>,
    /// Whether anything shall be other than it was.
    pub(super) wants: bool,
}

pub(super) fn fault(at: usize, field: &str, rule: &str, detail: impl Into<String>) -> Fault {
    let field =
        if field.is_empty() { format!("events[{at}]") } else { format!("events[{at}].{field}") };
    Fault { field, rule: rule.into(), detail: detail.into() }
}

/// Reads the events of a request.
///
/// # Errors
/// Whatever is unknown, lies outside of what is left of the day, or contradicts another event, with its field.
pub(super) fn read(app: &App, plan: &Reposed, events: &[Event], now: i64) -> Result<Said, Error> {
    if events.len() > MOST_EVENTS {
        let detail = format!("{} events: at most {MOST_EVENTS}", events.len());
        let (field, rule) = ("events".to_owned(), "too_many".to_owned());
        return Err(Error::Edits(vec![Fault { field, rule, detail }]));
    }
    let reading = Reading { app, plan, now, day: day_of(app, plan)? };
    let (mut said, mut faults) = (Said::default(), Vec::new());
    for (at, event) in events.iter().enumerate() {
        match reading.one(at, event, &mut said)? {
            Ok(()) => said.wants |= !event.tells(),
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() { Ok(said) } else { Err(Error::Edits(faults)) }
}

/// Refuses events on cases of which there is a record that they were visited.
///
/// # Errors
/// There is one, with its field.
pub(super) fn check_records(
    plan: &Reposed,
    said: &Said,
    is_recorded: impl Fn(usize) -> bool,
) -> Result<(), Error> {
    let case_of = |at: usize| plan.candidates.get(at).map(|saved| saved.case);
    let wanted = said.urgent.iter().map(|(case, (event, _))| (*event, *case));
    let agreed = said.appointments.iter().map(|(case, (event, _))| (*event, *case));
    let locked = said.locks.iter().map(|(case, (event, _))| (*event, *case));
    let away = said.away.iter().map(|(case, (event, _))| (*event, *case));
    let visited = said.visits.iter().filter_map(|v| Some((v.event, case_of(v.candidate)?)));
    let all = wanted.chain(agreed).chain(locked).chain(away).chain(visited);
    let recorded = |case: usize| {
        let all = plan.candidates.iter().enumerate();
        all.filter(|(_, saved)| saved.has(case)).any(|(at, _)| is_recorded(at))
    };
    let faults: Vec<Fault> = all
        .filter(|(_, case)| recorded(*case))
        .map(|(event, case)| {
            let name = plan.today.cases.get(case).map_or("?", |case| case.row.case_ref.as_str());
            let why = format!("there is a record of a visit to {name} today: leave the event out");
            fault(event, "case", "done", why)
        })
        .collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::Edits(faults)) }
}

struct Reading<'a> {
    app: &'a App,
    plan: &'a Reposed,
    now: i64,
    /// First and last second of the plan's day.
    day: Span,
}

impl Reading<'_> {
    fn one(&self, at: usize, event: &Event, said: &mut Said) -> Result<Result<(), Fault>, Error> {
        let case = match event.case() {
            None => None,
            Some(name) => match self.case(at, name)? {
                Ok(case) => Some(case),
                Err(fault) => return Ok(Err(fault)),
            },
        };
        let shift = match event.agent().map(|name| self.agent(at, name)).transpose() {
            Ok(shift) => shift,
            Err(fault) => return Ok(Err(fault)),
        };
        // What is said of one case of a stop is said of the visit, unless the case falls away.
        let case = match event {
            Event::FallsAway { .. } => case,
            _ => case.map(|case| self.plan.first_of(case)),
        };
        Ok(match case {
            None => self.of_agent(at, event, shift.unwrap_or(usize::MAX), said),
            Some(case) => self.of_case(at, event, (case, shift), said),
        })
    }

    /// The place of a case in the book.
    fn case(&self, at: usize, name: &str) -> Result<Result<usize, Fault>, Error> {
        let id = match case_named(self.app, name) {
            Ok(id) => Id::from(id),
            Err(Error::Unknown(why) | Error::Invalid(why)) => {
                return Ok(Err(fault(at, "case", "unknown_case", why)));
            }
            Err(other) => return Err(other),
        };
        let found = self.plan.today.cases.iter().position(|case| case.row.case_id == id);
        let Some(found) = found else {
            let why = format!("case {name} is not in the book");
            return Ok(Err(fault(at, "case", "unknown_case", why)));
        };
        Ok(Ok(found))
    }

    fn agent(&self, at: usize, name: &str) -> Result<usize, Fault> {
        let found = (0..self.plan.duty.len()).find(|shift| self.plan.agent_ref(*shift) == name);
        found.ok_or_else(|| {
            let why = format!("no agent {name} is on duty in that plan: check the agent_ref");
            fault(at, "agent", "unknown_agent", why)
        })
    }

    fn of_agent(
        &self,
        at: usize,
        event: &Event,
        shift: usize,
        said: &mut Said,
    ) -> Result<(), Fault> {
        let name = self.plan.agent_ref(shift);
        let twice = |what: &str| {
            fault(
                at,
                "agent",
                "contradiction",
                format!("{name} {what} in another event already: keep one"),
            )
        };
        match event {
            Event::AgentOut { from, .. } => {
                let from = from.map_or(self.now, Timestamp::as_second);
                self.in_the_day(at, "from", from)?;
                if said.out.insert(shift, from).is_some() {
                    return Err(twice("drops out"));
                }
                let locked = said.locks.values().any(|(_, lock)| lock.shift == shift);
                if locked && from <= self.now {
                    return Err(twice("gets a locked stop"));
                }
            }
            Event::Position { lat, lon, .. } => {
                let place = Position::from_degrees(*lat, *lon);
                let place = place.map_err(|e| fault(at, "lat", "value", e.to_string()))?;
                if said.places.insert(shift, place).is_some() {
                    return Err(twice("is at a place"));
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn of_case(
        &self,
        at: usize,
        event: &Event,
        (case, shift): (usize, Option<usize>),
        said: &mut Said,
    ) -> Result<(), Fault> {
        let name = self.plan.today.cases.get(case).map_or("?", |case| case.row.case_ref.as_str());
        self.agrees(at, event, (case, name), said)?;
        let planned = self.planned(case);
        let hours = |from: Option<Timestamp>, to: Option<Timestamp>| self.hours(at, from, to);
        let needed = || {
            let why = format!("{name} is no stop of the plan that is still to come");
            planned.ok_or_else(|| fault(at, "case", "not_planned", why))
        };
        match event {
            Event::Urgent { from, to, .. } => {
                said.urgent.insert(case, (at, hours(*from, *to)?));
            }
            Event::Appointment { from, to, .. } => {
                let span = hours(Some(*from), Some(*to))?;
                said.appointments.insert(case, (at, span.unwrap_or_default()));
            }
            Event::FallsAway { why, .. } => {
                if why.trim().is_empty() {
                    return Err(fault(at, "why", "missing", "say why, as in: paid"));
                }
                needed()?;
                said.away.insert(case, (at, why.trim().to_owned()));
            }
            Event::Lock { rank, from, to, .. } => {
                let (candidate, own) = needed()?;
                if self.plan.crew_of(candidate) == 2 {
                    let why = format!("{name} takes two agents and cannot be locked to one");
                    return Err(fault(at, "case", "crew", why));
                }
                let shift = shift.unwrap_or(own);
                let before =
                    self.plan.duty.get(shift).is_some_and(|duty| duty.out_since().is_some());
                if before || said.out.get(&shift).is_some_and(|from| *from <= self.now) {
                    let agent = self.plan.agent_ref(shift);
                    let why = format!(
                        "{agent} is out, or drops out in another event: lock {name} to somebody else"
                    );
                    return Err(fault(at, "agent", "contradiction", why));
                }
                let lock = Lock { shift, rank: *rank, hours: hours(*from, *to)? };
                said.locks.insert(case, (at, lock));
            }
            Event::Told { .. } => {
                needed()?;
                said.told.insert(case);
            }
            Event::Begun { at: since, .. } => {
                let (candidate, own) = needed()?;
                let arrived = since.map_or(self.now, Timestamp::as_second);
                self.has_been(at, arrived)?;
                let left = (arrived + self.plan.service_of(candidate)).max(self.now + 1);
                let shift = shift.unwrap_or(own);
                said.visits.push(Told { event: at, candidate, shift, arrived, left });
            }
            Event::Done { at: since, .. } => {
                let (candidate, own) = needed()?;
                let left = since.map_or(self.now, Timestamp::as_second);
                self.has_been(at, left)?;
                let arrived = left - self.plan.service_of(candidate);
                let shift = shift.unwrap_or(own);
                said.visits.push(Told { event: at, candidate, shift, arrived, left });
            }
            Event::AgentOut { .. } | Event::Position { .. } => {}
        }
        Ok(())
    }

    /// Candidate and agent on duty of a stop that is still to come.
    fn planned(&self, case: usize) -> Option<(usize, usize)> {
        let candidate = self.plan.candidates.iter().position(|saved| saved.has(case))?;
        Some((candidate, self.plan.place_of(candidate)?.0))
    }

    /// Refuses what cannot be together with earlier events, or with what is known.
    fn agrees(
        &self,
        at: usize,
        event: &Event,
        (case, name): (usize, &str),
        said: &Said,
    ) -> Result<(), Fault> {
        if self.plan.is_done(case) {
            let why =
                format!("{name} was visited already, or is being visited: leave the event out");
            return Err(fault(at, "case", "done", why));
        }
        let visited = said.visits.iter().any(|visit| {
            self.plan.candidates.get(visit.candidate).is_some_and(|saved| saved.has(case))
        });
        let away = said.away.contains_key(&case);
        let visit = self.plan.first_of(case);
        let wanted = said.urgent.contains_key(&visit)
            || said.appointments.contains_key(&visit)
            || said.locks.contains_key(&visit);
        let other = match event {
            Event::FallsAway { .. } if away => Some("it falls away in another event already"),
            Event::FallsAway { .. } if wanted => Some("another event wants it visited"),
            Event::FallsAway { .. } if visited => Some("another event says that it was visited"),
            Event::FallsAway { .. } => None,
            _ if away => Some("it falls away in another event"),
            Event::Begun { .. } | Event::Done { .. } if visited => {
                Some("another event says that it was visited")
            }
            Event::Begun { .. } | Event::Done { .. } if wanted => {
                Some("another event wants it visited later")
            }
            Event::Told { .. } => None,
            _ if visited => Some("another event says that it was visited"),
            Event::Urgent { .. } if said.urgent.contains_key(&case) => {
                Some("it is urgent in another event already")
            }
            Event::Appointment { .. } if said.appointments.contains_key(&case) => {
                Some("another event has an appointment with the borrower")
            }
            Event::Lock { .. } if said.locks.contains_key(&case) => {
                Some("it is locked in another event already")
            }
            _ => None,
        };
        other.map_or(Ok(()), |why| {
            Err(fault(at, "case", "contradiction", format!("{name}: {why}: keep one of the two")))
        })
    }

    /// Hours that are still to come, if any are given.
    fn hours(
        &self,
        at: usize,
        from: Option<Timestamp>,
        to: Option<Timestamp>,
    ) -> Result<Option<Span>, Fault> {
        let (from, to) = (from.map(Timestamp::as_second), to.map(Timestamp::as_second));
        if let (None, None) = (from, to) {
            return Ok(None);
        }
        let (first, last) = self.day;
        let span = (from.unwrap_or(first), to.unwrap_or(last));
        self.in_the_day(at, "from", span.0)?;
        self.in_the_day(at, "to", span.1)?;
        if span.1 < self.now {
            return Err(fault(at, "to", "instant", "these hours are over: give later ones"));
        }
        if span.0 > span.1 {
            return Err(fault(at, "from", "instant", "from is after to: exchange them"));
        }
        Ok(Some(span))
    }

    fn in_the_day(&self, at: usize, field: &str, instant: i64) -> Result<(), Fault> {
        let (first, last) = self.day;
        if (first..=last).contains(&instant) {
            return Ok(());
        }
        let why = format!("it lies outside of {}, the day of the plan", self.plan.date);
        Err(fault(at, field, "instant", why))
    }

    fn has_been(&self, at: usize, instant: i64) -> Result<(), Fault> {
        self.in_the_day(at, "at", instant)?;
        if instant > self.now {
            return Err(fault(
                at,
                "at",
                "instant",
                "it is still to come: give the time at which it was",
            ));
        }
        Ok(())
    }
}

/// First and last second of the day of a plan.
///
/// # Errors
/// The day is beyond the calendar.
pub(super) fn day_of(app: &App, plan: &Reposed) -> Result<Span, Error> {
    let (from, before) = day_span(app, plan.date)?;
    Ok((from.div_euclid(1_000_000), before.div_euclid(1_000_000) - 1))
}
