//! What goes in and what comes out.
mod job;
mod matrix;
mod problem;
mod shift;
mod solution;
mod validate;
mod window;

pub use job::{Job, Pairing, Spacing};
pub(crate) use matrix::Arc;
pub use matrix::{Matrix, UNREACHABLE};
pub use problem::{Problem, Terms};
pub use shift::{Break, Shift};
pub use solution::{
    Budget, Figures, Meeting, Options, Progress, Route, Schedule, ScheduleError, Solution,
};
pub use validate::ProblemError;
pub use window::Window;
