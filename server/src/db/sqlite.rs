//! SQLite: one file in the data directory, write-ahead log, one writer at a time.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::r2d2::{ConnectionManager, CustomizeConnection, Pool};
use diesel::result::Error as DieselError;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::DbError;

#[path = "claim_sqlite.rs"]
mod claim;

/// Compiled against SQLite.
#[path = "queries/mod.rs"]
pub(super) mod queries;

/// The connection the queries run on.
pub(super) type Conn = SqliteConnection;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../migrations/sqlite");

/// A pool of readers; writers queue here instead of failing with "locked" on each other.
#[derive(Debug)]
pub(super) struct Db {
    pool: Pool<ConnectionManager<Conn>>,
    writer: Mutex<()>,
    path: PathBuf,
}

#[derive(Debug)]
struct Settings;

impl CustomizeConnection<Conn, diesel::r2d2::Error> for Settings {
    fn on_acquire(&self, conn: &mut Conn) -> Result<(), diesel::r2d2::Error> {
        conn.batch_execute(
            "PRAGMA busy_timeout = 10000; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
             PRAGMA cache_size = -16000;",
        )
        .map_err(diesel::r2d2::Error::QueryError)
    }
}

impl Db {
    pub(super) fn open(path: &Path) -> Result<Self, DbError> {
        let place = format!("the database file {}", path.display());
        let url = path.to_str().ok_or_else(|| DbError::Connect {
            place: place.clone(),
            cause: "the path is not valid UTF-8; choose another --data-dir".into(),
        })?;
        // One attempt outside the pool: r2d2 would retry for its whole timeout and hide the cause.
        let mut first = Conn::establish(url)
            .map_err(|error| DbError::Connect { place: place.clone(), cause: error.to_string() })?;
        Settings.on_acquire(&mut first).map_err(|error| connect(path, &error.to_string()))?;
        write_ahead(&mut first).map_err(|error| connect(path, &error.to_string()))?;
        // The first read makes the shared memory file, which a full disk may have no room for.
        first
            .batch_execute("SELECT 1 FROM sqlite_schema LIMIT 1")
            .map_err(|error| connect(path, &error.to_string()))?;
        drop(first);
        let pool = Pool::builder()
            .max_size(4)
            .min_idle(Some(1))
            .connection_customizer(Box::new(Settings))
            .build(ConnectionManager::new(url))
            .map_err(|error| connect(path, &error.to_string()))?;
        Ok(Self { pool, writer: Mutex::new(()), path: path.to_owned() })
    }

    pub(super) fn migrate(&self) -> Result<Vec<String>, DbError> {
        let _turn = self.turn();
        let mut conn = self.connection()?;
        // Whoever comes second waits here, and then finds nothing to do.
        let migrate = |conn: &mut Conn| {
            let applied = conn.run_pending_migrations(MIGRATIONS)?;
            Ok(applied.iter().map(ToString::to_string).collect())
        };
        (*conn).immediate_transaction(migrate).map_err(|error: Box<dyn Error + Send + Sync>| {
            let cause = error.to_string();
            if is_full(&self.path, &cause) {
                return DbError::DiskFull(self.path.clone());
            }
            DbError::Migrate { place: self.path.display().to_string(), cause }
        })
    }

    pub(super) fn is_migrated(&self) -> Result<bool, DbError> {
        let mut conn = self.connection()?;
        conn.has_pending_migration(MIGRATIONS)
            .map(|pending| !pending)
            .map_err(|error| connect(&self.path, &error.to_string()))
    }

    pub(super) fn read<T>(
        &self,
        f: impl FnOnce(&mut Conn) -> Result<T, DbError>,
    ) -> Result<T, DbError> {
        let mut conn = self.connection()?;
        (*conn).transaction(f).map_err(|error| self.place(error))
    }

    pub(super) fn write<T>(
        &self,
        f: impl FnOnce(&mut Conn) -> Result<T, DbError>,
    ) -> Result<T, DbError> {
        let _turn = self.turn();
        let mut conn = self.connection()?;
        // On a full disk SQLite rolls back by itself; then diesel's own rollback fails, and its
        // error would hide ours.
        let mut own = None;
        let done = (*conn).immediate_transaction(|conn| {
            f(conn).map_err(|error| {
                own = Some(error);
                DieselError::RollbackTransaction
            })
        });
        done.map_err(|error| self.place(own.unwrap_or_else(|| error.into())))
    }

    fn turn(&self) -> std::sync::MutexGuard<'_, ()> {
        // The guard protects no data, so a writer that panicked leaves nothing to repair.
        self.writer.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn connection(
        &self,
    ) -> Result<diesel::r2d2::PooledConnection<ConnectionManager<Conn>>, DbError> {
        self.pool.get().map_err(|error| connect(&self.path, &error.to_string()))
    }

    fn place(&self, error: DbError) -> DbError {
        match error {
            DbError::DiskFull(_) => DbError::DiskFull(self.path.clone()),
            DbError::Query(cause) if is_full(&self.path, &cause.to_string()) => {
                DbError::DiskFull(self.path.clone())
            }
            other => other,
        }
    }
}

/// Switches the file to the write-ahead log, where it then stays. SQLite does not wait for the lock
/// this takes, so where several programs open a new file at once it is asked for again.
fn write_ahead(conn: &mut Conn) -> QueryResult<()> {
    const TRIES: u32 = 500;
    for _ in 1..TRIES {
        match conn.batch_execute("PRAGMA journal_mode = WAL") {
            Err(error) if error.to_string().contains("database is locked") => {
                std::thread::sleep(Duration::from_millis(20));
            }
            done => return done,
        }
    }
    conn.batch_execute("PRAGMA journal_mode = WAL")
}

fn connect(path: &Path, cause: &str) -> DbError {
    if is_full(path, cause) {
        return DbError::DiskFull(path.to_owned());
    }
    DbError::Connect { place: format!("the database file {}", path.display()), cause: cause.into() }
}

/// Whether a failure is for want of room. Where SQLite cannot grow its shared memory file it only
/// says "disk I/O error", so then a file of that size is tried.
fn is_full(path: &Path, cause: &str) -> bool {
    if !cause.contains("disk I/O error") {
        return cause.contains("disk is full");
    }
    let probe = path.with_extension("probe");
    let written = std::fs::write(&probe, [1; 1 << 16]);
    let _ = std::fs::remove_file(&probe);
    written.is_err_and(|error| error.kind() == std::io::ErrorKind::StorageFull)
}
