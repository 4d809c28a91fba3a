//! An empty database of either kind with a data directory beside it, for one test.

use std::path::{Path, PathBuf};

use anyhow::Result;
use diesel::connection::SimpleConnection as _;
use diesel::sql_types::{BigInt, Text};
use diesel::{Connection as _, PgConnection, QueryableByName, RunQueryDsl as _, SqliteConnection};
use server::db::Store;
use tempfile::TempDir;

use crate::pg::{self, PgDatabase};

/// A database of one test and the folder of its installation; both go when it is dropped.
#[derive(Debug)]
pub struct Database {
    pg: Option<PgDatabase>,
    dir: TempDir,
}

impl Database {
    /// The SQLite file of the data directory.
    ///
    /// # Errors
    /// No folder can be made.
    pub fn sqlite() -> Result<Self> {
        Ok(Self { pg: None, dir: TempDir::with_prefix("doorstep-test-")? })
    }

    /// A new database of the test cluster; nothing where the test is to be skipped.
    ///
    /// # Errors
    /// As [`pg::cluster`].
    pub fn postgres() -> Result<Option<Self>> {
        let Some(cluster) = pg::cluster()? else { return Ok(None) };
        Ok(Some(Self { pg: Some(cluster.database()?), ..Self::sqlite()? }))
    }

    /// The data directory; empty at first.
    #[must_use]
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// What `DATABASE_URL` must say, if anything.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        self.pg.as_ref().map(|pg| pg.url.as_str())
    }

    /// Opened as the product does, without tables at first.
    ///
    /// # Errors
    /// It cannot be opened.
    pub fn open(&self) -> Result<Store> {
        Ok(match self.url() {
            Some(url) => Store::open_url(url)?,
            None => Store::open_sqlite(&self.file())?,
        })
    }

    /// Opened past the product, to look at what it wrote and to put things in its way.
    ///
    /// # Errors
    /// It cannot be opened.
    pub fn raw(&self) -> Result<Raw> {
        Ok(match self.url() {
            Some(url) => Raw::Pg(PgConnection::establish(url)?),
            None => raw_sqlite(&self.file())?,
        })
    }

    /// Copies everything, as an administrator does who makes a backup.
    ///
    /// # Errors
    /// It cannot be copied.
    pub fn backup(&self) -> Result<Backup> {
        if let Some(pg) = &self.pg {
            return Ok(Backup::Pg(pg.copy()?));
        }
        let file = self.dir().join("backup.sqlite");
        self.raw()?.run(&format!("VACUUM INTO '{}'", file.display()))?;
        Ok(Backup::Sqlite(file))
    }

    /// Goes back to a backup. No program may have the database open.
    ///
    /// # Errors
    /// It cannot be restored.
    pub fn restore(&self, backup: &Backup) -> Result<()> {
        match (backup, &self.pg) {
            (Backup::Pg(from), Some(pg)) => pg.become_copy_of(from),
            (Backup::Sqlite(from), None) => {
                for end in ["sqlite-wal", "sqlite-shm", "sqlite"] {
                    let file = self.file().with_extension(end);
                    if file.exists() {
                        std::fs::remove_file(file)?;
                    }
                }
                std::fs::copy(from, self.file())?;
                Ok(())
            }
            _ => anyhow::bail!("the backup is of a database of the other kind"),
        }
    }

    fn file(&self) -> PathBuf {
        self.dir().join("doorstep.sqlite")
    }
}

/// A copy of a database.
#[derive(Debug)]
pub enum Backup {
    /// A file beside it.
    Sqlite(PathBuf),
    /// Another database of the cluster.
    Pg(PgDatabase),
}

/// A SQLite file opened past the product.
///
/// # Errors
/// It cannot be opened.
pub fn raw_sqlite(file: &Path) -> Result<Raw> {
    let mut conn = SqliteConnection::establish(&file.display().to_string())?;
    conn.batch_execute("PRAGMA busy_timeout = 10000; PRAGMA foreign_keys = ON")?;
    Ok(Raw::Sqlite(conn))
}

/// A connection that takes any SQL.
#[expect(missing_debug_implementations, reason = "connections have none")]
pub enum Raw {
    /// To the SQLite file.
    Sqlite(SqliteConnection),
    /// To the test cluster.
    Pg(PgConnection),
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

impl Raw {
    /// Runs statements.
    ///
    /// # Errors
    /// The database refuses one.
    pub fn run(&mut self, statements: &str) -> Result<()> {
        match self {
            Self::Sqlite(conn) => conn.batch_execute(statements)?,
            Self::Pg(conn) => conn.batch_execute(statements)?,
        }
        Ok(())
    }

    /// Rows of a table.
    ///
    /// # Errors
    /// There is no such table.
    pub fn count(&mut self, table: &str) -> Result<i64> {
        let query = diesel::sql_query(format!("SELECT count(*) AS n FROM {table}"));
        let counted: Count = match self {
            Self::Sqlite(conn) => query.get_result(conn)?,
            Self::Pg(conn) => query.get_result(conn)?,
        };
        Ok(counted.n)
    }

    /// The column `line` of a query's rows.
    ///
    /// # Errors
    /// The query fails or has another column.
    pub fn lines(&mut self, query: &str) -> Result<Vec<String>> {
        let query = diesel::sql_query(query);
        let lines: Vec<Line> = match self {
            Self::Sqlite(conn) => query.load(conn)?,
            Self::Pg(conn) => query.load(conn)?,
        };
        Ok(lines.into_iter().map(|line| line.line).collect())
    }
}
