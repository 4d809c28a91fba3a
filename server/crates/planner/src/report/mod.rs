//! What is said about routes once they are there: whether they hold, when, why not otherwise.
mod check;
mod clock;
mod crew;
mod explain;
mod labels;
mod lines;
mod marginal;
mod terms;
mod timetable;

pub(crate) use check::total;
pub use check::{Violation, check};
pub(crate) use crew::instants;
pub use explain::{Binding, Explanation, Insertion, Need, explain, explain_all};
pub use marginal::{JobValue, marginal};
pub use timetable::{BreakTime, StopTime, Timetable, timetable};
