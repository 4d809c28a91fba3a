//! A plan as text: page, tables and printed sheets. Pure: documents in, strings out.

mod document;

pub use document::{Cell, LeftOut, PlanDocument, Point, RoadLine, Route, Stop, Totals};
