//! What an agent sees.

use jiff::civil::Date;

use super::push::sequence_of;
use super::rules::instant;
use super::{Phone, PhoneError, names};
use crate::bytes::{RecordReader, RecordWriter};
use crate::merge::{CaseState, Conflict, RegisterKey, Written};
use crate::model::{CaseId, Zone};
use crate::op::{Dot, Op};
use crate::protocol::{Facts, PlanDocument, PlanStop};
use crate::store::{OpStore, Standing, StoreError};

/// A case as the phone knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseView {
    /// The case.
    pub case: CaseId,
    /// What the office knows of it.
    pub facts: Facts,
    /// Visits, promises, payments, contact fields, tags and status, own ops on top.
    pub state: CaseState,
}

/// The route of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// As it was published.
    pub document: PlanDocument,
    /// Its stops in their order.
    pub stops: Vec<RouteStop>,
}

/// A stop of a route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteStop {
    /// As it was planned.
    pub stop: PlanStop,
    /// The facts of its case; none where it is not allocated to the user any more.
    pub facts: Option<Facts>,
    /// The last visit of the case on that plan.
    pub visit: Option<Dot>,
}

/// Two values of one register of a case, neither of which knew of the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneConflict {
    /// The case.
    pub case: CaseId,
    /// Where.
    pub register: RegisterKey,
    /// What is shown.
    pub shown: Written,
    /// What is not, and is not lost.
    pub other: Written,
}

/// An own op that the server took notice of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAside {
    /// The op.
    pub op: Op,
    /// Why, a code of section 9 of `server/docs/SYNC.md` or of a later program.
    pub code: String,
}

impl<S: OpStore> Phone<S> {
    /// A case that is allocated to the user.
    ///
    /// # Errors
    /// [`PhoneError::NotGranted`] when it is not, [`PhoneError::Store`].
    pub fn case(&mut self, case: CaseId) -> Result<CaseView, PhoneError> {
        let facts = self.granted(case)?.facts;
        let state = self.see(case)?;
        self.seen = Some(state.clone());
        Ok(CaseView { case, facts, state })
    }

    /// The cases that are allocated to the user, with what the office knows of them.
    ///
    /// # Errors
    /// [`PhoneError::Store`].
    pub fn cases(&mut self) -> Result<Vec<(CaseId, Facts)>, PhoneError> {
        let cases = self.store.cases()?.into_iter();
        let held = cases.filter(|stored| stored.standing != Standing::Withdrawn);
        Ok(held.map(|stored| (stored.case, stored.facts)).collect())
    }

    /// The route of the day it is at `now_ms`, by the zone of the first of its cases that is held, or
    /// of any case where it has none.
    ///
    /// # Errors
    /// [`PhoneError::Store`], [`PhoneError::Time`].
    pub fn today(&mut self, now_ms: i64) -> Result<Option<Route>, PhoneError> {
        let now = instant(now_ms)?;
        let cases = self.cases()?;
        let zone_of = |case: CaseId| {
            let held = cases.binary_search_by_key(&case, |(case, _)| *case).ok()?;
            Some(&cases.get(held)?.1.zone)
        };
        let utc = Zone::UTC;
        let any = cases.first().map_or(&utc, |(_, facts)| &facts.zone);
        for (document, _) in self.plans()? {
            let zone = document.stops.iter().find_map(|stop| zone_of(stop.case)).unwrap_or(any);
            if zone.date_at(now) == document.date {
                return self.route_of(document).map(Some);
            }
        }
        Ok(None)
    }

    /// The route of a day.
    ///
    /// # Errors
    /// [`PhoneError::Store`].
    pub fn route(&mut self, date: Date) -> Result<Option<Route>, PhoneError> {
        let plan = self.plans()?.into_iter().find(|(document, _)| document.date == date);
        plan.map(|(document, _)| self.route_of(document)).transpose()
    }

    fn route_of(&mut self, document: PlanDocument) -> Result<Route, PhoneError> {
        let mut stops = Vec::new();
        for stop in &document.stops {
            let (facts, visit) = match self.case(stop.case) {
                Ok(view) => {
                    let visits = view.state.visits();
                    let mut of_plan =
                        visits.iter().filter(|visit| visit.visit.plan == Some(document.plan));
                    (Some(view.facts.clone()), of_plan.next_back().map(|visit| visit.dot))
                }
                Err(PhoneError::NotGranted { .. }) => (None, None),
                Err(error) => return Err(error),
            };
            stops.push(RouteStop { stop: *stop, facts, visit });
        }
        Ok(Route { document, stops })
    }

    /// The newest plan of each day, by day, with its place in the order of the organisation.
    pub(super) fn plans(&mut self) -> Result<Vec<(PlanDocument, u64)>, PhoneError> {
        let plans = self.store.names(names::PLAN)?;
        let read = plans.iter().map(|(_, value)| read_plan(value));
        Ok(read.collect::<Result<_, _>>()?)
    }

    /// What two people wrote without knowing of each other, and nobody has settled.
    ///
    /// # Errors
    /// [`PhoneError::Store`].
    pub fn conflicts(&mut self) -> Result<Vec<PhoneConflict>, PhoneError> {
        let mut all = Vec::new();
        for (case, _) in self.cases()? {
            let state = self.see(case)?;
            all.extend(state.conflicts().iter().map(|Conflict { register, shown, other }| {
                let (shown, other) = ((*shown).clone(), (*other).clone());
                PhoneConflict { case, register: *register, shown, other }
            }));
        }
        Ok(all)
    }

    /// Own ops that the server keeps aside: they count nowhere until the office releases them.
    ///
    /// # Errors
    /// [`PhoneError::Store`].
    pub fn kept_aside(&mut self) -> Result<Vec<KeptAside>, PhoneError> {
        self.noticed(names::ASIDE)
    }

    /// Own ops that the server took and flagged, once for each code.
    ///
    /// # Errors
    /// [`PhoneError::Store`].
    pub fn flagged(&mut self) -> Result<Vec<KeptAside>, PhoneError> {
        self.noticed(names::FLAG)
    }

    fn noticed(&mut self, prefix: &str) -> Result<Vec<KeptAside>, PhoneError> {
        let mut noticed = Vec::new();
        for (name, value) in self.store.names(prefix)? {
            let damaged = StoreError::Damaged { what: "what the server said of an op" };
            let sequence = sequence_of(&name, prefix).ok_or_else(|| damaged.clone())?;
            let code = String::from_utf8(value).map_err(|_| damaged)?;
            let own = self.store.own_ops(sequence, 1)?.into_iter().next();
            noticed.extend(own.map(|own| KeptAside { op: own.op, code }));
        }
        Ok(noticed)
    }
}

/// A plan as the store has it.
pub(super) fn write_plan(document: &PlanDocument, server_seq: u64) -> Vec<u8> {
    let mut record = RecordWriter::new();
    record.uvarint(1, server_seq).record(2, &document.encode());
    record.finish()
}

pub(super) fn read_plan(value: &[u8]) -> Result<(PlanDocument, u64), StoreError> {
    let damaged = StoreError::Damaged { what: "a plan" };
    let mut record = RecordReader::new(value);
    let server_seq = record.uvarint(1).ok().flatten().ok_or_else(|| damaged.clone())?;
    let document = record.record(2).ok().flatten().ok_or_else(|| damaged.clone())?;
    Ok((PlanDocument::decode(document.whole()).map_err(|_| damaged)?, server_seq))
}
