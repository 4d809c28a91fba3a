//! The tables of a profile's file.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What a legal limit does to the speed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MaxspeedUse {
    /// It takes the place of the speed of the road's kind (motor vehicles).
    Replace,
    /// It only lowers it (bicycles).
    Lower,
    /// It does not matter (walkers).
    Ignore,
}

/// How legal limits become speeds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MaxspeedRules {
    /// What a limit does.
    #[serde(rename = "use")]
    pub mode: MaxspeedUse,
    /// Tags that may hold the limit; the first with a readable value counts. Each is looked
    /// up with `:forward` or `:backward` first.
    pub keys: Vec<String>,
    /// Tags with a recommended speed, which only lowers the speed.
    pub advisory_keys: Vec<String>,
    /// `highway` values on which a limit only lowers the speed.
    pub lower_only: Vec<String>,
    /// Share of the limit that is driven.
    pub factor: f64,
    /// No speed above this, in km/h.
    pub most_kmh: f64,
    /// `maxspeed=walk`, in km/h.
    pub walk_kmh: f64,
    /// `maxspeed=none`, in km/h.
    pub none_kmh: f64,
    /// Countries in lower case whose zone numbers are miles per hour (`GB:zone20`).
    pub mph_countries: Vec<String>,
    /// Limits by zone in lower case: `de:rural`, or `rural` for any other country.
    pub zones_kmh: BTreeMap<String, f64>,
}

/// What access values mean.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessRules {
    /// Expressly allowed. Other values that are not listed leave a road as it is, but do
    /// not open one of `opened_kmh`.
    pub open: Vec<String>,
    /// Open with leave: usable, slowed by `restricted_factor`.
    pub restricted: Vec<String>,
    /// Closed.
    pub denied: Vec<String>,
    /// Share of its speed a restricted road keeps, above 0 and at most 1.
    pub restricted_factor: f64,
}

/// A vehicle that can be pushed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PushRules {
    /// Speed of pushing, in km/h.
    pub kmh: f64,
    /// Access values that ask for it.
    pub dismount: Vec<String>,
    /// Whether it is pushed against one-way streets.
    pub against_oneway: bool,
    /// Tags that forbid that when they have a value of `access.denied`.
    pub walk_keys: Vec<String>,
}

/// Two-way roads too narrow for two vehicles to meet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NarrowRules {
    /// Narrow with at most so many `lanes`.
    pub lanes: f64,
    /// Narrow with at most this `width`, in metres.
    pub width_m: f64,
    /// Share of its speed such a road keeps.
    pub factor: f64,
}

/// Which roads are unpaved. The first tag present decides, in this order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnpavedRules {
    /// `surface` values.
    pub surfaces: Vec<String>,
    /// `tracktype` values.
    pub tracktypes: Vec<String>,
    /// `highway` values.
    pub highways: Vec<String>,
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
    /// Waiting and boarding, in seconds, where the ferry is entered from land.
    pub boarding_s: f64,
}

/// Waiting at nodes, in seconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DelayRules {
    /// Traffic signals that do not stand in a junction (those are [`TurnRules::signal_s`]).
    ///
    /// [`TurnRules::signal_s`]: super::TurnRules::signal_s
    pub signal_s: f64,
    /// Crossing for walkers with signals.
    pub crossing_signal_s: f64,
    /// Crossing for walkers without signals, if it is marked.
    pub crossing_s: f64,
    /// Stop sign.
    pub stop_s: f64,
    /// Give-way sign.
    pub give_way_s: f64,
    /// Level crossing of a railway.
    pub level_crossing_s: f64,
    /// Mini roundabout.
    pub mini_roundabout_s: f64,
    /// By `barrier` value, where it lets the vehicle pass.
    pub barrier_s: BTreeMap<String, f64>,
}
