//! A plan as text: page, tables and printed sheets. Pure: documents in, strings out.
//!
//! One file per output. What they share: `document` (the input), `figures` (money, times and
//! distances as people read them), `html` (escaping) and `palette` (one colour per agent).

mod document;
pub mod economics;
mod figures;
mod geojson;
mod html;
mod page;
mod palette;
#[cfg(test)]
mod sample;
mod sheets;
mod tables;

pub use document::{
    CameBack, CameConflict, CameRefusal, CameVisit, Cell, LeftOut, Link, OtherPlan, PlanDocument,
    Point, Rest, RoadLine, Route, Stop, Totals,
};
pub(crate) use figures::money;
pub(crate) use figures::{clock_time, kilometres, micro_amount, micro_money, money as amount};
pub use geojson::geojson;
pub use page::{PAGE_CSP, economics_html, page_html};
pub use sheets::sheets_html;
pub(crate) use tables::cell as text_cell;
pub use tables::{left_out_csv, stops_csv};
