//! One-way roads and their exceptions.

use super::Profile;
use crate::tags::Tags;

/// Shares of its speed that a way keeps forward and backward, `None` where it is closed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Directions {
    pub(super) forward: Option<f64>,
    pub(super) backward: Option<f64>,
    /// The closed direction is closed by a sign, not by the nature of the road, so that
    /// walking against it is no danger.
    pub(super) by_sign: bool,
}

impl Directions {
    const FORWARD: Self = Self { forward: Some(1.0), backward: None, by_sign: true };
    const BACKWARD: Self = Self { forward: None, backward: Some(1.0), by_sign: true };

    const fn both(share: f64) -> Self {
        Self { forward: Some(share), backward: Some(share), by_sign: false }
    }
}

impl Profile {
    /// Which directions the one-way tags leave; `None` when they close the road.
    pub(super) fn directions(&self, kind: &str, tags: &Tags) -> Option<Directions> {
        let junction = |v: &String| tags.is("junction", v);
        let implied = self.oneway_highways.iter().any(|v| v == kind)
            || self.oneway_junctions.iter().any(junction);
        let deciding = self.oneway_keys.iter().rev().find(|key| tags.get(key).is_some());
        let mut directions = match deciding.and_then(|key| tags.get(key)).map(str::trim) {
            Some("yes" | "true" | "1") => Directions::FORWARD,
            Some("-1" | "reverse") => Directions::BACKWARD,
            Some("no" | "false" | "0") => Directions::both(1.0),
            Some(other) if self.oneway_closed.iter().any(|v| v == other) => return None,
            Some(other) if self.oneway_slowed.contains_key(other) => {
                Directions::both(*self.oneway_slowed.get(other)?)
            }
            _ if implied => Directions::FORWARD,
            _ => Directions::both(1.0),
        };
        directions.by_sign &= !implied;
        // A one-way tag of the vehicle's own says more than a lane that is drawn.
        let own = deciding.is_some() && deciding == self.oneway_keys.last();
        if directions.by_sign && !own && self.has_contraflow(tags) {
            return Some(Directions::both(1.0));
        }
        Some(directions)
    }

    fn has_contraflow(&self, tags: &Tags) -> bool {
        self.contraflow.iter().any(|(key, values)| tags.is_any(key, values))
    }
}
