//! Decisions about users and their sessions: the head of the log is locked first, so that two
//! servers decide one after the other.

use super::{Conn, audit, heads, tokens, users};
use crate::db::access::{RefreshChange, RefreshKnown, UserChange, UserKnown};
use crate::db::audit::AuditNote;
use crate::db::rows::UserRow;
use crate::db::{DbError, Id};

/// Adds a user unless the login is taken.
pub(in crate::db) fn add_user(
    conn: &mut Conn,
    row: &UserRow,
    note: &AuditNote,
) -> Result<bool, DbError> {
    heads::lock(conn, row.org_id)?;
    if users::of_login(conn, row.org_id, &row.login)?.is_some() {
        return Ok(false);
    }
    users::insert(conn, row)?;
    audit::append(conn, row.org_id, std::slice::from_ref(note))?;
    Ok(true)
}

/// Changes a user as `decide` says.
pub(in crate::db) fn change_user<T>(
    conn: &mut Conn,
    org: Id,
    user: Id,
    decide: impl FnOnce(UserKnown) -> (UserChange, T),
) -> Result<Option<T>, DbError> {
    heads::lock(conn, org)?;
    let Some(row) = users::find(conn, org, user)? else { return Ok(None) };
    let other_admins = users::others_of_role(conn, org, "admin", user)?;
    let (change, answer) = decide(UserKnown { user: row, other_admins });
    if let Some(row) = &change.user {
        users::update(conn, row)?;
    }
    if let Some(at) = change.sessions_ended_at {
        tokens::end_user(conn, org, user, at)?;
    }
    if let Some(token) = &change.refresh_token {
        tokens::insert_refresh(conn, token)?;
    }
    if let Some(code) = &change.code {
        tokens::insert_code(conn, code)?;
    }
    audit::append(conn, org, &change.notes)?;
    Ok(Some(answer))
}

/// Uses or ends a refresh token as `decide` says.
pub(in crate::db) fn refresh<T>(
    conn: &mut Conn,
    org: Id,
    hash: &[u8],
    decide: impl FnOnce(&RefreshKnown) -> (RefreshChange, T),
) -> Result<Option<T>, DbError> {
    heads::lock(conn, org)?;
    let Some(token) = tokens::refresh(conn, org, hash)? else { return Ok(None) };
    let Some(user) = users::find(conn, org, token.user_id)? else { return Ok(None) };
    let known = RefreshKnown { token, user };
    let (change, answer) = decide(&known);
    if let Some((at, next)) = &change.next {
        tokens::use_refresh(conn, org, hash, *at)?;
        tokens::insert_refresh(conn, next)?;
    }
    if let Some(at) = change.session_ended_at {
        tokens::end_family(conn, org, known.token.family_id, at)?;
    }
    audit::append(conn, org, &change.notes)?;
    Ok(Some(answer))
}
