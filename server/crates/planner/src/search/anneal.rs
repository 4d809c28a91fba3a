//! Temperature by level of cooling, and the levels by iterations or by a meter.
use crate::cast::{approx, to_i64};
use crate::model::{Budget, Options, Schedule};

use super::rng::Random;

/// Steps of cooling in a run.
const LEVELS: u32 = 100;

/// Temperatures of the first and last level as a share of what a middling bad step loses.
const HOT: f64 = 2.0;
const COLD: f64 = 0.04;

/// Up to this many jobs the search cools three times, for it has seen the whole problem by the first:
/// levels of the first time and of the others, and how hot those begin.
const SMALL: usize = 400;
const FIRST: u32 = 40;
const AGAIN: u32 = 30;
const REHEAT: f64 = 0.7;

/// Levels between two recombinations of the pool, in a small problem and otherwise.
const STAGE_SMALL: u32 = 5;
const STAGE: u32 = 10;

/// Share added to prizes at first where shifts are left over, and the level at which it is gone.
const BOOST: f64 = 0.8;
const BOOST_ENDS: f64 = 80.0;

/// States this many temperatures below the best are worth remembering.
const NEAR: f64 = 4.0;

#[derive(Debug)]
pub(crate) struct Cooling {
    schedule: Schedule,
    /// Levels in `schedule` are to be followed; otherwise they are being written.
    planned: bool,
    level: u32,
    temperature: f64,
    small: bool,
    roomy: bool,
}

impl Cooling {
    /// `loss` is what a middling bad step loses, `roomy` says that shifts are left over.
    pub(crate) fn new(options: &Options, loss: i64, jobs: usize, roomy: bool) -> Self {
        let start = to_i64(approx(loss) * HOT).max(1);
        let end = to_i64(approx(loss) * COLD).max(1);
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
        let mut cooling =
            Self { schedule, planned, level: 0, temperature: 0.0, small: jobs <= SMALL, roomy };
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

    /// What prizes count for now, in 1024ths. Where shifts are left over, money and not time keeps jobs
    /// out, and one of them alone seldom pays for its way: so the search begins with more in than pays
    /// and lets go of what does not.
    pub(crate) fn boost(&self) -> i64 {
        if !self.roomy {
            return 1024;
        }
        let left = (1.0 - f64::from(self.level) / BOOST_ENDS).max(0.0);
        1024 + to_i64(1024.0 * BOOST * left)
    }

    /// Counts the recombinations due so far.
    pub(crate) fn stage(&self) -> u32 {
        self.level / if self.small { STAGE_SMALL } else { STAGE }
    }

    /// Whether a state is worth remembering beside the best.
    pub(crate) fn near(&self, value: i64, best: i64) -> bool {
        approx(best) - approx(value) <= NEAR * self.temperature
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
        let level = self.level.min(LEVELS - 1);
        let (hot, share) = if !self.small {
            (start, f64::from(level) / f64::from(LEVELS - 1))
        } else if level < FIRST {
            (start, f64::from(level) / f64::from(FIRST - 1))
        } else {
            (start * REHEAT, f64::from((level - FIRST) % AGAIN) / f64::from(AGAIN - 1))
        };
        self.temperature = hot * libm::pow(end / hot, share);
    }
}

/// `n * k / LEVELS` without overflow.
fn share(n: u64, k: u64) -> u64 {
    let wide = u128::from(n) * u128::from(k) / u128::from(LEVELS);
    u64::try_from(wide).unwrap_or(n)
}
