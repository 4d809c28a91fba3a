//! Profitable routing: which stops to serve, by whom, in what order; pure.
//!
//! The crate knows locations, jobs with prizes, time windows, shifts and a matrix of travel times and
//! distances. It does no input or output, reads no clock, and draws random numbers only from the
//! seed it is given. Money is in micro-units (1e-6 of the currency), times are seconds counted
//! from whatever instant the caller chose (usually the planning day's start), distances metres.
//!
//! ```
//! use std::ops::ControlFlow;
//! use planner::{Job, Matrix, Options, Problem, Shift, Window, check, solve};
//!
//! // location 0 is the base, 1 and 2 are customers one kilometre and two minutes apart
//! let matrix = Matrix::new(3, vec![0, 120, 240, 120, 0, 120, 240, 120, 0],
//!                             vec![0, 1000, 2000, 1000, 0, 1000, 2000, 1000, 0])?;
//! let jobs = vec![Job::new(1, 600, 5_000_000), Job::new(2, 600, 1_000)];
//! let shift = Shift { cost_per_metre: 250, ..Shift::new(Some(0), Some(0), Window::new(0, 3_600)) };
//! let problem = Problem::new(matrix, jobs, vec![shift])?;
//! let solution = solve(&problem, &Options::default(), &mut |_| ControlFlow::Continue(()));
//! assert_eq!(solution.routes[0].jobs, [0]); // job 1 does not earn its detour
//! assert_eq!(check(&problem, &solution.routes).as_ref(), Ok(&solution.figures));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![warn(missing_docs)]

mod cast;
mod curve;
pub mod instance;
mod model;
mod report;
mod search;
mod segment;

pub use curve::along_curve;
pub use model::{
    Break, Budget, Figures, Job, Matrix, Meeting, Options, Pairing, Problem, ProblemError,
    Progress, Route, Schedule, ScheduleError, Shift, Solution, Spacing, Terms, UNREACHABLE, Window,
};
pub use report::{
    Binding, BreakTime, Explanation, Insertion, JobValue, Need, StopTime, Timetable, Violation,
    check, explain, explain_all, marginal, timetable,
};
pub use search::{solve, solve_metered};
