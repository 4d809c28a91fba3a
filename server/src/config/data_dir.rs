//! The data directory: where settings, SQLite file, road network and plans lie.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::error::Error;

/// A data directory that exists.
#[derive(Debug, Clone)]
pub struct DataDir(PathBuf);

/// Held while a `demo` or `serve` runs on a data directory; released when dropped.
#[derive(Debug)]
pub struct InstanceLock(#[expect(dead_code, reason = "the lock lives as long as the file")] File);

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

    /// The prepared road network.
    #[must_use]
    pub fn network(&self) -> PathBuf {
        self.0.join("roads").join("car.network")
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
