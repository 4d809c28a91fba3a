//! Bounded search for a path that makes a shortcut unnecessary.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::Cost;
use super::contract::Half;
use crate::num::ix;

/// Reusable state of a Dijkstra search that skips one node.
#[derive(Debug)]
pub(super) struct Witness {
    cost: Vec<Cost>,
    wanted: Vec<bool>,
    touched: Vec<u32>,
    heap: BinaryHeap<Reverse<(Cost, u32)>>,
}

impl Witness {
    pub(super) fn new(nodes: usize) -> Self {
        Self {
            cost: vec![Cost::NONE; nodes],
            wanted: vec![false; nodes],
            touched: Vec::new(),
            heap: BinaryHeap::new(),
        }
    }

    /// Searches from `source` around `without` until all `targets` are settled, `bound` is
    /// passed or `limit` nodes are settled. Stopping early only adds needless shortcuts.
    pub(super) fn run(
        &mut self,
        out: &[Vec<Half>],
        (source, without): (u32, u32),
        targets: &[Half],
        bound: Cost,
        limit: u32,
    ) {
        for node in self.touched.drain(..) {
            self.cost[ix(node)] = Cost::NONE;
        }
        self.heap.clear();
        let mut open = 0_u32;
        for target in targets.iter().filter(|t| t.node != source) {
            self.wanted[ix(target.node)] = true;
            open += 1;
        }
        self.reach(source, Cost::ZERO);
        let mut settled = 0;
        while let Some(Reverse((cost, node))) = self.heap.pop() {
            if cost > self.cost[ix(node)] {
                continue;
            }
            if std::mem::take(&mut self.wanted[ix(node)]) {
                open -= 1;
            }
            settled += 1;
            if open == 0 || settled > limit {
                break;
            }
            for arc in &out[ix(node)] {
                let next = cost + arc.cost;
                if arc.node != without && next <= bound {
                    self.reach(arc.node, next);
                }
            }
        }
        for target in targets {
            self.wanted[ix(target.node)] = false;
        }
    }

    /// Cost of the best path found to `node` by the last search.
    pub(super) fn cost(&self, node: u32) -> Cost {
        self.cost[ix(node)]
    }

    fn reach(&mut self, node: u32, cost: Cost) {
        let best = &mut self.cost[ix(node)];
        if cost < *best {
            if *best == Cost::NONE {
                self.touched.push(node);
            }
            *best = cost;
            self.heap.push(Reverse((cost, node)));
        }
    }
}
