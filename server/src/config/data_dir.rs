//! The data directory: where settings, SQLite file, road network and plans lie.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::clock::Clock;
use crate::error::Error;

/// What a demo's clock showed when, so that whatever is done with its directory goes on from there.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptClock {
    /// The last instant of the demo's days.
    shown_at: Timestamp,
    /// When that was on the clock of the machine.
    real_at: Timestamp,
}

/// A data directory that exists.
#[derive(Debug, Clone)]
pub struct DataDir(PathBuf);

/// Held while a `demo` or `serve` runs on a data directory; released when dropped.
#[derive(Debug)]
pub struct InstanceLock(#[expect(dead_code, reason = "the lock lives as long as the file")] File);

/// The name of a profile as that of a file: what is neither letter, digit, `-` nor `_` becomes `_`.
fn file_stem(profile: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() || c == '-' || c == '_' { c } else { '_' };
    profile.chars().map(plain).collect()
}

impl DataDir {
    /// Creates the directory if absent and makes sure that it can be written.
    ///
    /// # Errors
    /// It cannot be created or written: the message says why and what to do.
    pub fn create(path: &Path) -> Result<Self, Error> {
        fs::create_dir_all(path).map_err(|e| Error::io("create the directory", path, e))?;
        let probe = path.join(".write-probe");
        fs::write(&probe, b"x").map_err(|e| Error::io("write in", path, e))?;
        fs::remove_file(&probe).map_err(|e| Error::io("write in", path, e))?;
        Ok(Self(path.to_owned()))
    }

    /// Opens a directory that `init` or `demo` made.
    ///
    /// # Errors
    /// There is none: the message names the command that makes one.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let dir = Self(path.to_owned());
        if dir.settings().is_file() { Ok(dir) } else { Err(Error::NotInitialised(path.to_owned())) }
    }

    /// The directory itself.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// `doorstep.toml`.
    #[must_use]
    pub fn settings(&self) -> PathBuf {
        self.0.join("doorstep.toml")
    }

    /// The SQLite file.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.0.join("doorstep.sqlite")
    }

    /// The prepared road network of a profile.
    #[must_use]
    pub fn network(&self, profile: &str) -> PathBuf {
        self.0.join("roads").join(format!("{}.network", file_stem(profile)))
    }

    /// Names of the profiles whose networks are there, by their files, in alphabetical order.
    #[must_use]
    pub fn networks(&self) -> Vec<String> {
        let files = fs::read_dir(self.0.join("roads")).into_iter().flatten().flatten();
        let name = |entry: fs::DirEntry| {
            entry.file_name().to_str()?.strip_suffix(".network").map(ToOwned::to_owned)
        };
        let mut names: Vec<String> = files.filter_map(name).collect();
        names.sort();
        names
    }

    /// Addresses of the extract that the network was built from.
    #[must_use]
    pub fn addresses(&self) -> PathBuf {
        self.0.join("roads").join("addresses")
    }

    /// What the network was built from, for a later look whether that has changed.
    #[must_use]
    pub fn network_source(&self, profile: &str) -> PathBuf {
        self.0.join("roads").join(format!("{}.built-from.json", file_stem(profile)))
    }

    /// The same as older versions called it, whatever the profile.
    #[must_use]
    pub fn old_network_source(&self) -> PathBuf {
        self.0.join("roads").join("built-from.json")
    }

    /// Tables of an OSRM server.
    #[must_use]
    pub fn osrm_tables(&self) -> PathBuf {
        self.0.join("roads").join("osrm.tables")
    }

    /// The table of the last scores.
    #[must_use]
    pub fn scores(&self) -> PathBuf {
        self.0.join("scores.csv")
    }

    /// Where plans are written.
    #[must_use]
    pub fn plans(&self) -> PathBuf {
        self.0.join("plans")
    }

    /// Where the demo's phones keep their stores.
    #[must_use]
    pub fn phones(&self) -> PathBuf {
        self.0.join("phones")
    }

    /// Where a demo keeps its clock.
    #[must_use]
    pub fn kept_clock(&self) -> PathBuf {
        self.0.join("demo-clock.json")
    }

    /// The clock of this directory: that of a demo, else this machine's.
    ///
    /// # Errors
    /// There is a kept clock that cannot be read.
    pub fn clock(&self) -> Result<Clock, Error> {
        let path = self.kept_clock();
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Clock::System),
            other => other.map_err(|e| Error::io("read", &path, e))?,
        };
        let kept: KeptClock = serde_json::from_str(&text).map_err(|e| {
            Error::Invalid(format!(
                "{} is not a demo's clock ({e}): build the demo again with `doorstep demo --fresh`",
                path.display()
            ))
        })?;
        Ok(Clock::going_on(kept.shown_at, kept.real_at))
    }

    /// Lets a simulated clock go on, and keeps it: what is done with this directory later goes on too.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn keep_clock(&self, clock: Clock) -> Result<(), Error> {
        let Some((shown_at, real_at)) = clock.go_on() else { return Ok(()) };
        let text = serde_json::to_string_pretty(&KeptClock { shown_at, real_at })
            .map_err(|e| Error::Invalid(format!("the demo's clock: {e}")))?;
        self.write(&self.kept_clock(), text.as_bytes())
    }

    /// The secret `name` of 32 bytes in the folder `secrets`, in hexadecimal; where there is none
    /// yet, `fresh` becomes it. Of several programs that make it at once one wins.
    ///
    /// # Errors
    /// It cannot be read or made, others may read it, or it is no secret of that length.
    pub fn secret(&self, name: &str, fresh: &[u8; 32]) -> Result<[u8; 32], Error> {
        let path = self.0.join("secrets").join(name);
        if !path.exists() {
            make_secret(&path, fresh)?;
        }
        let text = fs::read_to_string(&path).map_err(|e| Error::io("read", &path, e))?;
        only_ours(&path)?;
        let digits = text.trim_end();
        let byte = |at: usize| {
            let pair = digits.get(2 * at..2 * at + 2)?;
            u8::from_str_radix(pair, 16).ok()
        };
        let bytes: Option<Vec<u8>> = (0..32).map(byte).collect();
        let secret = bytes.filter(|_| digits.len() == 64).and_then(|bytes| bytes.try_into().ok());
        secret.ok_or_else(|| {
            Error::Invalid(format!(
                "{} is no key of 64 hexadecimal digits: put back the one that was there, or remove \
                 it; then everybody has to log in again",
                path.display()
            ))
        })
    }

    /// Claims the directory for this process.
    ///
    /// # Errors
    /// Another process has it.
    pub fn lock(&self) -> Result<InstanceLock, Error> {
        let path = self.0.join("doorstep.lock");
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|e| Error::io("write", &path, e))?;
        match file.try_lock() {
            Ok(()) => Ok(InstanceLock(file)),
            Err(TryLockError::WouldBlock) => Err(Error::InUse(self.0.clone())),
            Err(TryLockError::Error(e)) => Err(Error::io("lock", &path, e)),
        }
    }

    /// Removes a file if it is there.
    ///
    /// # Errors
    /// It is there and cannot be removed.
    pub fn remove(&self, path: &Path) -> Result<(), Error> {
        match fs::remove_file(path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(Error::io("remove", path, error))
            }
            _ => Ok(()),
        }
    }

    /// Writes a file so that readers see the old one or the new one, never half of it.
    ///
    /// # Errors
    /// The file cannot be written; the old one, if any, is untouched.
    pub fn write(&self, path: &Path, content: &[u8]) -> Result<(), Error> {
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(|e| Error::io("create the directory", parent, e))?;
        }
        let mut name = path.file_name().unwrap_or_default().to_owned();
        // Two programs may write the same file: each has a part of its own.
        name.push(format!(".{}.part", std::process::id()));
        let part = path.with_file_name(name);
        let written = File::create(&part)
            .and_then(|mut file| {
                file.write_all(content)?;
                file.sync_all()
            })
            .and_then(|()| fs::rename(&part, path));
        written.map_err(|e| {
            // What is left of a failed write only takes the space that is missing.
            let _ = fs::remove_file(&part);
            Error::io("write", path, e)
        })
    }
}

/// Writes a new secret that only its owner can read. One that is there meanwhile stays.
fn make_secret(path: &Path, fresh: &[u8; 32]) -> Result<(), Error> {
    let failed = |e| Error::io("write", path, e);
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).map_err(|e| Error::io("create the directory", folder, e))?;
    let part = path.with_extension(format!("{}.part", std::process::id()));
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let digits: String = fresh.iter().map(|byte| format!("{byte:02x}")).collect();
    let written = options.open(&part).and_then(|mut file| {
        file.write_all(digits.as_bytes())?;
        file.write_all(b"\n")?;
        file.sync_all()
    });
    // A link, because a move would replace the secret of another program.
    let linked = written.and_then(|()| fs::hard_link(&part, path));
    let _ = fs::remove_file(&part);
    match linked {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        other => other.map_err(failed),
    }
}

/// Refuses a secret that other users of the machine may read.
fn only_ours(path: &Path) -> Result<(), Error> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(path).map_err(|e| Error::io("read", path, e))?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(Error::Invalid(format!(
                "{} can be read by others: run `chmod 600` on it, or remove it if somebody may have \
                 read it; then everybody has to log in again",
                path.display()
            )));
        }
    }
    Ok(())
}
