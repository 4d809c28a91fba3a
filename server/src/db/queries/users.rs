//! Users.

use diesel::prelude::*;

use super::Conn;
use crate::db::rows::{AgentRow, UserRow};
use crate::db::schema::{agents, users};
use crate::db::{DbError, Id};

/// Adds a user.
pub(in crate::db) fn insert(conn: &mut Conn, row: &UserRow) -> Result<(), DbError> {
    diesel::insert_into(users::table).values(row).execute(conn)?;
    Ok(())
}

/// One user, if it exists.
pub(in crate::db) fn find(conn: &mut Conn, org: Id, user: Id) -> Result<Option<UserRow>, DbError> {
    Ok(users::table
        .filter(users::org_id.eq(org).and(users::user_id.eq(user)))
        .select(UserRow::as_select())
        .first(conn)
        .optional()?)
}

/// The user of a login, if it exists.
pub(in crate::db) fn of_login(
    conn: &mut Conn,
    org: Id,
    login: &str,
) -> Result<Option<UserRow>, DbError> {
    Ok(users::table
        .filter(users::org_id.eq(org).and(users::login.eq(login)))
        .select(UserRow::as_select())
        .first(conn)
        .optional()?)
}

/// At most `limit` users whose id is above `after`, by id: in the order they were made.
pub(in crate::db) fn after(
    conn: &mut Conn,
    org: Id,
    after: Option<Id>,
    limit: i64,
) -> Result<Vec<UserRow>, DbError> {
    let mut query =
        users::table.filter(users::org_id.eq(org)).order(users::user_id).limit(limit).into_boxed();
    if let Some(after) = after {
        query = query.filter(users::user_id.gt(after));
    }
    Ok(query.select(UserRow::as_select()).load(conn)?)
}

/// Writes what can change of a user.
pub(in crate::db) fn update(conn: &mut Conn, row: &UserRow) -> Result<(), DbError> {
    diesel::update(
        users::table.filter(users::org_id.eq(row.org_id).and(users::user_id.eq(row.user_id))),
    )
    .set((
        users::name.eq(&row.name),
        users::role.eq(&row.role),
        users::password_hash.eq(&row.password_hash),
        users::failed_logins.eq(row.failed_logins),
        users::locked_until.eq(row.locked_until),
        users::disabled_at.eq(row.disabled_at),
    ))
    .execute(conn)?;
    Ok(())
}

/// How many users of `role` other than `except` can log in.
pub(in crate::db) fn others_of_role(
    conn: &mut Conn,
    org: Id,
    role: &str,
    except: Id,
) -> Result<i64, DbError> {
    Ok(users::table
        .filter(users::org_id.eq(org).and(users::role.eq(role)))
        .filter(users::user_id.ne(except).and(users::disabled_at.is_null()))
        .count()
        .get_result(conn)?)
}

/// The agent of a user, if there is one.
pub(in crate::db) fn agent(
    conn: &mut Conn,
    org: Id,
    agent: Option<Id>,
) -> Result<Option<AgentRow>, DbError> {
    let Some(agent) = agent else { return Ok(None) };
    Ok(agents::table
        .filter(agents::org_id.eq(org).and(agents::agent_id.eq(agent)))
        .select(AgentRow::as_select())
        .first(conn)
        .optional()?)
}

/// The agent with the lender's reference, if there is one.
pub(in crate::db) fn agent_of_ref(
    conn: &mut Conn,
    org: Id,
    agent_ref: &str,
) -> Result<Option<AgentRow>, DbError> {
    Ok(agents::table
        .filter(agents::org_id.eq(org).and(agents::agent_ref.eq(agent_ref)))
        .select(AgentRow::as_select())
        .first(conn)
        .optional()?)
}
