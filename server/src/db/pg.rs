//! PostgreSQL: many servers on one database.

use std::time::Duration;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::r2d2::{ConnectionManager, CustomizeConnection, Pool};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::DbError;

#[path = "claim_pg.rs"]
mod claim;

/// Compiled against PostgreSQL.
#[path = "queries/mod.rs"]
pub(super) mod queries;

/// The connection the queries run on.
pub(super) type Conn = PgConnection;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../migrations/postgres");

/// Servers that start together migrate one after the other under this advisory lock.
const MIGRATION_LOCK: i64 = 0x646f_6f72_7374_6570;

/// How long a statement waits for a row that somebody else holds: as long as SQLite does.
const PATIENCE: &str = "SET lock_timeout = '10s'";

#[derive(Debug)]
struct Settings;

impl CustomizeConnection<Conn, diesel::r2d2::Error> for Settings {
    fn on_acquire(&self, conn: &mut Conn) -> Result<(), diesel::r2d2::Error> {
        conn.batch_execute(PATIENCE).map_err(diesel::r2d2::Error::QueryError)
    }
}

#[derive(Debug)]
pub(super) struct Db {
    pool: Pool<ConnectionManager<Conn>>,
    place: String,
}

impl Db {
    /// `url` must have passed [`super::store::check_url`].
    pub(super) fn open(url: &str, place: &str) -> Result<Self, DbError> {
        let connect = |cause: String| DbError::Connect { place: place.to_owned(), cause };
        // One attempt outside the pool: r2d2 would retry for its whole timeout and hide the cause.
        drop(Conn::establish(url).map_err(|error| connect(error.to_string()))?);
        let pool = Pool::builder()
            .max_size(8)
            .min_idle(Some(1))
            .connection_timeout(Duration::from_secs(10))
            .connection_customizer(Box::new(Settings))
            .build(ConnectionManager::new(url))
            .map_err(|error| connect(error.to_string()))?;
        Ok(Self { pool, place: place.to_owned() })
    }

    pub(super) fn migrate(&self) -> Result<Vec<String>, DbError> {
        let failed = |cause: String| DbError::Migrate { place: self.place.clone(), cause };
        let mut conn = self.connection()?;
        // Whoever comes second waits for as long as it takes.
        conn.batch_execute("SET lock_timeout = 0").map_err(|e| failed(e.to_string()))?;
        lock(&mut conn, "SELECT pg_advisory_lock($1)").map_err(|e| failed(e.to_string()))?;
        let applied = conn
            .run_pending_migrations(MIGRATIONS)
            .map(|applied| applied.iter().map(ToString::to_string).collect())
            .map_err(|error| failed(error.to_string()));
        lock(&mut conn, "SELECT pg_advisory_unlock($1)").map_err(|e| failed(e.to_string()))?;
        conn.batch_execute(PATIENCE).map_err(|e| failed(e.to_string()))?;
        applied
    }

    pub(super) fn is_migrated(&self) -> Result<bool, DbError> {
        let mut conn = self.connection()?;
        conn.has_pending_migration(MIGRATIONS).map(|pending| !pending).map_err(|error| {
            DbError::Connect { place: self.place.clone(), cause: error.to_string() }
        })
    }

    pub(super) fn read<T>(
        &self,
        f: impl FnOnce(&mut Conn) -> Result<T, DbError>,
    ) -> Result<T, DbError> {
        let mut conn = self.connection()?;
        conn.build_transaction().read_only().repeatable_read().run(f)
    }

    pub(super) fn write<T>(
        &self,
        f: impl FnOnce(&mut Conn) -> Result<T, DbError>,
    ) -> Result<T, DbError> {
        let mut conn = self.connection()?;
        (*conn).transaction(f)
    }

    fn connection(
        &self,
    ) -> Result<diesel::r2d2::PooledConnection<ConnectionManager<Conn>>, DbError> {
        self.pool.get().map_err(|error| DbError::Connect {
            place: self.place.clone(),
            cause: error.to_string(),
        })
    }
}

fn lock(conn: &mut Conn, statement: &str) -> QueryResult<usize> {
    diesel::sql_query(statement).bind::<diesel::sql_types::BigInt, _>(MIGRATION_LOCK).execute(conn)
}
