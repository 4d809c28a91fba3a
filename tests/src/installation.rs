//! An initialised installation on either database, with a fixed clock and seeded ids.

use std::path::Path;

use anyhow::{Result, anyhow};
use server::app::App;
use server::clock::Clock;
use server::config::{DataDir, NewOrganisation};
use server::ids::IdSource;
use server::progress::Silent;
use server::render::PlanDocument;
use server::travel::Travel;
use server::usecases::build_plan::{Built, Request, build_plan};
use server::usecases::form_territories::{Formed, form_territories};
use server::usecases::import::{Imported, Map, Source, import_book};
use server::usecases::score_cases::{Scored, score_cases};
use server::usecases::show_plan::{newest_plan, show_plan};

use crate::database::Database;

/// "Now" of every test: a Friday.
pub const NOW: &str = "2026-11-20T12:00:00Z";
/// The working day that tests plan: the Monday after.
pub const DAY: &str = "2026-11-23";

/// An installation without roads: it travels along the great circle.
#[derive(Debug)]
pub struct Installation {
    /// What use cases are given.
    pub app: App,
    /// How it travels.
    pub travel: Travel,
}

/// Ids and clock of a test; the same seed gives the same ids.
///
/// # Errors
/// Never: [`NOW`] is an instant.
pub fn ids(seed: u64) -> Result<IdSource> {
    Ok(IdSource::seeded(Clock::Fixed(NOW.parse()?), seed))
}

impl Installation {
    /// Made in the data directory of `database`, which must be empty.
    ///
    /// # Errors
    /// As [`App::init`].
    pub fn new(database: &Database) -> Result<Self> {
        Self::another(database, ".", 1)
    }

    /// One of several in the same database, in the folder `name` of its data directory. Another
    /// seed gives other ids.
    ///
    /// # Errors
    /// As [`App::init`].
    pub fn another(database: &Database, name: &str, seed: u64) -> Result<Self> {
        let currency = "USD".parse().map_err(|e| anyhow!("{e}"))?;
        let zone = "America/New_York".parse().map_err(|e| anyhow!("{e}"))?;
        let new = NewOrganisation {
            due_bands: [100_000, 500_000, 2_000_000, 10_000_000],
            iterations: 500,
            ..NewOrganisation::usual("Test", currency, zone)
        };
        let app = App::init(&database.dir().join(name), database.url(), &new, ids(seed)?)?;
        let travel = Travel::open(&app.dir, &app.settings.planning)?;
        Ok(Self { app, travel })
    }

    /// One that is there already. Ids of the same seed would be those there are.
    ///
    /// # Errors
    /// As [`App::open`].
    pub fn open(dir: &Path, url: Option<&str>, seed: u64) -> Result<Self> {
        let app = App::open(dir, url, ids(seed)?)?;
        let travel = Travel::open(&app.dir, &app.settings.planning)?;
        Ok(Self { app, travel })
    }

    /// Imports a book; an empty text is no file.
    ///
    /// # Errors
    /// As [`import_book`].
    pub fn import(&self, cases: &str, agents: &str) -> Result<Imported, server::error::Error> {
        let cases = Source { name: "cases.csv", bytes: cases.as_bytes() };
        let agents = Source { name: "agents.csv", bytes: agents.as_bytes() };
        let given = |source: Source<'_>| !source.bytes.is_empty();
        import_book(
            &self.app,
            Some(cases).filter(|s| given(*s)),
            Some(agents).filter(|s| given(*s)),
            &Map { extent: self.travel.extent().as_ref(), ..Map::default() },
        )
    }

    /// Scores all cases.
    ///
    /// # Errors
    /// As [`score_cases`].
    pub fn score(&self) -> Result<Scored> {
        Ok(score_cases(&self.app, &Silent)?)
    }

    /// Forms the territories.
    ///
    /// # Errors
    /// As [`form_territories`].
    pub fn territories(&self) -> Result<Formed> {
        Ok(form_territories(&self.app, &self.travel, &Silent)?)
    }

    /// Plans [`DAY`].
    ///
    /// # Errors
    /// As [`build_plan`].
    pub fn plan(&self) -> Result<Built> {
        let request = Request { date: DAY.parse()?, seed: 7, iterations: 500 };
        Ok(build_plan(&self.app, &self.travel, &request, &Silent)?)
    }

    /// The newest plan of [`DAY`] as it is shown.
    ///
    /// # Errors
    /// As [`show_plan`], or the day is not planned.
    pub fn shown(&self) -> Result<PlanDocument> {
        let newest = newest_plan(&self.app, Some(DAY))?;
        let newest = newest.ok_or_else(|| anyhow!("{DAY} is not planned"))?;
        Ok(show_plan(&self.app, &self.travel, newest)?)
    }

    /// Its data directory.
    #[must_use]
    pub fn dir(&self) -> &DataDir {
        &self.app.dir
    }
}
