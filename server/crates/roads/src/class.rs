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
    /// Way for bicycles.
    Cycleway,
    /// Footway, path, bridleway or pedestrian street.
    Path,
    /// Stairs.
    Steps,
    /// Ferry line.
    Ferry,
}

impl RoadClass {
    /// A kind's place here is its number in saved networks, so new kinds go to the end.
    const ALL: [Self; 14] = [
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
        Self::Cycleway,
        Self::Path,
        Self::Steps,
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
            "service" | "busway" => Self::Service,
            "track" => Self::Track,
            "cycleway" => Self::Cycleway,
            "footway" | "path" | "pedestrian" | "bridleway" | "corridor" => Self::Path,
            "steps" => Self::Steps,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_number_of_its_own() {
        for (place, class) in RoadClass::ALL.iter().enumerate() {
            assert_eq!(RoadClass::from_code(crate::num::id(place)), Some(*class));
            assert_eq!(crate::num::ix(class.code()), place);
        }
        assert_eq!(RoadClass::from_code(14), None);
    }

    #[test]
    fn importance_is_the_order() {
        assert!(RoadClass::Motorway < RoadClass::Residential);
        assert!(RoadClass::Track < RoadClass::Steps && RoadClass::Steps < RoadClass::Ferry);
        assert_eq!(RoadClass::of("trunk_link"), Some(RoadClass::Trunk));
        assert_eq!(RoadClass::of("raceway"), None);
    }
}
