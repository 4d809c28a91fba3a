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
        }
    }
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
        }
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

/// A checked problem: whatever one can hold, the solver can work on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    matrix: Matrix,
    jobs: Vec<Job>,
    shifts: Vec<Shift>,
}

impl Problem {
    /// Checks and keeps the parts.
    ///
    /// # Errors
    /// Names the first field that contradicts itself or the others, as `jobs[3].windows[0]`: unknown
    /// location, window that ends before it begins, negative cost, figures too large to add up.
    pub fn new(matrix: Matrix, jobs: Vec<Job>, shifts: Vec<Shift>) -> Result<Self, ProblemError> {
        validate::problem(&matrix, &jobs, &shifts)?;
        Ok(Self { matrix, jobs, shifts })
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
