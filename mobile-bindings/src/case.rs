//! A case as the phone sees it: what the office knows, what everybody wrote, own ops on top.

use sync_core::kinds::ContactField;
use sync_core::merge::{CaseState, PaymentLine, RegisterKey, VisitView};
use sync_core::op::Dot;
use sync_core::phone::CaseView as CoreView;

use crate::codes::{CaseStatus, Disposition, Met, PaymentMethod};
use crate::error::PhoneError;
use crate::facts::{CaseFacts, Place};
use crate::names::{self, OpName};
use crate::phone::DoorstepPhone;
use crate::said::Said;

/// Everything the phone knows of a case.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct CaseView {
    /// What the office knows.
    pub facts: CaseFacts,
    /// The status.
    pub status: CaseStatus,
    /// Contact fields that somebody corrected, each as it is shown now.
    pub contacts: Vec<Said>,
    /// Tags, in the order of the alphabet.
    pub tags: Vec<String>,
    /// Visits in the order of their arrival.
    pub visits: Vec<VisitLine>,
    /// Promises in the order of their days.
    pub promises: Vec<PromiseLine>,
    /// Payments in the order of their names.
    pub payments: Vec<PaymentOnCase>,
}

/// A visit that was made.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct VisitLine {
    /// Its name.
    pub op: OpName,
    /// Whether the server does not have it yet.
    pub pending: bool,
    /// Arrival by the clock of the phone that was there, milliseconds since 1970 UTC.
    pub arrived_at_ms: i64,
    /// Departure.
    pub left_at_ms: i64,
    /// Who was there.
    pub met: Met,
    /// Where the phone was, if it knew.
    pub place: Option<Place>,
    /// The outcome as it is shown now.
    pub disposition: Disposition,
    /// The op that says so: the visit itself, or an edit.
    pub disposition_by: OpName,
    /// What was written at the door.
    pub note: Option<String>,
    /// Codes of the rules that objected.
    pub breached: Vec<String>,
}

/// A promise as it now stands.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct PromiseLine {
    /// Its name: the op that made it.
    pub op: OpName,
    /// The version that is shown.
    pub said: Said,
}

/// A payment that was taken.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct PaymentOnCase {
    /// Its name.
    pub op: OpName,
    /// How much, in minor units.
    pub amount_minor: i64,
    /// How much of it was reversed.
    pub reversed_minor: i64,
    /// How it was made.
    pub method: PaymentMethod,
    /// When, by the clock of the phone that took it, milliseconds since 1970 UTC.
    pub paid_at_ms: i64,
    /// The number of its receipt, as `17-3`; none of payments to the office.
    pub receipt: Option<String>,
    /// The visit it was taken at.
    pub visit: Option<OpName>,
    /// Whether another payment of the case is so like it that it may be the same one.
    pub duplicate_suspected: bool,
}

#[uniffi::export]
impl DoorstepPhone {
    /// A case that is allocated to the user. `case_id` is a UUID.
    ///
    /// # Errors
    /// [`PhoneError::NotAllocated`], [`PhoneError::BadInput`], [`PhoneError::Storage`].
    pub fn case_view(&self, case_id: &str) -> Result<CaseView, PhoneError> {
        let case = names::case(case_id)?;
        Ok(self.with(|phone| phone.case(case))?.into())
    }
}

impl From<CoreView> for CaseView {
    fn from(view: CoreView) -> Self {
        let CoreView { case, facts, state } = view;
        let contact = |field: &ContactField| {
            let register = state.register(&RegisterKey::contact(*field))?;
            register.top().map(Said::of)
        };
        let promises = state.promises();
        let promises = promises
            .iter()
            .map(|promise| PromiseLine { op: promise.dot.into(), said: Said::of(promise.said_by) });
        let ledger = state.ledger();
        Self {
            facts: CaseFacts::of(case.to_string(), &facts),
            status: state.status().map_or(CaseStatus::Open, |edit| edit.status),
            contacts: ContactField::ALL.iter().filter_map(contact).collect(),
            tags: state.tags().into_iter().map(str::to_owned).collect(),
            visits: state.visits().iter().map(|visit| VisitLine::of(&state, visit)).collect(),
            promises: promises.collect(),
            payments: ledger.payments().map(|(dot, line)| PaymentOnCase::of(dot, line)).collect(),
        }
    }
}

impl VisitLine {
    fn of(state: &CaseState, view: &VisitView<'_>) -> Self {
        let visit = view.visit;
        let pending = state.records().any(|op| op.dot() == view.dot && op.is_pending());
        Self {
            op: view.dot.into(),
            pending,
            arrived_at_ms: visit.arrived_at,
            left_at_ms: visit.left_at,
            met: visit.met,
            place: visit.position().map(Place::from),
            disposition: view.disposition,
            disposition_by: view.said_by.dot().into(),
            note: visit.note.clone(),
            breached: visit.breached.clone(),
        }
    }
}

impl PaymentOnCase {
    fn of(dot: Dot, line: &PaymentLine) -> Self {
        let payment = &line.payment;
        Self {
            op: dot.into(),
            amount_minor: payment.amount_minor.get(),
            reversed_minor: line.reversed_minor.get(),
            method: payment.method,
            paid_at_ms: payment.paid_at,
            receipt: payment.receipt.map(|counter| format!("{}-{counter}", dot.actor.number())),
            visit: payment.visit.map(OpName::from),
            duplicate_suspected: line.like.is_some(),
        }
    }
}
