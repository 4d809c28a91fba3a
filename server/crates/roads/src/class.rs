//! Kinds of road, for drawing.

use serde::{Deserialize, Serialize};

/// Kind of a road, from the most to the least important. Link roads have the kind of the
/// road they lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoadClass {
    /// Limited-access highway.
    Motorway,
    /// Major road that is not a motorway.
    Trunk,
    /// Links larger towns.
    Primary,
    /// Links towns.
    Secondary,
    /// Links smaller towns and villages.
    Tertiary,
    /// Minor through road, or a road of unknown kind.
    Unclassified,
    /// Access to homes.
    Residential,
    /// Walkers have priority.
    LivingStreet,
    /// Driveways, car parks, alleys.
    Service,
    /// Field and forest track.
    Track,
    /// Ferry line.
    Ferry,
}

impl RoadClass {
    const ALL: [Self; 11] = [
        Self::Motorway,
        Self::Trunk,
        Self::Primary,
        Self::Secondary,
        Self::Tertiary,
        Self::Unclassified,
        Self::Residential,
        Self::LivingStreet,
        Self::Service,
        Self::Track,
        Self::Ferry,
    ];

    /// The kind of a `highway` value, or of `ferry`.
    pub(crate) fn of(kind: &str) -> Option<Self> {
        Some(match kind.strip_suffix("_link").unwrap_or(kind) {
            "motorway" => Self::Motorway,
            "trunk" => Self::Trunk,
            "primary" => Self::Primary,
            "secondary" => Self::Secondary,
            "tertiary" => Self::Tertiary,
            "unclassified" | "road" => Self::Unclassified,
            "residential" => Self::Residential,
            "living_street" => Self::LivingStreet,
            "service" => Self::Service,
            "track" => Self::Track,
            "ferry" => Self::Ferry,
            _ => return None,
        })
    }

    /// Number in a saved network.
    pub(crate) fn code(self) -> u32 {
        Self::ALL.iter().zip(0..).find(|(class, _)| **class == self).map_or(0, |(_, code)| code)
    }

    pub(crate) fn from_code(code: u32) -> Option<Self> {
        Self::ALL.get(crate::num::ix(code)).copied()
    }
}
