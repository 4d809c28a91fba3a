//! The table of road segments.

use super::Names;
use crate::ch::Cost;
use crate::class::RoadClass;
use crate::geo::Fixed;
use crate::num::{NONE, id, ix, share};

/// Properties of a segment that are yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Flags(pub(crate) u32);

impl Flags {
    /// Part of the large connected network that is routed on.
    pub(crate) const MAINLAND: u32 = 1;
    /// Places may be snapped onto it.
    pub(crate) const SNAP: u32 = 2;
    /// Part of an island long enough to be lived on.
    pub(crate) const ISLAND: u32 = 4;

    pub(crate) fn has(self, flag: u32) -> bool {
        self.0 & flag != 0
    }
}

/// A piece of road between two junctions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Segment {
    /// Junction at its first point; a node of the hierarchy when [`Flags::MAINLAND`].
    pub(crate) from: u32,
    /// Junction at its last point.
    pub(crate) to: u32,
    /// Length in centimetres.
    pub(crate) cm: u32,
    /// Milliseconds from the first to the last point, [`NONE`] where that is not allowed.
    pub(crate) forward_ms: u32,
    /// Milliseconds from the last to the first point, [`NONE`] where that is not allowed.
    pub(crate) backward_ms: u32,
    /// Number in [`Names`], or [`NONE`].
    pub(crate) name: u32,
    pub(crate) class: RoadClass,
    pub(crate) flags: Flags,
}

impl Segment {
    fn ms(&self, forward: bool) -> Option<u32> {
        let ms = if forward { self.forward_ms } else { self.backward_ms };
        (ms != NONE).then_some(ms)
    }

    /// Cost from end to end.
    pub(crate) fn whole(&self, forward: bool) -> Option<Cost> {
        Some(Cost::new(self.ms(forward)?, self.cm))
    }

    /// Cost of the way between two distances from the first point, both in centimetres;
    /// driven forward when the second is the larger. Parts add up to the whole exactly.
    pub(crate) fn part(&self, start_cm: u32, end_cm: u32) -> Option<Cost> {
        let at = |ms, cm: u32| share(ms, cm.min(self.cm), self.cm);
        if start_cm == end_cm {
            // Standing still is allowed on any road.
            return Some(Cost::ZERO);
        }
        let forward = end_cm > start_cm;
        let ms = self.ms(forward)?;
        Some(Cost::new(at(ms, start_cm).abs_diff(at(ms, end_cm)), start_cm.abs_diff(end_cm)))
    }
}

/// All segments with their geometry and names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Segments {
    pub(crate) list: Vec<Segment>,
    /// Points of segment `s` are `points[first[s]..first[s + 1]]`, at least two.
    pub(crate) first: Vec<u32>,
    pub(crate) points: Vec<Fixed>,
    pub(crate) names: Names,
}

impl Segments {
    pub(crate) fn points(&self, segment: u32) -> &[Fixed] {
        let s = ix(segment);
        match (self.first.get(s), self.first.get(s + 1)) {
            (Some(&from), Some(&to)) => self.points.get(ix(from)..ix(to)).unwrap_or_default(),
            _ => &[],
        }
    }

    pub(crate) fn get(&self, segment: u32) -> Option<&Segment> {
        self.list.get(ix(segment))
    }

    pub(crate) fn numbered(&self) -> impl Iterator<Item = (u32, &Segment)> {
        self.list.iter().enumerate().map(|(s, segment)| (id(s), segment))
    }
}

/// Which segment an arc of the graph is, and in which direction.
pub(crate) const fn arc_label(segment: u32, forward: bool) -> u32 {
    segment << 1 | forward as u32
}

pub(crate) const fn from_label(label: u32) -> (u32, bool) {
    (label >> 1, label & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_add_up_and_one_way_is_kept() {
        let road = Segment {
            from: 0,
            to: 1,
            cm: 700,
            forward_ms: 1001,
            backward_ms: NONE,
            name: NONE,
            class: RoadClass::Residential,
            flags: Flags::default(),
        };
        let sum = road.part(0, 123).unwrap() + road.part(123, 700).unwrap();
        assert_eq!(Some(sum), road.whole(true));
        assert_eq!(road.part(123, 100), None);
        assert_eq!(road.part(123, 123), Some(Cost::ZERO));
        assert_eq!(from_label(arc_label(7, false)), (7, false));
    }
}
