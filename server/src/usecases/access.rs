//! Who may do what: roles, and why somebody may not.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What a user is for. Each sees and does only what its work needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Visits, with a phone.
    Agent,
    /// Plans, publishes, allocates, edits cases.
    Dispatcher,
    /// Reads figures, never names.
    Analyst,
    /// Reads everything that was done.
    Compliance,
    /// Users, devices, settings.
    Admin,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Agent, Self::Dispatcher, Self::Analyst, Self::Compliance, Self::Admin];

    /// Its name in the database, in JSON and on the command line.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Dispatcher => "dispatcher",
            Self::Analyst => "analyst",
            Self::Compliance => "compliance",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

impl FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|role| role.label() == text).ok_or_else(|| {
            format!("`{text}` is no role: write agent, dispatcher, analyst, compliance or admin")
        })
    }
}

/// Why a request about users, sessions or devices is not done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccessError {
    /// Not this login with this password, or not now. One error, so that nobody learns which.
    #[error(
        "the login or the password is wrong, or there were too many attempts: wait and try again"
    )]
    WrongCredentials,
    /// No token, or none that holds.
    #[error("log in first: the bearer token is missing, expired or not one of this server")]
    Unauthenticated,
    /// The refresh token is not good any more.
    #[error("the session is over: log in again")]
    SessionEnded,
    /// The refresh token was used before: somebody has a copy.
    #[error("the refresh token was used before, so its session was ended: log in again")]
    RefreshReused,
    /// The role does not allow it.
    #[error("the role {0} may not do this")]
    RoleForbidden(Role),
    /// Only a device may do it.
    #[error("only an enrolled device may do this, with the token it gets at its hello")]
    DeviceOnly,
    /// Somebody has the login.
    #[error("the login {0} is taken: choose another")]
    LoginTaken(String),
    /// Nobody could make users any more.
    #[error("this is the last administrator: make another one first")]
    LastAdmin,
    /// The user cannot have a device.
    #[error("the user is no agent, or disabled: only agents have devices")]
    NoAgent,
    /// No agent has the reference.
    #[error("there is no agent {0}: import it first, or check the spelling")]
    UnknownAgent(String),
    /// A value that does not fit.
    #[error("{field}: {rule}")]
    Value {
        /// Name of the field.
        field: &'static str,
        /// What it must be.
        rule: String,
    },
    /// No such code, or used, or too old.
    #[error("the code is wrong, used or expired: ask the office for a new one")]
    InvalidCode,
    /// The device does not have the key it names.
    #[error("the proof does not hold: sign the code with the key that is enrolled")]
    BadProof,
    /// Another device has the key.
    #[error("a device with this key is enrolled already: make a new key pair")]
    KeyKnown,
}

impl AccessError {
    /// Its stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::WrongCredentials => "wrong_credentials",
            Self::Unauthenticated => "unauthenticated",
            Self::SessionEnded => "session_ended",
            Self::RefreshReused => "refresh_reused",
            Self::RoleForbidden(_) => "role_forbidden",
            Self::DeviceOnly => "device_only",
            Self::LoginTaken(_) => "login_taken",
            Self::LastAdmin => "last_admin",
            Self::NoAgent => "no_agent",
            Self::UnknownAgent(_) => "unknown_agent",
            Self::Value { .. } => "invalid_value",
            Self::InvalidCode => "invalid_code",
            Self::BadProof => "bad_signature",
            Self::KeyKnown => "key_known",
        }
    }
}
