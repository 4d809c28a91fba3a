//! From the tags of a way or node to what the vehicle may do there.

use super::Profile;
use super::speed::{duration_s, maxspeed_kmh};
use crate::class::RoadClass;
use crate::tags::Tags;

/// What a profile makes of a way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct WayRule {
    pub(crate) class: RoadClass,
    pub(crate) speed: Speed,
    pub(crate) forward: bool,
    pub(crate) backward: bool,
    /// Places may be snapped onto it.
    pub(crate) snap: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Speed {
    /// Kilometres per hour with and against the direction of the way.
    Kmh { forward: f64, backward: f64 },
    /// Seconds for the whole way.
    Seconds(f64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    Open,
    Restricted,
    Denied,
}

impl Profile {
    /// The rule for a way, or `None` when the vehicle cannot use it.
    pub(crate) fn way(&self, tags: &Tags) -> Option<WayRule> {
        let ferry = tags.is("route", "ferry");
        let kind = if ferry { "ferry" } else { tags.get("highway")? };
        let class = RoadClass::of(kind)?;
        let access = self.access(tags).unwrap_or(Access::Open);
        if access == Access::Denied || tags.is("area", "yes") || tags.is("impassable", "yes") {
            return None;
        }
        let (forward, backward) = self.directions(kind, tags)?;
        let factor = if access == Access::Restricted { self.access.restricted_factor } else { 1.0 };
        let speed = match tags.get("duration").and_then(duration_s).filter(|_| ferry) {
            Some(seconds) => Speed::Seconds(seconds),
            None if ferry => Speed::Kmh { forward: self.ferry.kmh, backward: self.ferry.kmh },
            None => {
                let kmh = *self.highway_kmh.get(kind)?;
                Speed::Kmh {
                    forward: self.kmh(kmh, "maxspeed:forward", tags) * factor,
                    backward: self.kmh(kmh, "maxspeed:backward", tags) * factor,
                }
            }
        };
        let snap = !self.no_snap.iter().any(|k| k == kind);
        Some(WayRule { class, speed, forward, backward, snap })
    }

    /// Whether a node's barrier stops the vehicle.
    pub(crate) fn blocks(&self, tags: &Tags) -> bool {
        let access = self.access(tags);
        if access == Some(Access::Denied) {
            return true;
        }
        let Some(barrier) = tags.get("barrier") else { return false };
        let rising = tags.is("bollard", "rising");
        access.is_none() && !rising && !self.barriers.pass.iter().any(|pass| pass == barrier)
    }

    /// What the most specific access tag says, if there is one.
    fn access(&self, tags: &Tags) -> Option<Access> {
        let value = self.access_keys.iter().rev().find_map(|key| tags.get(key))?;
        let listed = |list: &[String]| list.iter().any(|v| v == value);
        Some(match () {
            () if listed(&self.access.denied) => Access::Denied,
            () if listed(&self.access.restricted) => Access::Restricted,
            () => Access::Open,
        })
    }

    /// Whether the way may be driven forward and backward; `None` when it is closed.
    fn directions(&self, kind: &str, tags: &Tags) -> Option<(bool, bool)> {
        let value = self.oneway_keys.iter().rev().find_map(|key| tags.get(key));
        match value {
            Some("yes" | "true" | "1") => Some((true, false)),
            Some("-1" | "reverse") => Some((false, true)),
            Some("no" | "false" | "0") => Some((true, true)),
            Some(other) if self.oneway_closed.iter().any(|v| v == other) => None,
            _ => {
                let junction = tags.get("junction");
                let implied = self.oneway_highways.iter().any(|v| v == kind)
                    || self.oneway_junctions.iter().any(|v| Some(v.as_str()) == junction);
                Some((true, !implied))
            }
        }
    }

    fn kmh(&self, by_kind: f64, directed: &str, tags: &Tags) -> f64 {
        let limit = [directed, "maxspeed"]
            .iter()
            .find_map(|key| tags.get(key).and_then(|value| maxspeed_kmh(value, &self.maxspeed)));
        let mut kmh = limit.map_or(by_kind, |kmh| kmh * self.maxspeed.factor);
        let caps = [
            ("service", &self.service_max_kmh),
            ("surface", &self.surface_max_kmh),
            ("tracktype", &self.tracktype_max_kmh),
        ];
        for (key, table) in caps {
            if let Some(&most) = tags.get(key).and_then(|value| table.get(value)) {
                kmh = kmh.min(most);
            }
        }
        kmh.min(self.maxspeed.most_kmh)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Pairs<'a> = &'a [(&'static str, &'a str)];

    /// (forward, backward) in km/h, 0 where it may not be driven.
    fn speeds(pairs: Pairs<'_>) -> Option<(f64, f64)> {
        let rule = Profile::car().way(&Tags::of(pairs))?;
        let Speed::Kmh { forward, backward } = rule.speed else { panic!("no speed") };
        let open = |kmh: f64, may: bool| if may { kmh } else { 0.0 };
        Some((open(forward, rule.forward), open(backward, rule.backward)))
    }

    #[test]
    fn ways() {
        let slow = 25.0 * 1.609_344 * 0.8;
        let table: &[(Pairs<'_>, Option<(f64, f64)>)] = &[
            (&[("highway", "residential")], Some((25.0, 25.0))),
            (&[("highway", "footway")], None),
            (&[("building", "yes")], None),
            (&[("highway", "construction")], None),
            (&[("highway", "motorway")], Some((90.0, 0.0))),
            (&[("highway", "motorway"), ("oneway", "no")], Some((90.0, 90.0))),
            (&[("highway", "residential"), ("oneway", "-1")], Some((0.0, 25.0))),
            (&[("highway", "tertiary"), ("junction", "roundabout")], Some((40.0, 0.0))),
            (&[("highway", "primary"), ("oneway", "reversible")], None),
            (
                &[("highway", "primary"), ("oneway", "yes"), ("oneway:motorcar", "no")],
                Some((65.0, 65.0)),
            ),
            (&[("highway", "residential"), ("maxspeed", "25 mph")], Some((slow, slow))),
            (
                &[("highway", "primary"), ("maxspeed", "50"), ("maxspeed:backward", "100")],
                Some((40.0, 80.0)),
            ),
            (
                &[("highway", "residential"), ("maxspeed", "50"), ("surface", "cobblestone")],
                Some((30.0, 30.0)),
            ),
            (&[("highway", "service"), ("service", "driveway")], Some((10.0, 10.0))),
            (&[("highway", "service"), ("access", "private")], Some((7.5, 7.5))),
            (&[("highway", "residential"), ("access", "no")], None),
            (
                &[("highway", "residential"), ("access", "no"), ("motor_vehicle", "yes")],
                Some((25.0, 25.0)),
            ),
            (&[("highway", "residential"), ("motor_vehicle", "agricultural")], None),
            (&[("highway", "service"), ("area", "yes")], None),
            (&[("route", "ferry")], Some((15.0, 15.0))),
            (&[("route", "ferry"), ("motor_vehicle", "no")], None),
        ];
        for (tags, expected) in table {
            assert_eq!(speeds(tags), *expected, "{tags:?}");
        }
    }

    #[test]
    fn a_ferry_with_a_duration_takes_that_long() {
        let rule = Profile::car().way(&Tags::of(&[("route", "ferry"), ("duration", "01:25")]));
        assert_eq!(rule.unwrap().speed, Speed::Seconds(5100.0));
    }

    #[test]
    fn barriers() {
        let table: &[(Pairs<'_>, bool)] = &[
            (&[("barrier", "bollard")], true),
            (&[("barrier", "bollard"), ("bollard", "rising")], false),
            (&[("barrier", "gate")], false),
            (&[("barrier", "gate"), ("access", "no")], true),
            (&[("barrier", "gate"), ("access", "private")], false),
            (&[("barrier", "block"), ("motor_vehicle", "yes")], false),
            (&[("highway", "crossing")], false),
        ];
        for (tags, expected) in table {
            assert_eq!(Profile::car().blocks(&Tags::of(tags)), *expected, "{tags:?}");
        }
    }
}
