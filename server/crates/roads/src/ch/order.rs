//! In which order nodes are contracted, and the finished tables.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::contract::{Half, Remaining};
use super::{Arc, Hierarchy, SHORTCUT, Table, UpArc};
use crate::num::{NONE, id, ix};

/// Prepares the graph. Returns the hierarchy, whose nodes are numbered by rank, and the
/// rank of every node given. The result depends on the input alone.
pub(crate) fn build(
    nodes: usize,
    arcs: &[Arc],
    progress: &mut dyn FnMut(u64),
) -> (Hierarchy, Vec<u32>) {
    let mut order = Order::new(nodes, arcs);
    let mut rank = vec![NONE; nodes];
    let mut by_rank = Vec::with_capacity(nodes);
    while let Some(node) = order.next() {
        rank[ix(node)] = id(by_rank.len());
        by_rank.push(node);
        order.take(node, &rank);
        if by_rank.len().is_multiple_of(1024) {
            progress(u64::from(id(by_rank.len())));
        }
    }
    let forward = table(&by_rank, &order.graph.out, &rank);
    let backward = table(&by_rank, &order.graph.into, &rank);
    (Hierarchy { forward, backward }, rank)
}

/// The queue of nodes by how cheap it is to contract them, cheapest first.
struct Order {
    graph: Remaining,
    queue: BinaryHeap<Reverse<(u32, u32)>>,
    priority: Vec<u32>,
    /// One more than the highest level of the contracted neighbours: keeps the order even
    /// over the map, which keeps searches short.
    level: Vec<u32>,
}

impl Order {
    fn new(nodes: usize, arcs: &[Arc]) -> Self {
        let mut order = Self {
            graph: Remaining::new(nodes, arcs),
            queue: BinaryHeap::with_capacity(nodes),
            priority: vec![0; nodes],
            level: vec![0; nodes],
        };
        for node in 0..id(nodes) {
            let priority = order.rate(node);
            order.priority[ix(node)] = priority;
            order.queue.push(Reverse((priority, node)));
        }
        order
    }

    /// Level plus the growth in arcs and in the arcs they stand for, in thousandths.
    fn rate(&mut self, node: u32) -> u32 {
        let effect = self.graph.estimate(node);
        let ratio = |added: u32, removed: u32| {
            let thousandths = 1000 * (u64::from(added) + 1) / (u64::from(removed) + 1);
            u32::try_from(thousandths).unwrap_or(NONE)
        };
        // Below NONE, which marks the nodes already taken.
        self.level[ix(node)]
            .saturating_mul(1000)
            .saturating_add(ratio(effect.added, effect.removed))
            .saturating_add(ratio(effect.added_hops, effect.removed_hops))
            .min(NONE - 1)
    }

    /// The next node; entries left behind by an update are skipped.
    fn next(&mut self) -> Option<u32> {
        while let Some(Reverse((priority, node))) = self.queue.pop() {
            if self.priority[ix(node)] != priority {
                continue;
            }
            let now = self.rate(node);
            if now > priority && self.queue.peek().is_some_and(|Reverse((next, _))| now > *next) {
                self.priority[ix(node)] = now;
                self.queue.push(Reverse((now, node)));
                continue;
            }
            return Some(node);
        }
        None
    }

    /// Contracts a node. Its neighbours are rated anew only when their turn comes: rating
    /// them at once costs three times as much and gives the same searches.
    fn take(&mut self, node: u32, rank: &[u32]) {
        self.priority[ix(node)] = NONE;
        self.graph.contract(node);
        let above = self.level[ix(node)] + 1;
        let (ins, outs) = (&self.graph.into[ix(node)], &self.graph.out[ix(node)]);
        for near in ins.iter().chain(outs).map(|half| half.node) {
            if rank[ix(near)] == NONE {
                let level = &mut self.level[ix(near)];
                *level = above.max(*level);
            }
        }
    }
}

fn table(by_rank: &[u32], lists: &[Vec<Half>], rank: &[u32]) -> Table {
    let mut table = Table::default();
    table.first.push(0);
    for &node in by_rank {
        let from = table.arcs.len();
        table.arcs.extend(lists[ix(node)].iter().map(|half| UpArc {
            node: rank[ix(half.node)],
            cs: half.cost.cs(),
            dm: half.cost.dm(),
            via: match half.via & SHORTCUT {
                0 => half.via,
                _ => SHORTCUT | rank[ix(half.via & !SHORTCUT)],
            },
        }));
        table.arcs[from..].sort_unstable_by_key(|arc| arc.node);
        table.first.push(id(table.arcs.len()));
    }
    table
}
