//! Devices: codes to enrol with, enrolment, revocation. Section 10 of `SYNC.md`.

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use sync_core::model::{OrgId, UserId};
use sync_core::op::{Actor, Chain, DeviceKey};
use sync_core::protocol::{Enrolled, Enrolment as Request, ProtocolError};

use super::access::{AccessError, Role};
use super::passwords::words;
use super::users::{instant, note, now, unknown};
use crate::app::App;
use crate::db::access::{Enrolment, EnrolmentKnown, UserChange};
use crate::db::audit::AuditNote;
use crate::db::rows::{DeviceRow, EnrolmentCodeRow};
use crate::db::{DbError, Id};
use crate::error::Error;

/// Seconds a code is good for.
pub const CODE_S: i64 = 3600;

/// A device as others see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Its number.
    pub actor: Actor,
    /// Whose it is.
    pub user: UserId,
    /// What its owner calls it.
    pub name: String,
    /// The version of the app it said last.
    pub app_version: String,
    /// When it was enrolled.
    pub enrolled_at: Timestamp,
    /// When it was heard of last.
    pub seen_at: Option<Timestamp>,
    /// How many of its ops are here.
    pub sequence: i64,
    /// How far its clock is behind ours, in milliseconds, as measured last.
    pub offset_ms: i64,
    /// Since when it is revoked.
    pub revoked_at: Option<Timestamp>,
    /// Since when it is known to exist twice.
    pub forked_at: Option<Timestamp>,
}

/// A code for a new device; it is shown once and stored nowhere.
#[derive(Debug, Clone)]
pub struct Code {
    /// What the device sends.
    pub code: String,
    /// Until when.
    pub expires_at: Timestamp,
}

/// Makes a code with which a device of `user` can be enrolled, once and for an hour.
///
/// # Errors
/// There is no such user, or [`AccessError::NoAgent`].
pub fn make_code(app: &App, by: Option<UserId>, user: UserId) -> Result<Code, Error> {
    let now = now(app);
    let expires = now.saturating_add(CODE_S * 1_000_000);
    let code = words(&app.ids.secret::<16>()?, 4);
    let row = EnrolmentCodeRow {
        org_id: app.org,
        code_hash: hash(&code),
        user_id: user.into(),
        issued_at: now,
        expires_at: expires,
        used_at: None,
    };
    let made = app.store.change_user(app.org, user.into(), |known| {
        let agent = known.user.role == Role::Agent.label() && known.user.agent_id.is_some();
        if !agent || known.user.disabled_at.is_some() {
            return (UserChange::default(), Err(AccessError::NoAgent));
        }
        let notes = vec![note(now, by, "code_made", user, String::new())];
        (UserChange { code: Some(row), notes, ..UserChange::default() }, Ok(()))
    })?;
    made.ok_or_else(|| unknown(user))??;
    Ok(Code { code, expires_at: instant(expires)? })
}

/// Enrols a device: checks code and proof, and gives it the next number.
///
/// # Errors
/// [`AccessError`] when the code is not good, the proof does not hold or a value does not fit.
pub fn enrol(app: &App, request: &Request) -> Result<Enrolled, Error> {
    let key = request.key().map_err(|error| match error {
        ProtocolError::Value { field, rule, .. } => AccessError::Value { field, rule: rule.into() },
        _ => AccessError::BadProof,
    })?;
    check("name", &request.name, 200)?;
    check("app_version", &request.app_version, 64)?;
    let code_hash = hash(&request.code);
    let (organisation, now) = (OrgId::try_from(app.org)?, now(app));
    let enrolled = app.store.enrol(app.org, &code_hash, &key, |known| {
        match device(&known, organisation, request, &key, now) {
            Err(refused) => (None, Err(refused)),
            Ok((enrolment, agent_ref)) => {
                let actor = enrolment.device.actor;
                (Some(enrolment), Ok((actor, agent_ref, known.head.epoch)))
            }
        }
    })?;
    let (actor, agent_ref, epoch) = enrolled.ok_or(AccessError::InvalidCode)??;
    let currency = app.settings.organisation.currency;
    Ok(Enrolled {
        organisation,
        actor: u32::try_from(actor).map_err(out_of_numbers)?,
        agent_ref,
        epoch: u64::try_from(epoch).unwrap_or(0),
        currency: currency.code().into(),
        exponent: currency.exponent(),
        server_time_ms: now / 1000,
    })
}

fn out_of_numbers(error: std::num::TryFromIntError) -> DbError {
    DbError::Corrupt(format!("there are no numbers left for devices: {error}"))
}

fn check(field: &'static str, value: &str, most: usize) -> Result<(), AccessError> {
    if value.chars().count() > most || value.chars().any(char::is_control) {
        return Err(AccessError::Value { field, rule: format!("write at most {most} characters") });
    }
    Ok(())
}

/// The device of a good code, and the reference of its agent.
fn device(
    known: &EnrolmentKnown,
    organisation: OrgId,
    request: &Request,
    key: &DeviceKey,
    now: i64,
) -> Result<(Enrolment, String), AccessError> {
    if known.code.used_at.is_some() || now >= known.code.expires_at {
        return Err(AccessError::InvalidCode);
    }
    let Some(agent) = known.agent.as_ref().filter(|_| known.user.disabled_at.is_none()) else {
        return Err(AccessError::NoAgent);
    };
    if known.key_known {
        return Err(AccessError::KeyKnown);
    }
    let number = u32::try_from(known.head.last_actor.saturating_add(1)).unwrap_or(u32::MAX);
    let chain = Chain::start(organisation, Actor::new(number), key);
    let device = DeviceRow {
        org_id: known.head.org_id,
        actor: i64::from(number),
        user_id: known.user.user_id,
        name: request.name.clone(),
        public_key: key.to_vec(),
        enrolled_at: now,
        app_version: request.app_version.clone(),
        hello_count: 0,
        offset_ms: 0,
        sequence: 0,
        chain_head: chain.head().as_bytes().to_vec(),
        admitted_ms: 0,
        admitted_count: 0,
        seen_at: None,
        revoked_at: None,
        forked_at: None,
    };
    let note = AuditNote {
        at: now,
        user_id: Some(known.user.user_id),
        actor: Some(i64::from(number)),
        action: "device_enrolled",
        subject: format!("device {number}"),
        detail: String::new(),
    };
    Ok((Enrolment { device, note }, agent.agent_ref.clone()))
}

/// At most `limit` devices after `after`, by number; of one user or of all.
///
/// # Errors
/// The database fails.
pub fn list_devices(
    app: &App,
    user: Option<UserId>,
    after: i64,
    limit: i64,
) -> Result<Vec<Device>, Error> {
    let rows = app.store.devices_after(app.org, user.map(Id::from), after, limit)?;
    rows.into_iter().map(read).collect()
}

/// Revokes a device at once: its token is not taken any more, and its next hello tells it to wipe.
/// Says whether anything changed.
///
/// # Errors
/// There is none.
pub fn revoke_device(app: &App, by: Option<UserId>, actor: Actor) -> Result<bool, Error> {
    let note = AuditNote {
        at: now(app),
        user_id: by.map(Id::from),
        actor: None,
        action: "device_revoked",
        subject: format!("device {actor}"),
        detail: String::new(),
    };
    let revoked = app.store.revoke_device(app.org, i64::from(actor.number()), &note)?;
    revoked.ok_or_else(|| Error::Unknown(format!("there is no device {actor}")))
}

fn hash(code: &str) -> Vec<u8> {
    Sha256::digest(code.as_bytes()).to_vec()
}

fn read(row: DeviceRow) -> Result<Device, Error> {
    Ok(Device {
        actor: Actor::new(u32::try_from(row.actor).map_err(out_of_numbers)?),
        user: UserId::try_from(row.user_id)?,
        name: row.name,
        app_version: row.app_version,
        enrolled_at: instant(row.enrolled_at)?,
        seen_at: row.seen_at.map(instant).transpose()?,
        sequence: row.sequence,
        offset_ms: row.offset_ms,
        revoked_at: row.revoked_at.map(instant).transpose()?,
        forked_at: row.forked_at.map(instant).transpose()?,
    })
}
