//! The economics of visits as text: for a terminal, as CSV, as GeoJSON, as an answer of the API.

mod answer;
mod csv;
mod document;
mod geojson;
#[cfg(test)]
pub(super) mod sample;
#[cfg(test)]
mod tests;
mod text;

pub use answer::{EconomicsAnswer, EconomicsAnswerRow, economics_answer};
pub use csv::economics_csv;
pub use document::{By, EconomicsDocument, EconomicsRow};
pub use geojson::economics_geojson;
pub use text::economics_text;

/// What takes the place of a figure that cannot be had without a held-out arm.
const NOT_IDENTIFIABLE: &str = "not_identifiable";
