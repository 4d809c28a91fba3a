//! The JSON instance format shared with the checkers and peers of the benchmark.
//!
//! Integers after scaling; money in `1 / prize_scale` of the currency. Full matrices `dist` (metres) and
//! `dur` (seconds) take the place of the points' Euclidean distances when they are given.
mod format;
mod read;
mod write;

use crate::model::{Problem, ProblemError};

/// What the objective counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Prizes less the cost of distance and time.
    Profit,
    /// Prizes alone.
    Prize,
}

/// A problem read from JSON.
#[derive(Debug, Clone)]
pub struct Instance {
    /// Its name, as given.
    pub name: String,
    /// What its objective counts; for [`Kind::Prize`] the problem's costs are 0.
    pub kind: Kind,
    /// The problem, jobs and shifts in the order of `clients` and `vehicles`.
    pub problem: Problem,
    /// Micro-units of the problem that make one of the file's units of money.
    pub unit: i64,
}

/// The text is not an instance, or an instance does not fit the format.
#[derive(Debug, thiserror::Error)]
pub enum InstanceError {
    /// Not the JSON expected; line and column are in the text.
    #[error("not an instance: {0}")]
    Json(#[from] serde_json::Error),
    /// A field that cannot be used.
    #[error(transparent)]
    Field(#[from] ProblemError),
}

/// Reads an instance.
///
/// # Errors
/// When the text is not JSON of the format, or names something impossible, with the field.
pub fn parse(text: &str) -> Result<Instance, InstanceError> {
    read::instance(serde_json::from_str(text)?)
}

/// Writes a problem as an instance with full matrices, bases first as the peers want them. Clients and
/// vehicles keep their order; skills become names; a start or end nowhere becomes a base at no
/// distance from anything.
///
/// # Errors
/// When the problem has what the format lacks: several windows of a job, or kinds of load.
pub fn write(name: &str, problem: &Problem) -> Result<String, InstanceError> {
    Ok(serde_json::to_string(&write::instance(name, problem)?)?)
}

/// Reads `{"routes": [[vehicle, [client, ...]], ...]}`.
///
/// # Errors
/// When the text is not such JSON.
pub fn parse_routes(text: &str) -> Result<Vec<crate::model::Route>, InstanceError> {
    let file: format::Routes = serde_json::from_str(text)?;
    let routes = file.routes.into_iter();
    Ok(routes.map(|(shift, jobs)| crate::model::Route::new(shift, jobs)).collect())
}

/// Writes routes as [`parse_routes`] reads them.
///
/// # Errors
/// Never, as far as known; the serialiser's signature has one.
pub fn write_routes(routes: &[crate::model::Route]) -> Result<String, InstanceError> {
    let routes = routes.iter().map(|r| (r.shift, r.jobs.clone())).collect();
    Ok(serde_json::to_string(&format::Routes { routes })?)
}
