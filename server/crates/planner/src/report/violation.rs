//! What routes may not do.
use std::fmt;

/// Something a set of routes may not do. `route` counts in the list given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Violation {
    /// There is no such shift.
    UnknownShift {
        /// The route.
        route: usize,
    },
    /// The shift makes an earlier route already.
    ShiftTwice {
        /// The route.
        route: usize,
    },
    /// There is no such job.
    UnknownJob {
        /// The route.
        route: usize,
        /// The index that means nothing.
        job: usize,
    },
    /// The job is served before already.
    JobTwice {
        /// The route.
        route: usize,
        /// The job.
        job: usize,
    },
    /// The shift lacks a skill of the job.
    Skill {
        /// The route.
        route: usize,
        /// The job.
        job: usize,
    },
    /// More jobs than the shift takes.
    MaxJobs {
        /// The route.
        route: usize,
    },
    /// More of a kind of load than the shift takes.
    Capacity {
        /// The route.
        route: usize,
        /// The kind of load.
        kind: usize,
    },
    /// There is no way between two places that follow each other.
    Unreachable {
        /// The route.
        route: usize,
    },
    /// No departure keeps every window, the shift and its duration.
    Time {
        /// The route.
        route: usize,
    },
    /// The shift may not serve the job.
    Pair {
        /// The route.
        route: usize,
        /// The job.
        job: usize,
    },
    /// The job comes after one of a later rank.
    Order {
        /// The route.
        route: usize,
        /// The job.
        job: usize,
    },
    /// The job is not served by the number of shifts it needs, starting at one instant.
    Crew {
        /// The job.
        job: usize,
    },
    /// Two visits of a series lie too few days apart.
    Spacing {
        /// The earlier job by index.
        job: usize,
        /// The other.
        other: usize,
    },
    /// A required job is in no route.
    RequiredMissing {
        /// The job.
        job: usize,
    },
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::UnknownShift { route } => write!(f, "routes[{route}]: no such shift"),
            Self::ShiftTwice { route } => write!(f, "routes[{route}]: shift used before"),
            Self::UnknownJob { route, job } => write!(f, "routes[{route}]: no job {job}"),
            Self::JobTwice { route, job } => write!(f, "routes[{route}]: job {job} served before"),
            Self::Skill { route, job } => write!(f, "routes[{route}]: job {job} needs a skill"),
            Self::MaxJobs { route } => write!(f, "routes[{route}]: too many jobs"),
            Self::Capacity { route, kind } => write!(f, "routes[{route}]: too much of load {kind}"),
            Self::Unreachable { route } => write!(f, "routes[{route}]: no way between two stops"),
            Self::Time { route } => {
                write!(f, "routes[{route}]: windows, breaks, shift or duration broken")
            }
            Self::Pair { route, job } => {
                write!(f, "routes[{route}]: the shift may not serve job {job}")
            }
            Self::Order { route, job } => {
                write!(f, "routes[{route}]: job {job} comes after one of a later rank")
            }
            Self::Crew { job } => write!(f, "job {job} needs two shifts that start it together"),
            Self::Spacing { job, other } => {
                write!(f, "jobs {job} and {other} of a series lie too few days apart")
            }
            Self::RequiredMissing { job } => write!(f, "required job {job} is in no route"),
        }
    }
}
