//! Promises as they now stand.

use super::{CaseState, Family, Written};
use crate::kinds::{Content, Promise};
use crate::op::Dot;

/// A promise of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PromiseView<'a> {
    /// The first op of it, which is its name.
    pub dot: Dot,
    /// The promise as it is shown now.
    pub promise: &'a Promise,
    /// The op that says so.
    pub said_by: &'a Written,
}

impl CaseState {
    /// The promises in the order of their days, then of their dots.
    #[must_use]
    pub fn promises(&self) -> Vec<PromiseView<'_>> {
        let of_promises = self.registers().filter(|(key, _)| key.family == Family::Promise);
        let mut promises: Vec<_> = of_promises
            .filter_map(|(key, register)| {
                let said_by = register.top()?;
                let Content::Promise(promise) = &said_by.content else { return None };
                Some(PromiseView { dot: key.record?, promise, said_by })
            })
            .collect();
        promises.sort_by_key(|view| (view.promise.due_on, view.dot));
        promises
    }
}
