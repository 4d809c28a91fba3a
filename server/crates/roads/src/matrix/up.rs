//! What a few origins reach upwards.

use super::down::Down;
use super::lanes::{LANES, Lanes, pack};
use crate::ch::{Cost, Hierarchy};
use crate::num::{id, ix};

/// Reusable state of the upward part of a search from several origins.
#[derive(Debug)]
pub(super) struct Up {
    /// One bit per state: reached.
    bits: Vec<u64>,
    slot: Vec<u32>,
    states: Vec<u32>,
    costs: Vec<Lanes>,
}

impl Up {
    pub(super) fn new(states: usize) -> Self {
        Self {
            bits: vec![0; states.div_ceil(64)],
            slot: vec![0; states],
            states: Vec::new(),
            costs: Vec::new(),
        }
    }

    /// Searches from at most [`LANES`] origins and puts what they reach into `costs`, by the
    /// positions of `down`.
    pub(super) fn run(
        &mut self,
        hierarchy: &Hierarchy,
        origins: &[&[(u32, Cost)]],
        down: &Down,
        costs: &mut [Lanes],
    ) {
        self.collect(hierarchy, origins);
        for (lane, seeds) in origins.iter().take(LANES).enumerate() {
            for &(state, cost) in *seeds {
                let own = &mut self.costs[ix(self.slot[ix(state)])].0[lane];
                *own = pack(cost).min(*own);
            }
        }
        costs.fill(Lanes::NONE);
        for (at, &state) in self.states.iter().enumerate() {
            let from = self.costs[at];
            for arc in hierarchy.forward.of(state) {
                self.costs[ix(self.slot[ix(arc.node)])].improve(&from, pack(arc.cost()));
            }
            if let Some(position) = down.position(state) {
                costs[position] = from;
            }
        }
    }

    /// All states above the origins, lowest first.
    fn collect(&mut self, hierarchy: &Hierarchy, origins: &[&[(u32, Cost)]]) {
        self.states.clear();
        for &(state, _) in origins.iter().copied().flatten() {
            self.reach(state);
        }
        let mut next = 0;
        while let Some(&state) = self.states.get(next) {
            for arc in hierarchy.forward.of(state) {
                self.reach(arc.node);
            }
            next += 1;
        }
        self.states.sort_unstable();
        for (at, &state) in self.states.iter().enumerate() {
            self.slot[ix(state)] = id(at);
            self.bits[ix(state) / 64] &= !(1 << (state % 64));
        }
        self.costs.clear();
        self.costs.resize(self.states.len(), Lanes::NONE);
    }

    fn reach(&mut self, state: u32) {
        let Some(word) = self.bits.get_mut(ix(state) / 64) else { return };
        let bit = 1 << (state % 64);
        if *word & bit == 0 {
            *word |= bit;
            self.states.push(state);
        }
    }
}
