//! One route with its geometry.

use crate::ch::{Cost, shortest_path};
use crate::ends::{direct, entries, exits, seeds};
use crate::geo::LatLon;
use crate::graph::{Flags, Segments, append, from_label};
use crate::matrix::figures_of;
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
    /// Metres of it on toll roads.
    pub toll_m: u32,
    /// Metres of it on unpaved roads.
    pub unpaved_m: u32,
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
        let (exits, entries) = (exits(self, from), entries(self, to));
        let stay = direct(self, from, to);
        let path = shortest_path(&self.hierarchy, &seeds(&exits), &seeds(&entries));
        let mut geometry = vec![from.position];
        let mut kinds = Kinds::default();
        let cost = match path.filter(|path| path.cost < stay) {
            None if stay == Cost::NONE => return None,
            None => {
                append(segments, from.segment, (from.dm, to.dm), &mut geometry);
                kinds.add(segments, from.segment, from.dm.abs_diff(to.dm));
                stay
            }
            Some(path) => {
                let (first, last) = (exits.get(path.from_seed)?, entries.get(path.to_seed)?);
                let end = if first.forward { segments.get(from.segment)?.dm } else { 0 };
                append(segments, from.segment, (from.dm, end), &mut geometry);
                kinds.add(segments, from.segment, from.dm.abs_diff(end));
                for label in path.labels {
                    let (segment, forward) = from_label(label);
                    let dm = segments.get(segment)?.dm;
                    let range = if forward { (0, dm) } else { (dm, 0) };
                    append(segments, segment, range, &mut geometry);
                    kinds.add(segments, segment, dm);
                }
                let start = if last.forward { 0 } else { segments.get(to.segment)?.dm };
                append(segments, to.segment, (start, to.dm), &mut geometry);
                kinds.add(segments, to.segment, start.abs_diff(to.dm));
                path.cost
            }
        };
        if geometry.len() < 2 || geometry.last() != Some(&to.position) {
            geometry.push(to.position);
        }
        let (seconds, metres) = figures_of(cost);
        Some(Leg {
            seconds,
            metres,
            toll_m: div_round(kinds.toll_dm, 10),
            unpaved_m: div_round(kinds.unpaved_dm, 10),
            geometry,
        })
    }
}

/// Decimetres driven on roads that are marked.
#[derive(Debug, Default)]
struct Kinds {
    toll_dm: u32,
    unpaved_dm: u32,
}

impl Kinds {
    fn add(&mut self, segments: &Segments, segment: u32, dm: u32) {
        let Some(segment) = segments.get(segment) else { return };
        if segment.flags.has(Flags::TOLL) {
            self.toll_dm = self.toll_dm.saturating_add(dm);
        }
        if segment.flags.has(Flags::UNPAVED) {
            self.unpaved_dm = self.unpaved_dm.saturating_add(dm);
        }
    }
}
