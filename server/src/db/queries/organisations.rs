//! Organisations: the tenants.

use diesel::prelude::*;

use super::Conn;
use crate::db::rows::OrganisationRow;
use crate::db::schema::organisations::dsl as o;
use crate::db::{DbError, Id};

/// Adds an organisation.
pub(in crate::db) fn insert(conn: &mut Conn, row: &OrganisationRow) -> Result<(), DbError> {
    diesel::insert_into(o::organisations).values(row).execute(conn)?;
    Ok(())
}

/// One organisation, if it exists.
pub(in crate::db) fn find(conn: &mut Conn, org: Id) -> Result<Option<OrganisationRow>, DbError> {
    Ok(o::organisations
        .filter(o::org_id.eq(org))
        .select(OrganisationRow::as_select())
        .first(conn)
        .optional()?)
}

/// Makes other writers of the organisation wait until this transaction ends.
///
/// Without it two PostgreSQL transactions would each decide by what the other has not committed
/// yet. Every write that first reads starts with this.
pub(in crate::db) fn hold(conn: &mut Conn, org: Id) -> Result<(), DbError> {
    diesel::update(o::organisations.filter(o::org_id.eq(org)))
        .set(o::name.eq(o::name))
        .execute(conn)?;
    Ok(())
}
