//! A plain search on the same roads, to check the fast one against.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::ch::Cost;
use crate::ends::{direct, entries, exits};
use crate::network::Network;
use crate::num::{div_round, ix};
use crate::snap::Place;

/// E. Dijkstra's algorithm without any preparation: slow, and simple enough to trust.
#[derive(Debug)]
pub struct PlainSearch<'a> {
    network: &'a Network,
}

impl<'a> PlainSearch<'a> {
    /// On the roads and turns of a network.
    #[must_use]
    pub fn new(network: &'a Network) -> Self {
        Self { network }
    }

    /// Seconds and metres from one place to others, `None` where there is no way.
    #[must_use]
    pub fn row(&self, from: &Place, to: &[Place]) -> Vec<Option<(u32, u32)>> {
        let Network { turns, segments, .. } = self.network;
        let mut best = vec![Cost::NONE; turns.states()];
        let mut queue = BinaryHeap::new();
        for end in exits(self.network, from) {
            best[ix(end.state)] = end.cost.min(best[ix(end.state)]);
            queue.push(Reverse((end.cost, end.state)));
        }
        while let Some(Reverse((cost, state))) = queue.pop() {
            let Some(whole) = turns.whole(segments, state).filter(|_| cost <= best[ix(state)])
            else {
                continue;
            };
            for onto in turns.turns(state) {
                let next = cost + whole + Cost::new(onto.cs, 0);
                if next < best[ix(onto.state)] {
                    best[ix(onto.state)] = next;
                    queue.push(Reverse((next, onto.state)));
                }
            }
        }
        let cost = |to: &Place| {
            let ends = entries(self.network, to);
            let through = ends.iter().map(|end| best[ix(end.state)] + end.cost).min();
            through.unwrap_or(Cost::NONE).min(direct(self.network, from, to))
        };
        let figures = |cost: Cost| (div_round(cost.cs(), 100), div_round(cost.dm(), 10));
        to.iter().map(cost).map(|c| (c != Cost::NONE).then(|| figures(c))).collect()
    }
}
