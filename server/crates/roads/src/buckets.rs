//! What the backward searches of a matrix left at each node.

use crate::ch::Cost;
use crate::ends::direct;
use crate::graph::Segments;
use crate::num::{id, ix};
use crate::snap::Place;

/// From a node to one destination.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    column: u32,
    ms: u32,
    cm: u32,
}

/// Entries by node, and destinations by segment.
#[derive(Debug)]
pub(crate) struct Buckets {
    first: Vec<u32>,
    entries: Vec<Entry>,
    by_segment: Vec<(u32, u32)>,
    to: Vec<Place>,
}

impl Buckets {
    /// Sorts (node, column, cost) into buckets; order of columns within a bucket is kept.
    pub(crate) fn new(nodes: usize, parts: &[Vec<(u32, u32, Cost)>], to: &[Place]) -> Self {
        let all = || parts.iter().flatten();
        let mut first = vec![0_u32; nodes + 2];
        for &(node, _, _) in all() {
            first[ix(node) + 2] += 1;
        }
        for n in 2..first.len() {
            first[n] += first[n - 1];
        }
        let mut entries = vec![Entry { column: 0, ms: 0, cm: 0 }; all().count()];
        for &(node, column, cost) in all() {
            let next = &mut first[ix(node) + 1];
            entries[ix(*next)] = Entry { column, ms: cost.ms(), cm: cost.cm() };
            *next += 1;
        }
        let mut by_segment: Vec<(u32, u32)> =
            to.iter().enumerate().map(|(column, place)| (place.segment, id(column))).collect();
        by_segment.sort_unstable();
        Self { first, entries, by_segment, to: to.to_vec() }
    }

    #[inline]
    pub(crate) fn at(&self, node: u32) -> &[Entry] {
        let n = ix(node);
        self.entries.get(ix(self.first[n])..ix(self.first[n + 1])).unwrap_or_default()
    }

    /// Adds the ways that never leave the segment of `from`.
    pub(crate) fn stay(&self, segments: &Segments, from: &Place, row: &mut Row) {
        let start = self.by_segment.partition_point(|&(segment, _)| segment < from.segment);
        let same = self.by_segment.iter().skip(start).take_while(|(s, _)| *s == from.segment);
        for &(_, column) in same {
            if let (Some(to), Some(best)) = (self.to.get(ix(column)), row.costs.get_mut(ix(column)))
            {
                *best = direct(segments, from, to).min(*best);
            }
        }
    }
}

/// Best costs found for one origin.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) costs: Vec<Cost>,
}

impl Row {
    pub(crate) fn new(width: usize) -> Self {
        Self { costs: vec![Cost::NONE; width] }
    }

    pub(crate) fn clear(&mut self) {
        self.costs.fill(Cost::NONE);
    }

    #[inline]
    pub(crate) fn meet(&mut self, bucket: &[Entry], cost: Cost) {
        for entry in bucket {
            let best = &mut self.costs[ix(entry.column)];
            *best = (cost + Cost::new(entry.ms, entry.cm)).min(*best);
        }
    }
}
