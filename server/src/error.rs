//! What a command or request can end in, as one sentence that says what to do.

use std::io;
use std::path::{Path, PathBuf};

use crate::config::SettingsError;
use crate::db::DbError;
use crate::ids::IdSourceError;
use crate::usecases::access::AccessError;
use crate::usecases::build_plan::Fault;
use crate::usecases::import::Report;

/// Every failure of a use case.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The data directory has no settings.
    #[error(
        "{} holds no Doorstep data: run `doorstep init --currency USD --time-zone America/New_York \
         --data-dir {}` first, or name another --data-dir", .0.display(), .0.display()
    )]
    NotInitialised(PathBuf),
    /// The data directory already has settings.
    #[error("{} already holds Doorstep data: go on with `doorstep import` if they are yours; if it is the demo's, name another --data-dir", .0.display())]
    AlreadyInitialised(PathBuf),
    /// Another process has the data directory.
    #[error(
        "another doorstep is running on {}: reload its page, it shows new plans by itself; or stop \
         it (Ctrl-C in its window), or name another --data-dir", .0.display()
    )]
    InUse(PathBuf),
    /// A file or directory could not be used.
    #[error("cannot {doing} {}: {cause}", path.display())]
    Io {
        /// What was tried.
        doing: &'static str,
        /// On what.
        path: PathBuf,
        /// Why it failed and what to do.
        cause: String,
    },
    /// The settings do not fit.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
    /// An import had bad rows; nothing was imported.
    #[error("{0}")]
    Import(Box<Report>),
    /// The port is taken.
    #[error("port {port} cannot be used: {cause}")]
    Port {
        /// The port asked for.
        port: u16,
        /// Why, and what to do.
        cause: String,
    },
    /// A step that must come first was not done.
    #[error("{missing}: run `doorstep {command}` first")]
    Before {
        /// What is missing.
        missing: &'static str,
        /// The command that makes it.
        command: &'static str,
    },
    /// An argument or stored value that does not fit.
    #[error("{0}")]
    Invalid(String),
    /// A saved plan that does not fit to how things are today.
    #[error("{0}")]
    Outdated(String),
    /// Edits of a plan that it would not stand; nothing was changed.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Edits(Vec<Fault>),
    /// Whoever asked has gone.
    #[error("stopped before the end; nothing was saved")]
    Cancelled,
    /// Something named that is not there.
    #[error("{0}")]
    Unknown(String),
    /// A plan without a visit that would take cases back is to be published.
    #[error(
        "the plan of {date}, version {version}, has no visits: to publish it would take {withdrawn} cases \
         back from their agents; publish another version, or say that it is meant (`--empty`, over the API \
         `?empty=true`)"
    )]
    EmptyPlan {
        /// Its day.
        date: String,
        /// Its version.
        version: i32,
        /// How many cases would be taken back.
        withdrawn: usize,
    },
    /// The road network could not be built or opened.
    #[error("{0}")]
    Roads(String),
    /// A request about users, sessions or devices that is not done.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// Ids could not be made.
    #[error(transparent)]
    Ids(#[from] IdSourceError),
}

impl Error {
    /// Whether the database was busy or away, so that the same may go well a little later.
    #[must_use]
    pub const fn is_busy(&self) -> bool {
        matches!(self, Self::Db(DbError::Busy | DbError::Connect { .. }))
    }

    /// Explains a failed file operation.
    #[must_use]
    pub fn io(doing: &'static str, path: &Path, error: io::Error) -> Self {
        use io::ErrorKind as Kind;
        let cause = match error.kind() {
            Kind::StorageFull | Kind::QuotaExceeded => {
                "the disk is full; free some space or choose another --data-dir".into()
            }
            Kind::PermissionDenied => {
                "permission denied; change its permissions or choose another place".into()
            }
            Kind::ReadOnlyFilesystem => "the file system is read-only; choose another place".into(),
            Kind::NotFound => "there is no such file or directory; check the spelling".into(),
            Kind::NotADirectory | Kind::AlreadyExists => {
                "a file is in the way; choose another place".into()
            }
            Kind::IsADirectory => "it is a directory, not a file".into(),
            _ => error.to_string(),
        };
        Self::Io { doing, path: path.to_owned(), cause }
    }

    /// Explains why a port could not be bound.
    #[must_use]
    pub fn port(port: u16, error: &io::Error) -> Self {
        let cause = match error.kind() {
            io::ErrorKind::AddrInUse => {
                "another program listens there; choose one with --port, for example --port 8081"
                    .into()
            }
            io::ErrorKind::PermissionDenied => {
                "ports below 1024 need special rights; choose a higher --port".into()
            }
            _ => error.to_string(),
        };
        Self::Port { port, cause }
    }
}
