//! The destinations nearest by road.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::ch::Cost;
use crate::ends::{direct, entries, exits};
use crate::error::MatrixError;
use crate::matrix::figures_of;
use crate::network::Network;
use crate::num::{id, ix};
use crate::parallel::{cores, in_batches};
use crate::snap::{Place, near};

/// Origins a thread takes at a time.
const BLOCK: usize = 16;

/// States an arc may be led past; a ring has no end.
const MOST_SKIPPED: usize = 64;

/// A destination and the way to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Near {
    /// Position in the destinations given.
    pub to: u32,
    /// Driving time in seconds.
    pub seconds: u32,
    /// Length of that way in metres.
    pub metres: u32,
}

impl Network {
    /// For every origin the at most `k` destinations with the shortest driving times, nearest
    /// first; of equally near ones those that come first in `to`. Fewer where fewer can be
    /// reached. A destination at the origin's own place counts like any other. `progress`
    /// gets the origins done, from any thread, and stops the work by returning `false`. The result
    /// does not depend on the number of threads, which is that of the machine's cores.
    ///
    /// # Errors
    /// [`MatrixError`] when cancelled, when a place is of another network, or when the result
    /// would be larger than [`MATRIX_MAX_BYTES`](crate::MATRIX_MAX_BYTES).
    pub fn nearest(
        &self,
        from: &[Place],
        to: &[Place],
        k: usize,
        progress: &(dyn Fn(usize) -> bool + Sync),
    ) -> Result<Vec<Vec<Near>>, MatrixError> {
        self.nearest_on(cores(), from, to, k, progress)
    }

    /// As [`Network::nearest`], on a number of threads given by the caller.
    ///
    /// # Errors
    /// As [`Network::nearest`].
    pub fn nearest_on(
        &self,
        threads: usize,
        from: &[Place],
        to: &[Place],
        k: usize,
        progress: &(dyn Fn(usize) -> bool + Sync),
    ) -> Result<Vec<Vec<Near>>, MatrixError> {
        self.check("origins", from)?;
        self.check("destinations", to)?;
        crate::matrix::check_size(from.len(), k.min(to.len()))?;
        let mut rows: Vec<Vec<Near>> = vec![Vec::new(); from.len()];
        if k == 0 || to.is_empty() || from.is_empty() {
            return Ok(rows);
        }
        let graph = Graph::new(self, to);
        let mut work: Vec<(&Place, &mut Vec<Near>)> = from.iter().zip(&mut rows).collect();
        // Origins near each other search the same roads, which then lie in the cache.
        work.sort_by_cached_key(|(place, _)| near(place.position));
        let state = || Nearest::new(&graph, to.len());
        in_batches(threads, &mut work, BLOCK, progress, &state, &|search, batch| {
            for (place, row) in batch {
                **row = search.run(self, place, to, k);
            }
        })?;
        Ok(rows)
    }
}

/// The turn graph laid out for plain searches, with the destinations on each state's road.
#[derive(Debug)]
struct Graph {
    first: Vec<u32>,
    arcs: Vec<(u32, Cost)>,
    to_first: Vec<u32>,
    /// Destinations with the cost from the road's start.
    to: Vec<(u32, Cost)>,
    /// Destinations by segment.
    by_segment: Vec<(u32, u32)>,
}

impl Graph {
    fn new(network: &Network, to: &[Place]) -> Self {
        let turns = &network.turns;
        let mut reached: Vec<(u32, u32, Cost)> = Vec::new();
        for (number, place) in to.iter().enumerate() {
            let ends = entries(network, place).into_iter();
            reached.extend(ends.map(|end| (end.state, id(number), end.cost)));
        }
        reached.sort_unstable();
        let mut graph = Self {
            first: turns.first.clone(),
            arcs: Vec::with_capacity(turns.turns.len()),
            to_first: Vec::with_capacity(turns.states() + 1),
            to: reached.iter().map(|&(_, number, cost)| (number, cost)).collect(),
            by_segment: to.iter().zip(0..).map(|(place, n)| (place.segment, n)).collect(),
        };
        let mut next = 0;
        for state in 0..id(turns.states()) {
            graph.to_first.push(id(next));
            next += reached.iter().skip(next).take_while(|(s, _, _)| *s == state).count();
            let whole = turns.whole(&network.segments, state).unwrap_or(Cost::NONE);
            let arcs = turns.turns(state).iter();
            graph.arcs.extend(arcs.map(|t| (t.state, whole + Cost::new(t.cs, 0))));
        }
        graph.to_first.push(id(next));
        graph.by_segment.sort_unstable();
        graph.skip_chains();
        graph
    }

    /// Leads arcs past states without destinations from which there is one way on only.
    fn skip_chains(&mut self) {
        let own = self.arcs.clone();
        for arc in &mut self.arcs {
            for _ in 0..MOST_SKIPPED {
                let empty = Self::part(&self.to_first, &self.to, arc.0).is_empty();
                let [only] = Self::part(&self.first, &own, arc.0) else { break };
                if !empty {
                    break;
                }
                *arc = (only.0, arc.1 + only.1);
            }
        }
    }

    #[inline]
    fn part<'a, T>(first: &[u32], list: &'a [T], state: u32) -> &'a [T] {
        let s = ix(state);
        match (first.get(s), first.get(s + 1)) {
            (Some(&from), Some(&to)) => list.get(ix(from)..ix(to)).unwrap_or_default(),
            _ => &[],
        }
    }
}

/// Reusable state of a search that stops when it has found enough.
struct Nearest<'a> {
    graph: &'a Graph,
    cost: Vec<Cost>,
    touched: Vec<u32>,
    heap: BinaryHeap<Reverse<(Cost, u32)>>,
    /// Best cost found to each destination.
    best: Vec<Cost>,
    found: Vec<u32>,
    /// The costs of the best so many destinations, largest first; entries that were improved
    /// stay until the next tidying.
    bound: Cost,
}

impl<'a> Nearest<'a> {
    fn new(graph: &'a Graph, destinations: usize) -> Self {
        Self {
            graph,
            cost: vec![Cost::NONE; graph.first.len()],
            touched: Vec::new(),
            heap: BinaryHeap::new(),
            best: vec![Cost::NONE; destinations],
            found: Vec::new(),
            bound: Cost::NONE,
        }
    }

    fn run(&mut self, network: &Network, from: &Place, to: &[Place], k: usize) -> Vec<Near> {
        self.clear();
        let here = &self.graph.by_segment;
        let start = here.partition_point(|&(segment, _)| segment < from.segment);
        for &(_, number) in here.iter().skip(start).take_while(|(s, _)| *s == from.segment) {
            if let Some(place) = to.get(ix(number)) {
                self.find(number, direct(network, from, place));
            }
        }
        for end in exits(network, from) {
            self.reach(end.state, end.cost);
        }
        let mut at_least = k;
        while let Some(Reverse((cost, state))) = self.heap.pop() {
            if cost > self.cost[ix(state)] {
                continue;
            }
            if cost > self.bound {
                break;
            }
            for &(number, rest) in Graph::part(&self.graph.to_first, &self.graph.to, state) {
                self.find(number, cost + rest);
            }
            if self.found.len() >= at_least {
                self.tighten(k);
                // Sorting is worth it only when much has been found since.
                at_least = self.found.len() + k.div_ceil(8);
            }
            for &(head, arc) in Graph::part(&self.graph.first, &self.graph.arcs, state) {
                self.reach(head, cost + arc);
            }
        }
        self.take(k)
    }

    fn clear(&mut self) {
        for state in self.touched.drain(..) {
            self.cost[ix(state)] = Cost::NONE;
        }
        for number in self.found.drain(..) {
            self.best[ix(number)] = Cost::NONE;
        }
        self.heap.clear();
        self.bound = Cost::NONE;
    }

    fn find(&mut self, number: u32, cost: Cost) {
        let Some(best) = self.best.get_mut(ix(number)).filter(|best| cost < **best) else { return };
        if *best == Cost::NONE {
            self.found.push(number);
        }
        *best = cost;
    }

    #[inline]
    fn reach(&mut self, state: u32, cost: Cost) {
        let best = &mut self.cost[ix(state)];
        if cost < *best && cost <= self.bound {
            if *best == Cost::NONE {
                self.touched.push(state);
            }
            *best = cost;
            self.heap.push(Reverse((cost, state)));
        }
    }

    /// Sets the bound to the `k`-th best cost found so far.
    fn tighten(&mut self, k: usize) {
        let mut costs: Vec<Cost> = self.found.iter().map(|&n| self.best[ix(n)]).collect();
        if let Some(last) = k.checked_sub(1).filter(|&last| last < costs.len()) {
            let (_, &mut bound, _) = costs.select_nth_unstable(last);
            self.bound = bound;
        }
    }

    fn take(&mut self, k: usize) -> Vec<Near> {
        let mut found: Vec<(Cost, u32)> =
            self.found.iter().map(|&n| (self.best[ix(n)], n)).collect();
        found.sort_unstable();
        found.truncate(k);
        let near = |(cost, to): (Cost, u32)| {
            let (seconds, metres) = figures_of(cost);
            Near { to, seconds, metres }
        };
        found.into_iter().map(near).collect()
    }
}
