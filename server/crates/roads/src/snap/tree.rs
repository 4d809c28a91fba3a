//! A packed R-tree over pieces of road: built once, kept as plain tables.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::geo::{Fixed, HALF_TURN, LatLon, Plane, nearest_on_line};
use crate::graph::{Segment, Segments};
use crate::num::{id, ix};

/// Children of a tree node.
const FAN_OUT: usize = 16;
/// Roads whose distances differ by less, in metres, are equally near: they meet there.
const DRAW_M: f64 = 1e-3;
/// Straight pieces in one leaf.
const PIECES: usize = 8;

/// Up to [`PIECES`] straight pieces of one segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Leaf {
    pub(crate) segment: u32,
    /// First piece, counted within the segment.
    pub(crate) piece: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Area {
    south_west: Fixed,
    north_east: Fixed,
}

/// Leaves in the order of a space-filling curve, and the areas above them by level.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tree {
    pub(crate) leaves: Vec<Leaf>,
    levels: Vec<Vec<Area>>,
}

/// The nearest point of a segment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Hit {
    pub(super) segment: u32,
    /// Straight piece within the segment, and the share of it.
    pub(super) piece: usize,
    pub(super) t: f64,
    pub(super) metres: f64,
}

impl Tree {
    pub(crate) fn build(segments: &Segments) -> Self {
        let mut leaves = Vec::new();
        for (segment, _) in segments.numbered() {
            let pieces = segments.points(segment).len().saturating_sub(1);
            let starts = (0..pieces).step_by(PIECES);
            leaves.extend(starts.map(|piece| Leaf { segment, piece: id(piece) }));
        }
        leaves.sort_by_cached_key(|leaf| {
            let area = leaf_area(segments, leaf);
            area.map(|a| curve(a.south_west, a.north_east))
        });
        Self::over(segments, leaves)
    }

    /// The tree over leaves already in order.
    pub(crate) fn over(segments: &Segments, leaves: Vec<Leaf>) -> Self {
        let nothing = Area { south_west: Fixed::default(), north_east: Fixed::default() };
        let bottom: Vec<Area> =
            leaves.iter().map(|leaf| leaf_area(segments, leaf).unwrap_or(nothing)).collect();
        let mut levels = vec![bottom];
        while let Some(top) = levels.last().filter(|top| top.len() > 1) {
            let above = top.chunks(FAN_OUT).filter_map(|areas| {
                areas.iter().copied().reduce(|a, b| a.with(b.south_west).with(b.north_east))
            });
            let above = above.collect();
            levels.push(above);
        }
        Self { leaves, levels }
    }

    /// The nearest point on any segment that `accept` takes. At a draw one that is open both
    /// ways wins, since a place at the beginning of a one-way street could only be left along
    /// it and one at its end only be reached along it; else the first leaf.
    pub(super) fn nearest(
        &self,
        segments: &Segments,
        at: LatLon,
        accept: impl Fn(&Segment) -> bool,
    ) -> Option<Hit> {
        let plane = Plane::around(at);
        let mut queue = BinaryHeap::new();
        let mut best: Option<Hit> = None;
        let top = self.levels.len().checked_sub(1)?;
        push(&mut queue, &plane, self.levels.get(top)?, top, 0..FAN_OUT);
        while let Some(Reverse((distance, level, index))) = queue.pop() {
            if best.is_some_and(|hit| f64::from_bits(distance) >= hit.metres + DRAW_M) {
                break;
            }
            if level == 0 {
                let Some(leaf) = self.leaves.get(index) else { continue };
                if !segments.get(leaf.segment).is_some_and(&accept) {
                    continue;
                }
                if let Some(hit) = nearest_in_leaf(segments, leaf, &plane)
                    && best.is_none_or(|old| wins(segments, &hit, &old))
                {
                    best = Some(hit);
                }
            } else if let Some(below) = self.levels.get(level - 1) {
                let from = index * FAN_OUT;
                push(&mut queue, &plane, below, level - 1, from..from + FAN_OUT);
            }
        }
        best
    }
}

fn wins(segments: &Segments, hit: &Hit, old: &Hit) -> bool {
    if (hit.metres - old.metres).abs() >= DRAW_M {
        return hit.metres < old.metres;
    }
    let both = |hit: &Hit| {
        let segment = segments.get(hit.segment);
        segment.is_some_and(|s| [true, false].map(|way| s.whole(way).is_some()) == [true; 2])
    };
    both(hit) && !both(old)
}

type Queue = BinaryHeap<Reverse<(u64, usize, usize)>>;

/// Queues areas by their distance; bits of positive floats order as the floats do.
fn push(
    queue: &mut Queue,
    plane: &Plane,
    areas: &[Area],
    level: usize,
    range: std::ops::Range<usize>,
) {
    let end = range.end.min(areas.len());
    for index in range.start..end {
        if let Some(area) = areas.get(index) {
            queue.push(Reverse((area.metres(plane).to_bits(), level, index)));
        }
    }
}

fn nearest_in_leaf(segments: &Segments, leaf: &Leaf, plane: &Plane) -> Option<Hit> {
    let first = ix(leaf.piece);
    let points = segments.points(leaf.segment).get(first..)?;
    let pieces = points.windows(2).take(PIECES).enumerate();
    let hits = pieces.map(|(n, ends)| {
        let [a, b] = plane.line(ends[0].degrees(), ends[1].degrees());
        let (t, metres) = nearest_on_line(a, b);
        Hit { segment: leaf.segment, piece: first + n, t, metres }
    });
    hits.reduce(|a, b| if b.metres < a.metres { b } else { a })
}

fn leaf_area(segments: &Segments, leaf: &Leaf) -> Option<Area> {
    let points = segments.points(leaf.segment).get(ix(leaf.piece)..)?;
    let first = *points.first()?;
    let area = Area { south_west: first, north_east: first };
    let own = points.get(..PIECES + 1).unwrap_or(points);
    let mut area = own.iter().fold(area, |area, &p| area.with(p));
    if own.windows(2).any(|ends| ends[0].lon.abs_diff(ends[1].lon) > HALF_TURN.unsigned_abs()) {
        // It crosses the 180th meridian: of the few boxes that do each goes round the earth.
        (area.south_west.lon, area.north_east.lon) = (-HALF_TURN, HALF_TURN);
    }
    Some(area)
}

impl Area {
    fn with(self, p: Fixed) -> Self {
        let (a, b) = (self.south_west, self.north_east);
        Self {
            south_west: Fixed { lat: a.lat.min(p.lat), lon: a.lon.min(p.lon) },
            north_east: Fixed { lat: b.lat.max(p.lat), lon: b.lon.max(p.lon) },
        }
    }

    /// Metres from the plane's origin, 0 inside. A hair less, so that rounding cannot hide
    /// a nearer road.
    fn metres(&self, plane: &Plane) -> f64 {
        let (a, b) = (self.south_west.degrees(), self.north_east.degrees());
        let (south, north) = (plane.metres(a).1, plane.metres(b).1);
        let (x, y) = (plane.outside(a.lon, b.lon), south.max(-north).max(0.0));
        (libm::sqrt(x * x + y * y) - 1e-6).max(0.0)
    }
}

/// Place of an area's middle on a Z-order curve.
fn curve(a: Fixed, b: Fixed) -> u64 {
    let middle = |a: i32, b: i32| a.midpoint(b).wrapping_sub(i32::MIN).cast_unsigned();
    spread(middle(a.lat, b.lat)) << 1 | spread(middle(a.lon, b.lon))
}

/// Place of a position on the same curve: positions near each other are nearly always near
/// on it.
pub(crate) fn near(at: LatLon) -> u64 {
    curve(at.into(), at.into())
}

/// The bits of `x` with a zero between each two.
fn spread(x: u32) -> u64 {
    const MASKS: [(u32, u64); 5] = [
        (16, 0x0000_ffff_0000_ffff),
        (8, 0x00ff_00ff_00ff_00ff),
        (4, 0x0f0f_0f0f_0f0f_0f0f),
        (2, 0x3333_3333_3333_3333),
        (1, 0x5555_5555_5555_5555),
    ];
    MASKS.iter().fold(u64::from(x), |x, (shift, mask)| (x | x << shift) & mask)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spreading_bits() {
        assert_eq!(spread(0b1011), 0b0100_0101);
        assert_eq!(spread(u32::MAX), 0x5555_5555_5555_5555);
    }
}
