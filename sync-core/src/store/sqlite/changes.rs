//! Changes of the file.

use diesel::prelude::*;

use super::big;
use super::schema::{batches, cases, named, ops, own_ops};
use crate::model::CaseId;
use crate::op::{Body, Op};
use crate::protocol::ReceivedOp;
use crate::store::{Change, OwnOp, Standing, StoreError, StoredCase};

type Conn = SqliteConnection;

/// Makes one change within the transaction that is open.
pub(super) fn make(conn: &mut Conn, change: Change) -> Result<(), StoreError> {
    match change {
        Change::Name(name, Some(value)) => {
            let row = (named::name.eq(name), named::value.eq(value));
            diesel::replace_into(named::table).values(row).execute(conn)?;
        }
        Change::Name(name, None) => {
            diesel::delete(named::table.find(name)).execute(conn)?;
        }
        Change::Unname(prefix) => {
            let end = format!("{prefix}\u{10ffff}");
            let found = named::table.filter(named::name.ge(prefix)).filter(named::name.lt(end));
            diesel::delete(found).execute(conn)?;
        }
        Change::Own(own) => put_own(conn, &own)?,
        Change::Settle(sequence) => {
            let row = own_ops::table.find(big(sequence)?);
            diesel::update(row).set(own_ops::settled.eq(true)).execute(conn)?;
        }
        Change::Unsettle { after } => {
            let later = own_ops::table.filter(own_ops::sequence.gt(big(after)?));
            let whole = later.filter(own_ops::payload.is_not_null());
            diesel::update(whole).set(own_ops::settled.eq(false)).execute(conn)?;
        }
        Change::Erase { case, up_to } => erase(conn, case, up_to)?,
        Change::Case(case) => put_case(conn, &case)?,
        Change::Doubt => {
            let granted = cases::table.filter(cases::standing.eq(number(Standing::Granted)));
            let doubted = cases::standing.eq(number(Standing::Unconfirmed));
            diesel::update(granted).set(doubted).execute(conn)?;
        }
        Change::DropCase(case) => {
            let id = case.as_bytes().as_slice();
            diesel::delete(cases::table.find(id)).execute(conn)?;
            diesel::delete(ops::table.filter(ops::case_id.eq(id))).execute(conn)?;
        }
        Change::Op(received) => put_op(conn, &received)?,
        Change::Batch(batch) => {
            let row = (batches::last.eq(big(batch.last)?), batches::bytes.eq(batch.bytes));
            diesel::replace_into(batches::table).values(row).execute(conn)?;
        }
        Change::DropBatches { up_to } => {
            let durable = batches::table.filter(batches::last.le(big(up_to)?));
            diesel::delete(durable).execute(conn)?;
        }
        Change::Wipe => {
            diesel::delete(named::table).execute(conn)?;
            diesel::delete(own_ops::table).execute(conn)?;
            diesel::delete(cases::table).execute(conn)?;
            diesel::delete(ops::table).execute(conn)?;
            diesel::delete(batches::table).execute(conn)?;
        }
    }
    Ok(())
}

/// Salt and payload of an op that is not erased.
fn parts(op: &Op) -> (Option<&[u8]>, Option<&[u8]>) {
    match &op.body {
        Body::Whole { salt, payload } => (Some(salt.as_bytes()), Some(payload.as_bytes())),
        Body::Erased { .. } => (None, None),
    }
}

fn put_own(conn: &mut Conn, own: &OwnOp) -> Result<(), StoreError> {
    let (salt, payload) = parts(&own.op);
    let header = &own.op.header;
    let row = (
        own_ops::sequence.eq(big(header.dot.sequence.get())?),
        own_ops::case_id.eq(header.case.as_ref().map(|case| case.as_bytes().as_slice())),
        own_ops::header.eq(header.encode()),
        own_ops::salt.eq(salt),
        own_ops::payload.eq(payload),
        own_ops::body_hash.eq(own.op.body.hash().as_bytes().to_vec()),
        own_ops::settled.eq(own.settled),
    );
    diesel::replace_into(own_ops::table).values(row).execute(conn)?;
    Ok(())
}

fn erase(conn: &mut Conn, case: CaseId, up_to: u64) -> Result<(), StoreError> {
    let sent = own_ops::table
        .filter(own_ops::case_id.eq(case.as_bytes().as_slice()))
        .filter(own_ops::sequence.le(i64::try_from(up_to).unwrap_or(i64::MAX)));
    let erased = (
        own_ops::salt.eq(None::<Vec<u8>>),
        own_ops::payload.eq(None::<Vec<u8>>),
        own_ops::settled.eq(true),
    );
    diesel::update(sent).set(erased).execute(conn)?;
    Ok(())
}

const fn number(standing: Standing) -> i32 {
    match standing {
        Standing::Granted => 0,
        Standing::Unconfirmed => 1,
        Standing::Withdrawn => 2,
    }
}

fn put_case(conn: &mut Conn, case: &StoredCase) -> Result<(), StoreError> {
    let row = (
        cases::case_id.eq(case.case.as_bytes().as_slice()),
        cases::facts.eq(case.facts.encode()),
        cases::at_seq.eq(big(case.at_seq)?),
        cases::standing.eq(number(case.standing)),
    );
    diesel::replace_into(cases::table).values(row).execute(conn)?;
    Ok(())
}

fn put_op(conn: &mut Conn, received: &ReceivedOp) -> Result<(), StoreError> {
    let header = &received.op.header;
    let Some(case) = &header.case else { return Ok(()) };
    let (salt, payload) = parts(&received.op);
    let row = (
        ops::case_id.eq(case.as_bytes().as_slice()),
        ops::actor.eq(i64::from(header.dot.actor.number())),
        ops::sequence.eq(big(header.dot.sequence.get())?),
        ops::server_seq.eq(big(received.server_seq)?),
        ops::admitted_ms.eq(received.admitted.ms()),
        ops::admitted_count.eq(i32::from(received.admitted.count())),
        ops::header.eq(header.encode()),
        ops::salt.eq(salt),
        ops::payload.eq(payload),
        ops::body_hash.eq(received.op.body.hash().as_bytes().to_vec()),
    );
    diesel::replace_into(ops::table).values(row).execute(conn)?;
    Ok(())
}
