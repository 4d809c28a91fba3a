//! Rows as frames, each with the key of its row.

use std::collections::HashMap;

use sync_core::model::{CaseId, Currency, Minor, PlanId, Position};
use sync_core::protocol::{Facts, Frame, PlanDocument, PlanStop, ReceivedOp};

use super::distinct;
use crate::app::App;
use crate::db::pull::{CaseBundle, PublishedRoute};
use crate::db::rows::{AllocationRow, BorrowerRow, FeedRow, OpRow, PlanRouteRow, PlanStopRow};
use crate::db::{DbError, Id};
use crate::error::Error;
use crate::usecases::book::{BookCase, read_cases};
use crate::usecases::log::{Stored, read_stored, u64_of};

/// Days for which plans of the past still go down.
const OLD_DAYS: i64 = 7;

/// A frame and the key after which the section goes on.
#[derive(Debug)]
pub(super) struct Sketch {
    pub(super) key: i64,
    pub(super) frame: Frame,
}

pub(super) fn recalls(rows: &[FeedRow]) -> Result<Vec<Sketch>, Error> {
    let sketch = |row: &FeedRow| {
        let frame = Frame::Recall {
            case: CaseId::try_from(row.case_id)?,
            code: row.code.clone(),
            at_ms: row.at.div_euclid(1000),
            server_seq: u64_of(row.server_seq),
        };
        Ok(Sketch { key: row.server_seq, frame })
    };
    rows.iter().map(sketch).collect()
}

pub(super) fn withdrawn(rows: &[AllocationRow]) -> Result<Vec<Sketch>, Error> {
    let sketch = |row: &AllocationRow| {
        let key = row.withdrawn_seq.unwrap_or(0);
        let case = CaseId::try_from(row.case_id)?;
        Ok(Sketch { key, frame: Frame::Withdrawn { case, server_seq: u64_of(key) } })
    };
    rows.iter().map(sketch).collect()
}

pub(super) fn ops(own: i64, rows: &[OpRow]) -> Result<Vec<Sketch>, Error> {
    let sketch = |row: &OpRow| {
        let stored = read_stored(row)?;
        let frame = if row.actor == own {
            Frame::OwnOp {
                server_seq: u64_of(row.server_seq),
                admitted: stored.clock,
                sequence: u64_of(row.sequence),
            }
        } else {
            Frame::Op(received(stored))
        };
        Ok(Sketch { key: row.server_seq, frame })
    };
    rows.iter().map(sketch).collect()
}

fn received(stored: Stored) -> ReceivedOp {
    let server_seq = u64_of(stored.server_seq);
    ReceivedOp { server_seq, admitted: stored.clock, op: stored.op }
}

/// Snapshots of cases.
pub(super) fn granted(app: &App, rows: &[AllocationRow]) -> Result<Vec<Sketch>, Error> {
    let cases = distinct(rows.iter().map(|row| row.case_id));
    let mut bundle = app.store.case_bundle(app.org, &cases, true)?;
    let at_seq = u64_of(bundle.head.as_ref().map_or(0, |head| head.server_seq));
    let mut ops: HashMap<Id, Vec<ReceivedOp>> = HashMap::new();
    for row in bundle.ops.drain(..) {
        let Some(case) = row.case_id else { continue };
        ops.entry(case).or_default().push(received(read_stored(&row)?));
    }
    let known = KnownFacts::of(app, bundle)?;
    let mut sketches = Vec::with_capacity(rows.len());
    for row in rows {
        let case = CaseId::try_from(row.case_id)?;
        let facts = known.facts(row.case_id)?;
        let ops = ops.remove(&row.case_id).unwrap_or_default();
        let frame = Frame::Granted { case, facts, ops, at_seq };
        sketches.push(Sketch { key: row.granted_seq, frame });
    }
    Ok(sketches)
}

/// Changed facts; of several changes of one case the last.
pub(super) fn facts(app: &App, rows: &[FeedRow]) -> Result<Vec<Sketch>, Error> {
    let cases = distinct(rows.iter().map(|row| row.case_id));
    let known = KnownFacts::of(app, app.store.case_bundle(app.org, &cases, false)?)?;
    let last: HashMap<Id, i64> = rows.iter().map(|row| (row.case_id, row.server_seq)).collect();
    let mut sketches = Vec::with_capacity(last.len());
    for row in rows.iter().filter(|row| last.get(&row.case_id) == Some(&row.server_seq)) {
        let case = CaseId::try_from(row.case_id)?;
        let facts = known.facts(row.case_id)?;
        let frame = Frame::Facts { case, facts, server_seq: u64_of(row.server_seq) };
        sketches.push(Sketch { key: row.server_seq, frame });
    }
    Ok(sketches)
}

/// What the office knows of some cases.
struct KnownFacts {
    cases: HashMap<Id, BookCase>,
    borrowers: HashMap<Id, BorrowerRow>,
    currency: Currency,
    as_of_ms: i64,
}

impl KnownFacts {
    fn of(app: &App, bundle: CaseBundle) -> Result<Self, Error> {
        let organisation = &app.settings.organisation;
        let borrowers: HashMap<Id, BorrowerRow> =
            bundle.borrowers.into_iter().map(|row| (row.borrower_id, row)).collect();
        let cases = read_cases(bundle.cases, &borrowers, &organisation.time_zone)?;
        Ok(Self {
            cases: cases.into_iter().map(|case| (case.row.case_id, case)).collect(),
            borrowers,
            currency: organisation.currency,
            as_of_ms: app.ids.clock().now().as_millisecond(),
        })
    }

    fn facts(&self, case: Id) -> Result<Facts, Error> {
        let gone = || DbError::Corrupt("an allocation names a case that is gone".into());
        let case = self.cases.get(&case).ok_or_else(gone)?;
        let borrower = self.borrowers.get(&case.row.borrower_id).ok_or_else(gone)?;
        Ok(Facts {
            case_ref: case.row.case_ref.clone(),
            borrower_ref: borrower.borrower_ref.clone(),
            name: borrower.name.clone(),
            address: case.row.address.clone(),
            position: case.at,
            amount_due: Minor::new(case.row.amount_due_minor),
            dpd: case.dpd,
            zone: case.zone.clone(),
            visit_window: case.visit_window,
            flags: case.flags,
            language: case.language.clone(),
            phone: borrower.phone.clone(),
            as_of_ms: self.as_of_ms,
            // All visits are ops, imported ones too.
            earlier: Vec::new(),
            currency: self.currency.code().into(),
            exponent: self.currency.exponent(),
        })
    }
}

/// The agent's routes of published days, but for days long past.
pub(super) fn plans(app: &App, agent: Id, rows: &[PublishedRoute]) -> Result<Vec<Sketch>, Error> {
    let zone = &app.settings.organisation.time_zone;
    let today = zone.date_at(app.ids.clock().now());
    let first = today.saturating_sub(jiff::Span::new().days(OLD_DAYS)).to_string();
    let mut sketches = Vec::with_capacity(rows.len());
    for row in rows.iter().filter(|row| row.plan.plan_date >= first) {
        let document = match &row.route {
            Some((route, stops)) => document(row, route, stops)?,
            None => day_off(app, agent, row)?,
        };
        let key = row.publication.server_seq;
        let frame = Frame::Plan { document, server_seq: u64_of(key) };
        sketches.push(Sketch { key, frame });
    }
    Ok(sketches)
}

fn document(
    row: &PublishedRoute,
    route: &PlanRouteRow,
    stops: &[PlanStopRow],
) -> Result<PlanDocument, Error> {
    let stops = stops.iter().map(stop).collect::<Result<_, Error>>()?;
    let number = u64::try_from(route.route_no).unwrap_or(0);
    let base = place(route.base_lat_e7, route.base_lon_e7)?;
    let plan = empty(row, number, (route.departs_at, route.returns_at), base)?;
    Ok(PlanDocument { stops, ..plan })
}

fn stop(row: &PlanStopRow) -> Result<PlanStop, Error> {
    Ok(PlanStop {
        number: u32::try_from(row.stop_no).unwrap_or(0),
        case: CaseId::try_from(row.case_id)?,
        arrive_at_ms: row.arrive_at.div_euclid(1000),
        start_at_ms: row.start_at.div_euclid(1000),
        leave_at_ms: row.leave_at.div_euclid(1000),
        leg_m: u64_of(row.leg_metres),
        leg_s: u64_of(row.leg_s),
    })
}

/// A day on which the agent has no route: route 0, without stops, from base to base at once.
fn day_off(app: &App, agent: Id, row: &PublishedRoute) -> Result<PlanDocument, Error> {
    let agents = app.store.agents(app.org)?;
    let base = agents.iter().find(|row| row.agent_id == agent);
    let (lat, lon) = base.map_or((0, 0), |row| (row.base_lat_e7, row.base_lon_e7));
    let at = row.publication.published_at;
    empty(row, 0, (at, at), place(lat, lon)?)
}

fn empty(
    row: &PublishedRoute,
    route: u64,
    (departs_at, returns_at): (i64, i64),
    base: Position,
) -> Result<PlanDocument, Error> {
    Ok(PlanDocument {
        plan: PlanId::try_from(row.plan.plan_id)?,
        date: row.plan.date()?,
        version: u64::try_from(row.plan.version).unwrap_or(0),
        route,
        departs_at_ms: departs_at.div_euclid(1000),
        returns_at_ms: returns_at.div_euclid(1000),
        stops: Vec::new(),
        base,
    })
}

fn place(lat_e7: i32, lon_e7: i32) -> Result<Position, Error> {
    let place = Position::from_e7(lat_e7, lon_e7);
    Ok(place.map_err(|e| DbError::Corrupt(format!("a place of a plan: {e}")))?)
}
