//! Tests that need a program which the machine may lack.

use std::io::Write as _;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Result, bail};

static SKIPPED: AtomicU32 = AtomicU32::new(0);

/// Notes that the running test is skipped because `what` is missing; `remedy` installs it.
///
/// The note goes past the test runner's capture, so that a passing run shows it.
///
/// # Errors
/// `CI=true`: there everything is installed and nothing is skipped.
pub fn missing(what: &str, remedy: &str) -> Result<()> {
    if must_not(std::env::var("CI").ok().as_deref()) {
        bail!("{what} is missing, and CI=true forbids to skip: {remedy}");
    }
    let so_far = SKIPPED.fetch_add(1, Ordering::Relaxed) + 1;
    let test = std::thread::current();
    let test = test.name().unwrap_or("a test");
    let _ = writeln!(
        std::io::stderr(),
        "SKIPPED: {test}: {what} is missing: {remedy} ({so_far} skipped so far)"
    );
    Ok(())
}

fn must_not(ci: Option<&str>) -> bool {
    ci == Some("true")
}

#[cfg(test)]
mod tests {
    use super::must_not;

    #[test]
    fn only_ci_forbids_to_skip() {
        assert!(must_not(Some("true")));
        assert!(!must_not(Some("false")) && !must_not(None));
    }
}
