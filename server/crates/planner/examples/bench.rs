//! Solves one instance file within CPU seconds and prints one line of JSON.
//!
//! ```text
//! bench INSTANCE.json --cpu-seconds S --seed N [--iterations N | --schedule S] [--out solution.json]
//! ```
//! The budget begins after reading and the matrix, as for the peers.
#![allow(clippy::print_stdout, reason = "a command prints")]
#![allow(clippy::cast_precision_loss, reason = "clock ticks as seconds")]

use std::error::Error;
use std::fs;
use std::ops::ControlFlow;

use planner::{Budget, Options, Schedule, check, instance, solve, solve_metered};

/// CPU seconds of this process so far: user and system ticks, 100 a second on Linux.
fn cpu_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks: u64 =
        after_name.split_whitespace().skip(11).take(2).filter_map(|t| t.parse::<u64>().ok()).sum();
    ticks as f64 / 100.0
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (mut file, mut out, mut seconds) = (None, None, 10.0);
    let mut options = Options { budget: Budget::Metered, ..Options::default() };
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or_else(|| format!("{arg} needs a value"));
        match arg.as_str() {
            "--cpu-seconds" => seconds = value()?.parse()?,
            "--seed" => options.seed = value()?.parse()?,
            "--iterations" if options.budget == Budget::Metered => {
                options.budget = Budget::Iterations(value()?.parse()?);
            }
            "--iterations" => drop(value()?), // the schedule says it already
            "--schedule" => options.budget = Budget::Replay(value()?.parse::<Schedule>()?),
            "--out" => out = Some(value()?),
            _ if file.is_none() => file = Some(arg),
            _ => return Err(format!("unknown argument {arg}").into()),
        }
    }
    let file = file.ok_or("which instance?")?;
    let given = instance::parse(&fs::read_to_string(file)?)?;
    let begin = cpu_seconds();
    let mut go_on = |_: &planner::Progress| ControlFlow::Continue(());
    let solution = if options.budget == Budget::Metered {
        let mut used = || (cpu_seconds() - begin) / seconds;
        solve_metered(&given.problem, &options, &mut used, &mut go_on)
    } else {
        solve(&given.problem, &options, &mut go_on)
    };
    let cpu_s = cpu_seconds() - begin;
    let checked = check(&given.problem, &solution.routes);
    if let Some(out) = out {
        fs::write(out, instance::write_routes(&solution.routes)?)?;
    }
    let f = solution.figures;
    let unit = given.unit;
    println!(
        "{{\"objective\":{},\"prize\":{},\"cost\":{},\"visits\":{},\"routes\":{},\"iterations\":{},\
         \"cpu_s\":{cpu_s:.2},\"feasible\":{},\"schedule\":\"{}\"}}",
        f.objective / unit,
        f.prize / unit,
        (f.prize - f.objective) / unit,
        f.jobs,
        f.routes,
        solution.iterations,
        checked == Ok(f),
        solution.schedule
    );
    Ok(())
}
