//! What is said about routes once they are there: whether they hold, when, why not otherwise.
mod check;
mod clock;
mod crew;
mod explain;
mod labels;
mod line;
mod lines;
mod marginal;
mod terms;
mod timetable;
mod violation;

pub use check::check;
pub(crate) use check::total;
pub(crate) use crew::instants;
pub use explain::{Binding, Explanation, Insertion, Need, explain, explain_all};
pub use marginal::{JobValue, marginal};
pub use timetable::{BreakTime, StopTime, Timetable, timetable};
pub use violation::Violation;
