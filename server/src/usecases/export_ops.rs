//! The log as CSV, to be compared with what phones have: `device,seq,body_hash`.

use std::fmt::Write as _;

use sync_core::model::Minor;

use crate::app::App;
use crate::db::DbError;
use crate::error::Error;

/// The header of the table.
pub const HEADER: &str = "device,seq,body_hash\n";

const PAGE: i64 = 10_000;

/// Hands every admitted op of the organisation to `take`, some lines at a time, by device and
/// sequence; device 0 is the office. What is kept aside is not among them.
///
/// # Errors
/// The database fails, or `take` does.
pub fn export_ops(app: &App, mut take: impl FnMut(&str) -> Result<(), Error>) -> Result<(), Error> {
    take(HEADER)?;
    let mut after = (-1, 0);
    loop {
        let rows = app.store.hashes_after(app.org, after, PAGE)?;
        let Some((actor, sequence, _)) = rows.last() else { return Ok(()) };
        after = (*actor, *sequence);
        let mut lines = String::new();
        for (actor, sequence, hash) in &rows {
            line(&mut lines, (*actor, *sequence), hash);
        }
        take(&lines)?;
    }
}

/// Actor, sequence and body hash of every admitted op, in that order.
///
/// # Errors
/// The database fails, or holds a hash that is none.
pub fn op_hashes(app: &App) -> Result<Vec<(i64, i64, [u8; 32])>, Error> {
    let mut all = Vec::new();
    let mut after = (-1, 0);
    loop {
        let rows = app.store.hashes_after(app.org, after, PAGE)?;
        let Some((actor, sequence, _)) = rows.last() else { return Ok(all) };
        after = (*actor, *sequence);
        for (actor, sequence, hash) in rows {
            let corrupt = |_| DbError::Corrupt(format!("the hash of op {actor}:{sequence}"));
            all.push((actor, sequence, hash.try_into().map_err(corrupt)?));
        }
    }
}

/// What devices have brought, by the projections and lists of the server.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldTotals {
    /// Visits.
    pub visits: u64,
    /// Payments less reversals, in minor units.
    pub payments_minor: i64,
    /// Conflicts nobody has settled, whoever wrote them.
    pub conflicts: u64,
    /// Actor and sequence of what is kept aside and not released.
    pub kept_aside: Vec<(i64, i64)>,
}

/// Reads them.
///
/// # Errors
/// The database fails, or a sum does not fit in 64 bits.
pub fn field_totals(app: &App) -> Result<FieldTotals, Error> {
    let found = app.store.field_totals(app.org)?;
    let amounts = found.amounts.into_iter().map(Minor::new);
    let sum = Minor::checked_sum(amounts).map_err(|e| Error::Invalid(format!("payments: {e}")))?;
    Ok(FieldTotals {
        visits: u64::try_from(found.visits).unwrap_or(0),
        payments_minor: sum.get(),
        conflicts: u64::try_from(found.conflicts).unwrap_or(0),
        kept_aside: found.kept_aside,
    })
}

/// One line of the table.
pub fn line(lines: &mut String, (actor, sequence): (i64, i64), hash: &[u8]) {
    // Writing to a text cannot fail.
    let _ = write!(lines, "{actor},{sequence},");
    for byte in hash {
        let _ = write!(lines, "{byte:02x}");
    }
    lines.push('\n');
}
