//! Import of visits and payments: ops of the office, all of a file or none.
//!
//! What is in the log is never changed. A row whose key was imported before must say the same as then: it
//! is counted as before, and anything else is an error that names the column.

use std::collections::{BTreeMap, HashMap, HashSet};

use sync_core::kinds::Content;
use sync_core::model::{CaseId, UserId};
use sync_core::op::Dot;

use super::cell::{Row, shown};
use super::known::Known;
use super::payments::{PaymentRecord, Reversible, check_reversals};
use super::visits::VisitRecord;
use super::{
    Column, Map, PAYMENT_COLUMNS, Report, Source, VISIT_COLUMNS, context, payments, table, visits,
};
use crate::app::App;
use crate::db::log::{LogKnown, LogQuery, LogRows};
use crate::db::rows::PaymentRow;
use crate::db::{DbError, Id};
use crate::error::Error;
use crate::usecases::log::{Rules, Stored, dot_of, read_stored};
use crate::usecases::office::{OfficeOp, Pen, seed};

/// What an import of visits or payments did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedField {
    /// New rows.
    pub inserted: usize,
    /// Rows that say what is known already.
    pub unchanged: usize,
    /// Promises made at the new visits.
    pub promises: usize,
    /// Payments: taken at the new visits, or in the file itself.
    pub payments: usize,
    /// Reversals in the file.
    pub reversals: usize,
    /// Warnings only.
    pub report: Report,
}

/// Checks and imports visits, each with the promise and the payment made at it.
///
/// # Errors
/// [`Error::Import`] with the whole report when any row is bad: nothing was written then.
pub fn import_visits(
    app: &App,
    source: Source<'_>,
    by: Option<UserId>,
) -> Result<ImportedField, Error> {
    let mut report = Report::default();
    let table = table::read(source.name, source.bytes, VISIT_COLUMNS, &mut report);
    let known = Known::load(app)?;
    let records =
        visits::read(source.name, &table, &context(app, &Map::default()), &known, &mut report);
    stop_at_errors(&report)?;
    let keys: Vec<String> = records.iter().map(|record| record.key().to_owned()).collect();
    let before: HashMap<String, (i64, i64)> =
        app.store.visit_dots(app.org, &keys)?.into_iter().collect();
    let is_new = |record: &&VisitRecord| !before.contains_key(record.key());
    let query = LogQuery {
        cases: cases(records.iter().filter(is_new).map(|record| record.case)),
        // A visit's promise and payment were written right after it.
        dots: before.values().flat_map(|(a, s)| [(*a, *s), (*a, s + 1), (*a, s + 2)]).collect(),
        admits: true,
        ..LogQuery::default()
    };
    let job = Job { app, file: source.name, by, action: "visits_imported" };
    job.run(&query, report, |log, pen, report| {
        let written = contents(log)?;
        let mut done = Done::default();
        for record in &records {
            if let Some(dot) = before.get(record.key()) {
                if let Some(column) = visit_differs(record, *dot, &written) {
                    changed(
                        source.name,
                        VISIT_COLUMNS,
                        (record.line, column, record.key()),
                        report,
                    );
                }
                done.unchanged += 1;
                continue;
            }
            let visit = Content::Visit(record.visit.clone());
            let dot = pen.write(&OfficeOp::of(record.case, visit))?;
            for content in record.followers(dot) {
                match content {
                    Content::Promise(_) => done.promises += 1,
                    _ => done.payments += 1,
                }
                pen.write(&OfficeOp::of(record.case, content))?;
            }
            done.inserted += 1;
        }
        Ok(done)
    })
}

/// Checks and imports payments and reversals.
///
/// # Errors
/// [`Error::Import`] with the whole report when any row is bad: nothing was written then.
pub fn import_payments(
    app: &App,
    source: Source<'_>,
    by: Option<UserId>,
) -> Result<ImportedField, Error> {
    let mut report = Report::default();
    let table = table::read(source.name, source.bytes, PAYMENT_COLUMNS, &mut report);
    let known = Known::load(app)?;
    let records =
        payments::read(source.name, &table, &context(app, &Map::default()), &known, &mut report);
    stop_at_errors(&report)?;
    let reversed = records.iter().filter_map(|record| record.reverses.clone());
    let keys: Vec<String> =
        records.iter().map(|record| record.key.clone()).chain(reversed).collect();
    let before: BTreeMap<String, PaymentRow> = app
        .store
        .payments_by_source(app.org, &keys)?
        .into_iter()
        .filter_map(|row| Some((row.source_ref.clone()?, row)))
        .collect();
    let receipts = receipts(app, &records, &before)?;
    let of_before = before.values().map(|row| CaseId::try_from(row.case_id));
    let of_before = of_before.collect::<Result<Vec<_>, _>>()?;
    let query = LogQuery {
        cases: cases(records.iter().map(|record| record.case).chain(of_before)),
        dots: before.values().map(|row| (row.actor, row.sequence)).collect(),
        admits: true,
        ..LogQuery::default()
    };
    let job = Job { app, file: source.name, by, action: "payments_imported" };
    job.run(&query, report, |log, pen, report| {
        write_payments(source.name, &records, (&before, &receipts), log, pen, report)
    })
}

/// Payments that phones took, by the receipts that rows name: where a name is nobody's key, and of one
/// payment alone.
fn receipts(
    app: &App,
    records: &[PaymentRecord],
    before: &BTreeMap<String, PaymentRow>,
) -> Result<BTreeMap<String, PaymentRow>, Error> {
    let own: HashSet<&str> = records.iter().map(|record| record.key.as_str()).collect();
    let named = records.iter().filter_map(|record| record.reverses.clone());
    let named: Vec<String> =
        named.filter(|key| !own.contains(key.as_str()) && !before.contains_key(key)).collect();
    let mut found: BTreeMap<String, Option<PaymentRow>> = BTreeMap::new();
    for row in app.store.payments_by_receipt(app.org, &named)? {
        let Some(receipt) = row.receipt.clone() else { continue };
        found.entry(receipt).and_modify(|one| *one = None).or_insert(Some(row));
    }
    Ok(found.into_iter().filter_map(|(receipt, row)| Some((receipt, row?))).collect())
}

/// Compares what is known, checks reversals and writes what is new.
fn write_payments(
    file: &str,
    records: &[PaymentRecord],
    (before, receipts): (&BTreeMap<String, PaymentRow>, &BTreeMap<String, PaymentRow>),
    log: &LogKnown,
    pen: &mut Pen<'_>,
    report: &mut Report,
) -> Result<Done, Error> {
    let written = contents(log)?;
    let (old, new): (Vec<&PaymentRecord>, Vec<&PaymentRecord>) =
        records.iter().partition(|record| before.contains_key(&record.key));
    let mut dots: HashMap<&str, Dot> = HashMap::new();
    for (key, row) in before {
        let found = written.get(&(row.actor, row.sequence));
        dots.extend(found.map(|(stored, _)| (key.as_str(), stored.op.header.dot)));
    }
    for (receipt, row) in receipts {
        dots.insert(receipt, dot_of((row.actor, row.sequence))?);
    }
    for record in &old {
        let row = before.get(&record.key).map(|row| (row.actor, row.sequence));
        let Some((stored, Some(content))) = row.and_then(|dot| written.get(&dot)) else { continue };
        let reversed = record.reverses.as_deref().and_then(|key| dots.get(key)).copied();
        if let Some(column) = record.differs(stored.op.header.case, content, reversed) {
            changed(file, PAYMENT_COLUMNS, (record.line, column, &record.key), report);
        }
    }
    let mut reversible = reversible(before.iter().chain(receipts), &log.payments)?;
    check_reversals(file, &new, &mut reversible, report);
    let mut done = Done { unchanged: old.len(), ..Done::default() };
    if report.errors() > 0 {
        return Ok(done);
    }
    // Payments before their reversals, wherever these stand in the file.
    let (taken, reversals): (Vec<_>, Vec<_>) =
        new.into_iter().partition(|record| record.reverses.is_none());
    for record in taken.into_iter().chain(reversals) {
        let reversed = record.reverses.as_deref().map(|key| dots.get(key).copied().ok_or(key));
        let reversed = reversed.transpose().map_err(|key| {
            DbError::Corrupt(format!("payment {key} is in the ledger and not in the log"))
        })?;
        let dot = pen.write(&OfficeOp::of(record.case, record.content(reversed)))?;
        dots.insert(&record.key, dot);
        done.inserted += 1;
        match reversed {
            Some(_) => done.reversals += 1,
            None => done.payments += 1,
        }
    }
    Ok(done)
}

/// One file on its way into the log.
struct Job<'a> {
    app: &'a App,
    file: &'a str,
    by: Option<UserId>,
    action: &'static str,
}

#[derive(Debug, Default)]
struct Done {
    inserted: usize,
    unchanged: usize,
    promises: usize,
    payments: usize,
    reversals: usize,
}

impl Job<'_> {
    /// Writes in one transaction what `write` puts down, unless it found errors or nothing new.
    fn run(
        &self,
        query: &LogQuery,
        mut report: Report,
        write: impl FnOnce(&LogKnown, &mut Pen<'_>, &mut Report) -> Result<Done, Error>,
    ) -> Result<ImportedField, Error> {
        let app = self.app;
        let rules = Rules::of(app)?;
        let seed = seed(app)?;
        let now = app.ids.clock().now().as_microsecond();
        let exponent = app.settings.organisation.currency.exponent();
        let done = app.store.decide(app.org, query, |known| {
            let mut pen = Pen::new(&known, &rules, seed, (now, self.by.map(Id::from)))?;
            Ok(match write(&known, &mut pen, &mut report) {
                Err(error) => (None, Err(error)),
                Ok(done) if report.errors() > 0 || done.inserted == 0 => (None, Ok(done)),
                Ok(done) => (Some(self.rows(pen, exponent)), Ok(done)),
            })
        })??;
        stop_at_errors(&report)?;
        let Done { inserted, unchanged, promises, payments, reversals } = done;
        Ok(ImportedField { inserted, unchanged, promises, payments, reversals, report })
    }

    fn rows(&self, pen: Pen<'_>, exponent: u8) -> LogRows {
        let mut rows = pen.finish(exponent, self.action);
        if let Some(note) = rows.audit.last_mut() {
            note.subject = format!("{} ({})", note.subject, self.file);
        }
        rows
    }
}

fn stop_at_errors(report: &Report) -> Result<(), Error> {
    if report.errors() > 0 {
        return Err(Error::Import(Box::new(report.clone())));
    }
    Ok(())
}

fn cases(all: impl Iterator<Item = CaseId>) -> Vec<Id> {
    let distinct: HashSet<CaseId> = all.collect();
    let mut ids: Vec<Id> = distinct.into_iter().map(Id::from).collect();
    ids.sort_unstable();
    ids
}

/// Ops of the log by actor and sequence, with what they say; nothing where the payload is erased.
type Contents = HashMap<(i64, i64), (Stored, Option<Content>)>;

fn contents(log: &LogKnown) -> Result<Contents, Error> {
    log.ops
        .iter()
        .map(|row| {
            let stored = read_stored(row)?;
            let content = stored.written().map(|written| written.content);
            Ok(((row.actor, row.sequence), (stored, content)))
        })
        .collect()
}

/// The first column that says something else than the visit at `dot` and what was written with it.
fn visit_differs(
    record: &VisitRecord,
    (actor, sequence): (i64, i64),
    written: &Contents,
) -> Option<&'static str> {
    let (stored, content) = written.get(&(actor, sequence))?;
    let Some(Content::Visit(visit)) = content else { return None };
    let followers: Vec<Content> = [sequence + 1, sequence + 2]
        .into_iter()
        .map_while(|at| {
            // An op that names a record is a later edit.
            let (stored, content) = written.get(&(actor, at))?;
            content.clone().filter(|_| stored.op.header.record.is_none())
        })
        .collect();
    record.differs(stored.op.header.case, visit, stored.op.header.dot, &followers)
}

/// What of the payments known by their keys is not reversed yet.
fn reversible<'a>(
    before: impl Iterator<Item = (&'a String, &'a PaymentRow)>,
    ledger: &[PaymentRow],
) -> Result<BTreeMap<String, Reversible>, Error> {
    let mut back: HashMap<(i64, i64), i64> = HashMap::new();
    for row in ledger {
        if let Some(of) = row.reverses_actor.zip(row.reverses_sequence) {
            let sum = back.entry(of).or_default();
            *sum = sum.saturating_add(row.amount_minor);
        }
    }
    before
        .filter(|(_, row)| row.reverses_sequence.is_none())
        .map(|(key, row)| {
            let back = back.get(&(row.actor, row.sequence)).copied().unwrap_or(0);
            let left = row.amount_minor.saturating_add(back);
            Ok((key.clone(), Reversible { case: row.case_id.try_into()?, left }))
        })
        .collect()
}

fn changed(
    file: &str,
    columns: &'static [Column],
    (line, column, key): (u64, &str, &str),
    report: &mut Report,
) {
    let mut row = Row { file, line, columns, cells: &[], report };
    let cause = format!("{} was imported before with another value here", shown(key));
    let remedy = "what happened is never changed: leave the row as it was, or reverse or edit it in the \
                  office";
    row.bad(column, "already_imported", cause, remedy);
}
