//! ADAPTER: the database. The only code of the server that says diesel.
//!
//! The queries in `queries/` are compiled twice, once against SQLite and once against
//! PostgreSQL; [`Store`] holds whichever is in use and passes each call on. Every public method
//! is one transaction. All of them block: async callers go through the blocking pool.

pub mod access;
pub mod audit;
pub mod economics;
mod error;
mod id;
pub mod lists;
pub mod log;
mod pg;
pub mod pull;
pub mod rows;
mod schema;
mod sqlite;
mod store;

pub use error::DbError;
pub use id::Id;
pub use store::{BookChange, FieldCounts, PlanRows, RowChange, Store};
