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
    /// Reached from the large connected network and left to it.
    pub(crate) const MAINLAND: u32 = 1;
    /// Places may be snapped onto it.
    pub(crate) const SNAP: u32 = 2;
    /// Part of a group apart from the large network that is long enough to be lived on.
    pub(crate) const ISLAND: u32 = 4;
    /// The vehicle pays for it.
    pub(crate) const TOLL: u32 = 8;
    /// Without a hard surface.
    pub(crate) const UNPAVED: u32 = 16;

    pub(crate) fn has(self, flag: u32) -> bool {
        self.0 & flag != 0
    }
}

/// A piece of road between two junctions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Segment {
    /// State of the turn graph in which it is driven forward, [`NONE`] where that is not
    /// allowed.
    pub(crate) forward: u32,
    /// The same, driven backward.
    pub(crate) backward: u32,
    /// Length in decimetres.
    pub(crate) dm: u32,
    /// Centiseconds from the first to the last point, [`NONE`] where that is not allowed.
    pub(crate) forward_cs: u32,
    /// Centiseconds from the last to the first point, [`NONE`] where that is not allowed.
    pub(crate) backward_cs: u32,
    /// Number in [`Names`], or [`NONE`].
    pub(crate) name: u32,
    pub(crate) class: RoadClass,
    pub(crate) flags: Flags,
}

impl Segment {
    fn cs(&self, forward: bool) -> Option<u32> {
        let cs = if forward { self.forward_cs } else { self.backward_cs };
        (cs != NONE).then_some(cs)
    }

    /// State in which it is driven forward or backward.
    pub(crate) fn state(&self, forward: bool) -> u32 {
        if forward { self.forward } else { self.backward }
    }

    /// Cost from end to end.
    pub(crate) fn whole(&self, forward: bool) -> Option<Cost> {
        Some(Cost::new(self.cs(forward)?, self.dm))
    }

    /// Cost of the way between two distances from the first point, both in decimetres;
    /// driven forward when the second is the larger. Parts add up to the whole exactly.
    pub(crate) fn part(&self, start_dm: u32, end_dm: u32) -> Option<Cost> {
        let at = |cs, dm: u32| share(cs, dm.min(self.dm), self.dm);
        if start_dm == end_dm {
            // Standing still is allowed on any road.
            return Some(Cost::ZERO);
        }
        let forward = end_dm > start_dm;
        let cs = self.cs(forward)?;
        Some(Cost::new(at(cs, start_dm).abs_diff(at(cs, end_dm)), start_dm.abs_diff(end_dm)))
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
            forward: 0,
            backward: NONE,
            dm: 700,
            forward_cs: 1001,
            backward_cs: NONE,
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
