//! The audit log: read, verified and exported.

use jiff::Timestamp;
use sync_core::bytes::hex;
use sync_core::model::UserId;

use super::users::instant;
use crate::app::App;
use crate::db::audit::{AUDIT_START, AuditEnds, audit_hash};
use crate::db::rows::AuditRow;
use crate::error::Error;

/// Rows that are read at once.
const CHUNK: i64 = 1_000;

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its number, from 1 without gaps.
    pub number: i64,
    /// When.
    pub at: Timestamp,
    /// Who; nobody for the command line and the server itself.
    pub user: Option<UserId>,
    /// From which device.
    pub actor: Option<i64>,
    /// What was done.
    pub action: String,
    /// To what.
    pub subject: String,
    /// How it ended.
    pub detail: String,
    /// The chain's hash there, in hexadecimal.
    pub hash: String,
}

/// How far the chain holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verified {
    /// All of it: so many entries, with that hash at the end.
    Whole {
        /// Entries.
        entries: i64,
        /// The last hash, in hexadecimal.
        hash: String,
    },
    /// Up to an entry that is not as it was written.
    Broken {
        /// Number of the first entry that does not fit.
        number: i64,
        /// What does not fit.
        why: String,
    },
}

/// At most `limit` entries before number `before`, newest first.
///
/// # Errors
/// The database fails.
pub fn entries_before(app: &App, before: i64, limit: i64) -> Result<Vec<Entry>, Error> {
    // What lies beyond the last entry is none.
    let before = before.min(app.store.audit_ends(app.org)?.entries().saturating_add(1));
    let rows = app.store.audit_before(app.org, before, limit)?;
    rows.into_iter().map(read).collect()
}

/// Recomputes the chain from the first entry on, and looks whether it ends where it should and
/// whether there are entries beside it.
///
/// # Errors
/// The database fails.
pub fn verify(app: &App) -> Result<Verified, Error> {
    let broken = |number, why: &str| Ok(Verified::Broken { number, why: why.into() });
    let ends = app.store.audit_ends(app.org)?;
    let Some((entries, last_hash)) = ends.head.clone() else { return Ok(without_head(&ends)) };
    let (mut number, mut hash) = (0, AUDIT_START.to_vec());
    while number < entries {
        let mut rows = app.store.audit_after(app.org, number, CHUNK)?;
        // Entries that came meanwhile are beyond the head that was read first.
        rows.retain(|row| row.audit_seq <= entries);
        if rows.is_empty() {
            return broken(number + 1, "the entry is missing, and all after it");
        }
        for row in rows {
            number += 1;
            if row.audit_seq != number {
                return broken(number, "the entry is missing");
            }
            let expected = audit_hash(&hash, &row);
            if row.hash != expected {
                return broken(number, "the entry was changed, or the one before it");
            }
            hash = expected;
        }
    }
    if hash != last_hash {
        return broken(number, "the entry does not end as the head says");
    }
    if ends.mark != Some(entries) {
        let mark = ends.mark.unwrap_or(0);
        return broken(entries.min(mark) + 1, "the head and the mark beside it count differently");
    }
    if let Some(first) = ends.first.filter(|first| *first < 1) {
        return broken(first, "no entry has that number: somebody put it there");
    }
    if let Some(last) = ends.last.filter(|last| *last > entries) {
        return broken(last, "it is beyond the last entry: somebody put it there");
    }
    Ok(Verified::Whole { entries, hash: hex(&hash) })
}

/// A log without a head is whole where nothing was done yet.
fn without_head(ends: &AuditEnds) -> Verified {
    if ends.used || ends.last.is_some() || ends.mark.is_some() {
        let number = ends.mark.max(ends.last).unwrap_or(0).max(1);
        let why = "the head of the log is gone, which says how many entries there are";
        return Verified::Broken { number, why: why.into() };
    }
    Verified::Whole { entries: 0, hash: hex(&AUDIT_START) }
}

/// All entries as CSV, oldest first; `write` is given one chunk after the other.
///
/// # Errors
/// The database fails, or `write` does.
pub fn export(app: &App, mut write: impl FnMut(&[u8]) -> Result<(), Error>) -> Result<i64, Error> {
    let csv = |error: csv::Error| Error::Invalid(format!("the CSV of the audit log: {error}"));
    let header = ["number", "at", "user_id", "actor", "action", "subject", "detail", "hash"];
    let mut chunk = csv::Writer::from_writer(Vec::new());
    chunk.write_record(header).map_err(csv)?;
    let entries = app.store.audit_ends(app.org)?.entries();
    let mut last = 0;
    loop {
        let mut rows = app.store.audit_after(app.org, last, CHUNK)?;
        rows.retain(|row| row.audit_seq <= entries);
        let end = rows.is_empty();
        for row in rows {
            last = row.audit_seq;
            let entry = read(row)?;
            let user = entry.user.map_or_else(String::new, |user| user.to_string());
            let actor = entry.actor.map_or_else(String::new, |actor| actor.to_string());
            let (number, at) = (entry.number.to_string(), entry.at.to_string());
            chunk
                .write_record([
                    &number,
                    &at,
                    &user,
                    &actor,
                    &entry.action,
                    &entry.subject,
                    &entry.detail,
                    &entry.hash,
                ])
                .map_err(csv)?;
        }
        let bytes = chunk.into_inner().map_err(|error| csv(error.into_error().into()))?;
        write(&bytes)?;
        if end {
            return Ok(last);
        }
        chunk = csv::Writer::from_writer(Vec::new());
    }
}

fn read(row: AuditRow) -> Result<Entry, Error> {
    Ok(Entry {
        number: row.audit_seq,
        at: instant(row.at)?,
        user: row.user_id.map(UserId::try_from).transpose()?,
        actor: row.actor,
        action: row.action,
        subject: row.subject,
        detail: row.detail,
        hash: hex(&row.hash),
    })
}
