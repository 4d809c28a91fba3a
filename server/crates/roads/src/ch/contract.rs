//! Taking one node out of the graph and putting shortcuts in its place.

use super::witness::{Goal, Witness};
use super::{Arc, Cost, SHORTCUT};
use crate::num::ix;

/// Witness searches settle at most this many nodes when a node is contracted.
const LIMIT_CONTRACT: u32 = 100;
/// And this many when its contraction is only estimated.
const LIMIT_ESTIMATE: u32 = 15;

/// One side of an arc in the graph that is being contracted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Half {
    pub(super) node: u32,
    pub(super) cost: Cost,
    pub(super) via: u32,
    /// Arcs of the original graph this one stands for.
    pub(super) hops: u32,
}

/// What contracting a node would do, for its place in the order.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Effect {
    pub(super) added: u32,
    pub(super) added_hops: u32,
    pub(super) removed: u32,
    pub(super) removed_hops: u32,
}

/// The graph that is left, and the upward arcs of the nodes already taken out.
#[derive(Debug)]
pub(super) struct Remaining {
    pub(super) out: Vec<Vec<Half>>,
    pub(super) into: Vec<Vec<Half>>,
    witness: Witness,
    goals: Vec<Goal>,
    shortcuts: Vec<(u32, u32, Half)>,
}

impl Remaining {
    pub(super) fn new(nodes: usize, arcs: &[Arc]) -> Self {
        let mut graph = Self {
            out: vec![Vec::new(); nodes],
            into: vec![Vec::new(); nodes],
            witness: Witness::new(nodes),
            goals: Vec::new(),
            shortcuts: Vec::new(),
        };
        for arc in arcs.iter().filter(|arc| arc.tail != arc.head) {
            let half = Half { node: arc.head, cost: arc.cost, via: arc.label, hops: 1 };
            graph.put(arc.tail, arc.head, half);
        }
        graph
    }

    /// Adds an arc, or improves the one already there: two parallel arcs never remain.
    fn put(&mut self, tail: u32, head: u32, half: Half) {
        put_half(&mut self.out[ix(tail)], Half { node: head, ..half });
        put_half(&mut self.into[ix(head)], Half { node: tail, ..half });
    }

    pub(super) fn estimate(&mut self, node: u32) -> Effect {
        self.find_shortcuts(node, LIMIT_ESTIMATE)
    }

    /// Takes `node` out. Its own lists stay: they are now its upward arcs.
    pub(super) fn contract(&mut self, node: u32) {
        self.find_shortcuts(node, LIMIT_CONTRACT);
        for half in &self.into[ix(node)] {
            self.out[ix(half.node)].retain(|h| h.node != node);
        }
        for half in &self.out[ix(node)] {
            self.into[ix(half.node)].retain(|h| h.node != node);
        }
        let shortcuts = std::mem::take(&mut self.shortcuts);
        for &(tail, head, half) in &shortcuts {
            self.put(tail, head, half);
        }
        self.shortcuts = shortcuts;
    }

    /// Leaves in `self.shortcuts` what must replace the paths through `node`.
    fn find_shortcuts(&mut self, node: u32, limit: u32) -> Effect {
        self.shortcuts.clear();
        let (ins, outs) = (&self.into[ix(node)], &self.out[ix(node)]);
        let mut effect = Effect::default();
        for half in ins.iter().chain(outs) {
            effect.removed += 1;
            effect.removed_hops = effect.removed_hops.saturating_add(half.hops);
        }
        self.goals.clear();
        self.goals.extend(outs.iter().map(|to| {
            let others = self.into[ix(to.node)].iter().filter(|half| half.node != node);
            let last = others.map(|half| half.cost).min().unwrap_or(Cost::NONE);
            Goal { node: to.node, cost: to.cost, last }
        }));
        for from in ins {
            self.witness.run(&self.out, (from.node, node), &self.goals, from.cost, limit);
            for to in outs.iter().filter(|to| to.node != from.node) {
                let cost = from.cost + to.cost;
                if self.witness.cost(to.node) > cost {
                    let hops = from.hops.saturating_add(to.hops);
                    effect.added += 1;
                    effect.added_hops = effect.added_hops.saturating_add(hops);
                    let half = Half { node: to.node, cost, via: SHORTCUT | node, hops };
                    self.shortcuts.push((from.node, to.node, half));
                }
            }
        }
        effect
    }
}

fn put_half(list: &mut Vec<Half>, half: Half) {
    match list.iter_mut().find(|h| h.node == half.node) {
        Some(old) if old.cost <= half.cost => {}
        Some(old) => *old = half,
        None => list.push(half),
    }
}
