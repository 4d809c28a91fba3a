//! Tags of a case: a set in which an addition beats a removal that had not seen it.

use std::collections::BTreeMap;

use crdts::{CmRDT, CvRDT, Orswot, orswot};

use super::seen::{Seen, clock_of, context_of, witnesses};
use super::{CaseState, Reading, Register, RegisterKey, Written};
use crate::kinds::Content;
use crate::op::{Actor, Context, Dot, Header};

/// The tags, each with the additions that no removal has seen.
///
/// Each tag has a clock of its own, so that an addition that is released late is not taken for one
/// that was there before a later one of the same actor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TagSet(BTreeMap<String, Tag>);

#[derive(Debug, Clone, Default)]
struct Tag {
    set: Orswot<(), Actor>,
    added: BTreeMap<Dot, Written>,
    /// All that the writers of removals had seen, whether it has come already or not.
    removed: Seen,
    /// The removals that know it.
    removals: BTreeMap<Dot, Written>,
}

impl TagSet {
    /// Takes an op. One that was taken before changes nothing, except that an own op gets the
    /// clock it was admitted with.
    pub fn apply(&mut self, op: &Written) {
        let (tag, added) = match &op.content {
            Content::TagAdded(tag) => (tag, true),
            Content::TagRemoved(tag) => (tag, false),
            _ => return,
        };
        let entry = self.0.entry(tag.clone()).or_default();
        if added {
            entry.add(op);
        } else {
            entry.remove(op);
        }
        if entry.added.is_empty() && entry.removed.is_empty() {
            self.0.remove(tag);
        }
    }

    /// The tags in the order of their letters, each with the last addition.
    pub fn shown(&self) -> impl Iterator<Item = (&str, &Written)> {
        self.0.iter().filter_map(|(name, tag)| {
            let last = tag.added.values().max_by_key(|op| op.marker())?;
            Some((name.as_str(), last))
        })
    }

    pub(super) fn live(&self) -> impl Iterator<Item = &Written> {
        self.0.values().flat_map(|tag| tag.added.values().chain(tag.removals.values()))
    }

    pub(super) fn reading(&self, name: &str) -> Reading {
        let read = self.0.get(name).map(|tag| tag.set.contains(&()).rm_clock);
        Reading { replaces: None, context: Some(context_of(&read.unwrap_or_default())) }
    }
}

impl Tag {
    fn add(&mut self, op: &Written) {
        let dot = op.dot();
        if self.added.get_mut(&dot).is_some_and(|added| added.acknowledge(op)) {
            return;
        }
        let (actor, sequence) = (dot.actor, dot.sequence.get());
        let clock = crdts::Dot::new(actor, sequence);
        self.set.apply(orswot::Op::Add { dot: clock, members: vec![()] });
        self.added.insert(dot, op.clone());
        self.keep_live();
    }

    fn remove(&mut self, op: &Written) {
        if self.removals.get_mut(&op.dot()).is_some_and(|removal| removal.acknowledge(op)) {
            return;
        }
        let seen = context(&op.header);
        self.set.apply(orswot::Op::Rm { clock: seen.clone(), members: vec![()] });
        self.removed.merge(seen);
        self.removals.insert(op.dot(), op.clone());
        let removals = std::mem::take(&mut self.removals);
        self.removals = witnesses(removals, Seen::new(), &self.removed, context);
        self.keep_live();
    }

    fn keep_live(&mut self) {
        let live = self.set.contains(&()).rm_clock;
        self.added.retain(|dot, _| live.get(&dot.actor) == dot.sequence.get());
    }
}

impl PartialEq for Tag {
    /// By additions and by what is removed; which ops bear witness of that is left to the order in
    /// which they came.
    fn eq(&self, other: &Self) -> bool {
        self.added == other.added && self.removed == other.removed
    }
}

impl Eq for Tag {}

fn context(header: &Header) -> Seen {
    clock_of(header.context.iter().flat_map(Context::dots))
}

impl CaseState {
    /// The tags of the case in the order of their letters.
    #[must_use]
    pub fn tags(&self) -> Vec<&str> {
        match self.register(&RegisterKey::TAGS) {
            Some(Register::Tags(tags)) => tags.shown().map(|(tag, _)| tag).collect(),
            _ => Vec::new(),
        }
    }
}
