//! Ops that were kept aside: the list, and the release.

use sync_core::kinds::{Content, Released};
use sync_core::model::{CaseId, UserId};
use sync_core::op::{Dot, OpHash};

use super::log::{Bounds, Entry, Rules, own_dots, read_op};
use super::office::{OfficeOp, Pen, seed};
use crate::app::App;
use crate::db::Id;
use crate::db::log::{LogKnown, LogQuery};
use crate::db::rows::KeptAsideRow;
use crate::error::Error;

/// Which op to release: its dot and, where two ops have that, its body hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// Actor and sequence.
    pub op: Dot,
    /// The body hash, so that it is the one that was looked at.
    pub body_hash: OpHash,
    /// Why.
    pub note: Option<String>,
}

/// Takes in an op that was kept aside, by an op of kind 11. Gives the dot of that.
///
/// # Errors
/// There is no such op, it was released before, its case is unknown, its number is taken by another
/// op or a value of it cannot be; or the database fails.
pub fn release(app: &App, by: Option<UserId>, wanted: &Release) -> Result<Dot, Error> {
    let rules = Rules::of(app)?;
    let seed = seed(app)?;
    let now = app.ids.clock().now().as_microsecond();
    let dot = own_dots(wanted.op);
    let kept = app.store.kept_aside(app.org, dot, wanted.body_hash.as_bytes())?;
    let kept = kept.ok_or_else(|| not_kept(wanted))?;
    let device = app.store.device_and_user(app.org, kept.actor)?;
    let offset_ms = device.as_ref().map_or(0, |(device, _)| device.offset_ms);
    let agent = device.and_then(|(_, user)| user.agent_id);
    let query = LogQuery {
        cases: kept.case_id.into_iter().collect(),
        admits: true,
        dots: vec![dot],
        kept: vec![dot],
        ..LogQuery::default()
    };
    let exponent = app.settings.organisation.currency.exponent();
    app.store.decide(app.org, &query, |known| {
        let (case, row) = match permitted(&known, wanted) {
            Ok(found) => found,
            Err(error) => return Ok((None, Err(error))),
        };
        let mut pen = Pen::new(&known, &rules, seed, (now, by.map(Id::from)))?;
        let content = Content::Released(Released {
            op: wanted.op,
            body_hash: wanted.body_hash,
            note: wanted.note.clone(),
        });
        let written = match pen.write(&OfficeOp::of(case, content)) {
            Ok(written) => written,
            Err(error) => return Ok((None, Err(error))),
        };
        let released_seq = pen.journal.rows.head.server_seq;
        let op = read_op(&row)?;
        let received_ms = row.received_at.div_euclid(1000);
        if let Some(field) = (Bounds { exponent, offset_ms, received_ms }).broken_by(&op) {
            return Ok((None, Err(cannot_be(wanted, field))));
        }
        let entry = Entry {
            offset_ms,
            received_at: row.received_at,
            user: row.user_id,
            agent,
            ..pen.entry(&op, pen.last())
        };
        pen.journal.admit(&entry);
        pen.journal.rows.released.push((dot, row.body_hash.clone(), released_seq));
        Ok((Some(pen.finish(exponent, "op_released")), Ok(written)))
    })?
}

fn cannot_be(wanted: &Release, field: &str) -> Error {
    Error::Invalid(format!(
        "op {} cannot be released: its {field} cannot be. Ask the agent, and write what it says as an edit \
         of the office or import it",
        wanted.op
    ))
}

fn not_kept(wanted: &Release) -> Error {
    Error::Unknown(format!("no op {} with that body hash is kept aside", wanted.op))
}

/// The case and the op, if it can be released.
fn permitted(known: &LogKnown, wanted: &Release) -> Result<(CaseId, KeptAsideRow), Error> {
    let hash = wanted.body_hash.as_bytes().as_slice();
    let row = known.kept.iter().find(|row| row.body_hash == hash);
    let row = row.ok_or_else(|| not_kept(wanted))?;
    if row.released_seq.is_some() {
        return Err(Error::Invalid(format!("op {} was released before", wanted.op)));
    }
    if !known.ops.is_empty() {
        return Err(Error::Invalid(format!(
            "another op has the number {}: write what this one says as an edit of the office",
            wanted.op
        )));
    }
    let case = row.case_id.filter(|id| known.cases.iter().any(|case| case.case_id == *id));
    let case = case.ok_or_else(|| {
        Error::Invalid(format!("op {} is about no case that is known here", wanted.op))
    })?;
    Ok((CaseId::try_from(case)?, row.clone()))
}
