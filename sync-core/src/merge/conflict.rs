//! Conflicts: values that are neither shown nor replaced by somebody who had seen them.

use std::collections::BTreeSet;

use super::{CaseState, RegisterKey, Written};
use crate::kinds::Content;
use crate::op::Dot;

/// Two values that were written without knowing of each other.
///
/// Each op says who wrote it (`header.dot.actor`), when (`clock`, and `header.clock` by the
/// writer's own clock) and which value (`content`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conflict<'a> {
    /// Where.
    pub register: RegisterKey,
    /// The op whose value is shown.
    pub shown: &'a Written,
    /// The other op; it is not lost.
    pub other: &'a Written,
}

impl CaseState {
    /// The conflicts that nobody has settled, by register and dot.
    #[must_use]
    pub fn conflicts(&self) -> Vec<Conflict<'_>> {
        let settled = self.settled();
        let mut conflicts = Vec::new();
        for (key, register) in self.registers() {
            let Some(shown) = register.top() else { continue };
            let open = register.rivals().into_iter().filter(|op| !settled.contains(&op.dot()));
            conflicts.extend(open.map(|other| Conflict { register: *key, shown, other }));
        }
        conflicts
    }

    /// The dots that somebody has settled: they are no conflict any more.
    #[must_use]
    pub fn settled(&self) -> BTreeSet<Dot> {
        let dots = self.records().filter_map(|op| match &op.content {
            Content::Settled(settled) => Some(settled.dots.iter().copied()),
            _ => None,
        });
        dots.flatten().collect()
    }
}
