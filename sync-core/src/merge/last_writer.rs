//! Last-writer registers: one value is shown, and what it did not know of is kept beside it.

use std::collections::BTreeMap;

use crdts::{CvRDT, LWWReg};

use super::seen::{Seen, clock_of, context_of, covers, seen_by, witnesses};
use super::{Reading, Written};
use crate::op::Dot;

/// A register of which the last writer's value is shown.
///
/// An op replaces the one it names, those of its context, and the earlier ops of its own actor. What
/// nobody has replaced are the heads; the head with the highest marker is shown.
#[derive(Debug, Clone, Default)]
pub struct LastWriter {
    heads: BTreeMap<Dot, Written>,
    /// All that the writers of all ops had seen, whether it has come already or not.
    replaced: Seen,
    /// Ops that are replaced, but alone know a part of `replaced`.
    witnesses: BTreeMap<Dot, Written>,
}

impl LastWriter {
    /// Takes an op. One that was taken before changes nothing, except that an own op gets the
    /// clock it was admitted with.
    pub fn apply(&mut self, op: &Written) {
        let dot = op.dot();
        for kept in [&mut self.heads, &mut self.witnesses] {
            if kept.get_mut(&dot).is_some_and(|kept| kept.acknowledge(op)) {
                return;
            }
        }
        self.replaced.merge(seen_by(&op.header));
        let mut ops = std::mem::take(&mut self.heads);
        ops.insert(dot, op.clone());
        let (gone, heads) = ops.into_iter().partition(|(dot, _)| covers(&self.replaced, *dot));
        self.heads = heads;
        let mut live = Seen::new();
        for head in self.heads.values() {
            live.merge(seen_by(&head.header));
        }
        let gone: BTreeMap<_, _> = gone;
        let ops = std::mem::take(&mut self.witnesses).into_iter().chain(gone).collect();
        self.witnesses = witnesses(ops, live, &self.replaced, seen_by);
    }

    /// The head that is shown.
    #[must_use]
    pub fn shown(&self) -> Option<&Written> {
        let mut heads = self.heads.values();
        let first = heads.next()?;
        let mut register = LWWReg { val: first, marker: first.marker() };
        for head in heads {
            register.update(head, head.marker());
        }
        Some(register.val)
    }

    /// The heads in the order of their dots.
    pub fn heads(&self) -> impl Iterator<Item = &Written> {
        self.heads.values()
    }

    pub(super) fn live(&self) -> impl Iterator<Item = &Written> {
        self.heads.values().chain(self.witnesses.values())
    }

    pub(super) fn reading(&self) -> Reading {
        let replaces = self.shown().map(Written::dot);
        let all = clock_of(self.heads.keys().copied());
        let context = (self.heads.len() > 1).then(|| context_of(&all));
        Reading { replaces, context }
    }
}

impl PartialEq for LastWriter {
    /// By heads and by what is replaced; which ops bear witness of that is left to the order in
    /// which they came.
    fn eq(&self, other: &Self) -> bool {
        self.heads == other.heads && self.replaced == other.replaced
    }
}

impl Eq for LastWriter {}
