//! Doorstep: plans field visits to borrowers whose loans are overdue.
//!
//! `http` and `cli` call `usecases`; those call `db`, `travel` and the pure crates. See
//! `server/docs/ARCHITECTURE.md`.

#![warn(missing_docs)]
#![expect(
    clippy::duplicate_mod,
    reason = "db/queries is compiled once per database, see db/mod.rs"
)]

pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod db;
pub mod error;
pub mod http;
pub mod ids;
pub mod progress;
pub mod render;
pub mod tokens;
pub mod travel;
pub mod usecases;
pub mod worker;
