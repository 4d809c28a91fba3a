//! What a vehicle may use and how fast: data, not code.
//!
//! `parts` are the tables of a profile's file, `check` refuses senseless ones; `access`,
//! `direction`, `speed` and `rules` read the tags of a way, `nodes` those of a node;
//! `turns` prices turns, `hours` the time of day. `docs/PROFILES.md` is for those who write
//! one.

mod access;
mod check;
mod direction;
mod duration;
mod hours;
mod nodes;
mod parts;
mod rules;
mod speed;
#[cfg(test)]
mod tests;
mod turns;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::ProfileError;
pub use hours::{HourBand, SpeedFactors};
pub(crate) use nodes::{Facing, NodeRule};
pub use parts::{
    AccessRules, BarrierRules, DelayRules, FerryRules, MaxspeedRules, MaxspeedUse, NarrowRules,
    PushRules, UnpavedRules,
};
pub(crate) use rules::{Speed, WayRule};
pub use turns::{DrivesOn, Turn, TurnCurve, TurnRules};

/// A vehicle's rules, read from a TOML file with exactly these keys (`car.toml` in the
/// source is the documented example). Speeds are km/h driven on average.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Name shown with a network.
    pub name: String,
    /// Names by which turn restrictions know the vehicle, from general to specific: a
    /// relation with the key `restriction:NAME` is for it, one whose `except` has a name is
    /// not. Empty: no turn restriction concerns it.
    pub restriction_modes: Vec<String>,
    /// Access tags from general to specific; the most specific one present decides.
    pub access_keys: Vec<String>,
    /// Those of the access tags that open a road of `opened_kmh`.
    pub opening_keys: Vec<String>,
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
    /// Toll tags from general to specific; `yes` in the most specific one present is a toll.
    pub toll_keys: Vec<String>,
    /// One-way values of roads used by both directions in turn, and the share of the speed
    /// that waiting leaves.
    pub oneway_slowed: BTreeMap<String, f64>,
    /// Tags and their values that open a one-way road against its direction.
    #[serde(default)]
    pub contraflow: BTreeMap<String, Vec<String>>,
    /// Tags and their values that close a road whatever else is said.
    pub closed: BTreeMap<String, Vec<String>>,
    /// Speed by `highway` value; values not listed here or in `opened_kmh` are no roads.
    pub highway_kmh: BTreeMap<String, f64>,
    /// Speed by `highway` value where one of `opening_keys` says that the vehicle may.
    #[serde(default)]
    pub opened_kmh: BTreeMap<String, f64>,
    /// Upper bound by `service` value.
    pub service_max_kmh: BTreeMap<String, f64>,
    /// Upper bound by `surface` value.
    pub surface_max_kmh: BTreeMap<String, f64>,
    /// Upper bound by `tracktype` value.
    pub tracktype_max_kmh: BTreeMap<String, f64>,
    /// Upper bound by `smoothness` value.
    pub smoothness_max_kmh: BTreeMap<String, f64>,
    /// How legal limits become speeds.
    pub maxspeed: MaxspeedRules,
    /// What access values mean.
    pub access: AccessRules,
    /// A vehicle that can be pushed.
    pub push: Option<PushRules>,
    /// Roads too narrow for two.
    pub narrow: Option<NarrowRules>,
    /// Which roads are unpaved.
    pub unpaved: UnpavedRules,
    /// Which barriers let the vehicle pass.
    pub barriers: BarrierRules,
    /// Ferries.
    pub ferry: FerryRules,
    /// Waiting at nodes.
    pub delays: DelayRules,
    /// Turning at junctions.
    pub turns: TurnRules,
    /// Slower or faster at certain hours. The road network does not depend on them.
    #[serde(default)]
    pub hours: Vec<HourBand>,
}

const BUILT_IN: [(&str, &str); 4] = [
    ("car", include_str!("car.toml")),
    ("motorcycle", include_str!("motorcycle.toml")),
    ("bicycle", include_str!("bicycle.toml")),
    ("foot", include_str!("foot.toml")),
];

impl Profile {
    /// Names of the profiles that are compiled in.
    pub const NAMES: [&str; 4] = ["car", "motorcycle", "bicycle", "foot"];

    /// A compiled-in profile by its name, one of [`Profile::NAMES`].
    ///
    /// ```
    /// assert!(roads::Profile::named("bicycle").is_some());
    /// assert!(roads::Profile::named("submarine").is_none());
    /// ```
    #[must_use]
    #[expect(clippy::expect_used, reason = "the texts are compiled in and a test reads them all")]
    pub fn named(name: &str) -> Option<Self> {
        Some(Self::from_toml(Self::text(name)?).expect("the compiled-in profiles are valid"))
    }

    /// The TOML of a profile that is compiled in, every key explained.
    #[must_use]
    pub fn text(name: &str) -> Option<&'static str> {
        BUILT_IN.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
    }

    /// The car profile that is compiled in.
    ///
    /// ```
    /// assert_eq!(roads::Profile::car().name, "car");
    /// ```
    #[must_use]
    pub fn car() -> Self {
        Self::built_in("car")
    }

    /// The motorcycle profile that is compiled in.
    #[must_use]
    pub fn motorcycle() -> Self {
        Self::built_in("motorcycle")
    }

    /// The bicycle profile that is compiled in.
    #[must_use]
    pub fn bicycle() -> Self {
        Self::built_in("bicycle")
    }

    /// The profile of walkers that is compiled in.
    #[must_use]
    pub fn foot() -> Self {
        Self::built_in("foot")
    }

    #[expect(clippy::expect_used, reason = "called with names of the table only; a test does so")]
    fn built_in(name: &str) -> Self {
        Self::named(name).expect("one of the compiled-in profiles")
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
}
