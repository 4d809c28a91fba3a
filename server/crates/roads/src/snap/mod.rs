//! From a position to the road it lies on.

mod place;
mod tree;

pub use place::{Place, Snap};
pub(crate) use tree::{Leaf, Tree, near};

use crate::geo::{LatLon, between};
use crate::graph::{Flags, Segment, Segments, along_dm};
use crate::info::Bounds;
use tree::Hit;

/// Positions farther than this from a usable road are not snapped, in metres.
pub const MAX_SNAP_M: f64 = 1000.0;

/// A position is said to lie on an island, or on a one-way street that leads out of the large
/// network or into it, only when that network is farther away than this, in metres, and much
/// farther than the island's road: scraps of road that the map leaves unconnected must not
/// make homes unreachable.
const ISLAND_GAP_M: f64 = 150.0;
const ISLAND_RATIO: f64 = 3.0;

pub(crate) struct Snapper<'a> {
    pub(crate) segments: &'a Segments,
    pub(crate) tree: &'a Tree,
    pub(crate) bounds: &'a Bounds,
    pub(crate) tag: u32,
}

impl Snapper<'_> {
    pub(crate) fn snap(&self, at: LatLon) -> Snap {
        if !at.is_valid() || !self.bounds.near(at, MAX_SNAP_M) {
            return Snap::OutsideExtract;
        }
        let usable = |s: &Segment| s.flags.has(Flags::SNAP);
        let Some(any) = self.tree.nearest(self.segments, at, usable) else {
            return Snap::OutsideExtract;
        };
        let on = |flag| self.segments.get(any.segment).is_some_and(|s| s.flags.has(flag));
        if any.metres > MAX_SNAP_M {
            return Snap::TooFar { metres: any.metres };
        }
        if on(Flags::MAINLAND) {
            return Snap::Snapped(self.place(&any));
        }
        let large = |s: &Segment| s.flags.has(Flags::SNAP) && s.flags.has(Flags::MAINLAND);
        let main = self.tree.nearest(self.segments, at, large);
        let reachable = main.filter(|main| {
            let lone = on(Flags::ISLAND)
                && main.metres > ISLAND_GAP_M
                && main.metres > ISLAND_RATIO * any.metres;
            main.metres <= MAX_SNAP_M && !lone
        });
        match reachable {
            Some(main) => Snap::Snapped(Place { passed_m: Some(any.metres), ..self.place(&main) }),
            None => Snap::Island { place: self.place(&any) },
        }
    }

    fn place(&self, hit: &Hit) -> Place {
        let points = self.segments.points(hit.segment);
        let ends = points.get(hit.piece).zip(points.get(hit.piece + 1));
        let position = ends.map_or(LatLon { lat: 0.0, lon: 0.0 }, |(a, b)| {
            between(a.degrees(), b.degrees(), hit.t)
        });
        Place {
            position,
            distance_m: hit.metres,
            passed_m: None,
            segment: hit.segment,
            dm: along_dm(self.segments, hit.segment, hit.piece, position),
            network: self.tag,
        }
    }
}
