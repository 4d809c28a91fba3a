//! One route with its geometry.

use crate::ch::{Cost, shortest_path};
use crate::ends::{direct, entries, exits, seeds};
use crate::geo::LatLon;
use crate::graph::{append, from_label};
use crate::network::Network;
use crate::num::div_round;
use crate::snap::Place;

/// The fastest way from one place to another.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Leg {
    /// Driving time in seconds.
    pub seconds: u32,
    /// Length in metres.
    pub metres: u32,
    /// The line driven; two equal points when the places are one.
    pub geometry: Vec<LatLon>,
}

impl Network {
    /// The fastest route, or `None` when there is none or a place belongs to another
    /// network. Its figures equal those of [`Network::matrix`].
    #[must_use]
    pub fn route(&self, from: &Place, to: &Place) -> Option<Leg> {
        if !self.owns(from) || !self.owns(to) {
            return None;
        }
        let segments = &self.segments;
        let (exits, entries) = (exits(segments, from), entries(segments, to));
        let stay = direct(segments, from, to);
        let path = shortest_path(&self.hierarchy, &seeds(&exits), &seeds(&entries));
        let mut geometry = vec![from.position];
        let cost = match path.filter(|path| path.cost < stay) {
            None if stay == Cost::NONE => return None,
            None => {
                append(segments, from.segment, (from.cm, to.cm), &mut geometry);
                stay
            }
            Some(path) => {
                let (first, last) = (exits.get(path.from_seed)?, entries.get(path.to_seed)?);
                append(segments, from.segment, (from.cm, first.cm), &mut geometry);
                for label in path.labels {
                    let (segment, forward) = from_label(label);
                    let cm = segments.get(segment)?.cm;
                    let range = if forward { (0, cm) } else { (cm, 0) };
                    append(segments, segment, range, &mut geometry);
                }
                append(segments, to.segment, (last.cm, to.cm), &mut geometry);
                path.cost
            }
        };
        if geometry.len() < 2 || geometry.last() != Some(&to.position) {
            geometry.push(to.position);
        }
        Some(Leg {
            seconds: div_round(cost.ms(), 1000),
            metres: div_round(cost.cm(), 100),
            geometry,
        })
    }
}
