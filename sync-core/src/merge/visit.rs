//! Visits, each with its disposition as it now stands.

use super::{CaseState, RegisterKey, Written};
use crate::kinds::{Content, Disposition, Visit};
use crate::op::Dot;

/// A visit of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VisitView<'a> {
    /// The op that made it.
    pub dot: Dot,
    /// What was noted at the door.
    pub visit: &'a Visit,
    /// The outcome that is shown now.
    pub disposition: Disposition,
    /// The op that says so.
    pub said_by: &'a Written,
}

impl Written {
    /// The disposition that the op gives to a visit, if it is one that does.
    #[must_use]
    pub const fn disposition(&self) -> Option<Disposition> {
        match &self.content {
            Content::Visit(visit) => Some(visit.disposition),
            Content::Disposition(edit) => Some(edit.disposition),
            _ => None,
        }
    }
}

impl CaseState {
    /// The visits in the order of their arrival by the devices' clocks, then of their dots.
    #[must_use]
    pub fn visits(&self) -> Vec<VisitView<'_>> {
        let mut visits: Vec<_> = self.records().filter_map(|op| self.visit_of(op)).collect();
        visits.sort_by_key(|view| (view.visit.arrived_at, view.dot));
        visits
    }

    fn visit_of<'a>(&'a self, op: &'a Written) -> Option<VisitView<'a>> {
        let Content::Visit(visit) = &op.content else { return None };
        let register = self.register(&RegisterKey::disposition(op.dot()));
        let said_by = register.and_then(|register| register.top()).unwrap_or(op);
        let disposition = said_by.disposition().unwrap_or(visit.disposition);
        Some(VisitView { dot: op.dot(), visit, disposition, said_by })
    }
}
