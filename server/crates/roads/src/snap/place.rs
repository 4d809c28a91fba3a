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
    /// Metres to a nearer road that was passed over, since it cannot be both reached from the
    /// large network and left to it.
    #[serde(default)]
    pub passed_m: Option<f64>,
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
    /// Its road cannot be reached from the large network, or that cannot be reached from it,
    /// and the nearest road where both can is much farther away.
    Island {
        /// The place on the road it lies at. Times from and to it are those of the roads: a
        /// one-way street may be reached and never left.
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

    /// `ok`; `moved` where a nearer road was passed over, see [`Place::passed_m`]; `too_far`,
    /// `island` or `outside`.
    #[must_use]
    pub fn status(&self) -> &'static str {
        match self {
            Self::Snapped(place) if place.passed_m.is_some() => "moved",
            Self::Snapped(_) => "ok",
            Self::TooFar { .. } => "too_far",
            Self::Island { .. } => "island",
            Self::OutsideExtract => "outside",
        }
    }

    /// Metres from the position to the road taken, or to the nearest where none is; `None`
    /// outside of the extract.
    #[must_use]
    pub fn snap_m(&self) -> Option<f64> {
        match self {
            Self::Snapped(place) | Self::Island { place } => Some(place.distance_m),
            Self::TooFar { metres } => Some(*metres),
            Self::OutsideExtract => None,
        }
    }
}
