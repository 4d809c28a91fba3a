//! Regions grown from seeds along shortest paths, so that they are connected.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use h3o::CellIndex;

use super::Base;
use super::graph::{Graph, Travel, squared, travel_from};
use crate::number::{float, round};

/// Times the seeds move to the middle of their regions.
const ROUNDS: usize = 14;
/// Rounds at the end in which no region starts anew.
const SETTLING: usize = 4;
/// At most one region in this many, and one more, starts anew in a round.
const RESEEDED_PART: usize = 8;
/// A load below this means that a region is hemmed in by its neighbours.
const HEMMED_IN: f64 = 0.75;
/// Corrections of the weights between two moves of the seeds, and after the last.
const CORRECTIONS: usize = 8;
const LAST_CORRECTIONS: usize = 50;
const SHRINK: f64 = 0.5;
const GROW: f64 = 1.15;

/// The workload each base should get: by capacity.
pub(super) fn targets<K>(graph: &Graph, bases: &[Base<K>]) -> Vec<f64> {
    let total: f64 = graph.nodes.iter().map(|node| node.weight).sum();
    let capacity: f64 = bases.iter().map(|base| float(base.capacity.get())).sum();
    bases.iter().map(|base| total * float(base.capacity.get()) / capacity).collect()
}

/// Workload against target by label.
pub(super) fn loads(graph: &Graph, label: &[usize], targets: &[f64]) -> Vec<f64> {
    let mut loads = vec![0.0; targets.len()];
    for (node, label) in graph.nodes.iter().zip(label) {
        loads[*label] += node.weight;
    }
    loads.iter().zip(targets).map(|(load, target)| load / target).collect()
}

/// Centre of work by label, in metres from the centre of the earth.
pub(super) fn centres(graph: &Graph, label: &[usize], labels: usize) -> Vec<[f64; 3]> {
    let mut sums = vec![([0.0; 3], 0.0); labels];
    for (node, label) in graph.nodes.iter().zip(label).filter(|(node, _)| node.occupied) {
        // Cells without workload count a little, so that a territory of such has a centre, too.
        let weight = node.weight + 1e-3;
        let (sum, total) = &mut sums[*label];
        for (axis, at) in sum.iter_mut().zip(node.at) {
            *axis += at * weight;
        }
        *total += weight;
    }
    sums.into_iter().map(|(sum, total)| sum.map(|axis| axis / f64::max(total, 1e-3))).collect()
}

/// Balanced regions, seeded at the bases.
pub(super) fn balanced(
    graph: &Graph,
    starts: &[CellIndex],
    targets: &[f64],
    travel: Travel<'_>,
) -> Vec<usize> {
    let mut seeds = first_seeds(graph, starts, &vec![None; starts.len()], travel);
    let mut weights = vec![0.0; seeds.len()];
    for round in 0..ROUNDS {
        let label = corrected(graph, &seeds, targets, &mut weights, CORRECTIONS);
        let mut moved = middles(graph, &label, seeds.len());
        // The last rounds only settle.
        if round + SETTLING < ROUNDS {
            reseed(graph, &label, targets, &mut moved, &mut weights);
        }
        if moved == seeds {
            break;
        }
        seeds = moved;
    }
    corrected(graph, &seeds, targets, &mut weights, LAST_CORRECTIONS)
}

/// Regions hemmed in with little work start anew inside those with the most.
fn reseed(
    graph: &Graph,
    label: &[usize],
    targets: &[f64],
    seeds: &mut [usize],
    weights: &mut [f64],
) {
    let loads = loads(graph, label, targets);
    let mut order: Vec<usize> = (0..loads.len()).collect();
    order.sort_by(|a, b| loads[*a].total_cmp(&loads[*b]).then(a.cmp(b)));
    let pairs = order.iter().zip(order.iter().rev()).take(loads.len() / RESEEDED_PART + 1);
    for (least, most) in pairs.filter(|(least, most)| least != most) {
        if loads[*least] >= HEMMED_IN {
            return;
        }
        let middle = graph.nodes[seeds[*most]].at;
        let score = |n: usize| squared(graph.nodes[n].at, middle) * graph.nodes[n].weight;
        let inside = (0..label.len())
            .filter(|n| label[*n] == *most && graph.nodes[*n].occupied && *n != seeds[*most]);
        if let Some(far) = inside.max_by(|a, b| score(*a).total_cmp(&score(*b)).then(b.cmp(a))) {
            seeds[*least] = far;
            weights[*least] = weights[*most];
        }
    }
}

/// Regions grown from the beats so far; nobody loses a cell that hangs together with the rest.
pub(super) fn from_beats(
    graph: &Graph,
    starts: &[CellIndex],
    owners: &[Option<usize>],
    travel: Travel<'_>,
) -> Vec<usize> {
    let centres = beat_centres(graph, owners, starts.len());
    let fixed: Vec<Option<usize>> = centres
        .iter()
        .enumerate()
        .map(|(base, centre)| {
            let own = |node: &usize| owners[*node] == Some(base);
            nearest(graph, (*centre)?, own)
        })
        .collect();
    let seeds = first_seeds(graph, starts, &fixed, travel);
    grow(graph, &seeds, &vec![0; seeds.len()], Some(owners))
}

fn beat_centres(graph: &Graph, owners: &[Option<usize>], bases: usize) -> Vec<Option<[f64; 3]>> {
    // Cells without an owner get a label of their own.
    let label: Vec<usize> = owners.iter().map(|owner| owner.unwrap_or(bases)).collect();
    let centres = centres(graph, &label, bases + 1);
    (0..bases)
        .map(|base| {
            let any = (0..label.len()).any(|i| label[i] == base && graph.nodes[i].occupied);
            any.then(|| centres[base])
        })
        .collect()
}

/// A seed for each base: as given, else the cell with work nearest to the base, else (where
/// another base took it) the cell with the most work far from all seeds.
fn first_seeds(
    graph: &Graph,
    starts: &[CellIndex],
    fixed: &[Option<usize>],
    travel: Travel<'_>,
) -> Vec<usize> {
    let mut seeds = fixed.to_vec();
    let mut taken: Vec<bool> = vec![false; graph.nodes.len()];
    fixed.iter().flatten().for_each(|seed| taken[*seed] = true);
    let work: Vec<usize> = (0..graph.nodes.len()).filter(|n| graph.nodes[*n].occupied).collect();
    for (seed, start) in seeds.iter_mut().zip(starts).filter(|(seed, _)| seed.is_none()) {
        let near =
            work.iter().min_by_key(|n| (travel_from(travel, *start, &graph.nodes[**n]), **n));
        if let Some(near) = near.filter(|near| !taken[**near]) {
            taken[*near] = true;
            *seed = Some(*near);
        }
    }
    for base in 0..seeds.len() {
        if seeds[base].is_none() {
            let far = farthest(graph, &work, &taken, &seeds);
            taken[far] = true;
            seeds[base] = Some(far);
        }
    }
    seeds.into_iter().flatten().collect()
}

/// The free cell with the most work times squared distance to the nearest seed.
fn farthest(graph: &Graph, work: &[usize], taken: &[bool], seeds: &[Option<usize>]) -> usize {
    let score = |node: usize| {
        let at = graph.nodes[node].at;
        let near = seeds.iter().flatten().map(|seed| squared(at, graph.nodes[*seed].at));
        near.fold(f64::INFINITY, f64::min) * (graph.nodes[node].weight + 1e-3)
    };
    let free = work.iter().copied().filter(|node| !taken[*node]);
    // There are at least as many cells with work as bases, so one is free.
    let best = free.max_by(|a, b| score(*a).total_cmp(&score(*b)).then(b.cmp(a)));
    best.unwrap_or(0)
}

/// Corrects the weights of the seeds; the best regions seen.
///
/// Each weight has a step of its own that grows while its load stays on one side of 1 and shrinks
/// when it crosses (as in Rprop): regions in a town need other steps than those in the country.
fn corrected(
    graph: &Graph,
    seeds: &[usize],
    targets: &[f64],
    weights: &mut [f64],
    times: usize,
) -> Vec<usize> {
    let mut best = (f64::INFINITY, Vec::new());
    let mut steps = vec![span_ms(graph, seeds.len()) / 4.0; seeds.len()];
    let mut last_gaps = vec![0.0; seeds.len()];
    for _ in 0..times {
        let label = grow(graph, seeds, &heads(weights), None);
        let gaps: Vec<f64> =
            loads(graph, &label, targets).into_iter().map(|load| 1.0 - load).collect();
        let score = gaps.iter().map(|gap| gap * gap).sum();
        if score < best.0 {
            best = (score, label);
        }
        for (base, gap) in gaps.iter().enumerate() {
            let crossed = gap * last_gaps[base] < 0.0;
            steps[base] *= if crossed { SHRINK } else { GROW };
            weights[base] += steps[base] * gap.clamp(-1.0, 1.0);
        }
        last_gaps = gaps;
    }
    best.1
}

/// Time to cross about half a region: mean edge times half the root of the nodes in it.
fn span_ms(graph: &Graph, regions: usize) -> f64 {
    let edges = graph.edges.iter().flatten();
    let (count, sum) = edges.fold((0_u32, 0_u64), |(n, s), (_, ms)| (n + 1, s + ms));
    let mean = float(i64::try_from(sum).unwrap_or(i64::MAX)) / f64::from(count.max(1));
    let nodes = float(i64::try_from(graph.nodes.len()).unwrap_or(i64::MAX));
    let regions = float(i64::try_from(regions).unwrap_or(1));
    mean.max(1.0) * libm::sqrt(nodes / regions) / 2.0
}

/// The head start of each seed as a delay of the others, in milliseconds.
fn heads(weights: &[f64]) -> Vec<u64> {
    let most = weights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let delay = |weight: &f64| round(most - weight).and_then(|ms| u64::try_from(ms).ok());
    weights.iter().map(|weight| delay(weight).unwrap_or(0)).collect()
}

/// Multi-source Dijkstra: each node gets the label of the seed that reaches it first. Inside its
/// own beat a label travels in no time.
fn grow(
    graph: &Graph,
    seeds: &[usize],
    delays_ms: &[u64],
    owners: Option<&[Option<usize>]>,
) -> Vec<usize> {
    let mut seed_of: Vec<Option<usize>> = vec![None; graph.nodes.len()];
    let mut label: Vec<Option<usize>> = vec![None; graph.nodes.len()];
    let mut open = BinaryHeap::new();
    for (base, (seed, delay)) in seeds.iter().zip(delays_ms).enumerate() {
        seed_of[*seed] = Some(base);
        open.push(Reverse((*delay, base, *seed)));
    }
    while let Some(Reverse((ms, base, node))) = open.pop() {
        // A seed stays with its base even when another would reach it earlier.
        if label[node].is_some() || seed_of[node].is_some_and(|own| own != base) {
            continue;
        }
        label[node] = Some(base);
        for (to, length) in &graph.edges[node] {
            if label[*to].is_none() {
                let own = owners.is_some_and(|owners| owners[*to] == Some(base));
                let length = if own { 1 } else { *length };
                open.push(Reverse((ms.saturating_add(length), base, *to)));
            }
        }
    }
    label.into_iter().map(|label| label.unwrap_or(0)).collect()
}

/// The cell with work nearest to the centre of each region.
pub(super) fn middles(graph: &Graph, label: &[usize], labels: usize) -> Vec<usize> {
    let centres = centres(graph, label, labels);
    let mut best = vec![(f64::INFINITY, 0); labels];
    for (node, label) in label.iter().enumerate().filter(|(node, _)| graph.nodes[*node].occupied) {
        let away = squared(graph.nodes[node].at, centres[*label]);
        if away < best[*label].0 {
            best[*label] = (away, node);
        }
    }
    best.into_iter().map(|(_, node)| node).collect()
}

fn nearest(graph: &Graph, to: [f64; 3], own: impl Fn(&usize) -> bool) -> Option<usize> {
    let away = |node: &usize| squared(graph.nodes[*node].at, to);
    (0..graph.nodes.len())
        .filter(|node| graph.nodes[*node].occupied)
        .filter(own)
        .min_by(|a, b| away(a).total_cmp(&away(b)).then(a.cmp(b)))
}
