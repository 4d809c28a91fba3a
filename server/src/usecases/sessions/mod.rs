//! Sessions: log in, go on, log out; and who somebody with a token is.
//!
//! An access token is good for [`ACCESS_S`]. A refresh token is good once, for the next pair of
//! tokens, until [`SESSION_S`] after the login. One that comes a second time was copied: its
//! session ends, whoever has the newer ones.

mod caller;

use std::time::Duration;

use sha2::{Digest as _, Sha256};
use sync_core::bytes::hex;
use sync_core::model::{OrgId, UserId};
use uuid::Uuid;

use super::access::AccessError;
use super::passwords;
use super::users::{User, find_user, note, now};
use crate::app::App;
use crate::db::Id;
use crate::db::access::{RefreshChange, UserChange};
use crate::db::audit::AuditNote;
use crate::db::rows::{DeviceRow, RefreshTokenRow, UserRow};
use crate::error::Error;
use crate::tokens::Claims;

pub use caller::{Caller, caller, device_of_token};

/// Seconds an access token is good for.
pub const ACCESS_S: i64 = 15 * 60;
/// Seconds from a login to the end of its session.
pub const SESSION_S: i64 = 30 * 24 * 3600;
/// Wrong passwords in a row before a login is locked.
pub const ATTEMPTS: i32 = 5;
/// How long it is locked then; each further one doubles it.
const FIRST_LOCK: Duration = Duration::from_secs(60);
/// How long at the most.
const LONGEST_LOCK: Duration = Duration::from_secs(3600);

/// A session under way.
#[derive(Debug, Clone)]
pub struct Session {
    /// Bearer token of the next requests.
    pub access_token: String,
    /// Seconds it is good for.
    pub expires_in_s: i64,
    /// Good once, for the next pair.
    pub refresh_token: String,
    /// Whose session it is.
    pub user: User,
}

/// Logs in.
///
/// # Errors
/// [`AccessError::WrongCredentials`], whatever of it is wrong.
pub fn sign_in(app: &App, login: &str, password: &str) -> Result<Session, Error> {
    let wrong = || Error::from(AccessError::WrongCredentials);
    let known = app.store.user_of_login(app.org, login)?;
    let right = passwords::verify(password, known.as_ref().map(|u| u.password_hash.as_str()));
    let now = now(app);
    let Some(known) = known else {
        // What was typed may be a password in the wrong field: it is not written down.
        let note = AuditNote {
            at: now,
            user_id: None,
            actor: None,
            action: "sign_in_failed",
            subject: "unknown login".into(),
            detail: String::new(),
        };
        app.store.note(app.org, &[note])?;
        return Err(wrong());
    };
    let user = UserId::try_from(known.user_id)?;
    let (refresh_token, row) = fresh(app, known.user_id, now)?;
    let family = row.family_id;
    // What counts is what is there under the lock: others may have tried, too.
    let taken = app.store.change_user(app.org, known.user_id, |found| {
        let right = right && found.user.password_hash == known.password_hash;
        decide(found.user, user, right, now, row)
    })?;
    if taken != Some(true) {
        return Err(wrong());
    }
    session(app, user, family, refresh_token)
}

/// Whether an attempt is let in, and what becomes of the user.
fn decide(
    row: UserRow,
    user: UserId,
    right: bool,
    now: i64,
    token: RefreshTokenRow,
) -> (UserChange, bool) {
    let refused = |row: Option<UserRow>, why: &str| {
        let notes = vec![note(now, None, "sign_in_failed", user, why.into())];
        (UserChange { user: row, notes, ..UserChange::default() }, false)
    };
    if row.disabled_at.is_some() {
        return refused(None, "disabled");
    }
    if row.locked_until.is_some_and(|until| now < until) {
        return refused(None, "locked");
    }
    if !right {
        let failed_logins = row.failed_logins.saturating_add(1);
        let locked_until = lock(failed_logins).map(|time| now.saturating_add(time));
        let why =
            if locked_until.is_some() { "wrong password, now locked" } else { "wrong password" };
        return refused(Some(UserRow { failed_logins, locked_until, ..row }), why);
    }
    let change = UserChange {
        user: Some(UserRow { failed_logins: 0, locked_until: None, ..row }),
        refresh_token: Some(token),
        notes: vec![note(now, Some(user), "signed_in", user, String::new())],
        ..UserChange::default()
    };
    (change, true)
}

/// How long a login is locked after that many wrong passwords in a row, in microseconds.
fn lock(failed: i32) -> Option<i64> {
    let over = u32::try_from(failed.checked_sub(ATTEMPTS)?).ok()?;
    let time = FIRST_LOCK.saturating_mul(1 << over.min(16)).min(LONGEST_LOCK);
    i64::try_from(time.as_micros()).ok()
}

/// The next pair of tokens for a refresh token.
///
/// # Errors
/// [`AccessError::SessionEnded`], or [`AccessError::RefreshReused`] for one that was used before.
pub fn refresh(app: &App, token: &str) -> Result<Session, Error> {
    let now = now(app);
    let hash = hash_of(app, token).ok_or(AccessError::SessionEnded)?;
    let (next_token, next) = fresh(app, Id::default(), now)?;
    let gone_on = app.store.refresh(app.org, &hash, |known| {
        let user = known.user.user_id;
        let old = &known.token;
        if old.used_at.is_some() {
            let change = RefreshChange {
                session_ended_at: Some(now),
                notes: token_note(now, user, "refresh_reused"),
                ..RefreshChange::default()
            };
            return (change, Err(AccessError::RefreshReused));
        }
        let over = old.revoked_at.is_some() || now >= old.expires_at;
        if over || known.user.disabled_at.is_some() {
            return (RefreshChange::default(), Err(AccessError::SessionEnded));
        }
        let next = RefreshTokenRow {
            family_id: old.family_id,
            user_id: user,
            expires_at: old.expires_at,
            ..next
        };
        (
            RefreshChange { next: Some((now, next)), ..RefreshChange::default() },
            Ok((user, old.family_id)),
        )
    })?;
    let (user, family) = gone_on.ok_or(AccessError::SessionEnded)??;
    session(app, UserId::try_from(user)?, family, next_token)
}

/// Logs out: the session of the bearer token ends at once. A device has none to end.
///
/// # Errors
/// The database fails.
pub fn sign_out(app: &App, caller: &Caller) -> Result<(), Error> {
    let Some(session) = caller.session else { return Ok(()) };
    let note = note(now(app), Some(caller.user), "signed_out", caller.user, String::new());
    Ok(app.store.end_session(app.org, session, &note)?)
}

/// The bearer token of a device, for push and pull.
///
/// # Errors
/// The key of tokens cannot be read.
pub fn issue_device_token(app: &App, device: &DeviceRow, user: &UserRow) -> Result<String, Error> {
    let actor = u32::try_from(device.actor)
        .map_err(|_| Error::Invalid(format!("device {} has no number", device.actor)))?;
    let user_id = UserId::try_from(user.user_id)?;
    access_token(app, &Bearer { user: user_id, role: &user.role, session: None, dev: Some(actor) })
}

fn token_note(at: i64, user: Id, action: &'static str) -> Vec<AuditNote> {
    UserId::try_from(user)
        .map(|user| vec![note(at, Some(user), action, user, String::new())])
        .unwrap_or_default()
}

fn session(app: &App, user: UserId, family: Id, refresh_token: String) -> Result<Session, Error> {
    let user = find_user(app, user)?;
    let bearer =
        Bearer { user: user.id, role: user.role.label(), session: Some(family), dev: None };
    let access_token = access_token(app, &bearer)?;
    Ok(Session { access_token, expires_in_s: ACCESS_S, refresh_token, user })
}

/// Who a token is to be of.
struct Bearer<'a> {
    user: UserId,
    role: &'a str,
    session: Option<Id>,
    dev: Option<u32>,
}

fn access_token(app: &App, bearer: &Bearer<'_>) -> Result<String, Error> {
    let iat = app.ids.clock().now().as_second();
    let claims = Claims {
        sub: bearer.user,
        org: OrgId::try_from(app.org)?,
        role: bearer.role.to_owned(),
        dev: bearer.dev,
        sid: bearer.session.map(|session| Uuid::from_bytes(session.0)),
        iat,
        exp: iat + ACCESS_S,
    };
    app.tokens()?.issue(&claims).map_err(|error| Error::Invalid(error.to_string()))
}

/// A new refresh token and its row, of a new session.
fn fresh(app: &App, user: Id, now: i64) -> Result<(String, RefreshTokenRow), Error> {
    let family_id = Id(app.ids.secret::<16>()?);
    let secret = app.ids.secret::<32>()?;
    // The organisation stands in front, so that a token of one is never one of another.
    let text = format!("{}.{}", hex(&app.org.0), hex(&secret));
    let row = RefreshTokenRow {
        org_id: app.org,
        token_hash: Sha256::digest(text.as_bytes()).to_vec(),
        family_id,
        user_id: user,
        issued_at: now,
        expires_at: now.saturating_add(SESSION_S * 1_000_000),
        used_at: None,
        revoked_at: None,
    };
    Ok((text, row))
}

/// The hash of a refresh token, if it is one of this organisation.
fn hash_of(app: &App, token: &str) -> Option<Vec<u8>> {
    let (org, _) = token.split_once('.')?;
    (org == hex(&app.org.0)).then(|| Sha256::digest(token.as_bytes()).to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locks_grow_and_end() {
        let minutes: Vec<Option<i64>> =
            [1, 4, 5, 6, 7, 10, 11, 12, i32::MAX].map(|n| lock(n).map(|t| t / 60_000_000)).into();
        let expected =
            [None, None, Some(1), Some(2), Some(4), Some(32), Some(60), Some(60), Some(60)];
        assert_eq!(minutes, expected);
    }
}
