//! Refusing profiles that make no sense, with the key that does not.

use std::collections::BTreeMap;

use super::Profile;
use super::hours::by_minute;
use super::speed::LEAST_KMH;
use crate::class::RoadClass;
use crate::error::ProfileError;
use crate::tags::WAY_KEYS;

/// Fastest speed a profile may name, in km/h.
const MOST_KMH: f64 = 250.0;
/// Speeds, and shares of the free-flow speed.
const KMH: (f64, f64) = (LEAST_KMH, MOST_KMH);
const LEAST_SHARE: f64 = 0.01;
/// Longest wait a profile may name: a ferry's, and any other.
const LONGEST_BOARDING_S: f64 = 86_400.0;
const LONGEST_WAIT_S: f64 = 600.0;

impl Profile {
    pub(super) fn check(&self) -> Result<(), ProfileError> {
        self.check_names()?;
        self.check_speeds()?;
        self.check_shares()?;
        self.check_waits()?;
        self.check_turns()?;
        by_minute(&self.hours).map(|_| ())
    }

    /// That tags are read and roads known, so that no rule is without effect.
    fn check_names(&self) -> Result<(), ProfileError> {
        let lists = [
            ("access_keys", &self.access_keys),
            ("opening_keys", &self.opening_keys),
            ("oneway_keys", &self.oneway_keys),
            ("toll_keys", &self.toll_keys),
            ("maxspeed.keys", &self.maxspeed.keys),
            ("maxspeed.advisory_keys", &self.maxspeed.advisory_keys),
        ];
        for (key, tags) in lists {
            tags.iter().try_for_each(|tag| known_tag(key, tag))?;
        }
        for (key, table) in [("contraflow", &self.contraflow), ("closed", &self.closed)] {
            table.keys().try_for_each(|tag| known_tag(&format!("{key}.{tag}"), tag))?;
        }
        if let Some(push) = &self.push {
            push.walk_keys.iter().try_for_each(|tag| known_tag("push.walk_keys", tag))?;
        }
        let roads = [
            ("oneway_highways", &self.oneway_highways),
            ("no_snap", &self.no_snap),
            ("maxspeed.lower_only", &self.maxspeed.lower_only),
            ("unpaved.highways", &self.unpaved.highways),
        ];
        for (key, kinds) in roads {
            kinds.iter().try_for_each(|kind| known_road(key, kind))?;
        }
        let empty = |key: &str| Err(ProfileError::Empty { key: key.to_owned() });
        match () {
            () if self.name.trim().is_empty() => return empty("name"),
            () if self.access_keys.is_empty() => return empty("access_keys"),
            () if self.highway_kmh.is_empty() => return empty("highway_kmh"),
            () => {}
        }
        self.check_access_values()
    }

    fn check_access_values(&self) -> Result<(), ProfileError> {
        let access = &self.access;
        let mut lists = vec![
            ("access.open", &access.open),
            ("access.restricted", &access.restricted),
            ("access.denied", &access.denied),
        ];
        lists.extend(self.push.as_ref().map(|push| ("push.dismount", &push.dismount)));
        for (n, (key, values)) in lists.iter().enumerate() {
            for (other, others) in lists.iter().take(n) {
                if let Some(value) = values.iter().find(|value| others.contains(value)) {
                    let (key, other) = ((*key).to_owned(), (*other).to_owned());
                    return Err(ProfileError::Contradiction { key, other, value: value.clone() });
                }
            }
        }
        Ok(())
    }

    fn check_speeds(&self) -> Result<(), ProfileError> {
        for (table, speeds) in
            [("highway_kmh", &self.highway_kmh), ("opened_kmh", &self.opened_kmh)]
        {
            speeds.keys().try_for_each(|kind| known_road(&format!("{table}.{kind}"), kind))?;
            in_table(table, speeds, |key, value| between(key, value, KMH))?;
        }
        let tables = [
            ("service_max_kmh", &self.service_max_kmh),
            ("surface_max_kmh", &self.surface_max_kmh),
            ("tracktype_max_kmh", &self.tracktype_max_kmh),
            ("smoothness_max_kmh", &self.smoothness_max_kmh),
            ("maxspeed.zones_kmh", &self.maxspeed.zones_kmh),
        ];
        for (table, speeds) in tables {
            in_table(table, speeds, |key, value| between(key, value, KMH))?;
        }
        between("maxspeed.most_kmh", self.maxspeed.most_kmh, KMH)?;
        between("maxspeed.walk_kmh", self.maxspeed.walk_kmh, KMH)?;
        between("maxspeed.none_kmh", self.maxspeed.none_kmh, KMH)?;
        if let Some(push) = &self.push {
            between("push.kmh", push.kmh, KMH)?;
        }
        between("ferry.kmh", self.ferry.kmh, KMH)
    }

    fn check_shares(&self) -> Result<(), ProfileError> {
        in_table("oneway_slowed", &self.oneway_slowed, |key, value| {
            between(key, value, (LEAST_SHARE, 1.0))
        })?;
        between("maxspeed.factor", self.maxspeed.factor, (LEAST_SHARE, 2.0))?;
        between("access.restricted_factor", self.access.restricted_factor, (LEAST_SHARE, 1.0))?;
        if let Some(narrow) = &self.narrow {
            between("narrow.factor", narrow.factor, (LEAST_SHARE, 1.0))?;
            between("narrow.lanes", narrow.lanes, (LEAST_SHARE, 10.0))?;
            between("narrow.width_m", narrow.width_m, (LEAST_SHARE, 100.0))?;
        }
        Ok(())
    }

    fn check_waits(&self) -> Result<(), ProfileError> {
        between("ferry.boarding_s", self.ferry.boarding_s, (0.0, LONGEST_BOARDING_S))?;
        let delays = &self.delays;
        for (name, value) in [
            ("signal_s", delays.signal_s),
            ("crossing_signal_s", delays.crossing_signal_s),
            ("crossing_s", delays.crossing_s),
            ("stop_s", delays.stop_s),
            ("give_way_s", delays.give_way_s),
            ("level_crossing_s", delays.level_crossing_s),
            ("mini_roundabout_s", delays.mini_roundabout_s),
        ] {
            between(&format!("delays.{name}"), value, (0.0, LONGEST_WAIT_S))?;
        }
        in_table("delays.barrier_s", &delays.barrier_s, |key, value| {
            between(key, value, (0.0, LONGEST_WAIT_S))
        })
    }

    fn check_turns(&self) -> Result<(), ProfileError> {
        let turns = &self.turns;
        for (name, value) in [
            ("most_s", turns.most_s),
            ("u_turn_s", turns.u_turn_s),
            ("signal_s", turns.signal_s),
            ("crossing_s", turns.crossing_s),
        ] {
            between(&format!("turns.{name}"), value, (0.0, LONGEST_WAIT_S))?;
        }
        between("turns.bias", turns.bias, (1.0, 3.0))
    }
}

fn known_tag(key: &str, tag: &str) -> Result<(), ProfileError> {
    if WAY_KEYS.contains(&tag) {
        Ok(())
    } else {
        Err(ProfileError::UnknownTag { key: key.to_owned(), tag: tag.to_owned() })
    }
}

fn known_road(key: &str, kind: &str) -> Result<(), ProfileError> {
    match RoadClass::of(kind) {
        Some(_) => Ok(()),
        None => Err(ProfileError::UnknownRoad { key: key.to_owned(), kind: kind.to_owned() }),
    }
}

fn in_table(
    table: &str,
    values: &BTreeMap<String, f64>,
    check: impl Fn(&str, f64) -> Result<(), ProfileError>,
) -> Result<(), ProfileError> {
    values.iter().try_for_each(|(key, &value)| check(&format!("{table}.{key}"), value))
}

pub(super) fn between(key: &str, value: f64, range: (f64, f64)) -> Result<(), ProfileError> {
    let (least, most) = range;
    if (least..=most).contains(&value) {
        Ok(())
    } else {
        Err(ProfileError::NotInRange { key: key.to_owned(), value, least, most })
    }
}
