//! Bounded search for a path that makes a shortcut unnecessary.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::Cost;
use super::contract::Half;
use crate::num::ix;

/// A node to be reached.
#[derive(Debug, Clone, Copy)]
pub(super) struct Goal {
    pub(super) node: u32,
    /// Cost of the arc by which it is reached through the node that is contracted.
    pub(super) cost: Cost,
    /// Cheapest arc into it from any other node; [`Cost::NONE`] where there is none.
    pub(super) last: Cost,
}

#[derive(Debug, Clone, Copy)]
struct Label {
    cost: Cost,
    /// A path cheaper than this is as good as the shortcut.
    below: Cost,
}

/// Reusable state of a Dijkstra search that skips one node.
#[derive(Debug)]
pub(super) struct Witness {
    labels: Vec<Label>,
    touched: Vec<u32>,
    heap: BinaryHeap<Reverse<(Cost, u32)>>,
    open: usize,
}

const FRESH: Label = Label { cost: Cost::NONE, below: Cost::ZERO };

impl Witness {
    pub(super) fn new(nodes: usize) -> Self {
        Self { labels: vec![FRESH; nodes], touched: Vec::new(), heap: BinaryHeap::new(), open: 0 }
    }

    /// Searches from `source` around `without` until every goal is reached as cheaply as by
    /// `first` and its own arc, none can be any more, or `limit` nodes are settled. Stopping
    /// early only adds needless shortcuts.
    pub(super) fn run(
        &mut self,
        out: &[Vec<Half>],
        (source, without): (u32, u32),
        goals: &[Goal],
        first: Cost,
        limit: u32,
    ) {
        for node in self.touched.drain(..) {
            self.labels[ix(node)].cost = Cost::NONE;
        }
        self.heap.clear();
        self.open = 0;
        // From a node that is farther than this no arc leads to a goal cheaply enough.
        let mut bound = None;
        for goal in goals.iter().filter(|goal| goal.node != source) {
            if let Some(most) = (first + goal.cost).less(goal.last) {
                bound = bound.max(Some(most));
                self.labels[ix(goal.node)].below = first + goal.cost + Cost::new(0, 1);
                self.open += 1;
            }
        }
        if let Some(bound) = bound {
            self.reach(source, Cost::ZERO, bound);
            self.search(out, without, bound, limit);
        }
        for goal in goals {
            self.labels[ix(goal.node)].below = Cost::ZERO;
        }
    }

    fn search(&mut self, out: &[Vec<Half>], without: u32, bound: Cost, limit: u32) {
        let mut settled = 0;
        while let Some(Reverse((cost, node))) = self.heap.pop() {
            if cost > self.labels[ix(node)].cost {
                continue;
            }
            for arc in &out[ix(node)] {
                if arc.node != without {
                    self.reach(arc.node, cost + arc.cost, bound);
                }
            }
            settled += 1;
            if self.open == 0 || settled > limit {
                break;
            }
        }
    }

    /// Cost of the best path found to `node` by the last search.
    pub(super) fn cost(&self, node: u32) -> Cost {
        self.labels[ix(node)].cost
    }

    #[inline]
    fn reach(&mut self, node: u32, cost: Cost, bound: Cost) {
        let label = &mut self.labels[ix(node)];
        let found = cost < label.below;
        if cost < label.cost && (found || cost <= bound) {
            if label.cost == Cost::NONE {
                self.touched.push(node);
            }
            label.cost = cost;
            if found {
                label.below = Cost::ZERO;
                self.open -= 1;
            }
            if cost <= bound {
                self.heap.push(Reverse((cost, node)));
            }
        }
    }
}
