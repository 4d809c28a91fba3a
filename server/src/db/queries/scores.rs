//! What each case was judged to be and what a visit to it is worth.

use diesel::prelude::*;

use super::{Conn, organisations};
use crate::db::rows::ScoreRow;
use crate::db::schema::scores;
use crate::db::{DbError, Id};

/// Replaces the scores of an organisation by `rows`.
pub(in crate::db) fn replace(conn: &mut Conn, org: Id, rows: &[ScoreRow]) -> Result<(), DbError> {
    organisations::hold(conn, org)?;
    diesel::delete(scores::table.filter(scores::org_id.eq(org))).execute(conn)?;
    for row in rows {
        diesel::insert_into(scores::table).values(row).execute(conn)?;
    }
    Ok(())
}

/// All scores.
pub(in crate::db) fn all(conn: &mut Conn, org: Id) -> Result<Vec<ScoreRow>, DbError> {
    Ok(scores::table
        .filter(scores::org_id.eq(org))
        .order(scores::case_id)
        .select(ScoreRow::as_select())
        .load(conn)?)
}
