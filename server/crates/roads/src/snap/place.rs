//! The outcome of snapping.

use serde::{Deserialize, Serialize};

use crate::geo::LatLon;

/// A position on a road of one network. Kept apart from that network it can be stored;
/// another network refuses it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// The position on the road.
    pub position: LatLon,
    /// Metres from the position asked for, as the crow flies.
    pub distance_m: f64,
    pub(crate) segment: u32,
    /// Decimetres from the segment's first point.
    pub(crate) dm: u32,
    /// Which network this belongs to.
    pub(crate) network: u32,
}

impl Place {
    /// What tells places of one network apart: equal keys have equal times, lengths and roads.
    #[must_use]
    pub fn key(&self) -> (u32, u32) {
        (self.segment, self.dm)
    }
}

/// What became of a position.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "status")]
pub enum Snap {
    /// On a road of the large connected network.
    Snapped(Place),
    /// No usable road within [`MAX_SNAP_M`](crate::MAX_SNAP_M).
    TooFar {
        /// Metres to the nearest usable road.
        metres: f64,
    },
    /// Its road cannot be reached from the large network, or cannot be left.
    Island {
        /// The place on the island; matrices give it as unreachable.
        place: Place,
    },
    /// Beyond the roads of the extract, or no position at all.
    OutsideExtract,
}

impl Snap {
    /// The place, if it can be reached.
    #[must_use]
    pub fn place(&self) -> Option<Place> {
        match self {
            Self::Snapped(place) => Some(*place),
            _ => None,
        }
    }
}
