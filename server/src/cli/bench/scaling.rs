//! `doorstep bench planner --scaling`: what an iteration of the search costs by the number of clients.

use std::ops::ControlFlow;

use planner::{Budget, Job, Matrix, Options, Problem, Shift, Window, along_curve, solve};
use rand_core::{Rng as _, SeedableRng as _};
use rand_xoshiro::Xoshiro256PlusPlus;
use serde::Serialize;

use super::super::screen::say;
use super::cpu;
use crate::error::Error;

/// Seconds of the day.
const DAY: i64 = 8 * 3_600;
/// Metres of the square's side with [`FEW`] clients; its area grows with them, so that each has the same
/// surroundings whatever their number.
const SIDE: u64 = 12_000;
const FEW: u64 = 200;
/// Clients of a cluster and of an agent.
const OF_CLUSTER: u32 = 60;
const OF_AGENT: u32 = 50;
/// Iterations before the clock is read: the routes are as good as many more make them by then.
const BEFORE: u64 = 20_000;
/// Iterations measured unless told.
const MEASURED: u64 = 40_000;

#[derive(Debug, Serialize)]
struct Line {
    clients: u32,
    agents: u32,
    visits: usize,
    iterations: u64,
    /// Processor time of one iteration.
    us_per_iteration: f64,
    /// Beside the first size.
    ratio: f64,
    /// Before the first iteration: neighbours, first routes.
    setup_s: f64,
}

/// Prints one line of JSON for each size. `iterations` of each are measured, behind the same number of others.
pub(super) fn run(sizes: &[u32], seed: u64, iterations: Option<u64>) -> Result<(), Error> {
    let (before, measured) = iterations.map_or((BEFORE, MEASURED), |n| (n, n));
    if measured == 0 {
        return Err(Error::Invalid("--iterations: must be above 0".into()));
    }
    let mut first = None;
    for &clients in sizes {
        let agents = clients / OF_AGENT;
        let problem = made_up(clients, agents, seed)
            .map_err(|error| Error::Invalid(format!("--scaling {clients}: {error}")))?;
        let budget = Budget::Iterations(before + measured);
        let options = Options { seed, budget, start: None };
        let begin = cpu::of_this_thread().ok_or_else(cpu::untold)?;
        // Iteration and processor time where it began, and where the measured part did.
        let (mut started, mut from) = (None, None);
        let mut look = |at: &planner::Progress| {
            let now = cpu::of_this_thread().map(|s| (at.iteration, s));
            started = started.or(now);
            from = from.or(now.filter(|_| at.iteration >= before));
            ControlFlow::Continue(())
        };
        let solution = solve(&problem, &options, &mut look);
        let end = cpu::of_this_thread().ok_or_else(cpu::untold)?;
        let (at, since) = from.unwrap_or((0, begin));
        let us = (end - since) * 1e6 / number(solution.iterations.saturating_sub(at).max(1));
        let line = Line {
            clients,
            agents,
            visits: solution.figures.jobs,
            iterations: solution.iterations - at,
            us_per_iteration: rounded(us),
            ratio: rounded(us / *first.get_or_insert(us)),
            setup_s: rounded(started.map_or(begin, |s| s.1) - begin),
        };
        say(&serde_json::to_string(&line).map_err(|e| Error::Invalid(e.to_string()))?);
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "a count of iterations")]
fn number(x: u64) -> f64 {
    x as f64
}

fn rounded(x: f64) -> f64 {
    (x * 100.0).round() / 100.0
}

struct Dice(Xoshiro256PlusPlus);

impl Dice {
    /// Uniform below `n`.
    fn below(&mut self, n: u64) -> u64 {
        self.0.next_u64() % n.max(1)
    }

    /// Within `reach` of `centre`, more often near it, and within the square.
    fn near(&mut self, centre: u64, reach: u64, side: u64) -> u64 {
        let sum = (0..4).map(|_| self.below(reach / 2 + 1)).sum::<u64>();
        (centre + sum).saturating_sub(reach).min(side)
    }
}

/// Seven clients in ten in clusters, the others and the agents anywhere; four in ten at home all day, three
/// for three hours and three for two; prizes mostly small, some large.
fn made_up(clients: u32, agents: u32, seed: u64) -> Result<Problem, planner::ProblemError> {
    let mut dice = Dice(Xoshiro256PlusPlus::seed_from_u64(seed));
    let side = (SIDE * SIDE / FEW * u64::from(clients)).isqrt();
    let clusters = (clients / OF_CLUSTER).max(4);
    let centres: Vec<_> = (0..clusters).map(|_| (dice.below(side), dice.below(side))).collect();
    let anywhere = |dice: &mut Dice, clustered: bool| {
        let centre = centres[usize::try_from(dice.below(u64::from(clusters))).unwrap_or(0)];
        if clustered {
            let reach = SIDE / 10;
            (dice.near(centre.0, reach, side), dice.near(centre.1, reach, side))
        } else {
            (dice.below(side), dice.below(side))
        }
    };
    let mut points: Vec<(u64, u64)> = (0..agents).map(|_| anywhere(&mut dice, false)).collect();
    for _ in 0..clients {
        let clustered = dice.below(10) < 7;
        points.push(anywhere(&mut dice, clustered));
    }
    let plane: Vec<(f64, f64)> = points.iter().map(|&(x, y)| (number(x), number(y))).collect();
    let order = along_curve(&plane);
    let mut place = vec![0; points.len()];
    order.iter().enumerate().for_each(|(at, &point)| place[point] = at);
    let matrix = Matrix::from_fn(points.len(), |from, to| {
        let (a, b) = (points[order[from]], points[order[to]]);
        let metres = (a.0.abs_diff(b.0).pow(2) + a.1.abs_diff(b.1).pow(2)).isqrt() * 13 / 10;
        let whole = |x: u64| u32::try_from(x).unwrap_or(planner::UNREACHABLE);
        (whole(metres / 7), whole(metres))
    })?;
    let (bases, homes) = place.split_at(agents as usize);
    let jobs = homes.iter().map(|&home| {
        let window = match dice.below(10) {
            0..4 => Window::new(0, DAY),
            4..7 => from_half_hour(dice.below(11), 3 * 3_600),
            _ => from_half_hour(dice.below(13), 2 * 3_600),
        };
        let draw = dice.below(1_000) * dice.below(1_000);
        let prize = i64::try_from(draw * 60).unwrap_or(0);
        Job { windows: vec![window], ..Job::new(home, 720, prize) }
    });
    let jobs = jobs.collect();
    let shifts = bases.iter().map(|&base| Shift {
        cost_per_metre: 250,
        cost_per_second: 1_667,
        ..Shift::new(Some(base), Some(base), Window::new(0, DAY))
    });
    Problem::new(matrix, jobs, shifts.collect())
}

fn from_half_hour(number: u64, seconds: i64) -> Window {
    let early = i64::try_from(number).unwrap_or(0) * 1_800;
    Window::new(early, early + seconds)
}
