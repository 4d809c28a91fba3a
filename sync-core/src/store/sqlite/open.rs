//! Opening the file.

use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::migration::{Migration, MigrationSource};
use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{SqliteStore, StoreError, failed};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../migrations/phone");

/// The lock is taken at the first access and held. `fullfsync` counts where `fsync` alone does not
/// reach the disk, as on iOS.
const SETTINGS: &str = "PRAGMA busy_timeout = 200; PRAGMA locking_mode = EXCLUSIVE; \
    PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; \
    PRAGMA secure_delete = ON; PRAGMA cache_size = -4000;";

impl SqliteStore {
    /// Opens the file, which is made where there is none, and brings it to the form of this
    /// program.
    ///
    /// # Errors
    /// [`StoreError::Newer`] when a later program has written it: nothing is changed then;
    /// [`StoreError::InUse`] when another one has it open; [`StoreError::Open`].
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let place = path.display().to_string();
        let open = |cause: String| StoreError::Open { path: place.clone(), cause };
        let url = path.to_str().ok_or_else(|| open("the path is not valid UTF-8".to_owned()))?;
        let mut conn = SqliteConnection::establish(url).map_err(|error| open(error.to_string()))?;
        let settled = conn.batch_execute(SETTINGS).and_then(|()| {
            // The first write takes the lock.
            conn.batch_execute("BEGIN IMMEDIATE; COMMIT;")
        });
        settled.map_err(|error| match failed(&error) {
            StoreError::Failed(cause) => open(cause),
            error => error,
        })?;
        migrate(&mut conn, &place)?;
        Ok(Self { conn })
    }
}

fn migrate(conn: &mut SqliteConnection, path: &str) -> Result<(), StoreError> {
    let open = |cause: Box<dyn std::error::Error + Send + Sync>| StoreError::Open {
        path: path.to_owned(),
        cause: cause.to_string(),
    };
    let ours = MigrationSource::<Sqlite>::migrations(&MIGRATIONS).map_err(open)?;
    let ours: Vec<_> = ours.iter().map(|migration| migration.name().version()).collect();
    for version in conn.applied_migrations().map_err(open)? {
        if !ours.contains(&version) {
            let (path, version) = (path.to_owned(), version.to_string());
            return Err(StoreError::Newer { path, version });
        }
    }
    let migrate = |conn: &mut SqliteConnection| conn.run_pending_migrations(MIGRATIONS).map(|_| ());
    conn.immediate_transaction(migrate).map_err(open)
}

/// Gives the pages back and empties the log, so that nothing of what was deleted is in the files.
pub(super) fn scrub(conn: &mut SqliteConnection) -> Result<(), StoreError> {
    conn.batch_execute("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);").map_err(|error| failed(&error))
}

#[cfg(test)]
impl SqliteStore {
    /// Journal mode and synchronous, as they are in force.
    pub(in crate::store) fn pragmas(&mut self) -> (String, i32) {
        use diesel::dsl::sql;
        use diesel::sql_types::{Integer, Text};
        let mode = diesel::select(sql::<Text>("(SELECT * FROM pragma_journal_mode())"));
        let level = diesel::select(sql::<Integer>("(SELECT * FROM pragma_synchronous())"));
        (mode.get_result(&mut self.conn).unwrap(), level.get_result(&mut self.conn).unwrap())
    }
}
