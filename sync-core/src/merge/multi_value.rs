//! Multi-value registers: all values that no other has replaced are kept.

use std::collections::BTreeMap;

use crdts::{CmRDT, CvRDT, MVReg, mvreg};

use super::seen::{Seen, clock_of, context_of};
use super::{Reading, Written};
use crate::op::{Actor, Context, Dot, Header};

/// A register of which every value is kept until somebody who has read it writes another one. The
/// value with the highest marker is shown.
#[derive(Debug, Clone, Default)]
pub struct MultiValue {
    register: MVReg<Dot, Actor>,
    values: BTreeMap<Dot, Written>,
}

impl MultiValue {
    /// Takes an op. One that was taken before changes nothing, except that an own op gets the
    /// clock it was admitted with.
    pub fn apply(&mut self, op: &Written) {
        let dot = op.dot();
        if self.values.get_mut(&dot).is_some_and(|value| value.acknowledge(op)) {
            return;
        }
        let clock = clock(&op.header);
        // Two ops that both claim to have seen the other: the same one stands on every replica.
        let twin = |value: &&Written| value.dot() > dot && self::clock(&value.header) == clock;
        if self.values.values().any(|value| twin(&value)) {
            return;
        }
        self.register.apply(mvreg::Op::Put { clock, val: dot });
        let live = self.register.read().val;
        self.values.retain(|dot, _| live.contains(dot));
        if live.contains(&dot) {
            self.values.insert(dot, op.clone());
        }
    }

    /// The value that is shown.
    #[must_use]
    pub fn shown(&self) -> Option<&Written> {
        self.values.values().max_by_key(|value| value.marker())
    }

    /// All values in the order of their dots.
    pub fn values(&self) -> impl Iterator<Item = &Written> {
        self.values.values()
    }

    pub(super) fn reading(&self) -> Reading {
        let mut read = Seen::new();
        for value in self.values.values() {
            read.merge(clock(&value.header));
        }
        Reading { replaces: None, context: Some(context_of(&read)) }
    }
}

/// The clock of a value: the context, and the dot of the op itself whatever the context says of it.
/// So no two ops have the same clock, unless both claim to have seen the other.
fn clock(header: &Header) -> Seen {
    let mut clock = clock_of(header.context.iter().flat_map(Context::dots));
    clock.dots.insert(header.dot.actor, header.dot.sequence.get());
    clock
}

impl PartialEq for MultiValue {
    /// By the values: their headers are the whole register.
    fn eq(&self, other: &Self) -> bool {
        self.values == other.values
    }
}

impl Eq for MultiValue {}
