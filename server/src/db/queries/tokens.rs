//! Refresh tokens and enrolment codes, by the hash of what their holder has.

use diesel::prelude::*;

use super::Conn;
use crate::db::rows::{EnrolmentCodeRow, RefreshTokenRow};
use crate::db::schema::{enrolment_codes, refresh_tokens};
use crate::db::{DbError, Id};

/// Adds a refresh token.
pub(in crate::db) fn insert_refresh(conn: &mut Conn, row: &RefreshTokenRow) -> Result<(), DbError> {
    diesel::insert_into(refresh_tokens::table).values(row).execute(conn)?;
    Ok(())
}

/// One refresh token, if it exists.
pub(in crate::db) fn refresh(
    conn: &mut Conn,
    org: Id,
    hash: &[u8],
) -> Result<Option<RefreshTokenRow>, DbError> {
    Ok(refresh_tokens::table
        .filter(refresh_tokens::org_id.eq(org).and(refresh_tokens::token_hash.eq(hash)))
        .select(RefreshTokenRow::as_select())
        .first(conn)
        .optional()?)
}

/// Notes that a refresh token was used.
pub(in crate::db) fn use_refresh(
    conn: &mut Conn,
    org: Id,
    hash: &[u8],
    at: i64,
) -> Result<(), DbError> {
    diesel::update(
        refresh_tokens::table
            .filter(refresh_tokens::org_id.eq(org).and(refresh_tokens::token_hash.eq(hash))),
    )
    .set(refresh_tokens::used_at.eq(at))
    .execute(conn)?;
    Ok(())
}

/// Ends a session: none of its tokens is taken any more.
pub(in crate::db) fn end_family(
    conn: &mut Conn,
    org: Id,
    family: Id,
    at: i64,
) -> Result<(), DbError> {
    diesel::update(
        refresh_tokens::table
            .filter(refresh_tokens::org_id.eq(org).and(refresh_tokens::family_id.eq(family)))
            .filter(refresh_tokens::revoked_at.is_null()),
    )
    .set(refresh_tokens::revoked_at.eq(at))
    .execute(conn)?;
    Ok(())
}

/// Whether a session of that user is there and has not ended.
pub(in crate::db) fn is_open(
    conn: &mut Conn,
    org: Id,
    user: Id,
    family: Id,
) -> Result<bool, DbError> {
    let open: i64 = refresh_tokens::table
        .filter(refresh_tokens::org_id.eq(org).and(refresh_tokens::family_id.eq(family)))
        .filter(refresh_tokens::user_id.eq(user).and(refresh_tokens::revoked_at.is_null()))
        .count()
        .get_result(conn)?;
    Ok(open > 0)
}

/// Ends all sessions of a user and voids the codes that are not used yet.
pub(in crate::db) fn end_user(conn: &mut Conn, org: Id, user: Id, at: i64) -> Result<(), DbError> {
    diesel::update(
        refresh_tokens::table
            .filter(refresh_tokens::org_id.eq(org).and(refresh_tokens::user_id.eq(user)))
            .filter(refresh_tokens::revoked_at.is_null()),
    )
    .set(refresh_tokens::revoked_at.eq(at))
    .execute(conn)?;
    diesel::delete(
        enrolment_codes::table
            .filter(enrolment_codes::org_id.eq(org).and(enrolment_codes::user_id.eq(user)))
            .filter(enrolment_codes::used_at.is_null()),
    )
    .execute(conn)?;
    Ok(())
}

/// Adds an enrolment code.
pub(in crate::db) fn insert_code(conn: &mut Conn, row: &EnrolmentCodeRow) -> Result<(), DbError> {
    diesel::insert_into(enrolment_codes::table).values(row).execute(conn)?;
    Ok(())
}

/// One enrolment code, if it exists.
pub(in crate::db) fn code(
    conn: &mut Conn,
    org: Id,
    hash: &[u8],
) -> Result<Option<EnrolmentCodeRow>, DbError> {
    Ok(enrolment_codes::table
        .filter(enrolment_codes::org_id.eq(org).and(enrolment_codes::code_hash.eq(hash)))
        .select(EnrolmentCodeRow::as_select())
        .first(conn)
        .optional()?)
}

/// Notes that an enrolment code was used.
pub(in crate::db) fn use_code(
    conn: &mut Conn,
    org: Id,
    hash: &[u8],
    at: i64,
) -> Result<(), DbError> {
    diesel::update(
        enrolment_codes::table
            .filter(enrolment_codes::org_id.eq(org).and(enrolment_codes::code_hash.eq(hash))),
    )
    .set(enrolment_codes::used_at.eq(at))
    .execute(conn)?;
    Ok(())
}

/// Removes tokens and codes that ran out before `before`, and says how many.
pub(in crate::db) fn remove_expired(
    conn: &mut Conn,
    org: Id,
    before: i64,
) -> Result<usize, DbError> {
    let tokens = diesel::delete(
        refresh_tokens::table
            .filter(refresh_tokens::org_id.eq(org).and(refresh_tokens::expires_at.lt(before))),
    )
    .execute(conn)?;
    let codes = diesel::delete(
        enrolment_codes::table
            .filter(enrolment_codes::org_id.eq(org).and(enrolment_codes::expires_at.lt(before))),
    )
    .execute(conn)?;
    Ok(tokens + codes)
}
