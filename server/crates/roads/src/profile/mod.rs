//! What a vehicle may use and how fast: data, not code.

mod rules;
mod speed;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::ProfileError;
pub(crate) use rules::{Speed, WayRule};

/// Fastest speed a profile may name, in km/h.
const MOST_KMH: f64 = 250.0;

/// A vehicle's rules, read from a TOML file with exactly these keys (`car.toml` in the
/// source is the documented example). Speeds are km/h driven on average.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Name shown with a network.
    pub name: String,
    /// Access tags from general to specific; the most specific one present decides.
    pub access_keys: Vec<String>,
    /// One-way tags from general to specific.
    pub oneway_keys: Vec<String>,
    /// One-way values that close a road.
    pub oneway_closed: Vec<String>,
    /// `highway` values that are one-way unless tagged otherwise.
    pub oneway_highways: Vec<String>,
    /// `junction` values that are one-way unless tagged otherwise.
    pub oneway_junctions: Vec<String>,
    /// `highway` values (or `ferry`) that places are never snapped onto.
    pub no_snap: Vec<String>,
    /// Speed by `highway` value; values not listed are no roads.
    pub highway_kmh: BTreeMap<String, f64>,
    /// Upper bound by `service` value.
    pub service_max_kmh: BTreeMap<String, f64>,
    /// Upper bound by `surface` value.
    pub surface_max_kmh: BTreeMap<String, f64>,
    /// Upper bound by `tracktype` value.
    pub tracktype_max_kmh: BTreeMap<String, f64>,
    /// How legal limits become speeds.
    pub maxspeed: MaxspeedRules,
    /// What access values mean.
    pub access: AccessRules,
    /// Which barriers let the vehicle pass.
    pub barriers: BarrierRules,
    /// Ferries.
    pub ferry: FerryRules,
}

/// How legal limits become speeds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MaxspeedRules {
    /// Share of the limit that is driven.
    pub factor: f64,
    /// No speed above this, in km/h.
    pub most_kmh: f64,
    /// `maxspeed=walk`, in km/h.
    pub walk_kmh: f64,
    /// `maxspeed=none`, in km/h.
    pub none_kmh: f64,
    /// Limits by zone in lower case: `de:rural`, or `rural` for any other country.
    pub zones_kmh: BTreeMap<String, f64>,
}

/// What access values mean.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessRules {
    /// Open with leave: usable, slowed by `restricted_factor`.
    pub restricted: Vec<String>,
    /// Closed.
    pub denied: Vec<String>,
    /// Share of its speed a restricted road keeps, above 0 and at most 1.
    pub restricted_factor: f64,
}

/// Which barriers let the vehicle pass.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BarrierRules {
    /// `barrier` values that do not stop the vehicle.
    pub pass: Vec<String>,
}

/// Ferries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FerryRules {
    /// Speed where the ferry has no `duration` tag, in km/h.
    pub kmh: f64,
}

impl Profile {
    /// The car profile that is compiled in.
    ///
    /// ```
    /// assert_eq!(roads::Profile::car().name, "car");
    /// ```
    #[must_use]
    #[expect(clippy::expect_used, reason = "the text is compiled in and a test reads it")]
    pub fn car() -> Self {
        Self::from_toml(include_str!("car.toml")).expect("the compiled-in car profile is valid")
    }

    /// A profile from TOML text.
    ///
    /// # Errors
    /// [`ProfileError`] names the key that is unknown, missing or out of range.
    pub fn from_toml(text: &str) -> Result<Self, ProfileError> {
        let profile: Self = toml::from_str(text)?;
        profile.check()?;
        Ok(profile)
    }

    fn check(&self) -> Result<(), ProfileError> {
        let tables = [
            ("highway_kmh", &self.highway_kmh),
            ("service_max_kmh", &self.service_max_kmh),
            ("surface_max_kmh", &self.surface_max_kmh),
            ("tracktype_max_kmh", &self.tracktype_max_kmh),
            ("maxspeed.zones_kmh", &self.maxspeed.zones_kmh),
        ];
        for (table, values) in tables {
            for (key, &value) in values {
                in_range(&format!("{table}.{key}"), value, MOST_KMH)?;
            }
        }
        in_range("maxspeed.factor", self.maxspeed.factor, 2.0)?;
        in_range("maxspeed.most_kmh", self.maxspeed.most_kmh, MOST_KMH)?;
        in_range("maxspeed.walk_kmh", self.maxspeed.walk_kmh, MOST_KMH)?;
        in_range("maxspeed.none_kmh", self.maxspeed.none_kmh, MOST_KMH)?;
        in_range("access.restricted_factor", self.access.restricted_factor, 1.0)?;
        in_range("ferry.kmh", self.ferry.kmh, MOST_KMH)
    }
}

fn in_range(key: &str, value: f64, most: f64) -> Result<(), ProfileError> {
    if value > 0.0 && value <= most {
        Ok(())
    } else {
        Err(ProfileError::OutOfRange { key: key.to_owned(), value, most })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_compiled_in_profile_is_valid() {
        assert!(Profile::car().highway_kmh.len() > 10);
    }

    #[test]
    fn refuses_unknown_keys_and_senseless_numbers() {
        let text = include_str!("car.toml");
        let unknown = Profile::from_toml(&format!("wheels = 4\n{text}")).unwrap_err().to_string();
        assert!(unknown.contains("wheels"), "{unknown}");
        let zero = text.replace("residential = 25", "residential = 0");
        let error = Profile::from_toml(&zero).unwrap_err().to_string();
        assert!(error.contains("highway_kmh.residential"), "{error}");
    }
}
