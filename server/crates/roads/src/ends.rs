//! How a place is left and reached.

use crate::ch::Cost;
use crate::graph::arc_label;
use crate::network::Network;
use crate::num::NONE;
use crate::snap::Place;

/// Where a search starts or ends: a state, the cost between its road's start and the place,
/// and the way the place's own road is driven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct End {
    pub(crate) state: u32,
    pub(crate) cost: Cost,
    /// Whether the place's road is driven forward.
    pub(crate) forward: bool,
}

/// The turns out of the place's road, with the cost of driving to them and of making them.
pub(crate) fn exits(network: &Network, place: &Place) -> Vec<End> {
    let mut ends = Vec::new();
    let Some(segment) = network.segments.get(place.segment) else { return ends };
    for forward in [true, false] {
        let state = segment.state(forward);
        let end = if forward { segment.dm } else { 0 };
        let Some(cost) = segment.part(place.dm.min(segment.dm), end).filter(|_| state != NONE)
        else {
            continue;
        };
        ends.extend(network.turns.turns(state).iter().map(|onto| {
            let cost = cost + Cost::new(onto.cs, 0);
            End { state: onto.state, cost, forward }
        }));
    }
    ends
}

/// The states in which the place's road is driven, with the cost from the road's start.
pub(crate) fn entries(network: &Network, place: &Place) -> Vec<End> {
    let mut ends = Vec::new();
    let Some(segment) = network.segments.get(place.segment) else { return ends };
    for forward in [true, false] {
        let state = segment.state(forward);
        let start = if forward { 0 } else { segment.dm };
        let Some(cost) = segment.part(start, place.dm.min(segment.dm)).filter(|_| state != NONE)
        else {
            continue;
        };
        let histories = network.histories.on(arc_label(place.segment, forward));
        let states = std::iter::once(state).chain(histories);
        ends.extend(states.map(|state| End { state, cost, forward }));
    }
    ends
}

/// Cost of staying on the segment that both places share.
pub(crate) fn direct(network: &Network, from: &Place, to: &Place) -> Cost {
    if from.segment != to.segment {
        return Cost::NONE;
    }
    let segment = network.segments.get(from.segment);
    segment.and_then(|s| s.part(from.dm, to.dm)).unwrap_or(Cost::NONE)
}

pub(crate) fn seeds(ends: &[End]) -> Vec<(u32, Cost)> {
    ends.iter().map(|end| (end.state, end.cost)).collect()
}
