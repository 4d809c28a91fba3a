//! Distances along a segment and pieces of its geometry.

use super::Segments;
use crate::geo::{LatLon, between};
use crate::num::round_u32;

/// Decimetres from the segment's first point to a position on one of its straight pieces,
/// in the metric its length was measured in.
pub(crate) fn along_dm(segments: &Segments, segment: u32, piece: usize, at: LatLon) -> u32 {
    let points = segments.points(segment);
    let before = super::simplify::length_m(points.iter().take(piece + 1).copied());
    let rest = points.get(piece).map_or(0.0, |p| p.degrees().distance_m(at));
    let whole = segments.get(segment).map_or(0, |s| s.dm);
    round_u32((before + rest) * 10.0).min(whole)
}

/// Appends the geometry between two distances in decimetres, backward when the second is
/// the smaller. A point that repeats the last one is left out.
pub(crate) fn append(segments: &Segments, segment: u32, range: (u32, u32), to: &mut Vec<LatLon>) {
    let (low, high) = (range.0.min(range.1), range.0.max(range.1));
    let (low, high) = (f64::from(low) / 10.0, f64::from(high) / 10.0);
    let points: Vec<LatLon> = segments.points(segment).iter().map(|p| p.degrees()).collect();
    let mut part = Vec::new();
    let mut start = 0.0;
    for ends in points.windows(2) {
        let length = ends[0].distance_m(ends[1]);
        let at = |metres: f64| {
            let t = if length > 0.0 { (metres - start) / length } else { 0.0 };
            between(ends[0], ends[1], t.clamp(0.0, 1.0))
        };
        if start + length >= low && start <= high {
            part.push(at(low));
            part.push(at(high));
        }
        start += length;
    }
    if range.0 > range.1 {
        part.reverse();
    }
    for point in part {
        if to.last() != Some(&point) {
            to.push(point);
        }
    }
}
