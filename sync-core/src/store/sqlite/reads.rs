//! What is asked of the file.

use diesel::prelude::*;

use super::schema::{batches, cases, named, ops, own_ops};
use super::{big, small};
use crate::clock::Hlc;
use crate::model::CaseId;
use crate::op::{Body, Header, Op, OpHash, Payload, Salt};
use crate::protocol::{Facts, ReceivedOp};
use crate::store::{KeptBatch, OwnOp, Standing, StoreError, StoredCase};

type Conn = SqliteConnection;

pub(super) fn named(conn: &mut Conn, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(named::table.find(name).select(named::value).first(conn).optional()?)
}

pub(super) fn names(conn: &mut Conn, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
    // Prefixes are ours and end below the highest character of all.
    let end = format!("{prefix}\u{10ffff}");
    let found = named::table.filter(named::name.ge(prefix)).filter(named::name.lt(end));
    Ok(found.order(named::name).load(conn)?)
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = own_ops)]
struct OwnRow {
    header: Vec<u8>,
    salt: Option<Vec<u8>>,
    payload: Option<Vec<u8>>,
    body_hash: Vec<u8>,
    settled: bool,
}

impl OwnRow {
    fn read(self) -> Result<OwnOp, StoreError> {
        let op = op(&self.header, self.salt, self.payload, self.body_hash, "an own op")?;
        Ok(OwnOp { op, settled: self.settled })
    }
}

pub(super) fn own_ops(conn: &mut Conn, from: u64, most: usize) -> Result<Vec<OwnOp>, StoreError> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let rows = own_ops::table.filter(own_ops::sequence.ge(big(from)?)).order(own_ops::sequence);
    let rows: Vec<OwnRow> = rows.limit(most).select(OwnRow::as_select()).load(conn)?;
    rows.into_iter().map(OwnRow::read).collect()
}

pub(super) fn on_top(conn: &mut Conn, case: CaseId) -> Result<Vec<Op>, StoreError> {
    let rows: Vec<OwnRow> = own_ops::table
        .filter(own_ops::case_id.eq(case.as_bytes().as_slice()))
        .filter(own_ops::settled.eq(false))
        .order(own_ops::sequence)
        .select(OwnRow::as_select())
        .load(conn)?;
    rows.into_iter().map(|row| row.read().map(|own| own.op)).collect()
}

type CaseRow = (Vec<u8>, Vec<u8>, i64, i32);

fn read_case((case, facts, at_seq, standing): CaseRow) -> Result<StoredCase, StoreError> {
    let damaged = StoreError::Damaged { what: "a case" };
    let id = case.try_into().ok().and_then(|bytes| CaseId::from_bytes(bytes).ok());
    Ok(StoredCase {
        case: id.ok_or_else(|| damaged.clone())?,
        facts: Facts::decode(&facts).map_err(|_| damaged.clone())?,
        at_seq: small(at_seq, "a case")?,
        standing: match standing {
            0 => Standing::Granted,
            1 => Standing::Unconfirmed,
            2 => Standing::Withdrawn,
            _ => return Err(damaged),
        },
    })
}

pub(super) fn case(conn: &mut Conn, case: CaseId) -> Result<Option<StoredCase>, StoreError> {
    let row = cases::table.find(case.as_bytes().as_slice()).first(conn).optional()?;
    row.map(read_case).transpose()
}

pub(super) fn cases(conn: &mut Conn) -> Result<Vec<StoredCase>, StoreError> {
    let rows: Vec<CaseRow> = cases::table.order(cases::case_id).load(conn)?;
    rows.into_iter().map(read_case).collect()
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = ops)]
struct OpRow {
    server_seq: i64,
    admitted_ms: i64,
    admitted_count: i32,
    header: Vec<u8>,
    salt: Option<Vec<u8>>,
    payload: Option<Vec<u8>>,
    body_hash: Vec<u8>,
}

impl OpRow {
    fn read(self) -> Result<ReceivedOp, StoreError> {
        let what = "an op";
        let count = u16::try_from(self.admitted_count);
        let count = count.map_err(|_| StoreError::Damaged { what })?;
        Ok(ReceivedOp {
            server_seq: small(self.server_seq, what)?,
            admitted: Hlc::new(self.admitted_ms, count),
            op: op(&self.header, self.salt, self.payload, self.body_hash, what)?,
        })
    }
}

pub(super) fn ops(conn: &mut Conn, case: CaseId) -> Result<Vec<ReceivedOp>, StoreError> {
    let rows: Vec<OpRow> = ops::table
        .filter(ops::case_id.eq(case.as_bytes().as_slice()))
        .order((ops::actor, ops::sequence))
        .select(OpRow::as_select())
        .load(conn)?;
    rows.into_iter().map(OpRow::read).collect()
}

pub(super) fn batch_after(conn: &mut Conn, after: u64) -> Result<Option<KeptBatch>, StoreError> {
    let later = batches::table.filter(batches::last.gt(big(after)?)).order(batches::last);
    let row: Option<(i64, Vec<u8>)> = later.first(conn).optional()?;
    row.map(|(last, bytes)| Ok(KeptBatch { last: small(last, "a batch")?, bytes })).transpose()
}

fn op(
    header: &[u8],
    salt: Option<Vec<u8>>,
    payload: Option<Vec<u8>>,
    body_hash: Vec<u8>,
    what: &'static str,
) -> Result<Op, StoreError> {
    let damaged = StoreError::Damaged { what };
    let hash = OpHash::new(body_hash.try_into().map_err(|_| damaged.clone())?);
    let body = match (salt, payload) {
        (Some(salt), Some(payload)) => Body::Whole {
            salt: Salt::new(salt.try_into().map_err(|_| damaged.clone())?),
            payload: Payload::decode(payload).map_err(|_| damaged.clone())?,
        },
        (None, None) => Body::Erased { hash },
        _ => return Err(damaged),
    };
    Ok(Op { header: Header::decode(header).map_err(|_| damaged)?, body })
}
