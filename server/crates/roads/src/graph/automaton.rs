//! Recognises forbidden sequences while they are driven.
//!
//! Method: A. V. Aho, M. J. Corasick, "Efficient string matching" (1975). The state after
//! driving some roads is the longest suffix of them that begins a pattern; nearly always
//! that is just the last road.

use std::collections::{BTreeMap, BTreeSet};

use super::restrict::Pattern;
use crate::num::{id, ix};

/// The state of having driven nothing that begins a pattern.
pub(crate) const ROOT: u32 = 0;

#[derive(Debug, Default)]
struct Node {
    /// Last road of the sequence.
    label: u32,
    depth: u32,
    next: BTreeMap<u32, u32>,
    /// The longest proper suffix that begins a pattern too.
    suffix: u32,
    forbidden: BTreeSet<u32>,
    /// Roads of which one must follow, where there are any.
    only: BTreeSet<u32>,
}

/// Beginnings of patterns, shortest first by number.
#[derive(Debug)]
pub(crate) struct Automaton {
    nodes: Vec<Node>,
}

impl Automaton {
    pub(crate) fn new(patterns: &[Pattern]) -> Self {
        let mut made = Self { nodes: vec![Node::default()] };
        for pattern in patterns {
            made.insert(pattern);
        }
        made.link();
        made
    }

    fn insert(&mut self, pattern: &Pattern) {
        let Some((&last, begin)) = pattern.path.split_last() else { return };
        let mut at = ROOT;
        for &label in begin {
            let fresh = id(self.nodes.len());
            let depth = self.nodes[ix(at)].depth + 1;
            let next = *self.nodes[ix(at)].next.entry(label).or_insert(fresh);
            if next == fresh {
                self.nodes.push(Node { label, depth, ..Node::default() });
            }
            at = next;
        }
        let node = &mut self.nodes[ix(at)];
        if pattern.only {
            node.only.insert(last)
        } else {
            node.forbidden.insert(last)
        };
    }

    /// Sets the suffixes, level by level.
    fn link(&mut self) {
        let mut level = vec![ROOT];
        while !level.is_empty() {
            let mut below = Vec::new();
            for &node in &level {
                let children: Vec<(u32, u32)> = self.nodes[ix(node)]
                    .next
                    .iter()
                    .map(|(&label, &child)| (label, child))
                    .collect();
                for (label, child) in children {
                    let suffix = match node {
                        ROOT => ROOT,
                        _ => self.step(self.nodes[ix(node)].suffix, label),
                    };
                    self.nodes[ix(child)].suffix = suffix;
                    below.push(child);
                }
            }
            level = below;
        }
    }

    /// The state after driving one more road.
    pub(crate) fn step(&self, mut state: u32, label: u32) -> u32 {
        loop {
            let node = &self.nodes[ix(state)];
            if let Some(&next) = node.next.get(&label) {
                return next;
            }
            if state == ROOT {
                return ROOT;
            }
            state = node.suffix;
        }
    }

    /// Whether a road may follow.
    pub(crate) fn allows(&self, mut state: u32, label: u32) -> bool {
        while state != ROOT {
            let node = &self.nodes[ix(state)];
            let other = !node.only.is_empty() && !node.only.contains(&label);
            if other || node.forbidden.contains(&label) {
                return false;
            }
            state = node.suffix;
        }
        true
    }

    /// States that are more than their last road: their number and that road.
    pub(crate) fn long(&self) -> impl Iterator<Item = (u32, u32)> {
        let numbered = self.nodes.iter().enumerate();
        numbered.filter(|(_, node)| node.depth > 1).map(|(state, node)| (id(state), node.label))
    }

    /// The state in which a journey starts on a road.
    pub(crate) fn start(&self, label: u32) -> u32 {
        self.step(ROOT, label)
    }

    pub(crate) fn is_long(&self, state: u32) -> bool {
        self.nodes[ix(state)].depth > 1
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn allowed(automaton: &Automaton, roads: &[u32]) -> bool {
        let mut state = automaton.start(roads[0]);
        for &road in &roads[1..] {
            if !automaton.allows(state, road) {
                return false;
            }
            state = automaton.step(state, road);
        }
        true
    }

    /// Every pattern against every position: nothing in common with what is tested.
    fn plainly_allowed(patterns: &[Pattern], roads: &[u32]) -> bool {
        let onlies = |begin: &[u32]| -> Vec<u32> {
            let same = |p: &&Pattern| p.only && p.path[..p.path.len() - 1] == *begin;
            patterns.iter().filter(same).map(|p| p.path[p.path.len() - 1]).collect()
        };
        (0..roads.len()).all(|start| {
            (start + 1..roads.len()).all(|end| {
                let driven = &roads[start..=end];
                let onlies = onlies(&roads[start..end]);
                let forbidden = patterns.iter().any(|p| !p.only && p.path == driven);
                !forbidden && (onlies.is_empty() || onlies.contains(&roads[end]))
            })
        })
    }

    proptest! {
        #[test]
        fn sequences_are_judged_as_the_patterns_say(
            list in prop::collection::vec((prop::collection::vec(0_u32..4, 2..5), any::<bool>()), 0..6),
            roads in prop::collection::vec(0_u32..4, 1..9),
        ) {
            let pattern = |(path, only)| Pattern { path, only };
            let patterns: Vec<Pattern> = list.into_iter().map(pattern).collect();
            let automaton = Automaton::new(&patterns);
            prop_assert_eq!(allowed(&automaton, &roads), plainly_allowed(&patterns, &roads));
        }
    }
}
