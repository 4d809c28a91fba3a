//! A real Chromium without a window, with a profile of its own that is thrown away.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};
use tempfile::TempDir;

use crate::program::finish;
use crate::skip;

/// What the browser made of a page.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The document after its scripts ran.
    pub dom: String,
    /// Messages of the page on the console: errors, refusals by its policy.
    pub console: Vec<String>,
}

/// Flags under which the browser talks to nobody on its own.
const QUIET: [&str; 14] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--metrics-recording-only",
    "--proxy-server=http://127.0.0.1:9",
];

/// Opens a page; nothing where there is no browser and the test is to be skipped.
///
/// # Errors
/// There is no browser although `CI=true`, or it fails or hangs.
pub fn open(url: &str) -> Result<Option<Seen>> {
    let Some(program) = find() else {
        skip::missing("Chromium", "apt-get install chromium")?;
        return Ok(None);
    };
    let profile = TempDir::with_prefix("doorstep-browser-")?;
    let mut command = Command::new(program);
    command.args(QUIET).arg("--proxy-bypass-list=127.0.0.1");
    command.arg(format!("--user-data-dir={}", profile.path().display()));
    command.args(["--enable-logging=stderr", "--v=0", "--virtual-time-budget=3000"]);
    command.args(["--dump-dom", url]).env("HOME", profile.path());
    let done = finish(&mut command)?;
    if !done.status.success() || done.out.trim().is_empty() {
        bail!("the browser failed ({}):\n{}", done.status, done.err);
    }
    Ok(Some(Seen { dom: done.out, console: console(&done.err) }))
}

fn find() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    ["chromium", "chromium-browser", "google-chrome"].iter().find_map(|name| {
        std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
    })
}

/// The lines of a log that the page caused.
fn console(log: &str) -> Vec<String> {
    log.lines().filter(|line| line.contains(":CONSOLE")).map(ToOwned::to_owned).collect()
}
