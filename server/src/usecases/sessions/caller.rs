//! Who somebody with a bearer token is.

use sync_core::model::{AgentId, OrgId, UserId};
use sync_core::op::Actor;

use crate::app::App;
use crate::db::access::Bearer;
use crate::db::{DbError, Id};
use crate::error::Error;
use crate::usecases::access::{AccessError, Role};

/// Who makes a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    /// The user.
    pub user: UserId,
    /// The role, as it is now.
    pub role: Role,
    /// The agent this user is.
    pub agent: Option<AgentId>,
    /// The device, where a device asks.
    pub device: Option<Actor>,
    /// The session, where a person asks.
    pub session: Option<Id>,
}

impl Caller {
    /// Refuses all but some roles.
    ///
    /// # Errors
    /// [`AccessError::RoleForbidden`].
    pub fn require(&self, roles: &[Role]) -> Result<(), AccessError> {
        if roles.contains(&self.role) { Ok(()) } else { Err(AccessError::RoleForbidden(self.role)) }
    }
}

/// Who the bearer of `token` is. The token says who; whether that user and device may still come in
/// is asked of the database each time.
///
/// # Errors
/// [`AccessError::Unauthenticated`].
pub fn caller(app: &App, token: &str) -> Result<Caller, Error> {
    let org = OrgId::try_from(app.org)?;
    let now = app.ids.clock().now().as_second();
    let claims = app.tokens()?.check(token, org, now).map_err(|error| {
        tracing::debug!(%error, "a bearer token was refused");
        AccessError::Unauthenticated
    })?;
    let gone = || Error::from(AccessError::Unauthenticated);
    let session = claims.sid.map(|sid| Id(sid.into_bytes()));
    let known = app.store.bearer(app.org, claims.sub.into(), claims.dev.map(i64::from), session)?;
    let Bearer { user, device, session_open } = known.ok_or_else(gone)?;
    let device_open = match claims.dev {
        Some(_) => device.is_some_and(|d| d.revoked_at.is_none() && d.user_id == user.user_id),
        None => session_open,
    };
    if user.disabled_at.is_some() || !device_open {
        return Err(gone());
    }
    Ok(Caller {
        user: claims.sub,
        role: user.role.parse().map_err(DbError::Corrupt)?,
        agent: user.agent_id.map(AgentId::try_from).transpose()?,
        device: claims.dev.map(Actor::new),
        session,
    })
}

/// The device that a token was given to at its hello.
///
/// Whether the device may still come in is not asked: what a revoked one has not sent yet is kept
/// aside by whoever takes its batches, for which its signature counts.
///
/// # Errors
/// [`AccessError::Unauthenticated`] when the token does not hold or is of no device.
pub fn device_of_token(app: &App, token: &str) -> Result<Actor, Error> {
    let org = OrgId::try_from(app.org)?;
    let now = app.ids.clock().now().as_second();
    let claims = app.tokens()?.check(token, org, now).map_err(|error| {
        tracing::debug!(%error, "a bearer token was refused");
        AccessError::Unauthenticated
    })?;
    Ok(claims.dev.map(Actor::new).ok_or(AccessError::Unauthenticated)?)
}
