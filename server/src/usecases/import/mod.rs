//! Import of cases and agents: everything is checked before anything is written, and one
//! transaction writes it. A second import of the same book is an upsert by the lender's keys.

mod agents;
mod cases;
mod cell;
mod field;
mod finder;
mod known;
mod lists;
mod payments;
mod position;
mod reach;
mod report;
mod table;
#[cfg(test)]
mod tests;
mod visits;

use jiff::{SignedDuration, Timestamp};
use sync_core::model::{AgentId, BorrowerId, CaseId, ImportId, Zone};

pub use agents::AGENT_COLUMNS;
pub use cases::CASE_COLUMNS;
pub use field::{ImportedField, import_payments, import_visits};
pub use finder::{Finder, LookedUp};
pub use payments::PAYMENT_COLUMNS;
pub use report::{Problem, Report, Severity};
pub(in crate::usecases) use table::Lines;
pub use table::{Column, nearest};
pub use visits::VISIT_COLUMNS;

use crate::app::App;
use crate::config::Shift;
use crate::db::rows::ImportRow;
use crate::db::{BookChange, Id, RowChange};
use crate::error::Error;
use crate::ids::IdSource;
use crate::travel::{Extent, Travel};

/// A file to import: its name for messages, and its bytes.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// Name shown in the report.
    pub name: &'a str,
    /// Its content.
    pub bytes: &'a [u8],
}

/// What is known of the world: none of it, before roads were built.
#[derive(Debug, Clone, Copy, Default)]
pub struct Map<'a> {
    /// The box of the road network.
    pub extent: Option<&'a Extent>,
    /// How addresses are looked up.
    pub finder: Option<&'a Finder<'a>>,
    /// The roads, where asking them costs nothing.
    pub roads: Option<&'a Travel>,
}

/// What reading needs to know beside the file.
#[derive(Debug)]
pub(crate) struct Context<'a> {
    org: Id,
    zone: &'a Zone,
    exponent: u8,
    shift: &'a Shift,
    map: Map<'a>,
    now: Timestamp,
    /// Time at a door where nobody noted it.
    service: SignedDuration,
}

/// Largest amount taken, in minor units; the same that is taken of devices.
fn most_minor(context: &Context<'_>) -> i64 {
    super::log::most_minor(context.exponent)
}

/// What reading needs to know of an installation.
fn context<'a>(app: &'a App, map: &Map<'a>) -> Context<'a> {
    Context {
        org: app.org,
        zone: &app.settings.organisation.time_zone,
        exponent: app.settings.organisation.currency.exponent(),
        shift: &app.settings.shift,
        map: *map,
        now: app.ids.clock().now(),
        service: SignedDuration::from_mins(i64::from(app.settings.visit.service_minutes)),
    }
}

/// Ids for rows that turn out to be new.
#[derive(Debug)]
pub(crate) struct NewIds<'a>(&'a IdSource);

impl NewIds<'_> {
    fn borrower(&self) -> Result<Id, Error> {
        let (ms, random) = self.0.parts()?;
        Ok(BorrowerId::from_parts(ms, random).into())
    }

    fn case(&self) -> Result<Id, Error> {
        let (ms, random) = self.0.parts()?;
        Ok(CaseId::from_parts(ms, random).into())
    }

    fn agent(&self) -> Result<Id, Error> {
        let (ms, random) = self.0.parts()?;
        Ok(AgentId::from_parts(ms, random).into())
    }
}

/// What an import did.
#[derive(Debug)]
pub struct Imported {
    /// Cases in the file.
    pub cases: usize,
    /// Agents in the file.
    pub agents: usize,
    /// What became of the rows.
    pub change: RowChange,
    /// Amounts due of the cases in the file, if it has any.
    pub due: Option<Due>,
    /// Warnings only.
    pub report: Report,
}

/// Amounts due, in minor units: a book in whole units instead of cents shows here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// All together.
    pub sum: i64,
    /// The smallest.
    pub least: i64,
    /// The one in the middle; of an even number the mean of the two.
    pub median: i64,
    /// The largest.
    pub most: i64,
}

impl Due {
    fn of(change: &BookChange) -> Option<Self> {
        let mut due: Vec<i64> = change.cases.iter().map(|case| case.amount_due_minor).collect();
        due.sort_unstable();
        Some(Self {
            sum: due.iter().fold(0, |sum, due| sum.saturating_add(*due)),
            least: *due.first()?,
            median: median(&due)?,
            most: *due.last()?,
        })
    }
}

/// Of numbers from 0 on in their order; half a unit is rounded up.
fn median(sorted: &[i64]) -> Option<i64> {
    let upper = *sorted.get(sorted.len() / 2)?;
    let lower = *sorted.get((sorted.len() - 1) / 2)?;
    Some(lower + (upper - lower + 1) / 2)
}

/// Checks and imports a book.
///
/// # Errors
/// [`Error::Import`] with the whole report when any row is bad: nothing was written then.
pub fn import_book(
    app: &App,
    cases: Option<Source<'_>>,
    agents: Option<Source<'_>>,
    map: &Map<'_>,
) -> Result<Imported, Error> {
    let (change, report) = check(app, cases, agents, map)?;
    if report.errors() > 0 {
        return Err(Error::Import(Box::new(report)));
    }
    let (cases, agents, due) = (change.cases.len(), change.agents.len(), Due::of(&change));
    let change = app.store.apply_book(app.org, &change)?;
    Ok(Imported { cases, agents, change, due, report })
}

fn check(
    app: &App,
    cases: Option<Source<'_>>,
    agents: Option<Source<'_>>,
    map: &Map<'_>,
) -> Result<(BookChange, Report), Error> {
    let context = context(app, map);
    let ids = NewIds(&app.ids);
    let mut report = Report::default();
    let mut change = BookChange::default();
    let mut lines = Vec::new();
    if let Some(source) = cases {
        let table = table::read(source.name, source.bytes, CASE_COLUMNS, &mut report);
        let read = cases::read(source.name, &table, &context, &ids, &mut report)?;
        (change.borrowers, change.cases, lines) = (read.borrowers, read.cases, read.lines);
        change.absent = table.absent;
        change.log.push(log(app, "cases", source.name)?);
    }
    if let Some(source) = agents {
        let table = table::read(source.name, source.bytes, AGENT_COLUMNS, &mut report);
        change.agents = agents::read(source.name, &table, &context, &ids, &mut report)?;
        change.absent_of_agents = table.absent;
        change.log.push(log(app, "agents", source.name)?);
    }
    let known = if cases.is_some() { app.store.agents(app.org)? } else { Vec::new() };
    if let Some(source) = cases {
        let all = known.iter().chain(&change.agents);
        let names = all.map(|agent| agent.agent_ref.as_str()).collect();
        let of_file = change.cases.iter().zip(lines.iter().copied());
        lists::check_agents(source.name, of_file, &names, &mut report);
    }
    if let (Some(source), None) = (cases, map.extent) {
        // Without roads the agents' bases are all there is to tell a slip by.
        let bases: Vec<_> = known.iter().chain(&change.agents).map(reach::base).collect();
        reach::check(source.name, change.cases.iter().zip(lines), &bases, &mut report);
    }
    Ok((change, report))
}

/// Names of all files ever imported.
///
/// # Errors
/// The database fails.
pub fn imported_files(app: &App) -> Result<Vec<String>, Error> {
    Ok(app.store.imports(app.org)?.into_iter().map(|import| import.file_name).collect())
}

fn log(app: &App, kind: &str, file: &str) -> Result<ImportRow, Error> {
    let (ms, random) = app.ids.parts()?;
    Ok(ImportRow {
        org_id: app.org,
        import_id: ImportId::from_parts(ms, random).into(),
        kind: kind.into(),
        file_name: file.into(),
        rows_inserted: 0,
        rows_updated: 0,
        rows_unchanged: 0,
        imported_at: app.ids.clock().now().as_microsecond(),
    })
}
