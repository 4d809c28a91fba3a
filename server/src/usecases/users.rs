//! Users: who logs in, with which role.

use jiff::Timestamp;
use sync_core::model::UserId;

use super::access::{AccessError, Role};
use super::passwords::{self, Cost};
use crate::app::App;
use crate::db::access::{UserChange, UserKnown};
use crate::db::audit::AuditNote;
use crate::db::rows::{AgentRow, UserRow};
use crate::db::{DbError, Id};
use crate::error::Error;

/// A user as others see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Its key.
    pub id: UserId,
    /// What is typed to log in.
    pub login: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub role: Role,
    /// The lender's key of the agent it is.
    pub agent_ref: Option<String>,
    /// Since when it cannot log in.
    pub disabled_at: Option<Timestamp>,
    /// Until when it cannot log in after wrong passwords.
    pub locked_until: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A user to be.
#[derive(Debug, Clone)]
pub struct NewUser<'a> {
    /// What is typed to log in: lower-case letters, digits and `._@-`.
    pub login: &'a str,
    /// Its name.
    pub name: &'a str,
    /// What it is for.
    pub role: Role,
    /// The lender's key of the agent; agents have one, others none.
    pub agent_ref: Option<&'a str>,
    /// Its password; generated where it is absent.
    pub password: Option<&'a str>,
}

/// A user and its password, where it was generated: it is shown once and stored nowhere.
#[derive(Debug, Clone)]
pub struct Added {
    /// The user.
    pub user: User,
    /// The password, if it was generated.
    pub password: Option<String>,
}

/// Makes a user. `by` is the user who does; nobody on the command line.
///
/// # Errors
/// [`AccessError`] for a value that does not fit, a taken login or an unknown agent.
pub fn add_user(
    app: &App,
    by: Option<UserId>,
    new: &NewUser<'_>,
    cost: Cost,
) -> Result<Added, Error> {
    check(new)?;
    let agent = match new.agent_ref {
        None => None,
        Some(agent_ref) => {
            let agent = app.store.agent_with_ref(app.org, agent_ref)?;
            Some(agent.ok_or_else(|| AccessError::UnknownAgent(agent_ref.to_owned()))?)
        }
    };
    let generated = match new.password {
        Some(chosen) => {
            passwords::check(chosen, new.login)?;
            None
        }
        None => Some(passwords::generate(&app.ids)?),
    };
    let password = generated.as_deref().or(new.password).unwrap_or_default();
    let (ms, random) = app.ids.parts()?;
    let id = UserId::from_parts(ms, random);
    let now = now(app);
    let row = UserRow {
        org_id: app.org,
        user_id: id.into(),
        login: new.login.into(),
        name: new.name.into(),
        role: new.role.label().into(),
        agent_id: agent.as_ref().map(|agent| agent.agent_id),
        password_hash: passwords::hash(password, cost, &app.ids)?,
        failed_logins: 0,
        locked_until: None,
        disabled_at: None,
        created_at: now,
    };
    let note = note(now, by, "user_added", id, format!("role {}", new.role));
    if !app.store.add_user(&row, &note)? {
        return Err(AccessError::LoginTaken(new.login.into()).into());
    }
    Ok(Added { user: read(row, agent)?, password: generated })
}

fn check(new: &NewUser<'_>) -> Result<(), AccessError> {
    let value = |field, rule: &str| AccessError::Value { field, rule: rule.into() };
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._@-".contains(c);
    if new.login.is_empty() || new.login.len() > 64 || !new.login.chars().all(fits) {
        return Err(value("login", "write 1 to 64 of a to z, 0 to 9 and . _ @ -"));
    }
    if new.name.chars().count() > 200 || new.name.chars().any(char::is_control) {
        return Err(value("name", "write at most 200 characters"));
    }
    match (new.role, new.agent_ref) {
        (Role::Agent, None) => Err(value("agent_ref", "name the agent that this user is")),
        (Role::Agent, Some(_)) | (_, None) => Ok(()),
        (_, Some(_)) => Err(value("agent_ref", "only users of the role agent have one")),
    }
}

/// The first administrator, if the organisation has no user yet.
///
/// # Errors
/// The database fails, or the system has no random bytes.
pub fn first_admin(app: &App, login: &str, cost: Cost) -> Result<Option<Added>, Error> {
    if !app.store.users_after(app.org, None, 1)?.is_empty() {
        return Ok(None);
    }
    let new = NewUser {
        login,
        name: "Administrator",
        role: Role::Admin,
        agent_ref: None,
        password: None,
    };
    add_user(app, None, &new, cost).map(Some)
}

/// At most `limit` users made after `after`, in the order they were made.
///
/// # Errors
/// The database fails.
pub fn list_users(app: &App, after: Option<UserId>, limit: i64) -> Result<Vec<User>, Error> {
    let rows = app.store.users_after(app.org, after.map(Id::from), limit)?;
    rows.into_iter().map(|(user, agent)| read(user, agent)).collect()
}

/// One user.
///
/// # Errors
/// There is none, or the database fails.
pub fn find_user(app: &App, id: UserId) -> Result<User, Error> {
    let (user, agent) = app.store.user(app.org, id.into())?.ok_or_else(|| unknown(id))?;
    read(user, agent)
}

/// The user of a login.
///
/// # Errors
/// There is none, or the database fails.
pub fn user_of_login(app: &App, login: &str) -> Result<User, Error> {
    let user = app.store.user_of_login(app.org, login)?;
    let user = user.ok_or_else(|| Error::Unknown(format!("there is no user {login}")))?;
    find_user(app, UserId::try_from(user.user_id)?)
}

/// Disables a user at once: its sessions end and its codes are void. Says whether anything changed.
///
/// # Errors
/// There is none, or it is the last administrator.
pub fn disable_user(app: &App, by: Option<UserId>, id: UserId) -> Result<bool, Error> {
    let now = now(app);
    let changed = app.store.change_user(app.org, id.into(), |known| {
        let UserKnown { mut user, other_admins } = known;
        if user.disabled_at.is_some() {
            return (UserChange::default(), Ok(false));
        }
        if user.role == Role::Admin.label() && other_admins == 0 {
            return (UserChange::default(), Err(AccessError::LastAdmin));
        }
        user.disabled_at = Some(now);
        let change = UserChange {
            user: Some(user),
            sessions_ended_at: Some(now),
            notes: vec![note(now, by, "user_disabled", id, String::new())],
            ..UserChange::default()
        };
        (change, Ok(true))
    })?;
    Ok(changed.ok_or_else(|| unknown(id))??)
}

/// Gives a user a new password: the one given, or one that is generated and returned. Its sessions
/// end, a lock after wrong passwords is lifted; a disabled user stays disabled.
///
/// # Errors
/// There is none, or the password does not fit.
pub fn reset_password(
    app: &App,
    by: Option<UserId>,
    id: UserId,
    chosen: Option<&str>,
    cost: Cost,
) -> Result<Option<String>, Error> {
    let login = find_user(app, id)?.login;
    let generated = match chosen {
        Some(chosen) => {
            passwords::check(chosen, &login)?;
            None
        }
        None => Some(passwords::generate(&app.ids)?),
    };
    let password = generated.as_deref().or(chosen).unwrap_or_default();
    let hash = passwords::hash(password, cost, &app.ids)?;
    let now = now(app);
    let changed = app.store.change_user(app.org, id.into(), |known| {
        let user =
            UserRow { password_hash: hash, failed_logins: 0, locked_until: None, ..known.user };
        let change = UserChange {
            user: Some(user),
            sessions_ended_at: Some(now),
            notes: vec![note(now, by, "password_set", id, String::new())],
            ..UserChange::default()
        };
        (change, ())
    })?;
    changed.ok_or_else(|| unknown(id))?;
    Ok(generated)
}

/// Microseconds since 1970 UTC, by the clock of the installation.
pub(super) fn now(app: &App) -> i64 {
    app.ids.clock().now().as_microsecond()
}

pub(super) fn unknown(id: UserId) -> Error {
    Error::Unknown(format!("there is no user {id}"))
}

/// An entry of the audit log about a user.
pub(super) fn note(
    at: i64,
    by: Option<UserId>,
    action: &'static str,
    user: UserId,
    detail: String,
) -> AuditNote {
    let user_id = by.map(Id::from);
    AuditNote { at, user_id, actor: None, action, subject: format!("user {user}"), detail }
}

fn read(row: UserRow, agent: Option<AgentRow>) -> Result<User, Error> {
    Ok(User {
        id: UserId::try_from(row.user_id)?,
        role: row.role.parse().map_err(DbError::Corrupt)?,
        login: row.login,
        name: row.name,
        agent_ref: agent.map(|agent| agent.agent_ref),
        disabled_at: row.disabled_at.map(instant).transpose()?,
        locked_until: row.locked_until.map(instant).transpose()?,
        created_at: instant(row.created_at)?,
    })
}

/// An instant of the database.
pub(super) fn instant(micros: i64) -> Result<Timestamp, DbError> {
    Timestamp::from_microsecond(micros).map_err(|error| DbError::Corrupt(error.to_string()))
}
