//! How a place is left and reached.

use crate::ch::Cost;
use crate::graph::Flags;
use crate::graph::Segments;
use crate::num::NONE;
use crate::snap::Place;

/// Where a search starts or ends: a node, the cost between it and the place, and which end
/// of the segment it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct End {
    pub(crate) node: u32,
    pub(crate) cost: Cost,
    /// Centimetres from the segment's first point to this end.
    pub(crate) cm: u32,
}

/// Ends through which the place can be left; none on an island.
pub(crate) fn exits(segments: &Segments, place: &Place) -> Vec<End> {
    ends(segments, place, true)
}

/// Ends through which the place can be reached.
pub(crate) fn entries(segments: &Segments, place: &Place) -> Vec<End> {
    ends(segments, place, false)
}

fn ends(segments: &Segments, place: &Place, leaving: bool) -> Vec<End> {
    let routable = |s: &&crate::graph::Segment| s.flags.has(Flags::MAINLAND);
    let Some(segment) = segments.get(place.segment).filter(routable) else { return Vec::new() };
    let both = [(segment.from, 0), (segment.to, segment.cm)];
    let ends = both.into_iter().filter(|(node, _)| *node != NONE).filter_map(|(node, cm)| {
        let at = place.cm.min(segment.cm);
        let cost = if leaving { segment.part(at, cm) } else { segment.part(cm, at) };
        Some(End { node, cost: cost?, cm })
    });
    ends.collect()
}

/// Cost of staying on the segment that both places share.
pub(crate) fn direct(segments: &Segments, from: &Place, to: &Place) -> Cost {
    if from.segment != to.segment {
        return Cost::NONE;
    }
    segments.get(from.segment).and_then(|s| s.part(from.cm, to.cm)).unwrap_or(Cost::NONE)
}

pub(crate) fn seeds(ends: &[End]) -> Vec<(u32, Cost)> {
    ends.iter().map(|end| (end.node, end.cost)).collect()
}
