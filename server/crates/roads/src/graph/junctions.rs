//! Which directed pieces of road lead away from a junction, and in which direction.

use super::simplify::Cut;
use super::{Segments, arc_label, from_label};
use crate::geo::{Fixed, Plane};
use crate::num::ix;

/// Bearings are taken over this much of a road: the first metres of a mapped road often
/// point anywhere.
const BEARING_M: f64 = 15.0;

/// Directed pieces of road by the junction they leave. A piece is named by its arc label.
#[derive(Debug)]
pub(crate) struct Junctions<'a> {
    cut: &'a Cut,
    first: Vec<u32>,
    leaving: Vec<u32>,
    /// Ends of segments at each junction, whatever their direction.
    ends: Vec<u32>,
}

impl<'a> Junctions<'a> {
    pub(crate) fn new(cut: &'a Cut) -> Self {
        let mut ends = vec![0_u32; cut.nodes.len()];
        let mut first = vec![0_u32; cut.nodes.len() + 1];
        let directed = || {
            cut.segments.numbered().flat_map(|(number, segment)| {
                let open = [true, false].into_iter();
                open.filter(|&forward| segment.whole(forward).is_some())
                    .map(move |forward| arc_label(number, forward))
            })
        };
        for label in directed() {
            first[ix(tail(cut, label)) + 1] += 1;
        }
        for &junction in cut.ends.iter().flatten() {
            ends[ix(junction)] += 1;
        }
        for n in 1..first.len() {
            first[n] += first[n - 1];
        }
        let mut next = first.clone();
        let mut leaving = vec![0; directed().count()];
        for label in directed() {
            let slot = &mut next[ix(tail(cut, label))];
            leaving[ix(*slot)] = label;
            *slot += 1;
        }
        Self { cut, first, leaving, ends }
    }

    /// Pieces of road that may be driven away from a junction, by label.
    pub(crate) fn leaving(&self, junction: u32) -> &[u32] {
        let j = ix(junction);
        match (self.first.get(j), self.first.get(j + 1)) {
            (Some(&from), Some(&to)) => self.leaving.get(ix(from)..ix(to)).unwrap_or_default(),
            _ => &[],
        }
    }

    /// Roads that meet at a junction.
    pub(crate) fn roads(&self, junction: u32) -> u32 {
        self.ends.get(ix(junction)).copied().unwrap_or(0)
    }

    /// The junction a piece of road leads to.
    pub(crate) fn head(&self, label: u32) -> u32 {
        tail(self.cut, label ^ 1)
    }

    /// All pieces that may be driven, in the order of their labels.
    pub(crate) fn labels(&self) -> Vec<u32> {
        let mut labels = self.leaving.clone();
        labels.sort_unstable();
        labels
    }
}

/// The junction a directed piece of road leaves.
pub(crate) fn tail(cut: &Cut, label: u32) -> u32 {
    let (segment, forward) = from_label(label);
    cut.ends.get(ix(segment)).map_or(crate::num::NONE, |ends| ends[usize::from(!forward)])
}

/// Bearing in degrees clockwise from north in which a directed piece of road starts.
pub(crate) fn bearing(segments: &Segments, label: u32) -> f64 {
    let (segment, forward) = from_label(label);
    let points = segments.points(segment);
    let at = |n: usize| if forward { points.get(n) } else { points.iter().rev().nth(n) };
    let Some(start) = at(0).copied().map(Fixed::degrees) else { return 0.0 };
    let plane = Plane::around(start);
    let (mut before, mut gone) = ((0.0, 0.0), 0.0);
    for n in 1..points.len() {
        let Some(next) = at(n).map(|p| plane.metres(p.degrees())) else { break };
        let (dx, dy) = (next.0 - before.0, next.1 - before.1);
        let length = libm::sqrt(dx * dx + dy * dy);
        if gone + length >= BEARING_M && length > 0.0 {
            let t = (BEARING_M - gone) / length;
            before = (before.0 + t * dx, before.1 + t * dy);
            break;
        }
        gone += length;
        before = next;
    }
    libm::atan2(before.0, before.1).to_degrees()
}

/// Degrees turned from a piece of road into the next: 0 straight on, right positive, up to
/// 180 either way. `reverse` is the bearing of the first piece driven back from its end.
pub(crate) fn turn_angle(reverse: f64, next: f64) -> f64 {
    let turned = next - reverse + 180.0;
    let turned = turned - 360.0 * libm::floor(turned / 360.0);
    if turned > 180.0 { turned - 360.0 } else { turned }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::LatLon;

    #[test]
    fn angles() {
        // Northbound (its reverse points south), into east: right.
        for (reverse, next, angle) in
            [(180.0, 90.0, 90.0), (180.0, -90.0, -90.0), (180.0, 0.0, 0.0), (180.0, 180.0, 180.0)]
        {
            assert!((turn_angle(reverse, next) - angle).abs() < 1e-9, "{reverse} {next}");
        }
        assert!((turn_angle(-170.0, 170.0) - 160.0).abs() < 1e-9);
    }

    #[test]
    fn the_first_metres_of_a_road_do_not_decide() {
        let at = |lat, lon| Fixed::from(LatLon { lat, lon });
        let segments = Segments {
            // Two metres east, then a kilometre north.
            points: vec![at(0.0, 0.0), at(0.0, 2e-5), at(0.01, 2e-5)],
            first: vec![0, 3],
            ..Segments::default()
        };
        assert!(bearing(&segments, arc_label(0, true)) < 12.0);
        assert!((bearing(&segments, arc_label(0, false)).abs() - 180.0).abs() < 1e-9);
    }
}
