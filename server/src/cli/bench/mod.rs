//! `doorstep bench`: figures beside those of peers, on this machine.

mod cpu;
mod planner;
mod roads;
mod scaling;
mod setup;
mod sync;
mod workload;

use super::args::BenchCommand;
use crate::error::Error;

/// Runs a benchmark.
pub(super) fn run(command: &BenchCommand, database_url: Option<&str>) -> Result<(), Error> {
    match command {
        BenchCommand::Planner(args) => planner::run(args),
        BenchCommand::Roads(args) => roads::run(args),
        BenchCommand::Sync { json, seed } => sync::run(*seed, json.as_deref(), database_url),
    }
}
