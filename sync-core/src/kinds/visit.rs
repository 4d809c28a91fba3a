//! Kind 1: a visit that happened.

use super::codes::{Disposition, Met};
use super::fields::{Fields, PayloadError, write_ivarint, write_text, write_u32};
use crate::bytes::{BytesError, List, RecordWriter, Type};
use crate::model::{AgentId, PlanId, Position};

/// What an agent notes of a visit. It is never changed; its disposition is edited by kind 2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// Milliseconds since 1970 UTC, by the device's clock.
    pub arrived_at: i64,
    /// Milliseconds since 1970 UTC, by the device's clock; not before `arrived_at`.
    pub left_at: i64,
    /// Who was there.
    pub met: Met,
    /// The outcome.
    pub disposition: Disposition,
    /// Where the phone was, in 1e-7 degrees; together with `lon_e7` or not at all.
    pub lat_e7: Option<i32>,
    /// Where the phone was, in 1e-7 degrees.
    pub lon_e7: Option<i32>,
    /// How exact that is, in metres.
    pub accuracy_m: Option<u32>,
    /// Metres to the pin as the phone had it then.
    pub distance_m: Option<u32>,
    /// Whether the phone said that its position was made up.
    pub mock_location: bool,
    /// The plan worked by.
    pub plan: Option<PlanId>,
    /// The number of the stop in it.
    pub stop: Option<u32>,
    /// Metres since the stop before, or since the base.
    pub travel_m: Option<u32>,
    /// Seconds of that way.
    pub travel_s: Option<u32>,
    /// Server time less device time in milliseconds, as last measured; 0 where never.
    pub clock_offset_ms: i64,
    /// The SHA-256 of each file of evidence.
    pub evidence: Vec<[u8; 32]>,
    /// What the agent wrote.
    pub note: Option<String>,
    /// The policy packs that were asked, as `name@version`.
    pub packs: Vec<String>,
    /// Codes of the rules that objected.
    pub breached: Vec<String>,
    /// The lender's own key of an imported visit.
    pub source: Option<String>,
    /// Who made it, where the office writes for an agent. Of a device it is the agent of its user.
    pub agent: Option<AgentId>,
}

impl Visit {
    /// Where the phone was, if it knew.
    #[must_use]
    pub fn position(&self) -> Option<Position> {
        Position::from_e7(self.lat_e7?, self.lon_e7?).ok()
    }

    pub(super) fn read(fields: &mut Fields<'_>) -> Result<Self, PayloadError> {
        let arrived_at = fields.ivarint(1, "arrived_at")?;
        let left_at = fields.ivarint(2, "left_at")?;
        if left_at < arrived_at {
            let rule = "must not be before arrived_at";
            return Err(PayloadError::Value { field: "left_at", rule });
        }
        let met = fields.code(3, "met", Met::of_number)?;
        let disposition = fields.code(4, "disposition", Disposition::of_number)?;
        let place = fields.position(5)?;
        Ok(Self {
            arrived_at,
            left_at,
            met,
            disposition,
            lat_e7: place.map(|(lat, _)| lat),
            lon_e7: place.map(|(_, lon)| lon),
            accuracy_m: fields.u32(7, "accuracy_m")?,
            distance_m: fields.u32(8, "distance_m")?,
            mock_location: read_flag(fields)?,
            plan: read_plan(fields)?,
            stop: fields.u32(11, "stop")?,
            travel_m: fields.u32(12, "travel_m")?,
            travel_s: fields.u32(13, "travel_s")?,
            clock_offset_ms: fields.ivarint(14, "clock_offset_ms")?,
            evidence: read_evidence(fields)?,
            note: fields.text(16)?,
            packs: fields.texts(17)?,
            breached: fields.texts(18)?,
            source: fields.text(19)?,
            agent: read_agent(fields)?,
        })
    }

    pub(super) fn write(&self, out: &mut RecordWriter<'_>) {
        out.ivarint(1, self.arrived_at).ivarint(2, self.left_at);
        out.uvarint(3, self.met.number()).uvarint(4, self.disposition.number());
        write_ivarint(out, 5, self.lat_e7);
        write_ivarint(out, 6, self.lon_e7);
        write_u32(out, 7, self.accuracy_m);
        write_u32(out, 8, self.distance_m);
        out.uvarint(9, u64::from(self.mock_location));
        if let Some(plan) = &self.plan {
            out.bytes(10, plan.as_bytes());
        }
        write_u32(out, 11, self.stop);
        write_u32(out, 12, self.travel_m);
        write_u32(out, 13, self.travel_s);
        out.ivarint(14, self.clock_offset_ms);
        if !self.evidence.is_empty() {
            out.list(15, &List::bytes(&self.evidence));
        }
        write_text(out, 16, self.note.as_ref());
        if !self.packs.is_empty() {
            out.list(17, &List::bytes(&self.packs));
        }
        if !self.breached.is_empty() {
            out.list(18, &List::bytes(&self.breached));
        }
        write_text(out, 19, self.source.as_ref());
        if let Some(agent) = &self.agent {
            out.bytes(20, agent.as_bytes());
        }
    }
}

fn read_flag(fields: &mut Fields<'_>) -> Result<bool, PayloadError> {
    let field = "mock_location";
    match fields.uvarint(9)? {
        Some(0) => Ok(false),
        Some(1) => Ok(true),
        Some(_) => Err(PayloadError::Value { field, rule: "must be 0 or 1" }),
        None => Err(PayloadError::Missing { field }),
    }
}

fn read_plan(fields: &mut Fields<'_>) -> Result<Option<PlanId>, PayloadError> {
    let rule = "must be a UUID of version 7";
    let value = |_| PayloadError::Value { field: "plan", rule };
    fields.array(10)?.map(PlanId::from_bytes).transpose().map_err(value)
}

fn read_agent(fields: &mut Fields<'_>) -> Result<Option<AgentId>, PayloadError> {
    let rule = "must be a UUID of version 7";
    let value = |_| PayloadError::Value { field: "agent", rule };
    fields.array(20)?.map(AgentId::from_bytes).transpose().map_err(value)
}

fn read_evidence(fields: &mut Fields<'_>) -> Result<Vec<[u8; 32]>, PayloadError> {
    fields.list(15, Type::Bytes, |list| {
        let Some(bytes) = list.bytes()? else { return Ok(None) };
        let length = |_| BytesError::WrongLength { tag: 15, expected: 32, found: bytes.len() };
        Ok(Some(bytes.try_into().map_err(length)?))
    })
}
