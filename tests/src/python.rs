//! Python on the phone's library: a folder with the generated module, thrown away with the test.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use tempfile::TempDir;

use crate::program::{Done, finish};
use crate::{repository, skip};

/// Name of the library as the linker calls it here.
const LIBRARY: &str =
    if cfg!(target_os = "macos") { "libmobile_bindings.dylib" } else { "libmobile_bindings.so" };

/// Python with the module `doorstep` and the scripts of `mobile-bindings/python`.
#[derive(Debug)]
pub struct Python {
    python: PathBuf,
    dir: TempDir,
}

impl Python {
    /// Generates the module with `bindgen`; nothing where there is no Python and the test is to be
    /// skipped.
    ///
    /// # Errors
    /// There is no Python although `CI=true`, or the module cannot be written.
    pub fn new(bindgen: &str) -> Result<Option<Self>> {
        let Some(python) = find() else {
            skip::missing("Python 3", "apt-get install python3")?;
            return Ok(None);
        };
        let dir = TempDir::with_prefix("doorstep-python-")?;
        let library = library()?;
        let mut command = Command::new(bindgen);
        command.arg("python").arg(&library).arg(dir.path());
        let done = finish(&mut command)?;
        if !done.status.success() {
            bail!("{bindgen}: {}\n{}{}", done.status, done.out, done.err);
        }
        // The module loads the library that lies beside it.
        std::os::unix::fs::symlink(&library, dir.path().join(LIBRARY))?;
        Ok(Some(Self { python, dir }))
    }

    /// Folder of the module, where a test may put its own files.
    #[must_use]
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// Runs a script of `mobile-bindings/python` to its end.
    ///
    /// # Errors
    /// It cannot be started, fails, or does not end within a minute.
    pub fn run(&self, script: &str, args: &[&str]) -> Result<Done> {
        let script = repository().join("mobile-bindings/python").join(script);
        let mut command = Command::new(&self.python);
        // Warnings are of use here: a coroutine that nobody awaited is a fault.
        command.args(["-X", "dev", "-B", "-u"]).arg(&script).args(args);
        command.env("PYTHONPATH", self.dir.path()).env("NO_PROXY", "127.0.0.1");
        let done = finish(&mut command)?;
        if !done.status.success() {
            bail!("{}: {}\n{}{}", script.display(), done.status, done.out, done.err);
        }
        // How long a step took says something of the machine only.
        let slow = |line: &&str| line.starts_with("Executing <") && line.ends_with(" seconds");
        let err: String =
            done.err.split_inclusive('\n').filter(|line| !slow(&line.trim_end())).collect();
        Ok(Done { err, ..done })
    }
}

/// The cdylib that cargo built with these tests, beside them.
fn library() -> Result<PathBuf> {
    let test = std::env::current_exe()?;
    let beside = test.parent().context("no folder")?.join(LIBRARY);
    if !beside.is_file() {
        bail!("{} is not there: run the tests by cargo", beside.display());
    }
    Ok(beside)
}

fn find() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join("python3")).find(|file| file.is_file())
}
