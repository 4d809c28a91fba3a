//! The handshake of a device: section 8 of `SYNC.md`.

use sync_core::op::OpHash;
use sync_core::protocol::{HelloAnswer, UnreadHello, VERSION};

use super::accept_ops::key;
use super::log::{i64_of, u64_of};
use super::refusal::{Refusal, SyncError};
use super::restored::{Seen, notice};
use super::sessions::issue_device_token;
use crate::app::App;
use crate::db::log::Greeting;
use crate::db::{DbError, Id};

/// Answers a hello: what the server has of the device, how their clocks differ, and a token.
///
/// # Errors
/// [`SyncError::Refused`] with a code of section 9, or the database fails.
pub fn hello(app: &App, bytes: &[u8]) -> Result<HelloAnswer, SyncError> {
    let unread = UnreadHello::open(bytes)?;
    let said = unread.hello();
    if Id::from(said.organisation) != app.org {
        return Err(Refusal::UnknownDevice.into());
    }
    let actor = i64::from(said.actor.number());
    let device = app.store.device_and_user(app.org, actor)?;
    let (device, user) = device.ok_or(Refusal::UnknownDevice)?;
    let said = unread.verify(&key(&device.public_key)?)?;
    let now = app.ids.clock().now();
    let offset_ms = now.as_millisecond().saturating_sub(said.clock_ms);
    let greeting = Greeting {
        actor,
        count: i64_of(said.count),
        offset_ms,
        app_version: said.app_version.replace('\0', ""),
        at: now.as_microsecond(),
    };
    if !app.store.greet(app.org, &greeting)? {
        return Err(Refusal::HelloReplayed.into());
    }
    let wipe = device.revoked_at.is_some();
    if !wipe && user.disabled_at.is_some() {
        return Err(Refusal::Unauthenticated("the user of the device is disabled").into());
    }
    if !wipe && device.forked_at.is_some() {
        return Err(Refusal::Clone.into());
    }
    let (epoch, acknowledged) = (said.epoch, said.acknowledged);
    let seen = Seen { actor, epoch, reached: said.reached, acknowledged };
    let head = if wipe { app.store.head(app.org)? } else { notice(app, seen, device.sequence)? };
    let corrupt = |_| DbError::Corrupt("the chain head of a device has not 32 bytes".into());
    let chain_head = <[u8; 32]>::try_from(device.chain_head.as_slice()).map_err(corrupt)?;
    Ok(HelloAnswer {
        clock_ms: now.as_millisecond(),
        epoch: u64_of(head.epoch),
        known: u64_of(device.sequence),
        head: OpHash::new(chain_head),
        token: if wipe { None } else { Some(issue_device_token(app, &device, &user)?) },
        lowest: VERSION,
        highest: VERSION,
        offset_ms,
        wipe,
    })
}
