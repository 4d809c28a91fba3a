//! Both sides compared: what the stores of the phones hold, and what the server has of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Serialize;
use sync_core::kinds::Content;
use sync_core::store::{OpStore as _, SqliteStore, hashes};

use crate::app::App;
use crate::error::Error;
use crate::usecases::export_ops::{FieldTotals, field_totals, op_hashes};

/// What the day came to, as `--json` says it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(in super::super) struct Figures {
    /// Visits in the stores of the phones.
    pub(in super::super) visits_logged: u64,
    /// Visits of phones that the server has.
    pub(in super::super) visits_merged: u64,
    pub(in super::super) payments_logged_minor: i64,
    pub(in super::super) payments_merged_minor: i64,
    /// Values beside those that are shown, between which nobody has decided.
    pub(in super::super) conflicts: u64,
    /// Ops that were received and are merged nowhere.
    pub(in super::super) refused: u64,
    /// Ops of phones that the server neither has nor has kept aside.
    pub(in super::super) lost: u64,
    /// Ops of phones that the server has more often than they were written.
    pub(in super::super) doubled: u64,
}

type Dot = (i64, i64);

/// The server's log by dot; more than one hash of a dot would be a double.
type Log = BTreeMap<Dot, Vec<[u8; 32]>>;

/// Reads every store and the server's log, and compares them op by op.
pub(in super::super) fn both_sides(app: &App) -> Result<Figures, Error> {
    let mut log = Log::new();
    for (actor, sequence, hash) in op_hashes(app)? {
        log.entry((actor, sequence)).or_default().push(hash);
    }
    let FieldTotals { visits, payments_minor, conflicts, kept_aside } = field_totals(app)?;
    let aside: BTreeSet<Dot> = kept_aside.into_iter().collect();
    let mut figures = Figures {
        visits_merged: visits,
        payments_merged_minor: payments_minor,
        conflicts,
        refused: u64::try_from(aside.len()).unwrap_or(u64::MAX),
        ..Figures::default()
    };
    let mut written = BTreeSet::new();
    for file in stores(&app.dir.phones())? {
        let shown = file.display().to_string();
        one_side(&file, &mut figures, &mut written, (&log, &aside))
            .map_err(|cause| Error::Invalid(format!("{shown}: {cause}")))?;
    }
    for (dot, found) in log.iter().filter(|((actor, _), _)| *actor != 0) {
        let known = usize::from(written.contains(dot));
        figures.doubled += u64::try_from(found.len().saturating_sub(known)).unwrap_or(0);
    }
    figures.doubled += figures.visits_merged.saturating_sub(figures.visits_logged);
    Ok(figures)
}

/// The stores of a folder by name.
fn stores(folder: &Path) -> Result<Vec<std::path::PathBuf>, Error> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other.map_err(|e| Error::io("read", folder, e))?,
    };
    let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|end| end == "sqlite"));
    files.sort();
    Ok(files)
}

fn one_side(
    file: &Path,
    figures: &mut Figures,
    written: &mut BTreeSet<Dot>,
    (log, aside): (&Log, &BTreeSet<Dot>),
) -> Result<(), String> {
    let tell = |cause: &dyn std::fmt::Display| cause.to_string();
    let name = |dot: sync_core::op::Dot| {
        let sequence = i64::try_from(dot.sequence.get()).map_err(|e| tell(&e))?;
        Ok::<_, String>((i64::from(dot.actor.number()), sequence))
    };
    let mut store = SqliteStore::open(file).map_err(|e| tell(&e))?;
    for own in store.own_ops(0, usize::MAX).map_err(|e| tell(&e))? {
        written.insert(name(own.op.header.dot)?);
        let Some(payload) = own.op.body.payload() else { continue };
        let header = &own.op.header;
        match Content::read(header.kind, header.kind_version, payload).map_err(|e| tell(&e))? {
            Some(Content::Visit(_)) => figures.visits_logged += 1,
            Some(Content::Payment(payment)) => {
                figures.payments_logged_minor += payment.amount_minor.get();
            }
            _ => {}
        }
    }
    for (dot, hash) in hashes(&mut store).map_err(|e| tell(&e))? {
        let dot = name(dot)?;
        let there = log.get(&dot).is_some_and(|found| found.contains(hash.as_bytes()));
        figures.lost += u64::from(!there && !aside.contains(&dot));
    }
    Ok(())
}
