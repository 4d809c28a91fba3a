//! Visits made without the app: the format of the file, and ops of the office from its rows.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;
use sync_core::kinds::{
    Content, Disposition, Met, Payment, PaymentMethod, Promise, PromiseState, Visit,
};
use sync_core::model::{AgentId, CaseId, Minor};
use sync_core::op::Dot;

use super::cell::{Row, shown};
use super::known::Known;
use super::table::{Column, Table, column};
use super::{Context, Report, most_minor};
use crate::usecases::log::{MOST_TRAVEL_M, MOST_TRAVEL_S};

/// Columns of `visits.csv`, in the documented order.
pub const VISIT_COLUMNS: &[Column] = &[
    column("visit_ref", true),
    column("case_ref", true),
    column("agent_ref", true),
    column("arrived_at", true),
    column("left_at", false),
    column("met", true),
    column("disposition", true),
    column("promise_amount_minor", false),
    column("promise_due_on", false),
    column("paid_minor", false),
    column("payment_method", false),
    column("travel_m", false),
    column("travel_s", false),
    column("note", false),
];

/// Hours of the day within which an arrival is not odd.
const USUAL_HOURS: std::ops::Range<i8> = 6..22;
/// Nobody drives faster from door to door.
const FASTEST_KM_H: i64 = 150;

/// A visit with the promise and the payment made at it: up to three ops, one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct VisitRecord {
    /// Line of the file.
    pub(super) line: u64,
    pub(super) case: CaseId,
    pub(super) visit: Visit,
    promise: Option<(Minor, i32)>,
    paid: Option<(Minor, PaymentMethod)>,
}

impl VisitRecord {
    /// The lender's key.
    pub(super) fn key(&self) -> &str {
        self.visit.source.as_deref().unwrap_or_default()
    }

    /// What follows the visit's own op, which has `dot`.
    pub(super) fn followers(&self, dot: Dot) -> Vec<Content> {
        let promise = self.promise.map(|(amount_minor, due_on)| {
            let state = PromiseState::Open;
            Content::Promise(Promise { amount_minor, due_on, state, visit: Some(dot) })
        });
        let paid = self.paid.map(|(amount_minor, method)| {
            Content::Payment(Payment {
                amount_minor,
                method,
                paid_at: self.visit.left_at,
                receipt: None,
                visit: Some(dot),
                source: None,
            })
        });
        promise.into_iter().chain(paid).collect()
    }

    /// The first column that says something else than what was written under the same key; `followers`
    /// are the contents of the two ops after that visit.
    pub(super) fn differs(
        &self,
        case: Option<CaseId>,
        visit: &Visit,
        dot: Dot,
        followers: &[Content],
    ) -> Option<&'static str> {
        let own = &self.visit;
        let columns = [
            ("case_ref", case == Some(self.case)),
            ("agent_ref", own.agent == visit.agent),
            ("arrived_at", own.arrived_at == visit.arrived_at),
            ("left_at", own.left_at == visit.left_at),
            ("met", own.met == visit.met),
            ("disposition", own.disposition == visit.disposition),
            ("travel_m", own.travel_m == visit.travel_m),
            ("travel_s", own.travel_s == visit.travel_s),
            ("note", own.note == visit.note),
        ];
        if let Some((column, _)) = columns.into_iter().find(|(_, same)| !same) {
            return Some(column);
        }
        let of_visit = |content: &&Content| match content {
            Content::Promise(promise) => promise.visit == Some(dot),
            Content::Payment(payment) => payment.visit == Some(dot),
            _ => false,
        };
        let written: Vec<&Content> = followers.iter().take_while(of_visit).collect();
        let wanted = self.followers(dot);
        let promise = |all: &[&Content]| {
            all.iter().find(|c| matches!(c, Content::Promise(_))).map(|c| (*c).clone())
        };
        let wanted: Vec<&Content> = wanted.iter().collect();
        if promise(&written) != promise(&wanted) {
            return Some("promise_amount_minor");
        }
        (written != wanted).then_some("paid_minor")
    }
}

/// The visits, as far as their rows are good; the rest is in `report`.
pub(super) fn read(
    file: &str,
    table: &Table,
    context: &Context<'_>,
    known: &Known,
    report: &mut Report,
) -> Vec<VisitRecord> {
    let mut seen: HashMap<String, u64> = HashMap::with_capacity(table.rows.len());
    let mut records = Vec::with_capacity(table.rows.len());
    for (line, cells) in &table.rows {
        let mut row = Row { file, line: *line, columns: VISIT_COLUMNS, cells, report };
        records.extend(one(&mut row, context, known, &mut seen));
    }
    records
}

fn one(
    row: &mut Row<'_>,
    context: &Context<'_>,
    known: &Known,
    seen: &mut HashMap<String, u64>,
) -> Option<VisitRecord> {
    let visit_ref = row.key("visit_ref", seen);
    let case = known.case(row);
    let agent = known.agent(row);
    let zone = case.as_ref().map_or(context.zone, |case| &case.zone);
    let arrived = row.past("arrived_at", zone, context.now);
    let left = row.past("left_at", zone, context.now);
    if arrived.is_none() && row.text("arrived_at").is_empty() {
        row.bad("arrived_at", "missing", "is empty".into(), "fill it in");
    }
    let left = stay(row, context, arrived, left);
    let met: Option<Met> = row.required_parsed("met", "not_in_table");
    let disposition: Option<Disposition> = row.required_parsed("disposition", "not_in_table");
    let promise = promise(row, context, arrived.map(|at| zone.date_at(at)));
    let paid = paid(row, context);
    let travel_m = row.whole("travel_m", 0, MOST_TRAVEL_M);
    let travel_s = row.whole("travel_s", 0, MOST_TRAVEL_S);
    let note = row.optional("note", 1_000);
    if met == Some(Met::Nobody) {
        nobody(row, disposition, promise.is_some(), paid.is_some());
    }
    odd(row, arrived.map(|at| at.to_zoned(zone.time_zone().clone()).hour()), travel_m, travel_s);
    let (case, agent, left): (_, AgentId, Timestamp) = (case?, agent?, left?);
    Some(VisitRecord {
        line: row.line,
        case: case.id,
        visit: Visit {
            arrived_at: arrived?.as_millisecond(),
            left_at: left.as_millisecond(),
            met: met?,
            disposition: disposition?,
            lat_e7: None,
            lon_e7: None,
            accuracy_m: None,
            distance_m: None,
            mock_location: false,
            plan: None,
            stop: None,
            travel_m: travel_m.and_then(|m| u32::try_from(m).ok()),
            travel_s: travel_s.and_then(|s| u32::try_from(s).ok()),
            clock_offset_ms: 0,
            evidence: Vec::new(),
            note,
            packs: Vec::new(),
            breached: Vec::new(),
            source: Some(visit_ref?),
            agent: Some(agent),
        },
        promise,
        paid,
    })
}

/// What cannot be where nobody was met.
fn nobody(row: &mut Row<'_>, disposition: Option<Disposition>, promise: bool, paid: bool) {
    use Disposition as D;
    if promise {
        let cause = "a promise, and nobody was met".into();
        row.bad("met", "nobody_promised", cause, "say who was met, or empty the promise");
    }
    if paid {
        let cause = format!("met is nobody, and paid_minor is {}", row.text("paid_minor"));
        row.bad("met", "contradiction", cause, "say who was met, or empty paid_minor");
    }
    let said = [
        D::ThirdPartyOnly,
        D::Paid,
        D::PartPaid,
        D::PromiseToPay,
        D::RefusedToPay,
        D::Disputed,
        D::HardshipTold,
        D::AskedForAnotherTime,
    ];
    if disposition.is_some_and(|disposition| said.contains(&disposition)) {
        let cause = format!("met is nobody, and disposition is {}", row.text("disposition"));
        row.bad("met", "contradiction", cause, "say who was met, or correct disposition");
    }
}

/// Hours at which hardly anybody knocks, and speeds at which nobody drives.
fn odd(row: &mut Row<'_>, hour: Option<i8>, metres: Option<i64>, seconds: Option<i64>) {
    if hour.is_some_and(|hour| !USUAL_HOURS.contains(&hour)) {
        let cause =
            format!("a visit at {}, by the clock of the home", shown(row.text("arrived_at")));
        row.odd(
            "arrived_at",
            "odd_hour",
            cause,
            "check the offset from UTC, and morning or evening",
        );
    }
    let Some((metres, seconds)) = metres.zip(seconds) else { return };
    // A few metres in no time are a rounding.
    if metres > 500 && metres * 36 > FASTEST_KM_H * 10 * seconds.max(1) {
        let cause = format!("{metres} m in {seconds} s, faster than {FASTEST_KM_H} km/h");
        row.odd("travel_m", "odd_speed", cause, "check both units, or empty both");
    }
}

/// When the agent left: as it says, or after the usual time at a door.
fn stay(
    row: &mut Row<'_>,
    context: &Context<'_>,
    arrived: Option<Timestamp>,
    left: Option<Timestamp>,
) -> Option<Timestamp> {
    let arrived = arrived?;
    let Some(left) = left else {
        return arrived
            .checked_add(context.service)
            .ok()
            .filter(|_| row.text("left_at").is_empty());
    };
    if left < arrived || left.as_second() - arrived.as_second() > 86_400 {
        let cause =
            format!("{} is before arrived_at, or more than a day after", row.text("left_at"));
        row.bad("left_at", "window_reversed", cause, "give when the agent left the door");
    }
    Some(left)
}

/// Amount and day (days since 1970) of a promise: both or neither.
fn promise(
    row: &mut Row<'_>,
    context: &Context<'_>,
    made_on: Option<Date>,
) -> Option<(Minor, i32)> {
    let amount = row.whole("promise_amount_minor", 1, most_minor(context));
    let due: Option<Date> = row.parsed("promise_due_on", "not_a_date");
    let both = row.text("promise_amount_minor").is_empty() == row.text("promise_due_on").is_empty();
    if !both {
        let cause = "a promise needs an amount and a day".to_owned();
        row.bad("promise_due_on", "incomplete", cause, "fill in both, or empty both");
    }
    let (amount, due) = (amount?, due?);
    if made_on.is_some_and(|made_on| due < made_on) {
        let cause = format!("{} is before the visit", shown(row.text("promise_due_on")));
        row.bad("promise_due_on", "window_reversed", cause, "give the day it was promised for");
    }
    let days = days_since_1970(due)?;
    Some((Minor::new(amount), days))
}

fn days_since_1970(date: Date) -> Option<i32> {
    let span = date.since(jiff::civil::date(1970, 1, 1)).ok()?;
    Some(span.get_days())
}

/// What was paid at the door, and how.
fn paid(row: &mut Row<'_>, context: &Context<'_>) -> Option<(Minor, PaymentMethod)> {
    let amount = row.whole("paid_minor", 1, most_minor(context));
    let method: Option<PaymentMethod> = row.parsed_lower("payment_method", "not_in_table");
    if row.text("paid_minor").is_empty() && !row.text("payment_method").is_empty() {
        let cause = "a method without an amount".to_owned();
        row.bad("paid_minor", "incomplete", cause, "fill in both, or empty both");
    }
    Some((Minor::new(amount?), method.unwrap_or(PaymentMethod::Other)))
}
