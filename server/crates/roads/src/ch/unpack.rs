//! One shortest path, with its shortcuts replaced by the arcs they stand for.

use super::{Cost, Hierarchy, SHORTCUT, Search, Table};

/// A shortest path between two sets of seeds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Path {
    pub(crate) cost: Cost,
    /// Positions in `from` and `to` of the seeds the path starts and ends at.
    pub(crate) from_seed: usize,
    pub(crate) to_seed: usize,
    /// Labels of the graph's arcs, in order of travel.
    pub(crate) labels: Vec<u32>,
}

/// The cheapest path from any of `from` to any of `to`, seed costs included.
pub(crate) fn shortest_path(
    hierarchy: &Hierarchy,
    from: &[(u32, Cost)],
    to: &[(u32, Cost)],
) -> Option<Path> {
    let mut ahead = Search::new(hierarchy.nodes());
    let mut behind = Search::new(hierarchy.nodes());
    ahead.forward(hierarchy, from);
    behind.backward(hierarchy, to);
    let meeting = ahead.settled.iter().map(|&(node, cost)| (cost + behind.cost(node), node));
    let (cost, middle) = meeting.min().filter(|&(cost, _)| cost != Cost::NONE)?;
    let (up, first) = ahead.trail(middle);
    let (down, last) = behind.trail(middle);
    let mut labels = Vec::new();
    for (tail, head, via) in up.into_iter().rev() {
        unpack(hierarchy, tail, head, via, &mut labels)?;
    }
    for (head, tail, via) in down {
        unpack(hierarchy, tail, head, via, &mut labels)?;
    }
    Some(Path { cost, from_seed: seed_at(first, from)?, to_seed: seed_at(last, to)?, labels })
}

/// Appends the labels of the arc `tail -> head`. `None` only if the tables are damaged.
fn unpack(h: &Hierarchy, tail: u32, head: u32, via: u32, labels: &mut Vec<u32>) -> Option<()> {
    let mut stack = vec![(tail, head, via)];
    while let Some((tail, head, via)) = stack.pop() {
        if via & SHORTCUT == 0 {
            labels.push(via);
            continue;
        }
        // The middle node ranks below both ends, so both halves are kept with it.
        let middle = via & !SHORTCUT;
        stack.push((middle, head, find(&h.forward, middle, head)?));
        stack.push((tail, middle, find(&h.backward, middle, tail)?));
    }
    Some(())
}

fn find(table: &Table, low: u32, high: u32) -> Option<u32> {
    let arcs = table.of(low);
    let at = arcs.binary_search_by_key(&high, |arc| arc.node).ok()?;
    arcs.get(at).map(|arc| arc.via)
}

/// The cheapest seed at `node`: both may be at one node on a road that ends where it began.
fn seed_at(node: u32, seeds: &[(u32, Cost)]) -> Option<usize> {
    let here = seeds.iter().enumerate().filter(|(_, seed)| seed.0 == node);
    here.min_by_key(|(at, seed)| (seed.1, *at)).map(|(at, _)| at)
}
