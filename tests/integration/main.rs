//! The whole product from outside: its databases, commands, pages, and the layout of its sources.

// `cfg(test)` holds in the whole crate; saying so lets the helpers of tests unwrap as tests do.
#[cfg(test)]
mod cli;
#[cfg(test)]
mod db;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod http;
#[cfg(test)]
mod phone;
#[cfg(test)]
mod sync;
#[cfg(test)]
mod tidy;
#[cfg(test)]
mod usecases;

/// The program under test, built from `server/src/main.rs` with these tests.
#[cfg(test)]
const PROGRAM: &str = env!("CARGO_BIN_EXE_doorstep-under-test");

/// The program that writes the Python side of the phone's library, built with these tests.
#[cfg(test)]
const BINDGEN: &str = env!("CARGO_BIN_EXE_doorstep-bindgen-under-test");
