//! Jobs, shifts and the problem they make.
use super::{Matrix, ProblemError, validate};

/// A span of time in seconds; both ends belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Window {
    /// First second.
    pub early: i64,
    /// Last second.
    pub late: i64,
}

impl Window {
    /// From `early` to `late`, both included.
    #[must_use]
    pub const fn new(early: i64, late: i64) -> Self {
        Self { early, late }
    }

    /// Wider than any shift: stands for "any time".
    pub(crate) const ALWAYS: Self = Self::new(-(1 << 40), 1 << 40);
}

/// Something to do at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Location in the matrix.
    pub location: usize,
    /// Time spent there, seconds.
    pub service_s: u32,
    /// Service starts within one of these; empty means any time.
    pub windows: Vec<Window>,
    /// What serving it earns before travel and time, micro-units; may be negative.
    pub prize: i64,
    /// To be served whatever it costs, if anybody can.
    pub required: bool,
    /// What a shift must have to serve it.
    pub skills: Vec<u16>,
    /// What it takes of a shift's capacity, one entry per kind of load; missing entries are 0.
    pub demand: Vec<u32>,
    /// Earned on top of the prize by starting in each of the windows, micro-units; missing entries are 0.
    pub premiums: Vec<i64>,
    /// Shifts that serve it together and start at the same instant: 1 or 2.
    pub crew: u8,
    /// Shifts that may not serve it.
    pub forbidden: Vec<usize>,
    /// The only shifts that may serve it; empty means any.
    pub only: Vec<usize>,
    /// What it earns (negative: costs) beyond its prize by the shift that serves it.
    pub pairing: Pairing,
    /// In a route, jobs with a rank come in the order of their ranks; others anywhere.
    pub rank: Option<u32>,
    /// The series of visits it belongs to.
    pub series: Option<Spacing>,
    /// The neighbourhood that shifts are to share as little as possible: see [`Terms::overlap`].
    pub zone: Option<u32>,
}

/// What serving a job earns beyond its prize, by shift, micro-units; negative amounts cost.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pairing {
    /// Shifts with an amount of their own.
    pub with: Vec<(usize, i64)>,
    /// All other shifts.
    pub otherwise: i64,
}

/// Visits to one place on different days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spacing {
    /// Jobs with the same number belong together.
    pub series: u32,
    /// Days at least between it and any other of the series.
    pub days: u32,
}

impl Job {
    /// An optional job at any time, with a prize in micro-units.
    #[must_use]
    pub const fn new(location: usize, service_s: u32, prize: i64) -> Self {
        Self {
            location,
            service_s,
            windows: Vec::new(),
            prize,
            required: false,
            skills: Vec::new(),
            demand: Vec::new(),
            premiums: Vec::new(),
            crew: 1,
            forbidden: Vec::new(),
            only: Vec::new(),
            pairing: Pairing { with: Vec::new(), otherwise: 0 },
            rank: None,
            series: None,
            zone: None,
        }
    }

    /// Windows with what starting in each earns; one without a bound when it has none.
    pub(crate) fn openings(&self) -> impl Iterator<Item = (Window, i64)> + '_ {
        let any = self.windows.is_empty().then_some((Window::ALWAYS, 0));
        let premium = |k: usize| self.premiums.get(k).copied().unwrap_or(0);
        any.into_iter().chain(self.windows.iter().enumerate().map(move |(k, &w)| (w, premium(k))))
    }

    /// What that shift earns with it beyond the prize.
    #[must_use]
    pub fn paired(&self, shift: usize) -> i64 {
        let own = self.pairing.with.iter().find(|(k, _)| *k == shift);
        own.map_or(self.pairing.otherwise, |(_, amount)| *amount)
    }

    /// Whether the shift is not shut out by name.
    #[must_use]
    pub fn admits(&self, shift: usize) -> bool {
        (self.only.is_empty() || self.only.contains(&shift)) && !self.forbidden.contains(&shift)
    }
}

/// Time off in a shift, taken where the agent is.
///
/// A route needs it if it is under way at the end of the window: one that is back by then, or leaves
/// only then, needs none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Break {
    /// It begins within this.
    pub window: Window,
    /// How long, seconds.
    pub duration_s: u32,
    /// Whether the seconds are paid and count for overtime.
    pub paid: bool,
}

/// Somebody who can serve jobs for a while. Every shift makes at most one route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shift {
    /// Where it starts; `None`: at its first job.
    pub start: Option<usize>,
    /// Where it ends; `None`: at its last job.
    pub end: Option<usize>,
    /// Leaves the start and reaches the end within it.
    pub window: Window,
    /// Longest time between leaving the start and reaching the end, seconds.
    pub max_duration_s: u32,
    /// Cost of a metre, micro-units.
    pub cost_per_metre: i64,
    /// Cost of a second between leaving the start and reaching the end, micro-units.
    pub cost_per_second: i64,
    /// Cost of using the shift at all, micro-units.
    pub fixed_cost: i64,
    /// Most jobs it serves.
    pub max_jobs: Option<u32>,
    /// Most it carries, one entry per kind of load; `None` or missing is unlimited.
    pub capacity: Vec<Option<u32>>,
    /// Skills it has.
    pub skills: Vec<u16>,
    /// Breaks in the order they are taken.
    pub breaks: Vec<Break>,
    /// Paid seconds beyond this are overtime.
    pub regular_s: u32,
    /// Cost of a second of overtime on top of [`Self::cost_per_second`], micro-units.
    pub overtime_per_second: i64,
    /// The day it belongs to, for [`Spacing`].
    pub day: i32,
}

impl Shift {
    /// A shift without costs, limits or skills beyond its window.
    #[must_use]
    pub const fn new(start: Option<usize>, end: Option<usize>, window: Window) -> Self {
        Self {
            start,
            end,
            window,
            max_duration_s: u32::MAX,
            cost_per_metre: 0,
            cost_per_second: 0,
            fixed_cost: 0,
            max_jobs: None,
            capacity: Vec::new(),
            skills: Vec::new(),
            breaks: Vec::new(),
            regular_s: u32::MAX,
            overtime_per_second: 0,
            day: 0,
        }
    }

    /// Seconds of overtime in so many paid ones.
    pub(crate) fn overtime(&self, paid: i64) -> i64 {
        (paid - i64::from(self.regular_s)).max(0)
    }

    /// Cost of paid seconds, overtime included.
    pub(crate) fn cost_of(&self, paid: i64) -> i128 {
        i128::from(paid) * i128::from(self.cost_per_second)
            + i128::from(self.overtime(paid)) * i128::from(self.overtime_per_second)
    }

    /// The most it can last: a fair share of the work is in proportion to it.
    pub(crate) fn longest(&self) -> i64 {
        (self.window.late - self.window.early).min(i64::from(self.max_duration_s))
    }

    /// Whether it has every skill the job needs.
    pub(crate) fn can(&self, job: &Job) -> bool {
        job.skills.iter().all(|s| self.skills.contains(s))
    }

    /// Room for one kind of load.
    pub(crate) fn room(&self, kind: usize) -> Option<u32> {
        self.capacity.get(kind).copied().flatten()
    }
}

/// Small terms of the objective that concern all routes together, micro-units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Terms {
    /// Cost of every paid second of a shift beyond its fair share: its part of all paid seconds in
    /// proportion to how long each shift can be.
    pub unfairness_per_second: i64,
    /// Cost of every further shift that stops in a [`Job::zone`].
    pub overlap: i64,
}

/// A checked problem: whatever one can hold, the solver can work on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    matrix: Matrix,
    jobs: Vec<Job>,
    shifts: Vec<Shift>,
    terms: Terms,
}

impl Problem {
    /// Checks and keeps the parts.
    ///
    /// # Errors
    /// Names the first field that contradicts itself or the others, as `jobs[3].windows[0]`: unknown
    /// location, window that ends before it begins, negative cost, figures too large to add up.
    pub fn new(matrix: Matrix, jobs: Vec<Job>, shifts: Vec<Shift>) -> Result<Self, ProblemError> {
        Self::with_terms(matrix, jobs, shifts, Terms::default())
    }

    /// As [`Self::new`], with terms that concern all routes together.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn with_terms(
        matrix: Matrix,
        jobs: Vec<Job>,
        shifts: Vec<Shift>,
        terms: Terms,
    ) -> Result<Self, ProblemError> {
        validate::problem(&matrix, &jobs, &shifts, terms)?;
        Ok(Self { matrix, jobs, shifts, terms })
    }

    /// Terms that concern all routes together.
    #[must_use]
    pub fn terms(&self) -> Terms {
        self.terms
    }

    /// Travel times and distances.
    #[must_use]
    pub fn matrix(&self) -> &Matrix {
        &self.matrix
    }

    /// Jobs, in the order given.
    #[must_use]
    pub fn jobs(&self) -> &[Job] {
        &self.jobs
    }

    /// Shifts, in the order given.
    #[must_use]
    pub fn shifts(&self) -> &[Shift] {
        &self.shifts
    }
}
