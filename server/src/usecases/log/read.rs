//! Rows of the log as ops, and numbers as the database holds them.

use sync_core::clock::Hlc;
use sync_core::merge::Written;
use sync_core::op::{Actor, Body, Dot, Header, Op, OpHash, Payload, Salt};

use crate::db::DbError;
use crate::db::rows::{KeptAsideRow, OpRow};

/// An op of the log with what the server has added to it.
#[derive(Debug, Clone)]
pub(in crate::usecases) struct Stored {
    /// The op; its body may be erased.
    pub(in crate::usecases) op: Op,
    /// The clock it was admitted with.
    pub(in crate::usecases) clock: Hlc,
    /// Its place in the log.
    pub(in crate::usecases) server_seq: i64,
}

impl Stored {
    /// The op as registers read it; none where its kind, version or payload is not known here, or
    /// the payload is erased.
    pub(in crate::usecases) fn written(&self) -> Option<Written> {
        let payload = self.op.body.payload()?;
        Written::read(&self.op.header, payload, self.clock, u64_of(self.server_seq)).ok()?
    }
}

/// Reads a row of the log.
pub(in crate::usecases) fn read_stored(row: &OpRow) -> Result<Stored, DbError> {
    let body = match (&row.salt, &row.payload) {
        (Some(salt), Some(payload)) => whole(salt, payload)?,
        _ => Body::Erased { hash: OpHash::new(bytes(&row.body_hash)?) },
    };
    let count = u16::try_from(row.admitted_count).map_err(|e| corrupt(&e))?;
    Ok(Stored {
        op: Op { header: header(&row.header)?, body },
        clock: Hlc::new(row.admitted_ms, count),
        server_seq: row.server_seq,
    })
}

/// Reads an op that is kept aside.
pub(in crate::usecases) fn read_op(row: &KeptAsideRow) -> Result<Op, DbError> {
    Ok(Op { header: header(&row.header)?, body: whole(&row.salt, &row.payload)? })
}

fn header(encoded: &[u8]) -> Result<Header, DbError> {
    Header::decode(encoded).map_err(|e| corrupt(&e))
}

fn whole(salt: &[u8], payload: &[u8]) -> Result<Body, DbError> {
    let payload = Payload::decode(payload.to_vec()).map_err(|e| corrupt(&e))?;
    Ok(Body::Whole { salt: Salt::new(bytes(salt)?), payload })
}

fn bytes<const N: usize>(stored: &[u8]) -> Result<[u8; N], DbError> {
    let found = stored.len();
    stored.try_into().map_err(|_| DbError::Corrupt(format!("an op: {found} bytes, not {N}")))
}

fn corrupt(cause: &dyn std::fmt::Display) -> DbError {
    DbError::Corrupt(format!("an op: {cause}"))
}

/// The columns of a dot.
pub(in crate::usecases) fn own_dots(dot: Dot) -> (i64, i64) {
    (i64::from(dot.actor.number()), i64_of(dot.sequence.get()))
}

/// The dot of the columns.
pub(in crate::usecases) fn dot_of((actor, sequence): (i64, i64)) -> Result<Dot, DbError> {
    let number = u32::try_from(actor).ok();
    let at = u64::try_from(sequence).ok().and_then(std::num::NonZeroU64::new);
    let dot = number.zip(at).map(|(number, sequence)| Dot { actor: Actor::new(number), sequence });
    dot.ok_or_else(|| DbError::Corrupt(format!("{actor}:{sequence} is the name of no op")))
}

/// A number as the database holds it; sequences beyond 2^63 are never reached.
pub(in crate::usecases) fn i64_of(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A number of the database that is never below 0.
pub(in crate::usecases) fn u64_of(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
