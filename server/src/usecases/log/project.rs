//! Rows of the projections: what happened at the doors as tables show it.

use std::collections::BTreeMap;

use jiff::civil::Date;
use sync_core::kinds::{ContactField, ContactValue, Content, Payment, Reversal, Visit};
use sync_core::merge::{CaseState, Family, Register, RegisterKey, Written};
use sync_core::model::VisitId;
use sync_core::op::Actor;

use super::case::Case;
use super::journal::Entry;
use super::read::own_dots;
use crate::db::Id;
use crate::db::log::LogRows;
use crate::db::rows::{
    CaseStatusRow, CaseTagRow, ConflictRow, ContactValueRow, PaymentRow, PromiseRow, VisitRow,
};

/// A device's instant (milliseconds) by the server's clock, in microseconds, not after the receipt.
pub(super) fn instant(device_ms: i64, entry: &Entry<'_>) -> i64 {
    let moved = device_ms.saturating_add(entry.offset_ms).saturating_mul(1000);
    moved.min(entry.received_at)
}

fn admitted(op: &Written) -> i64 {
    op.clock.ms().saturating_mul(1000)
}

/// A text that both databases take.
pub(super) fn clean(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// The lender's own key: only the office has any, and a key of a device could collide.
fn source(op: &Written, key: Option<&String>) -> Option<String> {
    key.filter(|_| op.dot().actor == Actor::OFFICE).map(|key| clean(key))
}

/// The id under which the world knows a visit.
pub(super) fn visit_id(op: &Written) -> Id {
    VisitId::of_op(op.header.organisation, op.dot(), op.header.clock.ms()).into()
}

/// A new visit, with the disposition it came with.
pub(super) fn visit(
    org_id: Id,
    case_id: Id,
    op: &Written,
    visit: &Visit,
    entry: &Entry<'_>,
) -> VisitRow {
    let (actor, sequence) = own_dots(op.dot());
    VisitRow {
        org_id,
        visit_id: visit_id(op),
        case_id,
        actor,
        sequence,
        agent_id: entry.agent,
        user_id: entry.user,
        plan_id: visit.plan.map(Id::from),
        arrived_at: instant(visit.arrived_at, entry),
        left_at: instant(visit.left_at, entry),
        met: visit.met.label().into(),
        disposition: visit.disposition.label().into(),
        lat_e7: visit.lat_e7,
        lon_e7: visit.lon_e7,
        accuracy_m: visit.accuracy_m.map(i64::from),
        distance_m: visit.distance_m.map(i64::from),
        mock_location: i32::from(visit.mock_location),
        travel_m: visit.travel_m.map(i64::from),
        travel_s: visit.travel_s.map(i64::from),
        clock_offset_ms: visit.clock_offset_ms,
        note: visit.note.as_deref().map(clean),
        source_ref: source(op, visit.source.as_ref()),
        flagged: String::new(),
    }
}

/// A new line of the ledger: a payment, or a reversal below zero.
pub(super) fn payment(org_id: Id, case_id: Id, op: &Written, entry: &Entry<'_>) -> PaymentRow {
    let (actor, sequence) = own_dots(op.dot());
    let row = PaymentRow {
        org_id,
        case_id,
        actor,
        sequence,
        paid_at: admitted(op),
        amount_minor: 0,
        method: String::new(),
        receipt: None,
        visit_actor: None,
        visit_sequence: None,
        reverses_actor: None,
        reverses_sequence: None,
        source_ref: None,
        flagged: String::new(),
    };
    match &op.content {
        Content::Payment(payment) => PaymentRow {
            source_ref: source(op, payment.source.as_ref()),
            ..paid(row, payment, entry)
        },
        Content::Reversal(reversal) => PaymentRow {
            source_ref: source(op, reversal.source.as_ref()),
            ..reversed(row, reversal)
        },
        _ => row,
    }
}

fn paid(row: PaymentRow, payment: &Payment, entry: &Entry<'_>) -> PaymentRow {
    let visit = payment.visit.map(own_dots);
    PaymentRow {
        paid_at: instant(payment.paid_at, entry),
        amount_minor: payment.amount_minor.get(),
        method: payment.method.label().into(),
        receipt: payment.receipt.map(|counter| format!("{}-{counter}", row.actor)),
        visit_actor: visit.map(|(actor, _)| actor),
        visit_sequence: visit.map(|(_, sequence)| sequence),
        ..row
    }
}

fn reversed(row: PaymentRow, reversal: &Reversal) -> PaymentRow {
    let (actor, sequence) = own_dots(reversal.payment);
    PaymentRow {
        amount_minor: reversal.amount_minor.get().saturating_neg(),
        method: "reversal".into(),
        reverses_actor: Some(actor),
        reverses_sequence: Some(sequence),
        ..row
    }
}

/// Rows of the registers that took an op.
pub(super) fn registers(rows: &mut LogRows, case: &Case) {
    let org_id = rows.head.org_id;
    for key in &case.touched {
        let Some(register) = case.state.register(key) else { continue };
        match key.family {
            Family::Disposition => disposition(rows, case, key, register),
            Family::Promise => rows.promises.extend(promise(org_id, case, key, register)),
            Family::Contact => contact(rows, case, key, register),
            Family::Tags => {
                let tag = |tag: &str| CaseTagRow { org_id, case_id: case.id, tag: clean(tag) };
                rows.tags.push((case.id, case.state.tags().into_iter().map(tag).collect()));
            }
            Family::Status => rows.statuses.extend(status(org_id, case, register)),
        }
    }
}

fn disposition(rows: &mut LogRows, case: &Case, key: &RegisterKey, register: &Register) {
    let visit = key.record.and_then(|dot| case.visit(dot));
    let shown = register.top().and_then(Written::disposition);
    let (Some(visit), Some(shown)) = (visit, shown) else { return };
    let id = visit_id(visit);
    match rows.visits.iter_mut().find(|row| row.visit_id == id) {
        Some(row) => row.disposition = shown.label().into(),
        None => rows.dispositions.push((id, shown.label().into())),
    }
}

fn promise(org_id: Id, case: &Case, key: &RegisterKey, register: &Register) -> Option<PromiseRow> {
    let (actor, sequence) = own_dots(key.record?);
    let shown = register.top()?;
    let Content::Promise(promise) = &shown.content else { return None };
    let visit = promise.visit.map(own_dots);
    Some(PromiseRow {
        org_id,
        case_id: case.id,
        actor,
        sequence,
        promised_at: admitted(shown),
        amount_minor: promise.amount_minor.get(),
        due_on: day(promise.due_on),
        state: promise.state.label().into(),
        visit_actor: visit.map(|(actor, _)| actor),
        visit_sequence: visit.map(|(_, sequence)| sequence),
    })
}

/// A day counted from 1970-01-01 as text; one that no calendar has as its number.
fn day(days: i32) -> String {
    let first = Date::constant(1970, 1, 1);
    let span = jiff::Span::new().try_days(days);
    let date = span.and_then(|span| first.checked_add(span));
    date.map_or_else(|_| days.to_string(), |date| date.to_string())
}

fn contact(rows: &mut LogRows, case: &Case, key: &RegisterKey, register: &Register) {
    let Some(field) = ContactField::of_number(key.field) else { return };
    let top = register.top().map(Written::dot);
    let values = register
        .live_ops()
        .into_iter()
        .map(|op| {
            let (actor, sequence) = own_dots(op.dot());
            ContactValueRow {
                org_id: rows.head.org_id,
                case_id: case.id,
                field: field.label().into(),
                actor,
                sequence,
                value: text(op, 0),
                written_at: admitted(op),
                shown: i32::from(Some(op.dot()) == top),
            }
        })
        .collect();
    rows.contacts.push((case.id, field.label().into(), values));
}

fn status(org_id: Id, case: &Case, register: &Register) -> Option<CaseStatusRow> {
    let shown = register.top()?;
    let Content::Status(edit) = &shown.content else { return None };
    Some(CaseStatusRow {
        org_id,
        case_id: case.id,
        status: edit.status.label().into(),
        reason: clean(&edit.reason),
        since_at: admitted(shown),
    })
}

/// Conflicts that opened, changed or were settled: afterwards the open ones are those of the case.
pub(super) fn conflicts(rows: &mut LogRows, case: &Case, now: i64, exponent: u8) {
    if case.touched.is_empty() && !case.settled {
        return;
    }
    let mut open = open_conflicts(rows.head.org_id, case, &case.state, now, exponent);
    for (key, stored) in &case.conflicts {
        match open.remove(key) {
            None => {
                let settled_seq = Some(rows.head.server_seq);
                rows.conflicts.push(ConflictRow { settled_seq, ..stored.clone() });
            }
            Some(row) if (&row.shown, &row.other) != (&stored.shown, &stored.other) => {
                rows.conflicts.push(ConflictRow { opened_at: stored.opened_at, ..row });
            }
            Some(_) => {}
        }
    }
    rows.conflicts.extend(open.into_values());
}

fn open_conflicts(
    org_id: Id,
    case: &Case,
    state: &CaseState,
    now: i64,
    exponent: u8,
) -> BTreeMap<(Vec<u8>, i64, i64), ConflictRow> {
    let conflicts = state.conflicts().into_iter().map(|conflict| {
        let (actor, sequence) = own_dots(conflict.other.dot());
        let register = conflict.register.encode();
        let row = ConflictRow {
            org_id,
            case_id: case.id,
            register: register.clone(),
            actor,
            sequence,
            what: what(&conflict.register),
            shown: text(conflict.shown, exponent),
            other: text(conflict.other, exponent),
            opened_at: now,
            settled_seq: None,
        };
        ((register, actor, sequence), row)
    });
    conflicts.collect()
}

/// The register in a word: the contact field, else the family.
fn what(key: &RegisterKey) -> String {
    let field = match key.family {
        Family::Contact => ContactField::of_number(key.field).map(ContactField::label),
        _ => None,
    };
    field.unwrap_or(key.family.label()).to_owned()
}

/// The value of an op as text.
fn text(op: &Written, exponent: u8) -> String {
    match &op.content {
        Content::Contact(value) => contact_text(value),
        Content::Promise(promise) => format!(
            "{} by {}, {}",
            crate::render::money(promise.amount_minor.get(), exponent),
            day(promise.due_on),
            promise.state.label()
        ),
        Content::Status(edit) => edit.status.label().to_owned(),
        Content::TagAdded(tag) | Content::TagRemoved(tag) => clean(tag),
        _ => op.disposition().map_or_else(String::new, |d| d.label().to_owned()),
    }
}

fn contact_text(value: &ContactValue) -> String {
    match (&value.text, value.position()) {
        (Some(text), _) => clean(text),
        (None, Some(position)) => position.to_string(),
        (None, None) => String::new(),
    }
}
