//! Boundary cells change hands where that balances work or tightens shapes.

use super::graph::{Graph, apart};
use super::grow::{centres, loads};

/// Passes over the boundary at most.
const PASSES: usize = 60;
/// What a detour of the mean distance to the centre weighs against a difference in load of 1.
const SHAPE: f64 = 0.1;
/// What a change of hands weighs against a difference in load of 1: differences up to about half
/// of it leave the beats as they are.
const CONTINUITY: f64 = 0.2;
/// Weight of an empty cell, as a share of a territory: shapes only.
const EMPTY_SHARE: f64 = 1e-6;
/// Gains below this are rounding.
const LEAST_GAIN: f64 = 1e-9;

/// Lets cells change hands while that is a gain and no territory falls apart or runs empty.
pub(super) fn improve(
    graph: &Graph,
    targets: &[f64],
    owners: Option<&[Option<usize>]>,
    label: &mut [usize],
) {
    for _ in 0..PASSES {
        let mut state = State::new(graph, targets, owners, label);
        let mut changed = false;
        for node in 0..label.len() {
            let Some(step) = state.best(node, label) else { continue };
            changed |= state.take(node, step, label);
        }
        if !changed {
            break;
        }
    }
}

/// To whom a node goes, and over which empty cell if it does not touch that territory.
#[derive(Clone, Copy)]
struct Step {
    to: usize,
    via: Option<usize>,
}

struct State<'a> {
    graph: &'a Graph,
    targets: &'a [f64],
    owners: Option<&'a [Option<usize>]>,
    centres: Vec<[f64; 3]>,
    /// Mean distance of work from its centre, by label.
    mean_m: Vec<f64>,
    loads: Vec<f64>,
    /// Cells with work, by label.
    cells: Vec<usize>,
}

impl<'a> State<'a> {
    fn new(
        graph: &'a Graph,
        targets: &'a [f64],
        owners: Option<&'a [Option<usize>]>,
        label: &[usize],
    ) -> Self {
        let centres = centres(graph, label, targets.len());
        let mut cells = vec![0_usize; targets.len()];
        for node in (0..label.len()).filter(|node| graph.nodes[*node].occupied) {
            cells[label[node]] += 1;
        }
        let mean_m = mean_distances(graph, label, &centres);
        Self { graph, targets, owners, mean_m, loads: loads(graph, label, targets), cells, centres }
    }

    /// The step that gains most, if any gains.
    fn best(&self, node: usize, label: &[usize]) -> Option<Step> {
        let from = label[node];
        let occupied = self.graph.nodes[node].occupied;
        if occupied && self.cells[from] == 1 {
            return None;
        }
        let mut best = (-LEAST_GAIN, None);
        let mut offer = |to: usize, via: Option<usize>| {
            let change = self.change(node, from, to);
            if change < best.0 {
                best = (change, Some(Step { to, via }));
            }
        };
        for (near, _) in &self.graph.edges[node] {
            if label[*near] != from {
                offer(label[*near], None);
            }
        }
        for (near, _) in self.graph.edges[node].iter().filter(|_| occupied) {
            if !self.graph.nodes[*near].occupied {
                for (beyond, _) in &self.graph.edges[*near] {
                    if label[*beyond] != from && label[*beyond] != label[*near] {
                        offer(label[*beyond], Some(*near));
                    }
                }
            }
        }
        best.1
    }

    /// Takes a step unless a territory would fall apart; whether it did.
    fn take(&mut self, node: usize, step: Step, label: &mut [usize]) -> bool {
        let from = label[node];
        if let Some(via) = step.via {
            let before = label[via];
            if !holds_without(self.graph, label, via) {
                return false;
            }
            label[via] = step.to;
            if !holds_without(self.graph, label, node) {
                label[via] = before;
                return false;
            }
        } else if !holds_without(self.graph, label, node) {
            return false;
        }
        label[node] = step.to;
        self.loads[from] -= self.graph.nodes[node].weight / self.targets[from];
        self.loads[step.to] += self.graph.nodes[node].weight / self.targets[step.to];
        if self.graph.nodes[node].occupied {
            self.cells[from] -= 1;
            self.cells[step.to] += 1;
        }
        true
    }

    /// Change of sum of (load - 1)^2 plus shape plus continuity; below zero is a gain.
    fn change(&self, node: usize, from: usize, to: usize) -> f64 {
        let here = &self.graph.nodes[node];
        let gives = here.weight / self.targets[from];
        let takes = here.weight / self.targets[to];
        let square = |x: f64| (x - 1.0) * (x - 1.0);
        let balance = square(self.loads[from] - gives) - square(self.loads[from])
            + square(self.loads[to] + takes)
            - square(self.loads[to]);
        let share = gives.max(EMPTY_SHARE);
        let detour = apart(here.at, self.centres[to]) - apart(here.at, self.centres[from]);
        let owner = self.owners.and_then(|owners| owners[node]);
        let kept = |label| f64::from(u8::from(owner == Some(label)));
        balance
            + share * SHAPE * detour / self.mean_m[from].max(self.mean_m[to])
            + share * CONTINUITY * (kept(from) - kept(to))
    }
}

fn mean_distances(graph: &Graph, label: &[usize], centres: &[[f64; 3]]) -> Vec<f64> {
    let mut sums = vec![(0.0, 0.0); centres.len()];
    for (node, label) in graph.nodes.iter().zip(label) {
        let (sum, weight) = &mut sums[*label];
        *sum += node.weight * apart(node.at, centres[*label]);
        *weight += node.weight;
    }
    sums.into_iter().map(|(sum, weight)| f64::max(sum / f64::max(weight, 1e-9), 1.0)).collect()
}

/// Whether the node's territory stays in one piece without it.
pub(super) fn holds_without(graph: &Graph, label: &[usize], node: usize) -> bool {
    let own = |n: usize| n != node && label[n] == label[node];
    let near: Vec<usize> =
        graph.edges[node].iter().map(|(to, _)| *to).filter(|to| own(*to)).collect();
    let Some((first, others)) = near.split_first() else {
        // Alone: it may only be handed over, which its caller decides.
        return true;
    };
    // Most often the neighbours touch each other around the node.
    let mut reached = vec![*first];
    let mut next = 0;
    while let Some(at) = reached.get(next).copied() {
        let ring = graph.edges[at].iter().map(|(to, _)| *to).filter(|to| near.contains(to));
        let new: Vec<usize> = ring.filter(|to| !reached.contains(to)).collect();
        reached.extend(new);
        next += 1;
    }
    if others.iter().all(|other| reached.contains(other)) {
        return true;
    }
    let mut seen = vec![false; label.len()];
    let mut open = vec![*first];
    while let Some(at) = open.pop() {
        if !std::mem::replace(&mut seen[at], true) {
            open.extend(
                graph.edges[at].iter().map(|(to, _)| *to).filter(|to| own(*to) && !seen[*to]),
            );
        }
    }
    others.iter().all(|other| seen[*other])
}
