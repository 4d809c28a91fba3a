//! A PostgreSQL cluster of this test process: started on first use, gone with the process.
//!
//! It lies in a temporary folder and listens on a Unix socket there, nowhere else. Run as root,
//! its server runs as an unprivileged user, because PostgreSQL refuses to run as root. What starts
//! it (`cluster.sh`) also ends it, as soon as the pipe from this process closes: a test process
//! that is killed leaves neither a server nor a folder.

mod owner;
mod programs;

use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context as _, Result, anyhow, bail};
use diesel::{Connection as _, PgConnection, RunQueryDsl as _};

use crate::skip;

pub(crate) use owner::of as owner_of;

const SCRIPT: &str = include_str!("cluster.sh");

/// The one cluster of this process.
#[derive(Debug)]
pub struct Cluster {
    folder: PathBuf,
    databases: AtomicU32,
    /// Its standard input is the pipe that keeps the cluster alive.
    _keeper: Child,
}

/// An empty database of the cluster; dropped with this value.
#[derive(Debug)]
pub struct PgDatabase {
    cluster: &'static Cluster,
    name: String,
    /// How the product is told to use it.
    pub url: String,
}

/// The cluster, or nothing if PostgreSQL is not installed and that is allowed here.
///
/// # Errors
/// It is not installed although `CI=true`, or it does not start.
pub fn cluster() -> Result<Option<&'static Cluster>> {
    static CLUSTER: OnceLock<Result<Option<Cluster>, String>> = OnceLock::new();
    let cluster = CLUSTER.get_or_init(|| match programs::find() {
        None => Ok(None),
        Some(programs) => Cluster::start(&programs).map(Some).map_err(|e| format!("{e:#}")),
    });
    match cluster {
        Ok(Some(cluster)) => Ok(Some(cluster)),
        Ok(None) => {
            skip::missing("PostgreSQL (initdb, pg_ctl)", "apt-get install postgresql")?;
            Ok(None)
        }
        Err(error) => Err(anyhow!("PostgreSQL did not start: {error}")),
    }
}

impl Cluster {
    fn start(programs: &Path) -> Result<Self> {
        let owner = owner::of_cluster()?;
        let folder = owner.folder()?;
        let mut command = Command::new("sh");
        command.arg("-c").arg(SCRIPT).arg("cluster").arg(programs).arg(&folder);
        command.env_clear().env("PATH", "/usr/bin:/bin").current_dir("/");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        // A group of its own: Ctrl-C in the terminal reaches the tests, and through them the pipe.
        command.process_group(0);
        owner.become_by(&mut command);
        let mut keeper = command.spawn().context("cannot run sh")?;
        let mut said = BufReader::new(keeper.stdout.take().context("no pipe from sh")?);
        let mut line = String::new();
        said.read_line(&mut line)?;
        if line.trim_end() != "ready" {
            said.read_to_string(&mut line)?;
            bail!("{}", line.trim_end());
        }
        Ok(Self { folder, databases: AtomicU32::new(1), _keeper: keeper })
    }

    /// Where the cluster lies and its socket is.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Makes an empty database.
    ///
    /// # Errors
    /// The server refuses.
    pub fn database(&'static self) -> Result<PgDatabase> {
        let name = format!("doorstep_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.administer(&format!("CREATE DATABASE {name}"))?;
        Ok(PgDatabase { cluster: self, url: self.url(&name), name })
    }

    fn url(&self, database: &str) -> String {
        format!("postgres:///{database}?host={}&user=doorstep", self.folder.display())
    }

    fn administer(&self, statement: &str) -> Result<()> {
        let mut conn = PgConnection::establish(&self.url("postgres"))?;
        diesel::sql_query(statement).execute(&mut conn)?;
        Ok(())
    }
}

impl PgDatabase {
    /// Another database that holds the same. Whoever is connected is sent away.
    ///
    /// # Errors
    /// The server refuses.
    pub fn copy(&self) -> Result<Self> {
        self.cluster.administer(&format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'",
            self.name
        ))?;
        let number = self.cluster.databases.fetch_add(1, Ordering::Relaxed);
        let name = format!("doorstep_{number}");
        self.cluster.administer(&format!("CREATE DATABASE {name} TEMPLATE {}", self.name))?;
        Ok(Self { cluster: self.cluster, url: self.cluster.url(&name), name })
    }

    /// Holds what `other` holds, and nothing else any more.
    ///
    /// # Errors
    /// The server refuses.
    pub fn become_copy_of(&self, other: &Self) -> Result<()> {
        self.cluster.administer(&format!("DROP DATABASE {} WITH (FORCE)", self.name))?;
        let (name, from) = (&self.name, &other.name);
        self.cluster.administer(&format!("CREATE DATABASE {name} TEMPLATE {from}"))
    }
}

impl Drop for PgDatabase {
    fn drop(&mut self) {
        // The folder goes with the process anyway; this only keeps it small.
        let _ = self.cluster.administer(&format!("DROP DATABASE {} WITH (FORCE)", self.name));
    }
}
