//! Visits that came back.

use jiff::Timestamp;
use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::Serialize;
use sync_core::model::{AgentId, CaseId, PlanId, VisitId};
use utoipa::ToSchema;

use super::{Refs, codes, instant};
use crate::app::App;
use crate::db::lists::Visits;
use crate::db::rows::VisitRow;
use crate::db::{DbError, Id};
use crate::error::Error;

/// Which visits.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    /// Of one day in the organisation's zone.
    pub day: Option<Date>,
    /// Of one case.
    pub case: Option<CaseId>,
    /// Of one agent.
    pub agent: Option<AgentId>,
}

/// A visit as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct VisitLine {
    /// Its id.
    #[schema(value_type = String, format = Uuid)]
    pub id: VisitId,
    /// The lender's key of the case.
    pub case_ref: String,
    /// The lender's key of the agent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_ref: Option<String>,
    /// The plan worked by.
    #[schema(value_type = Option<String>, format = Uuid)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<PlanId>,
    /// The device that wrote it; 0 for the office.
    pub device: i64,
    /// Which of its ops.
    pub sequence: i64,
    /// Arrival by the server's clock; absent where no calendar has it.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arrived_at: Option<Timestamp>,
    /// Departure.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_at: Option<Timestamp>,
    /// `nobody`, `borrower` or `somebody_else`.
    pub met: String,
    /// The outcome as it is shown now.
    pub disposition: String,
    /// Metres from the pin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distance_m: Option<i64>,
    /// Metres travelled to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub travel_m: Option<i64>,
    /// Seconds travelled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub travel_s: Option<i64>,
    /// Whether the phone said that its position was made up.
    pub mock_location: bool,
    /// What the agent wrote.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What is odd about it.
    pub flagged: Vec<String>,
    /// Where the list goes on after it.
    #[serde(skip)]
    pub key: String,
}

/// Visits, the latest arrival first: at most `most`, after the one with `key`.
///
/// # Errors
/// The key is none, or the database fails.
pub fn visits(
    app: &App,
    wanted: &Wanted,
    key: Option<&str>,
    most: i64,
) -> Result<Vec<VisitLine>, Error> {
    let between = wanted.day.map(|day| day_span(app, day)).transpose()?;
    let before = key.map(read_key).transpose()?;
    let (case, agent) = (wanted.case.map(Id::from), wanted.agent.map(Id::from));
    let rows = app.store.list_visits(app.org, &Visits { between, case, agent, before, most })?;
    let refs = Refs::of(app, rows.iter().map(|row| row.case_id))?;
    rows.iter().map(|row| line(row, &refs)).collect()
}

fn read_key(key: &str) -> Result<(i64, Id), Error> {
    let read = || {
        let (at, id) = key.split_once(' ')?;
        let id: VisitId = id.parse().ok()?;
        Some((at.parse().ok()?, id.into()))
    };
    read().ok_or_else(|| Error::Invalid("cursor: give back next_cursor of this list".into()))
}

pub(super) fn line(row: &VisitRow, refs: &Refs) -> Result<VisitLine, Error> {
    let id = VisitId::try_from(row.visit_id)?;
    Ok(VisitLine {
        id,
        case_ref: refs.case(row.case_id),
        agent_ref: refs.agent(row.agent_id),
        plan: row.plan_id.map(PlanId::try_from).transpose()?,
        device: row.actor,
        sequence: row.sequence,
        arrived_at: instant(row.arrived_at),
        left_at: instant(row.left_at),
        met: row.met.clone(),
        disposition: row.disposition.clone(),
        distance_m: row.distance_m,
        travel_m: row.travel_m,
        travel_s: row.travel_s,
        mock_location: row.mock_location != 0,
        note: row.note.clone(),
        flagged: codes(&row.flagged),
        key: format!("{} {id}", row.arrived_at),
    })
}

/// First microsecond of a day in the organisation's zone, and of the day after.
///
/// # Errors
/// The day is beyond the calendar.
pub fn day_span(app: &App, day: Date) -> Result<(i64, i64), Error> {
    let zone = app.settings.organisation.time_zone.time_zone();
    let start = |day: Date| -> Result<i64, jiff::Error> {
        Ok(day.to_zoned(zone.clone())?.timestamp().as_microsecond())
    };
    let next = day.checked_add(1.day());
    let span = start(day).and_then(|from| Ok((from, start(next?)?)));
    Ok(span.map_err(|e| DbError::Corrupt(format!("{day}: {e}")))?)
}
