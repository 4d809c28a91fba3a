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
    let mut cells = vec![0_usize; targets.len()];
    for node in (0..label.len()).filter(|node| graph.nodes[*node].occupied) {
        cells[label[node]] += 1;
    }
    for _ in 0..PASSES {
        let state = State {
            graph,
            targets,
            owners,
            centres: centres(graph, label, targets.len()),
            mean_m: mean_distance(graph, label, targets.len()),
        };
        let mut loads = loads(graph, label, targets);
        let mut changed = false;
        for node in 0..label.len() {
            let from = label[node];
            let occupied = graph.nodes[node].occupied;
            if occupied && cells[from] == 1 {
                continue;
            }
            let Some(to) = state.best(node, label, &loads) else { continue };
            if !holds_without(graph, label, node) {
                continue;
            }
            label[node] = to;
            loads[from] -= graph.nodes[node].weight / targets[from];
            loads[to] += graph.nodes[node].weight / targets[to];
            if occupied {
                cells[from] -= 1;
                cells[to] += 1;
            }
            changed = true;
        }
        if !changed {
            break;
        }
    }
}

struct State<'a> {
    graph: &'a Graph,
    targets: &'a [f64],
    owners: Option<&'a [Option<usize>]>,
    centres: Vec<[f64; 3]>,
    mean_m: f64,
}

impl State<'_> {
    /// The neighbouring territory that gains most by taking the node, if any gains.
    fn best(&self, node: usize, label: &[usize], loads: &[f64]) -> Option<usize> {
        let from = label[node];
        let mut best = (-LEAST_GAIN, None);
        for (near, _) in &self.graph.edges[node] {
            let to = label[*near];
            if to != from && Some(to) != best.1 {
                let change = self.change(node, from, to, loads);
                if change < best.0 {
                    best = (change, Some(to));
                }
            }
        }
        best.1
    }

    /// Change of sum of (load - 1)^2 plus shape plus continuity; below zero is a gain.
    fn change(&self, node: usize, from: usize, to: usize, loads: &[f64]) -> f64 {
        let here = &self.graph.nodes[node];
        let gives = here.weight / self.targets[from];
        let takes = here.weight / self.targets[to];
        let square = |x: f64| (x - 1.0) * (x - 1.0);
        let balance = square(loads[from] - gives) - square(loads[from]) + square(loads[to] + takes)
            - square(loads[to]);
        let share = gives.max(EMPTY_SHARE);
        let detour = apart(here.at, self.centres[to]) - apart(here.at, self.centres[from]);
        let owner = self.owners.and_then(|owners| owners[node]);
        let kept = |label| f64::from(u8::from(owner == Some(label)));
        balance
            + share * SHAPE * detour / self.mean_m
            + share * CONTINUITY * (kept(from) - kept(to))
    }
}

fn mean_distance(graph: &Graph, label: &[usize], labels: usize) -> f64 {
    let centres = centres(graph, label, labels);
    let (sum, weight) = graph.nodes.iter().zip(label).fold((0.0, 0.0), |(s, w), (node, label)| {
        (s + node.weight * apart(node.at, centres[*label]), w + node.weight)
    });
    f64::max(sum / f64::max(weight, 1e-9), 1.0)
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
