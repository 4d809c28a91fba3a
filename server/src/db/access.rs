//! What one decision about users, tokens or devices reads and writes.

use super::audit::AuditNote;
use super::rows::{AgentRow, DeviceRow, EnrolmentCodeRow, RefreshTokenRow, SyncHeadRow, UserRow};

/// A user, and whether the organisation has another administrator.
#[derive(Debug, Clone)]
pub struct UserKnown {
    /// The user as it is now.
    pub user: UserRow,
    /// How many other administrators can log in.
    pub other_admins: i64,
}

/// What becomes of a user; all of it or nothing is written.
#[derive(Debug, Clone, Default)]
pub struct UserChange {
    /// The user after it, where something changed.
    pub user: Option<UserRow>,
    /// When all sessions of the user ended.
    pub sessions_ended_at: Option<i64>,
    /// The first token of a new session.
    pub refresh_token: Option<RefreshTokenRow>,
    /// A new code for a device.
    pub code: Option<EnrolmentCodeRow>,
    /// What to note.
    pub notes: Vec<AuditNote>,
}

/// A refresh token with its user.
#[derive(Debug, Clone)]
pub struct RefreshKnown {
    /// The token as it is now.
    pub token: RefreshTokenRow,
    /// Whose it is.
    pub user: UserRow,
}

/// What becomes of a refresh token.
#[derive(Debug, Clone, Default)]
pub struct RefreshChange {
    /// When it was used, and the token that follows it.
    pub next: Option<(i64, RefreshTokenRow)>,
    /// When its session ended.
    pub session_ended_at: Option<i64>,
    /// What to note.
    pub notes: Vec<AuditNote>,
}

/// Everything an enrolment depends on.
#[derive(Debug, Clone)]
pub struct EnrolmentKnown {
    /// The code.
    pub code: EnrolmentCodeRow,
    /// Whose it is.
    pub user: UserRow,
    /// The agent of that user.
    pub agent: Option<AgentRow>,
    /// The head of the log; locked.
    pub head: SyncHeadRow,
    /// Whether a device with that key is there already.
    pub key_known: bool,
}

/// A device to be; its actor is the next one of the head.
#[derive(Debug, Clone)]
pub struct Enrolment {
    /// The device.
    pub device: DeviceRow,
    /// What to note.
    pub note: AuditNote,
}

/// What there is behind a bearer token.
#[derive(Debug, Clone)]
pub struct Bearer {
    /// The user.
    pub user: UserRow,
    /// The device, where one was asked for and is there.
    pub device: Option<DeviceRow>,
    /// Whether the session that was asked for has not ended.
    pub session_open: bool,
}
