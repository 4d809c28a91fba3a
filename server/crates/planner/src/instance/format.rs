//! The file, field by field.
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct File {
    #[serde(default)]
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) locs: Vec<(f64, f64)>,
    #[serde(default = "one")]
    pub(super) dist_factor: f64,
    #[serde(default = "round")]
    pub(super) rounding: String,
    #[serde(default = "one")]
    pub(super) speed: f64,
    #[serde(default)]
    pub(super) ndepots: usize,
    pub(super) clients: Vec<Client>,
    pub(super) vehicles: Vec<Vehicle>,
    #[serde(default = "unit")]
    pub(super) prize_scale: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) dist: Option<Vec<Vec<i64>>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) dur: Option<Vec<Vec<i64>>>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Client {
    pub(super) loc: usize,
    pub(super) service: u32,
    pub(super) tw: (i64, i64),
    pub(super) prize: i64,
    #[serde(default)]
    pub(super) demand: u32,
    #[serde(default)]
    pub(super) required: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) skill: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Vehicle {
    pub(super) start: Option<usize>,
    pub(super) end: Option<usize>,
    pub(super) tw: (i64, i64),
    pub(super) max_dur: u32,
    #[serde(default)]
    pub(super) dist_cost: i64,
    #[serde(default)]
    pub(super) time_cost: i64,
    #[serde(default, skip_serializing_if = "zero")]
    pub(super) fixed_cost: i64,
    #[serde(default)]
    pub(super) capacity: u32,
    #[serde(default)]
    pub(super) skills: Vec<String>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Routes {
    pub(super) routes: Vec<(usize, Vec<usize>)>,
}

fn one() -> f64 {
    1.0
}

fn round() -> String {
    "round".into()
}

fn unit() -> i64 {
    1_000_000
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn zero(x: &i64) -> bool {
    *x == 0
}
