//! The queries. This folder is compiled once per database: `Conn` is that database's connection.

use super::Conn;

pub(in crate::db) mod book;
pub(in crate::db) mod organisations;
pub(in crate::db) mod plans;
pub(in crate::db) mod scores;
pub(in crate::db) mod territories;
