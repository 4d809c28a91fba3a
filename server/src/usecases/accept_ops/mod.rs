//! Takes the ops of a device: section 7 and 9 of `SYNC.md`.
//!
//! The batch is opened and verified, what it touches is read under the lock of the log's head, and
//! `admission` decides op by op what becomes of it. All of it is one transaction.

mod admission;

use std::collections::BTreeSet;

use sync_core::kinds::Content;
use sync_core::merge::named;
use sync_core::op::{Actor, DeviceKey};
use sync_core::protocol::{Batch, PushAnswer, UnreadBatch};

use super::log::{Rules, i64_of, own_dots, u64_of};
pub use super::refusal::{Refusal, SyncError};
use crate::app::App;
use crate::db::log::LogQuery;
use crate::db::{DbError, Id};
use crate::error::Error;
use admission::Admission;

/// For how long ops count as durable only by age: 35 days in microseconds.
const DURABLE_US: i64 = 35 * 86_400 * 1_000_000;

/// Takes a batch that came with the token of the device `bearer`.
///
/// # Errors
/// [`SyncError::Refused`] with a code of section 9: then nothing is stored, but for what a revoked or
/// forked device sent, which is kept aside. [`SyncError::Failed`] when the database fails.
pub fn accept_ops(app: &App, bearer: Actor, bytes: &[u8]) -> Result<PushAnswer, SyncError> {
    let unread = UnreadBatch::open(bytes)?;
    let header = unread.header();
    if Id::from(header.organisation) != app.org {
        return Err(Refusal::UnknownDevice.into());
    }
    if header.actor != bearer {
        let why = "the token is of another device; say hello first";
        return Err(Refusal::Unauthenticated(why).into());
    }
    let actor = i64::from(header.actor.number());
    let device = app.store.device_and_user(app.org, actor)?;
    let (device, _) = device.ok_or(Refusal::UnknownDevice)?;
    let batch = unread.verify(&key(&device.public_key)?)?;
    check_payloads(&batch)?;
    let rules = Rules::of(app)?;
    let now = app.ids.clock().now().as_microsecond();
    let exponent = app.settings.organisation.currency.exponent();
    let answer = app.store.decide(app.org, &query(&batch), |known| {
        Admission::new(&known, &batch, &rules, (now, exponent)).decide()
    })?;
    let mut answer = answer?;
    let limit = now.saturating_sub(DURABLE_US);
    if device.enrolled_at < limit {
        let durable = u64_of(app.store.received_before(app.org, actor, limit)?);
        answer.durable = durable.min(answer.acknowledged);
    }
    Ok(answer)
}

/// The public key of a device as it is stored.
pub(super) fn key(stored: &[u8]) -> Result<DeviceKey, Error> {
    let corrupt = |_| DbError::Corrupt("the public key of a device has not 32 bytes".into());
    Ok(DeviceKey::try_from(stored).map_err(corrupt)?)
}

/// A payload whose known fields have other types than theirs is not canonical.
fn check_payloads(batch: &Batch) -> Result<(), Refusal> {
    for op in &batch.ops {
        let Some(payload) = op.body.payload() else { continue };
        match Content::read(op.header.kind, op.header.kind_version, payload) {
            Err(error) if error.code() == "not_canonical" => {
                let sequence = op.header.dot.sequence.get();
                return Err(Refusal::Payload { sequence, error });
            }
            _ => {}
        }
    }
    Ok(())
}

fn query(batch: &Batch) -> LogQuery {
    let (mut cases, mut dots, mut actors) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for op in &batch.ops {
        cases.extend(op.header.case.map(Id::from));
        for dot in named(&op.header) {
            dots.insert(own_dots(dot));
            actors.insert(i64::from(dot.actor.number()));
        }
    }
    let actor = i64::from(batch.header.actor.number());
    LogQuery {
        device: Some((actor, i64_of(batch.header.first.get()), i64_of(batch.header.last()))),
        cases: cases.into_iter().collect(),
        admits: true,
        dots: dots.into_iter().collect(),
        actors: actors.into_iter().collect(),
        ..LogQuery::default()
    }
}
