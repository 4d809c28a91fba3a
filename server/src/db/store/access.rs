//! Users, their tokens and devices, and the audit log.

use super::Store;
use crate::db::access::{
    Bearer, Enrolment, EnrolmentKnown, RefreshChange, RefreshKnown, UserChange, UserKnown,
};
use crate::db::audit::AuditNote;
use crate::db::rows::{AgentRow, AuditRow, DeviceRow, UserRow};
use crate::db::{DbError, Id};

#[expect(clippy::missing_errors_doc, reason = "each fails as the database does: see DbError")]
impl Store {
    /// Adds a user; false where the login is taken.
    pub fn add_user(&self, row: &UserRow, note: &AuditNote) -> Result<bool, DbError> {
        on!(self, write, |conn, q| q::access::add_user(conn, row, note))
    }

    /// One user with its agent, if it exists.
    pub fn user(&self, org: Id, user: Id) -> Result<Option<(UserRow, Option<AgentRow>)>, DbError> {
        on!(self, read, |conn, q| {
            let Some(user) = q::users::find(conn, org, user)? else { return Ok(None) };
            let agent = q::users::agent(conn, org, user.agent_id)?;
            Ok(Some((user, agent)))
        })
    }

    /// The user of a login, if it exists.
    pub fn user_of_login(&self, org: Id, login: &str) -> Result<Option<UserRow>, DbError> {
        on!(self, read, |conn, q| q::users::of_login(conn, org, login))
    }

    /// At most `limit` users after the id `after`, each with its agent.
    pub fn users_after(
        &self,
        org: Id,
        after: Option<Id>,
        limit: i64,
    ) -> Result<Vec<(UserRow, Option<AgentRow>)>, DbError> {
        on!(self, read, |conn, q| {
            let users = q::users::after(conn, org, after, limit)?;
            users
                .into_iter()
                .map(|user| Ok((q::users::agent(conn, org, user.agent_id)?, user)))
                .map(|pair| pair.map(|(agent, user)| (user, agent)))
                .collect()
        })
    }

    /// The agent with the lender's reference, if there is one.
    pub fn agent_with_ref(&self, org: Id, agent_ref: &str) -> Result<Option<AgentRow>, DbError> {
        on!(self, read, |conn, q| q::users::agent_of_ref(conn, org, agent_ref))
    }

    /// One decision about a user: what is known, then what becomes of it. Nothing where there is no
    /// such user.
    pub fn change_user<T>(
        &self,
        org: Id,
        user: Id,
        decide: impl FnOnce(UserKnown) -> (UserChange, T),
    ) -> Result<Option<T>, DbError> {
        on!(self, write, |conn, q| q::access::change_user(conn, org, user, decide))
    }

    /// One decision about a refresh token, by its hash. Nothing where there is no such token.
    pub fn refresh<T>(
        &self,
        org: Id,
        hash: &[u8],
        decide: impl FnOnce(&RefreshKnown) -> (RefreshChange, T),
    ) -> Result<Option<T>, DbError> {
        on!(self, write, |conn, q| q::access::refresh(conn, org, hash, decide))
    }

    /// What there is behind a bearer token; nothing where there is no such user.
    pub fn bearer(
        &self,
        org: Id,
        user: Id,
        device: Option<i64>,
        session: Option<Id>,
    ) -> Result<Option<Bearer>, DbError> {
        on!(self, read, |conn, q| {
            let Some(user) = q::users::find(conn, org, user)? else { return Ok(None) };
            let device = match device {
                Some(actor) => q::devices::find(conn, org, actor)?,
                None => None,
            };
            let session_open = match session {
                Some(family) => q::tokens::is_open(conn, org, user.user_id, family)?,
                None => false,
            };
            Ok(Some(Bearer { user, device, session_open }))
        })
    }

    /// Ends a session.
    pub fn end_session(&self, org: Id, family: Id, note: &AuditNote) -> Result<(), DbError> {
        on!(self, write, |conn, q| {
            q::heads::lock(conn, org)?;
            q::tokens::end_family(conn, org, family, note.at)?;
            q::audit::append(conn, org, std::slice::from_ref(note))
        })
    }

    /// Removes tokens and codes that ran out before `before`, and says how many.
    pub fn remove_expired_tokens(&self, org: Id, before: i64) -> Result<usize, DbError> {
        on!(self, write, |conn, q| q::tokens::remove_expired(conn, org, before))
    }

    /// One device with its user, if it exists.
    pub fn device(&self, org: Id, actor: i64) -> Result<Option<DeviceRow>, DbError> {
        on!(self, read, |conn, q| q::devices::find(conn, org, actor))
    }

    /// At most `limit` devices after actor `after`; of one user or of all.
    pub fn devices_after(
        &self,
        org: Id,
        user: Option<Id>,
        after: i64,
        limit: i64,
    ) -> Result<Vec<DeviceRow>, DbError> {
        on!(self, read, |conn, q| q::devices::after(conn, org, user, after, limit))
    }

    /// Revokes a device; nothing where there is none, false where it was revoked before.
    pub fn revoke_device(
        &self,
        org: Id,
        actor: i64,
        note: &AuditNote,
    ) -> Result<Option<bool>, DbError> {
        on!(self, write, |conn, q| {
            q::heads::lock(conn, org)?;
            let Some(device) = q::devices::find(conn, org, actor)? else { return Ok(None) };
            if device.revoked_at.is_some() {
                return Ok(Some(false));
            }
            q::devices::revoke(conn, org, actor, note.at)?;
            q::audit::append(conn, org, std::slice::from_ref(note))?;
            Ok(Some(true))
        })
    }

    /// One enrolment: what is known of the code, then the device to be, if any. Nothing where there
    /// is no such code.
    pub fn enrol<T>(
        &self,
        org: Id,
        code_hash: &[u8],
        public_key: &[u8],
        decide: impl FnOnce(EnrolmentKnown) -> (Option<Enrolment>, T),
    ) -> Result<Option<T>, DbError> {
        on!(self, write, |conn, q| {
            let known = q::devices::enrolment(conn, org, code_hash, public_key)?;
            let Some(known) = known else { return Ok(None) };
            let (enrolment, answer) = decide(known);
            if let Some(enrolment) = enrolment {
                q::devices::enrol(conn, code_hash, &enrolment)?;
            }
            Ok(Some(answer))
        })
    }

    /// Appends entries to the audit log, where nothing else is written with them.
    pub fn note(&self, org: Id, notes: &[AuditNote]) -> Result<(), DbError> {
        on!(self, write, |conn, q| q::audit::append(conn, org, notes))
    }

    /// At most `limit` entries of the audit log after number `after`, oldest first.
    pub fn audit_after(&self, org: Id, after: i64, limit: i64) -> Result<Vec<AuditRow>, DbError> {
        on!(self, read, |conn, q| q::audit::after(conn, org, after, limit))
    }

    /// At most `limit` entries of the audit log before number `before`, newest first.
    pub fn audit_before(&self, org: Id, before: i64, limit: i64) -> Result<Vec<AuditRow>, DbError> {
        on!(self, read, |conn, q| q::audit::before(conn, org, before, limit))
    }

    /// Where the audit log should begin and end, and where it does.
    pub fn audit_ends(&self, org: Id) -> Result<crate::db::audit::AuditEnds, DbError> {
        on!(self, read, |conn, q| q::audit::ends(conn, org))
    }

    /// Number and hash of the last entry of the audit log, as the head has them.
    pub fn audit_head(&self, org: Id) -> Result<(i64, Vec<u8>), DbError> {
        on!(self, read, |conn, q| q::audit::head(conn, org))
    }
}
