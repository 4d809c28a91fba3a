//! What goes in and what comes out.
mod matrix;
mod problem;
mod solution;
mod validate;

pub(crate) use matrix::Arc;
pub use matrix::{Matrix, UNREACHABLE};
pub use problem::{Break, Job, Pairing, Problem, Shift, Spacing, Terms, Window};
pub use solution::{
    Budget, Figures, Meeting, Options, Progress, Route, Schedule, ScheduleError, Solution,
};
pub use validate::ProblemError;
