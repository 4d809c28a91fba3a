//! ADAPTER: the commands of `doorstep`.

mod access;
mod address;
mod args;
mod bench;
mod commands;
mod demo;
mod economics;
mod exports;
mod field;
mod field_import;
mod output;
mod plans;
mod report;
mod restored;
mod roads;
mod screen;

use std::io::IsTerminal as _;
use std::process::ExitCode;

use clap::Parser as _;

pub use args::Cli;

/// Runs the program: one sentence on standard error and exit code 1 when something fails.
#[must_use]
pub fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("DOORSTEP_LOG")
                .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn")),
        )
        .init();
    let cli = Cli::parse();
    match commands::run(&cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            screen::complain(&error.to_string());
            ExitCode::FAILURE
        }
    }
}
