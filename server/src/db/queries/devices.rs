//! Devices and their enrolment.

use diesel::prelude::*;

use super::{Conn, audit, heads, tokens, users};
use crate::db::access::{Enrolment, EnrolmentKnown};
use crate::db::rows::DeviceRow;
use crate::db::schema::{devices, sync_heads};
use crate::db::{DbError, Id};

/// One device, if it exists.
pub(in crate::db) fn find(
    conn: &mut Conn,
    org: Id,
    actor: i64,
) -> Result<Option<DeviceRow>, DbError> {
    Ok(devices::table
        .filter(devices::org_id.eq(org).and(devices::actor.eq(actor)))
        .select(DeviceRow::as_select())
        .first(conn)
        .optional()?)
}

/// At most `limit` devices after actor `after`, by actor; of one user or of all.
pub(in crate::db) fn after(
    conn: &mut Conn,
    org: Id,
    user: Option<Id>,
    after: i64,
    limit: i64,
) -> Result<Vec<DeviceRow>, DbError> {
    let mut query = devices::table
        .filter(devices::org_id.eq(org).and(devices::actor.gt(after)))
        .order(devices::actor)
        .limit(limit)
        .into_boxed();
    if let Some(user) = user {
        query = query.filter(devices::user_id.eq(user));
    }
    Ok(query.select(DeviceRow::as_select()).load(conn)?)
}

/// Notes since when a device is revoked.
pub(in crate::db) fn revoke(conn: &mut Conn, org: Id, actor: i64, at: i64) -> Result<(), DbError> {
    diesel::update(devices::table.filter(devices::org_id.eq(org).and(devices::actor.eq(actor))))
        .set(devices::revoked_at.eq(at))
        .execute(conn)?;
    Ok(())
}

/// What an enrolment with that code and key depends on; nothing where there is no such code. The
/// head of the log is locked until this transaction ends.
pub(in crate::db) fn enrolment(
    conn: &mut Conn,
    org: Id,
    code_hash: &[u8],
    public_key: &[u8],
) -> Result<Option<EnrolmentKnown>, DbError> {
    let head = heads::lock(conn, org)?;
    let Some(code) = tokens::code(conn, org, code_hash)? else { return Ok(None) };
    let Some(user) = users::find(conn, org, code.user_id)? else { return Ok(None) };
    let agent = users::agent(conn, org, user.agent_id)?;
    let same: i64 = devices::table
        .filter(devices::org_id.eq(org).and(devices::public_key.eq(public_key)))
        .count()
        .get_result(conn)?;
    Ok(Some(EnrolmentKnown { code, user, agent, head, key_known: same > 0 }))
}

/// Adds a device under the actor it was given, and uses up the code.
pub(in crate::db) fn enrol(
    conn: &mut Conn,
    code_hash: &[u8],
    enrolment: &Enrolment,
) -> Result<(), DbError> {
    let device = &enrolment.device;
    diesel::insert_into(devices::table).values(device).execute(conn)?;
    diesel::update(sync_heads::table.filter(sync_heads::org_id.eq(device.org_id)))
        .set(sync_heads::last_actor.eq(device.actor))
        .execute(conn)?;
    tokens::use_code(conn, device.org_id, code_hash, device.enrolled_at)?;
    audit::append(conn, device.org_id, std::slice::from_ref(&enrolment.note))
}
