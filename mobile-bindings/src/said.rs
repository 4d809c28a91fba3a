//! Who said what, and when.

use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use sync_core::kinds::{ContactField, ContactValue, Content};
use sync_core::merge::Written;

use crate::codes::{CaseStatus, Disposition, PromiseState};
use crate::error::PhoneError;
use crate::facts::Place;
use crate::names::OpName;

/// A value of a field that can be edited, with its writer.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Said {
    /// The op that says so.
    pub op: OpName,
    /// When it was written, by the clock of its writer, milliseconds since 1970 UTC.
    pub written_at_ms: i64,
    /// Whether the server does not have it yet.
    pub pending: bool,
    /// What it says.
    pub value: Value,
}

/// The value of a field that can be edited.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum Value {
    /// The outcome of a visit.
    Outcome {
        /// The coded outcome.
        disposition: Disposition,
        /// What was written beside it.
        note: Option<String>,
    },
    /// A promise to pay.
    Promise {
        /// How much, in minor units.
        amount_minor: i64,
        /// Until when, a day of the case's zone, as `2026-12-01`.
        due_on: String,
        /// What became of it.
        state: PromiseState,
    },
    /// A contact field that is a text.
    Contact {
        /// Which field.
        field: ContactField,
        /// The text; none where the field is said to be unknown.
        text: Option<String>,
    },
    /// The position of the home.
    Position {
        /// Where; none where it is said to be unknown.
        place: Option<Place>,
    },
    /// The status of the case.
    Status {
        /// The status.
        status: CaseStatus,
        /// Why.
        reason: String,
    },
    /// Something a later version of the app can show.
    Other,
}

impl Said {
    pub(crate) fn of(op: &Written) -> Self {
        Self {
            op: op.dot().into(),
            written_at_ms: op.header.clock.ms(),
            pending: op.is_pending(),
            value: Value::of(op),
        }
    }
}

impl Value {
    fn of(op: &Written) -> Self {
        match &op.content {
            Content::Visit(visit) => {
                Self::Outcome { disposition: visit.disposition, note: visit.note.clone() }
            }
            Content::Disposition(edit) => {
                Self::Outcome { disposition: edit.disposition, note: edit.note.clone() }
            }
            Content::Promise(promise) => Self::Promise {
                amount_minor: promise.amount_minor.get(),
                due_on: day_of(promise.due_on),
                state: promise.state,
            },
            Content::Contact(value) => Self::contact(op, value),
            Content::Status(edit) => {
                Self::Status { status: edit.status, reason: edit.reason.clone() }
            }
            _ => Self::Other,
        }
    }

    fn contact(op: &Written, value: &ContactValue) -> Self {
        match op.header.field.and_then(ContactField::of_number) {
            Some(ContactField::Position) => {
                Self::Position { place: value.position().map(Place::from) }
            }
            Some(field) => Self::Contact { field, text: value.text.clone() },
            None => Self::Other,
        }
    }
}

const EPOCH: Date = date(1970, 1, 1);

/// The day `days` after 1970-01-01; empty beyond all calendars.
pub(crate) fn day_of(days: i32) -> String {
    EPOCH.checked_add(days.days()).map(|date| date.to_string()).unwrap_or_default()
}

/// How many days after 1970-01-01 a day is.
pub(crate) fn days_of(field: &str, day: &str) -> Result<i32, PhoneError> {
    let wrong = || PhoneError::input(field, format!("`{day}` is no day; write it as 2026-12-01"));
    let date: Date = day.parse().map_err(|_| wrong())?;
    if date.to_string() != day {
        return Err(wrong());
    }
    Ok(EPOCH.until(date).map_err(|_| wrong())?.get_days())
}
