//! Harness of the integration tests: databases, installations, the real program, a browser.
//!
//! Everything it starts ends with the test that asked for it, or with the test process at the
//! latest, and nothing it does leaves this machine.

#![warn(missing_docs)]

pub mod api;
pub mod book;
pub mod browser;
pub mod database;
pub mod http;
pub mod installation;
pub mod pg;
pub mod phone;
pub mod pocket;
pub mod program;
pub mod python;
pub mod skip;
pub mod wait;

use std::path::PathBuf;

/// The root of the repository.
#[must_use]
pub fn repository() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map(ToOwned::to_owned).unwrap_or(here)
}

/// Whether the tests run as root, for whom no permission bit is an obstacle.
///
/// # Errors
/// No temporary file can be made.
pub fn is_root() -> anyhow::Result<bool> {
    Ok(pg::owner_of(tempfile::NamedTempFile::new()?.path())? == 0)
}
