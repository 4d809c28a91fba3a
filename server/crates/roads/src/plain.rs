//! A plain search on the same roads, to check the fast one against.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::ch::Cost;
use crate::ends::{direct, entries, exits};
use crate::graph::Flags;
use crate::network::Network;
use crate::num::{div_round, ix};
use crate::snap::Place;

/// E. Dijkstra's algorithm without any preparation: slow, and simple enough to trust.
#[derive(Debug)]
pub struct PlainSearch<'a> {
    network: &'a Network,
    /// Arcs by tail, straight from the road segments.
    arcs: Vec<Vec<(u32, Cost)>>,
}

impl<'a> PlainSearch<'a> {
    /// Lists the roads of a network.
    #[must_use]
    pub fn new(network: &'a Network) -> Self {
        let mut arcs = vec![Vec::new(); network.hierarchy.nodes()];
        let main = network.segments.list.iter().filter(|s| s.flags.has(Flags::MAINLAND));
        for segment in main {
            let (from, to) = (segment.from, segment.to);
            arcs[ix(from)].extend(segment.whole(true).map(|cost| (to, cost)));
            arcs[ix(to)].extend(segment.whole(false).map(|cost| (from, cost)));
        }
        Self { network, arcs }
    }

    /// Seconds and metres from one place to others, `None` where there is no way.
    #[must_use]
    pub fn row(&self, from: &Place, to: &[Place]) -> Vec<Option<(u32, u32)>> {
        let segments = &self.network.segments;
        let mut best = vec![Cost::NONE; self.arcs.len()];
        let mut queue = BinaryHeap::new();
        for end in exits(segments, from) {
            best[ix(end.node)] = end.cost.min(best[ix(end.node)]);
            queue.push(Reverse((end.cost, end.node)));
        }
        while let Some(Reverse((cost, node))) = queue.pop() {
            if cost > best[ix(node)] {
                continue;
            }
            for &(head, arc) in &self.arcs[ix(node)] {
                let next = cost + arc;
                if next < best[ix(head)] {
                    best[ix(head)] = next;
                    queue.push(Reverse((next, head)));
                }
            }
        }
        let cost = |to: &Place| {
            let ends = entries(segments, to);
            let through = ends.iter().map(|end| best[ix(end.node)] + end.cost).min();
            through.unwrap_or(Cost::NONE).min(direct(segments, from, to))
        };
        let figures = |cost: Cost| (div_round(cost.ms(), 1000), div_round(cost.cm(), 100));
        to.iter().map(cost).map(|c| (c != Cost::NONE).then(|| figures(c))).collect()
    }
}
