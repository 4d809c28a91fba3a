//! The queries. This folder is compiled once per database: `Conn` is that database's connection.

use super::Conn;

pub(in crate::db) mod access;
pub(in crate::db) mod allocations;
pub(in crate::db) mod audit;
pub(in crate::db) mod book;
pub(in crate::db) mod devices;
pub(in crate::db) mod economics;
pub(in crate::db) mod exports;
pub(in crate::db) mod feed;
pub(in crate::db) mod field;
pub(in crate::db) mod heads;
pub(in crate::db) mod jobs;
pub(in crate::db) mod lists;
pub(in crate::db) mod log;
pub(in crate::db) mod ops;
pub(in crate::db) mod organisations;
pub(in crate::db) mod plans;
pub(in crate::db) mod pull;
pub(in crate::db) mod scores;
pub(in crate::db) mod territories;
pub(in crate::db) mod tokens;
pub(in crate::db) mod users;

/// Rows of one statement: far below the number of values that a statement can have.
const ROWS: usize = 500;
