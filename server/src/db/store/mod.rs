//! The store: one of two databases behind the same methods.

use std::ops::AddAssign;
use std::path::Path;

use super::audit::AuditNote;
use super::rows::{
    AgentRow, BorrowerRow, CaseRow, ImportRow, OrganisationRow, PlanBasisRow, PlanLeftOutRow,
    PlanRouteRow, PlanRow, PlanStopRow, ScoreRow, TerritoryCellRow, TerritoryRow,
};
use super::{DbError, Id, pg, sqlite};

/// A checked import, ready to be written as one transaction.
#[derive(Debug, Clone, Default)]
pub struct BookChange {
    /// Borrowers, one per reference.
    pub borrowers: Vec<BorrowerRow>,
    /// Cases, one per reference; `borrower_id` is the one proposed in `borrowers`.
    pub cases: Vec<CaseRow>,
    /// Agents, one per reference.
    pub agents: Vec<AgentRow>,
    /// Columns that the file of cases does not have: what is known under them stays.
    pub absent: Vec<&'static str>,
    /// The same of the file of agents.
    pub absent_of_agents: Vec<&'static str>,
    /// What to note of the import; the counts are filled in.
    pub log: Vec<ImportRow>,
}

/// How many rows an import touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RowChange {
    /// New rows.
    pub inserted: i64,
    /// Known rows with other values.
    pub updated: i64,
    /// Known rows with the same values.
    pub unchanged: i64,
}

impl RowChange {
    /// Counts one row and says whether it must be written.
    pub(super) fn count<R: PartialEq>(&mut self, stored: Option<&R>, row: &R) -> bool {
        match stored {
            None => self.inserted += 1,
            Some(stored) if stored == row => {
                self.unchanged += 1;
                return false;
            }
            Some(_) => self.updated += 1,
        }
        true
    }
}

impl AddAssign for RowChange {
    fn add_assign(&mut self, other: Self) {
        self.inserted += other.inserted;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
    }
}

/// The database of one installation.
#[derive(Debug)]
pub struct Store(Either);

#[derive(Debug)]
enum Either {
    Sqlite(sqlite::Db),
    Pg(pg::Db),
}

/// Runs one query body on whichever database is open, as one transaction.
macro_rules! on {
    ($store:expr, $mode:ident, |$conn:ident, $q:ident| $body:expr) => {
        match &$store.0 {
            $crate::db::store::Either::Sqlite(db) => {
                use $crate::db::sqlite::queries as $q;
                db.$mode(|$conn| $body)
            }
            $crate::db::store::Either::Pg(db) => {
                use $crate::db::pg::queries as $q;
                db.$mode(|$conn| $body)
            }
        }
    };
}

// Methods by concern: each file a further `impl Store`. They stand behind the macro, which they use.
mod access;
mod economics;
mod exports;
mod jobs;
mod lists;
mod sync;

pub use exports::FieldCounts;

impl Store {
    /// Opens the SQLite file, creating it if absent. Its folder must exist.
    ///
    /// # Errors
    /// The file cannot be opened, or its disk is full.
    pub fn open_sqlite(path: &Path) -> Result<Self, DbError> {
        Ok(Self(Either::Sqlite(sqlite::Db::open(path)?)))
    }

    /// Opens a PostgreSQL database by its URL.
    ///
    /// # Errors
    /// Another scheme, a host that needs TLS in a build without it, or no connection.
    pub fn open_url(database_url: &str) -> Result<Self, DbError> {
        let place = check_url(database_url)?;
        Ok(Self(Either::Pg(pg::Db::open(database_url, &place)?)))
    }

    /// Brings the tables up to date and returns the names of the migrations applied.
    ///
    /// # Errors
    /// A migration failed; the others stay applied.
    pub fn migrate(&self) -> Result<Vec<String>, DbError> {
        match &self.0 {
            Either::Sqlite(db) => db.migrate(),
            Either::Pg(db) => db.migrate(),
        }
    }

    /// Whether no migration is waiting.
    ///
    /// # Errors
    /// The database cannot be asked.
    pub fn is_migrated(&self) -> Result<bool, DbError> {
        match &self.0 {
            Either::Sqlite(db) => db.is_migrated(),
            Either::Pg(db) => db.is_migrated(),
        }
    }
}

#[expect(clippy::missing_errors_doc, reason = "each fails as the database does: see DbError")]
impl Store {
    /// Adds an organisation, and the head of its log.
    pub fn insert_organisation(&self, row: &OrganisationRow) -> Result<(), DbError> {
        on!(self, write, |conn, q| {
            q::organisations::insert(conn, row)?;
            q::heads::lock(conn, row.org_id).map(drop)
        })
    }

    /// One organisation, if it exists.
    pub fn organisation(&self, org: Id) -> Result<Option<OrganisationRow>, DbError> {
        on!(self, read, |conn, q| q::organisations::find(conn, org))
    }

    /// Writes a checked import whole or not at all.
    pub fn apply_book(&self, org: Id, change: &BookChange) -> Result<RowChange, DbError> {
        on!(self, write, |conn, q| q::book::apply(conn, org, change))
    }

    /// All borrowers, by reference.
    pub fn borrowers(&self, org: Id) -> Result<Vec<BorrowerRow>, DbError> {
        on!(self, read, |conn, q| q::book::all_borrowers(conn, org))
    }

    /// All cases, by reference.
    pub fn cases(&self, org: Id) -> Result<Vec<CaseRow>, DbError> {
        on!(self, read, |conn, q| q::book::all_cases(conn, org))
    }

    /// All agents, by reference.
    pub fn agents(&self, org: Id) -> Result<Vec<AgentRow>, DbError> {
        on!(self, read, |conn, q| q::book::all_agents(conn, org))
    }

    /// The log of imports, oldest first.
    pub fn imports(&self, org: Id) -> Result<Vec<ImportRow>, DbError> {
        on!(self, read, |conn, q| q::book::all_imports(conn, org))
    }

    /// Replaces the scores of an organisation.
    pub fn replace_scores(&self, org: Id, rows: &[ScoreRow]) -> Result<(), DbError> {
        on!(self, write, |conn, q| q::scores::replace(conn, org, rows))
    }

    /// All scores.
    pub fn scores(&self, org: Id) -> Result<Vec<ScoreRow>, DbError> {
        on!(self, read, |conn, q| q::scores::all(conn, org))
    }

    /// Replaces the territories of an organisation.
    pub fn replace_territories(
        &self,
        org: Id,
        rows: &[TerritoryRow],
        cells: &[TerritoryCellRow],
    ) -> Result<(), DbError> {
        on!(self, write, |conn, q| q::territories::replace(conn, org, rows, cells))
    }

    /// All territories with all their cells.
    pub fn territories(
        &self,
        org: Id,
    ) -> Result<(Vec<TerritoryRow>, Vec<TerritoryCellRow>), DbError> {
        on!(self, read, |conn, q| q::territories::all(conn, org))
    }

    /// Saves a plan under the next version of its day with what it was posed from and an entry of the audit log,
    /// and returns that version.
    pub fn insert_plan(
        &self,
        plan: &PlanRows,
        basis: Option<&PlanBasisRow>,
        note: Option<&AuditNote>,
    ) -> Result<i32, DbError> {
        on!(self, write, |conn, q| {
            let version =
                q::plans::insert(conn, &plan.plan, &plan.routes, &plan.stops, &plan.left_out)?;
            if let Some(basis) = basis {
                q::plans::insert_basis(conn, basis)?;
            }
            // The organisation before the head of its log, as imports take them.
            if let Some(note) = note {
                q::audit::append(conn, plan.plan.org_id, std::slice::from_ref(note))?;
            }
            Ok(version)
        })
    }

    /// What a plan was posed from, if that was kept.
    pub fn plan_basis(&self, org: Id, plan: Id) -> Result<Option<String>, DbError> {
        on!(self, read, |conn, q| q::plans::basis(conn, org, plan))
    }

    /// Id of the newest plan of `date` (YYYY-MM-DD), or of all days.
    pub fn latest_plan_id(&self, org: Id, date: Option<&str>) -> Result<Option<Id>, DbError> {
        on!(self, read, |conn, q| q::plans::latest_id(conn, org, date))
    }

    /// One plan with everything in it, if it exists.
    pub fn plan(&self, org: Id, id: Id) -> Result<Option<PlanRows>, DbError> {
        let whole = on!(self, read, |conn, q| q::plans::find(conn, org, id))?;
        Ok(whole.map(|(plan, routes, stops, left_out)| PlanRows { plan, routes, stops, left_out }))
    }

    /// The newest plan of `date` (YYYY-MM-DD), or of all days.
    pub fn latest_plan(&self, org: Id, date: Option<&str>) -> Result<Option<PlanRows>, DbError> {
        match self.latest_plan_id(org, date)? {
            Some(id) => self.plan(org, id),
            None => Ok(None),
        }
    }
}

/// A plan as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanRows {
    /// The plan itself. On insertion `version` and `serial` are ignored.
    pub plan: PlanRow,
    /// Its routes by number.
    pub routes: Vec<PlanRouteRow>,
    /// Their stops, by route and order.
    pub stops: Vec<PlanStopRow>,
    /// The cases left out.
    pub left_out: Vec<PlanLeftOutRow>,
}

/// Checks a database URL and returns a name of the place that is safe to print: no password.
fn check_url(database_url: &str) -> Result<String, DbError> {
    let environment = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    check_url_in(database_url, &environment, cfg!(feature = "postgres-tls"))
}

/// As [`check_url`], in a given environment: libpq reads some of its variables behind our back.
fn check_url_in(
    database_url: &str,
    environment: &dyn Fn(&str) -> Option<String>,
    tls: bool,
) -> Result<String, DbError> {
    let scheme = database_url.split_once("://").map_or("", |(scheme, _)| scheme);
    if !matches!(scheme, "postgres" | "postgresql") {
        let shown = if scheme.is_empty() { database_url } else { scheme };
        return Err(DbError::UnknownScheme(shown.chars().take(20).collect()));
    }
    let malformed = |cause: String| DbError::Connect {
        place: "named by DATABASE_URL".into(),
        cause: format!("the URL is malformed ({cause}); write postgres://USER:PASSWORD@HOST/NAME"),
    };
    let url = url::Url::parse(database_url).map_err(|error| malformed(error.to_string()))?;
    let value = |name: &str| {
        url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    };
    if value("service").is_some() || environment("PGSERVICE").is_some() {
        return Err(malformed("a service file could name any host; name the host itself".into()));
    }
    // Every place that may name a host counts, and a variable only where the URL is silent.
    let decoded = |host: &str| {
        percent_encoding::percent_decode_str(host).decode_utf8().map(std::borrow::Cow::into_owned)
    };
    let authority = url.host_str().filter(|host| !host.is_empty()).map(decoded).transpose();
    let authority = authority.map_err(|error| malformed(error.to_string()))?;
    let named: Vec<String> = authority.into_iter().chain(value("host")).collect();
    let named = if named.is_empty() { environment("PGHOST").into_iter().collect() } else { named };
    let address = value("hostaddr").or_else(|| environment("PGHOSTADDR"));
    let hosts: Vec<String> = named
        .iter()
        .chain(&address)
        .flat_map(|hosts| hosts.split(','))
        .filter(|host| !host.is_empty())
        .map(ToOwned::to_owned)
        .collect();
    if let Some(far) = hosts.iter().find(|host| !is_loopback(host)) {
        if !tls {
            return Err(DbError::TlsNeeded(far.clone()));
        }
        let mode = value("sslmode").or_else(|| environment("PGSSLMODE")).unwrap_or_default();
        if !matches!(mode.as_str(), "require" | "verify-ca" | "verify-full") {
            return Err(DbError::SslModeNeeded(far.clone()));
        }
    }
    let host = hosts.first().map_or("localhost", String::as_str);
    Ok(format!(
        "the PostgreSQL database {} on {host} (named by DATABASE_URL; unset it to use the SQLite file)",
        url.path().trim_start_matches('/')
    ))
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost"
        || bare.starts_with('/') // a Unix socket's folder
        || bare.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_postgres_urls_are_taken() {
        let error = check_url("mysql://root@localhost/x").unwrap_err();
        assert!(error.to_string().contains("`mysql`"), "{error}");
        assert!(matches!(check_url("data.db"), Err(DbError::UnknownScheme(_))));
    }

    fn nothing(_: &str) -> Option<String> {
        None
    }

    #[test]
    fn libpq_variables_do_not_open_a_back_door() {
        for (name, value) in
            [("PGHOST", "192.0.2.1"), ("PGHOSTADDR", "192.0.2.1"), ("PGSERVICE", "x")]
        {
            let set = |asked: &str| (asked == name).then(|| value.to_owned());
            assert!(check_url_in("postgres:///x", &set, false).is_err(), "{name}");
        }
        let set = |asked: &str| (asked == "PGHOST").then(|| "192.0.2.1".to_owned());
        assert!(check_url_in("postgres://localhost/x", &set, false).is_ok(), "the URL wins");
        assert!(check_url_in("postgres://localhost/x?service=far", &nothing, false).is_err());
    }

    #[test]
    fn with_tls_a_far_host_must_be_asked_for_it() {
        let far = "postgres://u@db.example.org/x";
        let error = check_url_in(far, &nothing, true).unwrap_err();
        assert!(matches!(error, DbError::SslModeNeeded(_)), "{error}");
        assert!(check_url_in(&format!("{far}?sslmode=verify-full"), &nothing, true).is_ok());
        assert!(check_url_in(&format!("{far}?sslmode=prefer"), &nothing, true).is_err());
    }

    #[test]
    fn a_far_host_needs_tls() {
        for url in [
            "postgres://db.example.org/x",
            "postgres://u:p@10.0.0.7:5432/x",
            "postgres://localhost/x?host=db.example.org",
            "postgres:///x?hostaddr=192.0.2.1",
            "postgres://localhost,db.example.org/x",
        ] {
            let error = check_url_in(url, &nothing, false).unwrap_err();
            assert!(matches!(error, DbError::TlsNeeded(_)), "{url}: {error}");
            assert!(error.to_string().contains("postgres-tls"));
        }
    }

    #[test]
    fn the_place_never_shows_the_password() {
        for url in [
            "postgres://u:secret@localhost/x",
            "postgres://u:secret@127.0.0.1:1/x",
            "postgres://u:secret@[::1]/x",
            "postgres:///x?host=/run/postgresql",
            "postgres://u@%2Frun%2Fpostgresql/x",
        ] {
            let place = check_url_in(url, &nothing, false).unwrap();
            assert!(!place.contains("secret") && place.contains('x'), "{place}");
        }
    }
}
