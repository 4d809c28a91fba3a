//! What is said about routes once they are there: whether they hold, when, why not otherwise.
mod check;
mod explain;
mod marginal;
mod timetable;

pub(crate) use check::score;
pub use check::{Violation, check};
pub use explain::{Binding, Explanation, Insertion, Need, explain, explain_all};
pub use marginal::{JobValue, marginal};
pub use timetable::{StopTime, Timetable, timetable};
