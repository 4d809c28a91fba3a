//! The whole product from outside: its databases, commands, pages, and the layout of its sources.

mod db;
mod tidy;
mod usecases;

/// The program under test, built from `server/src/main.rs` with these tests.
const PROGRAM: &str = env!("CARGO_BIN_EXE_doorstep-under-test");
