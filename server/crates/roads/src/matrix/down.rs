//! The part of the hierarchy from which a set of destinations can be reached.

use super::lanes::{Lanes, pack};
use crate::ch::{Cost, Hierarchy};
use crate::num::{NONE, id, ix};

/// States from which some destination is reached downwards, highest first, with the arcs
/// into each from above. Method: D. Delling, A. Goldberg, R. Werneck, "Faster batched
/// shortest paths in road networks" (2011).
#[derive(Debug)]
pub(super) struct Down {
    /// Position of every state of the network, [`NONE`] outside.
    position: Vec<u32>,
    /// Arcs of position `p` are `first[p]..first[p + 1]`.
    first: Vec<u32>,
    from: Vec<u32>,
    costs: Vec<f64>,
    /// Ends of destination `t` are `ends[ends_first[t]..ends_first[t + 1]]`.
    ends_first: Vec<u32>,
    ends: Vec<(u32, f64)>,
}

impl Down {
    pub(super) fn new(hierarchy: &Hierarchy, targets: &[Vec<(u32, Cost)>]) -> Self {
        let mut states: Vec<u32> = Vec::new();
        let mut position = vec![NONE; hierarchy.nodes()];
        let mut take = |state: u32, states: &mut Vec<u32>| {
            if let Some(slot) = position.get_mut(ix(state))
                && *slot == NONE
            {
                *slot = 0;
                states.push(state);
            }
        };
        for &(state, _) in targets.iter().flatten() {
            take(state, &mut states);
        }
        let mut next = 0;
        while let Some(&state) = states.get(next) {
            for arc in hierarchy.backward.of(state) {
                take(arc.node, &mut states);
            }
            next += 1;
        }
        states.sort_unstable_by(|a, b| b.cmp(a));
        for (at, &state) in states.iter().enumerate() {
            position[ix(state)] = id(at);
        }
        let mut down = Self {
            position,
            first: vec![0],
            from: Vec::new(),
            costs: Vec::new(),
            ends_first: vec![0],
            ends: Vec::new(),
        };
        for &state in &states {
            for arc in hierarchy.backward.of(state) {
                down.from.push(down.position[ix(arc.node)]);
                down.costs.push(pack(arc.cost()));
            }
            down.first.push(id(down.from.len()));
        }
        for target in targets {
            let ends = target.iter().map(|&(state, cost)| (down.position[ix(state)], pack(cost)));
            down.ends.extend(ends);
            down.ends_first.push(id(down.ends.len()));
        }
        down
    }

    pub(super) fn states(&self) -> usize {
        self.first.len() - 1
    }

    /// Position of a state, if destinations are reached from it.
    #[inline]
    pub(super) fn position(&self, state: u32) -> Option<usize> {
        self.position.get(ix(state)).copied().filter(|&p| p != NONE).map(ix)
    }

    /// Completes the costs of all states from what was reached upwards.
    pub(super) fn sweep(&self, costs: &mut [Lanes]) {
        for (at, range) in self.first.windows(2).enumerate() {
            let (above, rest) = costs.split_at_mut(at);
            let Some(own) = rest.first_mut() else { return };
            let mut best = *own;
            let range = ix(range[0])..ix(range[1]);
            let arcs = self.from.get(range.clone()).unwrap_or_default().iter();
            for (&from, &cost) in arcs.zip(self.costs.get(range).unwrap_or_default()) {
                best.improve(&above[ix(from)], cost);
            }
            *own = best;
        }
    }

    /// Costs to a destination.
    #[inline]
    pub(super) fn to(&self, target: usize, costs: &[Lanes]) -> Lanes {
        let mut best = Lanes::NONE;
        let range = ix(self.ends_first[target])..ix(self.ends_first[target + 1]);
        for &(state, cost) in self.ends.get(range).unwrap_or_default() {
            best.improve(&costs[ix(state)], cost);
        }
        best
    }
}
