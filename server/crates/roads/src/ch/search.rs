//! Upward search with stall-on-demand.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::{Cost, Hierarchy, Table};
use crate::num::{NONE, ix};

/// Reusable state of one search; as large as the graph, touched only where it went.
#[derive(Debug)]
pub(crate) struct Search {
    cost: Vec<Cost>,
    /// Node before this one and the `via` of the arc between; [`NONE`] at a seed.
    parent: Vec<(u32, u32)>,
    touched: Vec<u32>,
    heap: BinaryHeap<Reverse<(Cost, u32)>>,
    /// Nodes settled by the last search with their cost, stalled ones left out.
    pub(crate) settled: Vec<(u32, Cost)>,
}

impl Search {
    pub(crate) fn new(nodes: usize) -> Self {
        Self {
            cost: vec![Cost::NONE; nodes],
            parent: vec![(NONE, NONE); nodes],
            touched: Vec::new(),
            heap: BinaryHeap::new(),
            settled: Vec::new(),
        }
    }

    /// From the seeds along `hierarchy.forward`.
    pub(crate) fn forward(&mut self, hierarchy: &Hierarchy, seeds: &[(u32, Cost)]) {
        self.run(&hierarchy.forward, &hierarchy.backward, seeds);
    }

    /// To the seeds, against the direction of travel.
    pub(crate) fn backward(&mut self, hierarchy: &Hierarchy, seeds: &[(u32, Cost)]) {
        self.run(&hierarchy.backward, &hierarchy.forward, seeds);
    }

    fn run(&mut self, up: &Table, opposite: &Table, seeds: &[(u32, Cost)]) {
        for node in self.touched.drain(..) {
            self.cost[ix(node)] = Cost::NONE;
        }
        self.heap.clear();
        self.settled.clear();
        for &(node, cost) in seeds {
            self.reach(node, cost, (NONE, NONE));
        }
        while let Some(Reverse((cost, node))) = self.heap.pop() {
            if cost > self.cost[ix(node)] || self.is_stalled(opposite, node, cost) {
                continue;
            }
            self.settled.push((node, cost));
            for arc in up.of(node) {
                self.reach(arc.node, cost + arc.cost(), (node, arc.via));
            }
        }
    }

    /// A cheaper way to `node` comes down from above, so it is on no shortest path here.
    #[inline]
    fn is_stalled(&self, opposite: &Table, node: u32, cost: Cost) -> bool {
        opposite.of(node).iter().any(|arc| self.cost[ix(arc.node)] + arc.cost() < cost)
    }

    #[inline]
    fn reach(&mut self, node: u32, cost: Cost, parent: (u32, u32)) {
        let best = &mut self.cost[ix(node)];
        if cost < *best {
            if *best == Cost::NONE {
                self.touched.push(node);
            }
            *best = cost;
            self.parent[ix(node)] = parent;
            self.heap.push(Reverse((cost, node)));
        }
    }

    /// Best cost found for `node`.
    pub(crate) fn cost(&self, node: u32) -> Cost {
        self.cost[ix(node)]
    }

    /// The arcs from the seed to `node` as (earlier node, later node, via), last one first,
    /// and the seed.
    pub(crate) fn trail(&self, node: u32) -> (Vec<(u32, u32, u32)>, u32) {
        let (mut trail, mut at) = (Vec::new(), node);
        loop {
            let (before, via) = self.parent[ix(at)];
            if before == NONE {
                return (trail, at);
            }
            trail.push((before, at, via));
            at = before;
        }
    }
}
