//! From the tags of a way to what the vehicle may do there.

use super::access::Access;
use super::duration::duration_s;
use super::speed::{LEAST_KMH, lanes, limit_kmh, metres};
use super::{MaxspeedUse, Profile};
use crate::class::RoadClass;
use crate::tags::{Along, Tags};

/// What a profile makes of a way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct WayRule {
    pub(crate) class: RoadClass,
    pub(crate) speed: Speed,
    pub(crate) forward: bool,
    pub(crate) backward: bool,
    /// Places may be snapped onto it.
    pub(crate) snap: bool,
    pub(crate) toll: bool,
    pub(crate) unpaved: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Speed {
    /// Kilometres per hour with and against the direction of the way; of no meaning in a
    /// direction that is closed.
    Kmh { forward: f64, backward: f64 },
    /// Seconds for the whole way.
    Seconds(f64),
}

/// How a direction that is open is used.
#[derive(Debug, Clone, Copy)]
struct Use {
    /// Share of the speed that is kept.
    share: f64,
    push: bool,
}

impl Profile {
    /// The rule for a way, or `None` when the vehicle cannot use it.
    pub(crate) fn way(&self, tags: &Tags) -> Option<WayRule> {
        let ferry = tags.is("route", "ferry");
        let kind = if ferry { "ferry" } else { tags.get("highway")? };
        let class = RoadClass::of(kind)?;
        if self.is_closed(tags) {
            return None;
        }
        let directions = self.directions(kind, tags)?;
        let by_sign = directions.by_sign && !ferry;
        let forward = self.usage(tags, Along::Forward, directions.forward, by_sign);
        let backward = self.usage(tags, Along::Backward, directions.backward, by_sign);
        if forward.is_none() && backward.is_none() {
            return None;
        }
        let speed = if ferry {
            match tags.get("duration").and_then(duration_s) {
                Some(seconds) => Speed::Seconds(seconds),
                None => Speed::Kmh { forward: self.ferry.kmh, backward: self.ferry.kmh },
            }
        } else {
            let kind_kmh = self.kind_kmh(kind, tags)?;
            let two_way = forward.is_some_and(|f| !f.push) && backward.is_some_and(|b| !b.push);
            let narrow = if two_way { self.narrow_factor(tags) } else { 1.0 };
            let kmh = |way: Option<Use>, along| {
                way.map_or(0.0, |way| self.kmh(kind, kind_kmh * narrow, tags, along, way))
            };
            Speed::Kmh {
                forward: kmh(forward, Along::Forward),
                backward: kmh(backward, Along::Backward),
            }
        };
        Some(WayRule {
            class,
            speed,
            forward: forward.is_some(),
            backward: backward.is_some(),
            snap: !self.no_snap.iter().any(|k| k == kind),
            toll: self.is_toll(tags),
            unpaved: !ferry && self.is_unpaved(kind, tags),
        })
    }

    /// How one direction is used, `None` when it is not.
    fn usage(&self, tags: &Tags, along: Along, open: Option<f64>, by_sign: bool) -> Option<Use> {
        let access = self.access_along(tags, along).unwrap_or(Access::Open);
        let slowed = match access {
            Access::Denied => return None,
            Access::Restricted => self.access.restricted_factor,
            Access::Open | Access::Push => 1.0,
        };
        match open {
            Some(share) => Some(Use { share: share * slowed, push: access == Access::Push }),
            None if by_sign && self.may_push_against(tags) => {
                Some(Use { share: slowed, push: true })
            }
            None => None,
        }
    }

    /// Speed of a direction that is open.
    fn kmh(&self, kind: &str, kind_kmh: f64, tags: &Tags, along: Along, way: Use) -> f64 {
        let rules = &self.maxspeed;
        let read = |keys: &[String]| {
            let value = |key: &String| limit_kmh(tags.along(key, along)?, rules);
            keys.iter().find_map(value).map(|kmh| kmh * rules.factor)
        };
        let lowered = |kmh: f64, limit: Option<f64>| limit.map_or(kmh, |limit| kmh.min(limit));
        let replaces = !rules.lower_only.iter().any(|k| k == kind);
        let mut kmh = match rules.mode {
            MaxspeedUse::Ignore => kind_kmh,
            MaxspeedUse::Replace if replaces => read(&rules.keys).unwrap_or(kind_kmh),
            MaxspeedUse::Replace | MaxspeedUse::Lower => lowered(kind_kmh, read(&rules.keys)),
        };
        if rules.mode != MaxspeedUse::Ignore {
            kmh = lowered(kmh, read(&rules.advisory_keys));
        }
        let caps = [
            ("service", &self.service_max_kmh),
            ("surface", &self.surface_max_kmh),
            ("tracktype", &self.tracktype_max_kmh),
            ("smoothness", &self.smoothness_max_kmh),
        ];
        for (key, table) in caps {
            kmh = lowered(kmh, tags.get(key).and_then(|value| table.get(value)).copied());
        }
        kmh = kmh.min(rules.most_kmh);
        if way.push {
            kmh = lowered(kmh, self.push.as_ref().map(|push| push.kmh));
        }
        (kmh * way.share).max(LEAST_KMH)
    }

    fn narrow_factor(&self, tags: &Tags) -> f64 {
        let Some(narrow) = &self.narrow else { return 1.0 };
        let few = tags.get("lanes").and_then(lanes).is_some_and(|n| n <= narrow.lanes);
        let slim = tags.get("width").and_then(metres).is_some_and(|m| m <= narrow.width_m);
        if few || slim { narrow.factor } else { 1.0 }
    }

    fn is_toll(&self, tags: &Tags) -> bool {
        self.toll_keys.iter().rev().find_map(|key| tags.get(key)) == Some("yes")
    }

    fn is_unpaved(&self, kind: &str, tags: &Tags) -> bool {
        let rules = &self.unpaved;
        let listed = |list: &[String], value: &str| list.iter().any(|v| v == value);
        match (tags.get("surface"), tags.get("tracktype")) {
            (Some(surface), _) => listed(&rules.surfaces, surface),
            (None, Some(tracktype)) => listed(&rules.tracktypes, tracktype),
            (None, None) => listed(&rules.highways, kind),
        }
    }
}
