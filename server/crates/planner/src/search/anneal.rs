//! Temperature by level of cooling, and the levels by iterations or by a meter.
use crate::cast::{approx, to_i64};
use crate::model::{Budget, Options, Schedule};

use super::rng::Random;

/// Steps of cooling in a run.
const LEVELS: u32 = 100;

/// Temperatures of the first and last level as a share of what a served job earns or costs.
const HOT: f64 = 0.10;
const COLD: f64 = 0.002;

#[derive(Debug)]
pub(crate) struct Cooling {
    schedule: Schedule,
    /// Levels in `schedule` are to be followed; otherwise they are being written.
    planned: bool,
    level: u32,
    temperature: f64,
}

impl Cooling {
    pub(crate) fn new(options: &Options, scale: i64) -> Self {
        let start = to_i64(approx(scale) * HOT).max(1);
        let end = to_i64(approx(scale) * COLD).max(1);
        let even = |n: u64| Schedule {
            start,
            end,
            level_ends: (1..=u64::from(LEVELS)).map(|k| share(n, k)).collect(),
        };
        let (schedule, planned) = match &options.budget {
            Budget::Iterations(n) => (even(*n), true),
            Budget::Replay(s) => (s.clone(), true),
            Budget::Metered => (Schedule { start, end, level_ends: Vec::new() }, false),
        };
        let mut cooling = Self { schedule, planned, level: 0, temperature: 0.0 };
        cooling.set();
        cooling
    }

    /// Iterations of a planned run.
    pub(crate) fn planned(&self) -> Option<u64> {
        self.planned.then(|| self.schedule.level_ends.last().copied().unwrap_or(0))
    }

    /// Moves to the level of `iteration` in a planned run.
    pub(crate) fn follow(&mut self, iteration: u64) {
        if self.planned {
            let before = self.level;
            while self
                .schedule
                .level_ends
                .get(self.level as usize)
                .is_some_and(|&end| end <= iteration)
            {
                self.level += 1;
            }
            if self.level != before {
                self.set();
            }
        }
    }

    /// Moves to the level that belongs to a share of the budget, and notes when.
    pub(crate) fn measured(&mut self, used: f64, iteration: u64) {
        let level = u32::try_from(to_i64(used * f64::from(LEVELS))).unwrap_or(0).min(LEVELS - 1);
        if level > self.level {
            self.schedule.level_ends.resize(level as usize, iteration);
            self.level = level;
            self.set();
        }
    }

    /// Whether a change of the objective is taken.
    pub(crate) fn accepts(&self, change: i64, rng: &mut Random) -> bool {
        change >= 0 || approx(change) > self.temperature * libm::log(rng.unit())
    }

    /// The schedule as followed up to `iterations`.
    pub(crate) fn finish(mut self, iterations: u64) -> Schedule {
        self.schedule.level_ends.retain(|&end| end < iterations);
        self.schedule.level_ends.push(iterations);
        self.schedule
    }

    fn set(&mut self) {
        let (start, end) = (approx(self.schedule.start.max(1)), approx(self.schedule.end.max(1)));
        let share = f64::from(self.level.min(LEVELS - 1)) / f64::from(LEVELS - 1);
        self.temperature = start * libm::pow(end / start, share);
    }
}

/// `n * k / LEVELS` without overflow.
fn share(n: u64, k: u64) -> u64 {
    let wide = u128::from(n) * u128::from(k) / u128::from(LEVELS);
    u64::try_from(wide).unwrap_or(n)
}
