//! `doorstep bench planner`: the search on one instance, within processor seconds or as an earlier run.

use std::ops::ControlFlow;
use std::thread;

use planner::instance::{Instance, parse, write_routes};
use planner::{Budget, Options, Progress, Schedule, Solution, check, solve, solve_metered};
use serde::Serialize;

use super::super::args::PlannerBenchArgs;
use super::super::commands::read;
use super::super::screen::say;
use super::{cpu, scaling};
use crate::error::Error;

/// What goes to standard output, money in the instance's unit.
#[derive(Debug, Serialize)]
struct Figures {
    objective: i64,
    prize: i64,
    cost: i64,
    visits: usize,
    routes: usize,
    iterations: u64,
    cpu_s: f64,
    seed: u64,
    schedule: String,
}

pub(super) fn run(args: &PlannerBenchArgs) -> Result<(), Error> {
    if let Some(sizes) = &args.scaling {
        return scaling::run(sizes, args.seed, args.iterations);
    }
    let Some(path) = &args.instance else {
        return Err(Error::Invalid("INSTANCE: a file is needed, or --scaling".into()));
    };
    let text = String::from_utf8(read(path)?)
        .map_err(|_| Error::Invalid(format!("{}: not UTF-8", path.display())))?;
    let instance =
        parse(&text).map_err(|error| Error::Invalid(format!("{}: {error}", path.display())))?;
    let budget = budget(args)?;
    cpu::of_this_thread().ok_or_else(cpu::untold)?;
    let (Found { seed, solution, .. }, cpu_s) = search(&instance, args, &budget);
    match check(&instance.problem, &solution.routes) {
        Ok(figures) if figures == solution.figures => {}
        Err(broken) if !solution.unserved_required.is_empty() => {
            let missing = solution.unserved_required.len();
            return Err(Error::Invalid(format!(
                "{missing} required clients fit nowhere, the first is {}; of {} things broken",
                solution.unserved_required.first().copied().unwrap_or(0),
                broken.len()
            )));
        }
        other => {
            return Err(Error::Invalid(format!(
                "the checker does not agree with the search ({other:?}); please report this with the seed"
            )));
        }
    }
    if let Some(path) = &args.out {
        let routes = write_routes(&solution.routes).map_err(|e| Error::Invalid(e.to_string()))?;
        std::fs::write(path, routes).map_err(|error| Error::io("write", path, error))?;
    }
    let f = solution.figures;
    let figures = Figures {
        objective: f.objective / instance.unit,
        prize: f.prize / instance.unit,
        cost: (f.prize - f.objective) / instance.unit,
        visits: f.jobs,
        routes: f.routes,
        iterations: solution.iterations,
        cpu_s,
        seed,
        schedule: solution.schedule.to_string(),
    };
    let text = serde_json::to_string(&figures).map_err(|e| Error::Invalid(e.to_string()))?;
    say(&text);
    Ok(())
}

fn budget(args: &PlannerBenchArgs) -> Result<Budget, Error> {
    let invalid = |field: &str, why: &str| Error::Invalid(format!("{field}: {why}"));
    match (&args.schedule, args.iterations) {
        (Some(text), iterations) => {
            let schedule: Schedule =
                text.parse().map_err(|e| invalid("--schedule", &format!("{e}")))?;
            let end = schedule.level_ends.last().copied();
            if iterations.is_some() && iterations != end {
                let told = end.unwrap_or(0);
                return Err(invalid("--iterations", &format!("the schedule ends at {told}")));
            }
            Ok(Budget::Replay(schedule))
        }
        (None, Some(iterations)) => Ok(Budget::Iterations(iterations)),
        (None, None) if args.cpu_seconds > 0.0 && args.cpu_seconds.is_finite() => {
            Ok(Budget::Metered)
        }
        (None, None) => Err(invalid("--cpu-seconds", "must be above 0")),
    }
}

/// One search.
struct Found {
    seed: u64,
    solution: Solution,
    cpu_s: f64,
}

/// The best of as many searches as there are threads, each with a seed of its own, and the processor time of
/// all.
fn search(instance: &Instance, args: &PlannerBenchArgs, budget: &Budget) -> (Found, f64) {
    let alone = |seed: u64| alone(instance, args.cpu_seconds, budget, seed);
    let found = thread::scope(|scope| {
        let further = (1..u64::from(args.threads)).map(|k| args.seed.wrapping_add(k));
        let started: Vec<_> = further.map(|seed| scope.spawn(move || alone(seed))).collect();
        let mut found = vec![alone(args.seed)];
        found.extend(started.into_iter().filter_map(|thread| thread.join().ok()));
        found
    });
    let cpu_s = found.iter().map(|f| f.cpu_s).sum();
    let worth = |f: &Found| {
        let missing = std::cmp::Reverse(f.solution.unserved_required.len());
        (missing, f.solution.figures.objective, std::cmp::Reverse(f.seed))
    };
    let best = found.into_iter().max_by_key(worth).unwrap_or_else(|| alone(args.seed));
    (best, cpu_s)
}

fn alone(instance: &Instance, seconds: f64, budget: &Budget, seed: u64) -> Found {
    let options = Options { seed, budget: budget.clone(), start: None };
    let mut go_on = |_: &Progress| ControlFlow::Continue(());
    let begin = cpu::of_this_thread();
    // Where the time is no longer told, nothing is searched for ever.
    let used = || Some(cpu::of_this_thread()? - begin?);
    let solution = if *budget == Budget::Metered {
        let mut share = || used().map_or(1.0, |used| used / seconds);
        solve_metered(&instance.problem, &options, &mut share, &mut go_on)
    } else {
        solve(&instance.problem, &options, &mut go_on)
    };
    Found { seed, solution, cpu_s: used().unwrap_or_default() }
}
