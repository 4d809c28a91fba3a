//! The route of one agent in the published plan of a day.

use jiff::civil::Date;

use super::ProtocolError;
use super::fields::Fields;
use crate::bytes::{List, RecordReader, RecordWriter};
use crate::model::{CaseId, PlanId, Position};

const WHAT: &str = "plan";

/// The route of one agent on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanDocument {
    /// The plan it is a part of.
    pub plan: PlanId,
    /// The day.
    pub date: Date,
    /// The version of the plan of that day; the highest counts.
    pub version: u64,
    /// The number of the route in it.
    pub route: u64,
    /// When the agent leaves the base, in milliseconds since 1970 UTC.
    pub departs_at_ms: i64,
    /// When the agent is back.
    pub returns_at_ms: i64,
    /// The stops in their order.
    pub stops: Vec<PlanStop>,
    /// Where the route begins.
    pub base: Position,
}

/// One stop of a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlanStop {
    /// Its number in the route, from 1.
    pub number: u32,
    /// The case to be visited.
    pub case: CaseId,
    /// Arrival, in milliseconds since 1970 UTC.
    pub arrive_at_ms: i64,
    /// Beginning of the visit, after waiting.
    pub start_at_ms: i64,
    /// End of the visit.
    pub leave_at_ms: i64,
    /// Metres of the way to it.
    pub leg_m: u64,
    /// Seconds of that way.
    pub leg_s: u64,
}

impl PlanDocument {
    /// The bytes of the record.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = RecordWriter::new();
        out.bytes(1, self.plan.as_bytes()).text(2, &self.date.to_string());
        out.uvarint(3, self.version).uvarint(4, self.route);
        out.ivarint(5, self.departs_at_ms).ivarint(6, self.returns_at_ms);
        out.list(7, &List::records(self.stops.iter().map(PlanStop::encode)));
        out.ivarint(8, i64::from(self.base.lat_e7())).ivarint(9, i64::from(self.base.lon_e7()));
        out.finish()
    }

    /// Reads the record.
    ///
    /// # Errors
    /// [`ProtocolError`] when the bytes are none.
    pub fn decode(bytes: &[u8]) -> Result<Self, ProtocolError> {
        let mut fields = Fields::of(WHAT, bytes);
        let plan = PlanId::from_bytes(fields.array(1, "plan id")?);
        let plan = plan.map_err(|_| fields.value("plan id", "must be a UUID of version 7"))?;
        let text = fields.text(2, "date")?;
        // One form only: the library reads others, too.
        let date = text.parse().ok().filter(|date: &Date| date.to_string() == text);
        let date = date.ok_or_else(|| fields.value("date", "must be written as 2026-11-23"))?;
        let document = Self {
            plan,
            date,
            version: fields.uvarint(3, "version")?,
            route: fields.uvarint(4, "route")?,
            departs_at_ms: fields.ivarint(5, "departs_at")?,
            returns_at_ms: fields.ivarint(6, "returns_at")?,
            stops: fields.records(7, PlanStop::decode)?,
            base: fields.position(8)?,
        };
        fields.finish()?;
        Ok(document)
    }
}

impl PlanStop {
    fn encode(&self) -> Vec<u8> {
        let mut out = RecordWriter::new();
        out.uvarint(1, u64::from(self.number)).bytes(2, self.case.as_bytes());
        out.ivarint(3, self.arrive_at_ms).ivarint(4, self.start_at_ms).ivarint(5, self.leave_at_ms);
        out.uvarint(6, self.leg_m).uvarint(7, self.leg_s);
        out.finish()
    }

    fn decode(record: RecordReader<'_>) -> Result<Self, ProtocolError> {
        let mut fields = Fields::new(WHAT, record);
        let stop = Self {
            number: fields.small(1, "stop number")?,
            case: fields.case(2)?,
            arrive_at_ms: fields.ivarint(3, "arrive_at")?,
            start_at_ms: fields.ivarint(4, "start_at")?,
            leave_at_ms: fields.ivarint(5, "leave_at")?,
            leg_m: fields.uvarint(6, "leg metres")?,
            leg_s: fields.uvarint(7, "leg seconds")?,
        };
        fields.finish()?;
        Ok(stop)
    }
}
