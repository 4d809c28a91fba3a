//! Payments of which the office knows no more than the day: two of one amount on one day may be one.
//!
//! An import writes a date as its noon, and today's as the present where noon is still to come. Whoever
//! wrote either on purpose gets a warning too many.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use sync_core::model::Zone;

use super::rules::Facts;
use crate::db::Id;
use crate::db::log::LogKnown;
use crate::db::rows::{PaymentRow, VisitRow};

/// A payment of a case.
#[derive(Debug, Clone, Copy)]
struct Paid {
    amount_minor: i64,
    day: Date,
    /// Whether no more than the day is known.
    day_only: bool,
}

/// The payments of the cases, and the visits of which no more than the day is known.
#[derive(Debug, Default)]
pub(super) struct Days {
    paid: BTreeMap<Id, Vec<Paid>>,
    visits: HashSet<(i64, i64)>,
}

impl Days {
    pub(super) fn of(known: &LogKnown, facts: &Facts) -> Self {
        let mut days = Self::default();
        for row in &known.visits {
            days.note_visit(row, facts);
        }
        let received: HashMap<(i64, i64), i64> =
            known.records.iter().map(|op| ((op.actor, op.sequence), op.received_at)).collect();
        for row in &known.payments {
            let received_at = received.get(&(row.actor, row.sequence)).copied();
            days.note(row, received_at.unwrap_or(i64::MIN), facts);
        }
        days
    }

    /// A visit, for the payments taken at it.
    pub(super) fn note_visit(&mut self, row: &VisitRow, facts: &Facts) {
        let zone = facts.zone(row.case_id);
        if row.source_ref.is_some() && zone.is_some_and(|zone| is_noon(row.arrived_at, zone)) {
            self.visits.insert((row.actor, row.sequence));
        }
    }

    /// A payment. Says whether an earlier one of its case may be the same, by their day.
    pub(super) fn note(&mut self, row: &PaymentRow, received_at: i64, facts: &Facts) -> bool {
        let paid = facts.zone(row.case_id).and_then(|zone| self.read(row, received_at, zone));
        let Some(paid) = paid else { return false };
        let earlier = self.paid.entry(row.case_id).or_default();
        let like = |other: &Paid| {
            (other.amount_minor, other.day) == (paid.amount_minor, paid.day)
                && (other.day_only || paid.day_only)
        };
        let like = earlier.iter().any(like);
        earlier.push(paid);
        like
    }

    fn read(&self, row: &PaymentRow, received_at: i64, zone: &Zone) -> Option<Paid> {
        if row.reverses_sequence.is_some() {
            return None;
        }
        let at = Timestamp::from_microsecond(row.paid_at).ok()?;
        let at_visit = row.visit_actor.zip(row.visit_sequence);
        let imported = row.source_ref.is_some()
            && (is_noon(row.paid_at, zone)
                || row.paid_at.div_euclid(1000) == received_at.div_euclid(1000));
        Some(Paid {
            amount_minor: row.amount_minor,
            day: zone.date_at(at),
            day_only: imported || at_visit.is_some_and(|visit| self.visits.contains(&visit)),
        })
    }
}

fn is_noon(at: i64, zone: &Zone) -> bool {
    let at = Timestamp::from_microsecond(at).ok();
    at.is_some_and(|at| at.to_zoned(zone.time_zone().clone()).time() == Time::constant(12, 0, 0, 0))
}
