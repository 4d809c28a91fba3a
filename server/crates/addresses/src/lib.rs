//! Look-up of postal addresses in what a map knows, without a network.
//!
//! Pure: records in, answers out. It opens no file and reads no clock; the same records give the same answers,
//! in whatever order they come.
//!
//! `text` folds what writers differ in, `words` has their abbreviations as tables of one file per language, `name` and
//! `number` make keys of streets and houses. `index` holds the records under these keys. `query` lists all ways to
//! read an address, and `find` takes the one that the map bears out. `file` is the saved form of the records.
//!
//! An answer has a grade (house, street, place) and a score. What could be several places far apart is
//! ambiguous and lists them; nothing is guessed.

#![warn(missing_docs)]

mod answer;
mod error;
mod file;
mod find;
mod geo;
mod index;
mod name;
mod number;
mod query;
mod record;
mod regions;
mod text;
mod words;

pub use answer::{Answer, Candidate, Grade, Lookup, Note, Reason, What};
pub use error::OpenError;
pub use file::{Saved, open, save};
pub use index::{Counts, Index};
pub use query::Split;
pub use record::{Place, PlaceKind, Record, RecordKind, Records, Street};
pub use text::normalise;
