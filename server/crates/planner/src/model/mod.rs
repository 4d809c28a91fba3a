//! What goes in and what comes out.
mod matrix;
mod problem;
mod solution;
mod validate;

pub(crate) use matrix::Arc;
pub use matrix::{Matrix, UNREACHABLE};
pub use problem::{Job, Problem, Shift, Window};
pub use solution::{Budget, Figures, Options, Progress, Route, Schedule, ScheduleError, Solution};
pub use validate::ProblemError;
