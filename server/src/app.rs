//! What every use case is given: settings, database, ids and clock of one installation.

use std::path::Path;
use std::sync::OnceLock;

use crate::config::{DataDir, NewOrganisation, Settings, write_settings};
use crate::db::rows::OrganisationRow;
use crate::db::{Id, Store};
use crate::error::Error;
use crate::ids::IdSource;
use crate::tokens::Tokens;
use sync_core::model::OrgId;

/// One opened installation.
#[derive(Debug)]
pub struct App {
    /// Its data directory.
    pub dir: DataDir,
    /// Its settings.
    pub settings: Settings,
    /// Its database.
    pub store: Store,
    /// Where new ids and "now" come from.
    pub ids: IdSource,
    /// Key of its organisation.
    pub org: Id,
    tokens: OnceLock<Tokens>,
}

impl App {
    /// Makes a new installation: settings file, migrated database, organisation.
    ///
    /// The settings file is written last, so an attempt that failed half-way can be repeated.
    ///
    /// # Errors
    /// The directory already holds one, or cannot be written, or the database fails.
    pub fn init(
        path: &Path,
        database_url: Option<&str>,
        new: &NewOrganisation<'_>,
        ids: IdSource,
    ) -> Result<Self, Error> {
        let dir = DataDir::create(path)?;
        if dir.settings().exists() {
            return Err(Error::AlreadyInitialised(path.to_owned()));
        }
        let (ms, random) = ids.parts()?;
        let id = OrgId::from_parts(ms, random);
        let text = write_settings(id, new);
        let settings = Settings::parse(&text, &dir.settings().display().to_string())?;
        let store = open_store(&dir, database_url)?;
        store.migrate()?;
        store.insert_organisation(&OrganisationRow {
            org_id: id.into(),
            name: new.name.into(),
            currency: new.currency.code().into(),
            time_zone: new.time_zone.to_string(),
            created_at: ids.clock().now().as_microsecond(),
        })?;
        dir.write(&dir.settings(), text.as_bytes())?;
        Ok(Self { dir, settings, store, ids, org: id.into(), tokens: OnceLock::new() })
    }

    /// Opens an installation whose database is migrated.
    ///
    /// # Errors
    /// There is none, its settings do not fit, or its database is absent, old or another's.
    pub fn open(path: &Path, database_url: Option<&str>, ids: IdSource) -> Result<Self, Error> {
        let app = Self::open_unmigrated(path, database_url, ids)?;
        if !app.store.is_migrated()? {
            return Err(crate::db::DbError::NotMigrated.into());
        }
        let known = app.store.organisation(app.org)?;
        let Some(known) = known else {
            return Err(Error::Invalid(format!(
                "the database has no organisation {}: DATABASE_URL or --data-dir points to another \
                 database than the one `doorstep init` was run with",
                app.settings.organisation.id
            )));
        };
        let currency = app.settings.organisation.currency.code();
        if known.currency != currency {
            return Err(Error::Invalid(format!(
                "doorstep.toml says currency {currency}, but the amounts in the database are in {}: \
                 set it back, or start a new data directory for {currency}",
                known.currency
            )));
        }
        Ok(app)
    }

    /// What must be said wherever days are shown that are not those of this machine: a demo's.
    #[must_use]
    pub fn clock_notice(&self) -> Option<String> {
        let clock = self.ids.clock();
        let today = self.settings.organisation.time_zone.date_at(clock.now());
        clock.is_going_on().then(|| {
            format!("Demo clock: {today}. The demo's days go on from its last one, whatever day it is here.")
        })
    }

    /// What issues and checks bearer tokens. Its key is made on first need.
    ///
    /// # Errors
    /// The key cannot be read or made, or others may read it.
    pub fn tokens(&self) -> Result<&Tokens, Error> {
        if let Some(tokens) = self.tokens.get() {
            return Ok(tokens);
        }
        let secret = self.dir.secret("token.key", &self.ids.secret()?)?;
        Ok(self.tokens.get_or_init(|| Tokens::new(&secret)))
    }

    /// Brings the tables up to date and returns the names of the migrations applied.
    ///
    /// # Errors
    /// There is no installation, its database cannot be opened, or a migration fails.
    pub fn migrate(
        path: &Path,
        database_url: Option<&str>,
        ids: IdSource,
    ) -> Result<Vec<String>, Error> {
        Ok(Self::open_unmigrated(path, database_url, ids)?.store.migrate()?)
    }

    fn open_unmigrated(
        path: &Path,
        database_url: Option<&str>,
        ids: IdSource,
    ) -> Result<Self, Error> {
        let dir = DataDir::open(path)?;
        let file = dir.settings();
        let text = std::fs::read_to_string(&file).map_err(|e| Error::io("read", &file, e))?;
        let settings = Settings::parse(&text, &file.display().to_string())?;
        let store = open_store(&dir, database_url)?;
        let org = settings.organisation.id.into();
        Ok(Self { dir, settings, store, ids, org, tokens: OnceLock::new() })
    }
}

fn open_store(dir: &DataDir, database_url: Option<&str>) -> Result<Store, Error> {
    Ok(match database_url {
        Some(url) => Store::open_url(url)?,
        None => Store::open_sqlite(&dir.database())?,
    })
}
