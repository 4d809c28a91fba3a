//! Budgets, routes and figures.
use std::fmt;
use std::str::FromStr;

/// The jobs of one shift, in order.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Route {
    /// Index of the shift.
    pub shift: usize,
    /// Indices of the jobs.
    pub jobs: Vec<usize>,
    /// When the jobs that need a crew of two begin, by job.
    pub meetings: Vec<Meeting>,
}

impl Route {
    /// A route without meetings.
    #[must_use]
    pub const fn new(shift: usize, jobs: Vec<usize>) -> Self {
        Self { shift, jobs, meetings: Vec::new() }
    }

    /// The instant agreed on for a job.
    #[must_use]
    pub fn meeting(&self, job: usize) -> Option<i64> {
        self.meetings.iter().find(|m| m.job == job).map(|m| m.start)
    }
}

/// The instant at which two shifts begin a job together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Meeting {
    /// The job.
    pub job: usize,
    /// Start of service, seconds.
    pub start: i64,
}

/// What a set of routes comes to. Money in micro-units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Figures {
    /// `prize + pairing` less all costs below.
    pub objective: i64,
    /// Prizes of the jobs served, with the premiums of the windows they begin in.
    pub prize: i64,
    /// What jobs earn, or cost when negative, by the shifts that serve them.
    pub pairing: i64,
    /// Metres at each shift's price.
    pub travel_cost: i64,
    /// Paid seconds at each shift's price.
    pub time_cost: i64,
    /// Overtime at each shift's price, beyond `time_cost`.
    pub overtime_cost: i64,
    /// Fixed cost of the shifts used.
    pub fixed_cost: i64,
    /// Seconds beyond fair shares at [`crate::Terms::unfairness_per_second`].
    pub unfairness_cost: i64,
    /// Further shifts in the same zones at [`crate::Terms::overlap`].
    pub overlap_cost: i64,
    /// Metres driven.
    pub metres: i64,
    /// Seconds paid: duration of every route, waiting and service included, unpaid breaks not.
    pub seconds: i64,
    /// Seconds of them that are overtime.
    pub overtime_s: i64,
    /// Jobs served; one for a crew of two counts once.
    pub jobs: usize,
    /// Shifts used.
    pub routes: usize,
}

impl Figures {
    /// Both together, saturating.
    pub(crate) fn plus(&self, other: &Self) -> Self {
        Self {
            objective: self.objective.saturating_add(other.objective),
            prize: self.prize.saturating_add(other.prize),
            travel_cost: self.travel_cost.saturating_add(other.travel_cost),
            pairing: self.pairing.saturating_add(other.pairing),
            time_cost: self.time_cost.saturating_add(other.time_cost),
            overtime_cost: self.overtime_cost.saturating_add(other.overtime_cost),
            unfairness_cost: self.unfairness_cost.saturating_add(other.unfairness_cost),
            overlap_cost: self.overlap_cost.saturating_add(other.overlap_cost),
            overtime_s: self.overtime_s.saturating_add(other.overtime_s),
            fixed_cost: self.fixed_cost.saturating_add(other.fixed_cost),
            metres: self.metres.saturating_add(other.metres),
            seconds: self.seconds.saturating_add(other.seconds),
            jobs: self.jobs + other.jobs,
            routes: self.routes + other.routes,
        }
    }
}

/// How long to search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Budget {
    /// This many iterations, cooled evenly.
    Iterations(u64),
    /// Exactly as an earlier run: its [`Solution::schedule`].
    Replay(Schedule),
    /// Until the meter of [`crate::solve_metered`] says that all is used. [`crate::solve`], which has no
    /// meter, takes it for [`Options::DEFAULT_ITERATIONS`].
    Metered,
}

/// When the annealing was how cold, so that a run measured in time can be repeated exactly.
///
/// As text: `start:end:n1,n2,...` with temperatures in micro-units and the iterations at which each
/// level of cooling ended, written as differences.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Schedule {
    /// Temperature of the first level, micro-units.
    pub start: i64,
    /// Temperature of the last level, micro-units.
    pub end: i64,
    /// Iterations done at the end of each level.
    pub level_ends: Vec<u64>,
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:", self.start, self.end)?;
        let mut before = 0;
        for (i, &at) in self.level_ends.iter().enumerate() {
            let comma = if i > 0 { "," } else { "" };
            write!(f, "{comma}{}", at.saturating_sub(before))?;
            before = at;
        }
        Ok(())
    }
}

/// The text is not a schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a schedule reads start:end:n1,n2,... with whole numbers")]
pub struct ScheduleError;

impl FromStr for Schedule {
    type Err = ScheduleError;

    fn from_str(s: &str) -> Result<Self, ScheduleError> {
        let mut parts = s.trim().split(':');
        let mut number = || parts.next().and_then(|p| p.parse().ok()).ok_or(ScheduleError);
        let (start, end) = (number()?, number()?);
        let list = parts.next().ok_or(ScheduleError)?;
        let mut at: u64 = 0;
        let mut level_ends = Vec::new();
        for n in list.split(',').filter(|n| !n.is_empty()) {
            let n: u64 = n.parse().map_err(|_| ScheduleError)?;
            at = at.checked_add(n).ok_or(ScheduleError)?;
            level_ends.push(at);
        }
        if parts.next().is_some() {
            Err(ScheduleError)
        } else {
            Ok(Self { start, end, level_ends })
        }
    }
}

/// How to search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Seed of every random choice.
    pub seed: u64,
    /// How long.
    pub budget: Budget,
    /// Routes to begin with; what does not fit is left out. `None` begins from nothing.
    pub start: Option<Vec<Route>>,
}

impl Options {
    /// Iterations when nothing is said.
    pub const DEFAULT_ITERATIONS: u64 = 20_000;
}

impl Default for Options {
    fn default() -> Self {
        Self { seed: 1, budget: Budget::Iterations(Self::DEFAULT_ITERATIONS), start: None }
    }
}

/// Where the search stands; given to the callback now and then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Iterations done.
    pub iteration: u64,
    /// Iterations to do; `None` when a meter decides.
    pub of: Option<u64>,
    /// Objective of the best routes so far, micro-units.
    pub objective: i64,
    /// Jobs in them.
    pub jobs: usize,
}

/// What the search found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Solution {
    /// Routes by shift; empty ones are not listed.
    pub routes: Vec<Route>,
    /// What they come to.
    pub figures: Figures,
    /// Required jobs that are in no route; [`crate::explain`] says why.
    pub unserved_required: Vec<usize>,
    /// Iterations done.
    pub iterations: u64,
    /// Repeats the run exactly, as [`Budget::Replay`] with the same seed and start.
    pub schedule: Schedule,
}
