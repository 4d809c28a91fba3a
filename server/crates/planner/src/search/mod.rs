//! The search: ruin, recreate, anneal.
mod anneal;
mod best;
mod complete;
mod context;
mod crew;
mod insert;
mod journal;
mod pool;
mod recreate;
mod rng;
mod route;
mod ruin;
mod settle;
mod shared;
mod start;
mod state;
mod step;
#[cfg(test)]
mod testing;
mod ties;

use std::ops::ControlFlow;

use crate::model::{Budget, Options, Problem, Progress, Solution};
use crate::report::check;

use anneal::Cooling;
use best::Best;
use context::Context;
use pool::Pool;
use rng::Random;
use state::State;
use step::Stepper;

/// Iterations between two looks at the meter, and between two calls of the callback.
const METER_EVERY: u64 = 64;
const PROGRESS_EVERY: u64 = 1024;

/// Steps tried before the search to see what they lose.
const PROBES: usize = 400;

/// Searches for the routes of highest objective. The callback sees the best so far now and then and may
/// stop the search; the result is always feasible. Same problem, seed, budget and start: same result,
/// bit for bit.
#[must_use]
pub fn solve(
    problem: &Problem,
    options: &Options,
    progress: &mut dyn FnMut(&Progress) -> ControlFlow<()>,
) -> Solution {
    let mut options = options.clone();
    if options.budget == Budget::Metered {
        options.budget = Budget::Iterations(Options::DEFAULT_ITERATIONS);
    }
    run(problem, &options, None, progress)
}

/// As [`solve`], with a meter that says which share of the budget is used, from 0 to 1: the search cools
/// by it and ends at 1. It is asked every few dozen iterations, so it should take about a microsecond.
/// [`Solution::schedule`] repeats the run without the meter.
#[must_use]
pub fn solve_metered(
    problem: &Problem,
    options: &Options,
    used: &mut dyn FnMut() -> f64,
    progress: &mut dyn FnMut(&Progress) -> ControlFlow<()>,
) -> Solution {
    let options = Options { budget: Budget::Metered, ..options.clone() };
    run(problem, &options, Some(used), progress)
}

fn run(
    problem: &Problem,
    options: &Options,
    mut meter: Option<&mut dyn FnMut() -> f64>,
    progress: &mut dyn FnMut(&Progress) -> ControlFlow<()>,
) -> Solution {
    let ctx = Context::new(problem);
    let mut rng = Random::new(options.seed);
    let mut state = State::new(&ctx);
    let mut stepper = Stepper::default();
    start::build(&ctx, &mut state, &mut rng, &mut stepper, options.start.as_deref());
    let mut best = Best::new(&ctx, &state);
    let loss = probe(&ctx, &mut state, &mut rng, &mut stepper);
    let mut cooling = Cooling::new(options, loss, ctx.jobs.len(), !state.empty.is_empty());
    let mut pool = Pool::new(&ctx);
    let mut stage = 0;
    let of = cooling.planned();
    let mut iteration = 0;
    while of.is_none_or(|n| iteration < n) && !ctx.jobs.is_empty() && !ctx.shifts.is_empty() {
        if iteration % METER_EVERY == 0
            && let Some(meter) = &mut meter
        {
            let used = meter();
            if used >= 1.0 {
                break;
            }
            cooling.measured(used, iteration);
        }
        if iteration % PROGRESS_EVERY == 0 {
            let seen = Progress { iteration, of, objective: best.value(), jobs: best.jobs() };
            if progress(&seen).is_break() {
                break;
            }
        }
        cooling.follow(iteration);
        if cooling.stage() > stage {
            stage = cooling.stage();
            if state.boost == 1024 {
                state = best.restore(&ctx);
                pool.recombine(&ctx, &mut state, &mut rng);
                best.note_all();
                best.keep_if_better(&ctx, &state);
            }
        }
        iteration += 1;
        state.boost = cooling.boost();
        let (before, missing) = (state.boosted(&ctx), state.missing_required);
        let valid = stepper.step(&ctx, &mut state, &mut rng);
        let taken = valid
            && match state.missing_required.cmp(&missing) {
                std::cmp::Ordering::Less => true,
                std::cmp::Ordering::Greater => false,
                std::cmp::Ordering::Equal => {
                    cooling.accepts(state.boosted(&ctx) - before, &mut rng)
                }
            };
        if taken {
            best.note(&state);
            if cooling.near(state.objective(&ctx), best.value()) {
                pool.note(&ctx, &state);
            }
            state.commit();
            best.keep_if_better(&ctx, &state);
        } else {
            state.rollback(&ctx);
        }
    }
    let mut state = best.restore(&ctx);
    complete::fill(&ctx, &mut state);
    finish(problem, &state, cooling.finish(iteration), iteration)
}

/// What a middling bad step loses, micro-units: steps are tried from the first routes and undone.
fn probe(ctx: &Context<'_>, state: &mut State, rng: &mut Random, stepper: &mut Stepper) -> i64 {
    let mut losses = Vec::new();
    if ctx.jobs.is_empty() || ctx.shifts.is_empty() {
        return 1;
    }
    for _ in 0..PROBES {
        let (value, missing) = (state.objective(ctx), state.missing_required);
        let valid = stepper.step(ctx, state, rng);
        let now = state.objective(ctx);
        if valid && state.missing_required == missing && now < value {
            losses.push(value - now);
        }
        state.rollback(ctx);
    }
    losses.sort_unstable();
    losses.get(losses.len() / 4).copied().unwrap_or(1)
}

fn finish(
    problem: &Problem,
    state: &State,
    schedule: crate::model::Schedule,
    iterations: u64,
) -> Solution {
    let routes = state.to_routes();
    let unserved_required: Vec<usize> = (0..problem.jobs().len())
        .filter(|&j| problem.jobs()[j].required && state.route_of[j] == context::NONE)
        .collect();
    let figures = crate::report::total(problem, &routes);
    if unserved_required.is_empty() {
        debug_assert_eq!(check(problem, &routes), Ok(figures));
    }
    Solution { routes, figures, unserved_required, iterations, schedule }
}
