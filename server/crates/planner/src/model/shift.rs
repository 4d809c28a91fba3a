//! Who can do it, and when.
use super::{Job, Window};

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

impl Break {
    /// Seconds of it that nobody pays.
    pub(crate) fn unpaid_s(&self) -> i64 {
        if self.paid { 0 } else { i64::from(self.duration_s) }
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
    /// Breaks in the order they are taken.
    pub breaks: Vec<Break>,
    /// Paid seconds beyond this are overtime.
    pub regular_s: u32,
    /// Cost of a second of overtime on top of [`Self::cost_per_second`], micro-units.
    pub overtime_per_second: i64,
    /// The day it belongs to, for [`crate::Spacing`].
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
