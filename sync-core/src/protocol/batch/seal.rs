//! Writing batches.

use super::header::BatchHeader;
use super::{MAGIC, MAX_BATCH_BYTES, MAX_BATCH_OPS, columns, signed};
use crate::bytes::put_bytes;
use crate::op::{Chain, Op, Seed};
use crate::protocol::{DeviceSecret, ProtocolError, squeeze};

/// What a batch says beside its ops.
#[derive(Debug, Clone, Copy)]
pub struct Sending<'a> {
    /// The seed that the salts of the ops were made from.
    pub seed: &'a Seed,
    /// The device's clock, in milliseconds since 1970 UTC.
    pub sent_ms: i64,
    /// The epoch of the server the device saw last.
    pub epoch: u64,
}

/// Signs the ops that follow `before` as one batch, compressed.
///
/// # Errors
/// [`ProtocolError::TooLarge`] for more than [`MAX_BATCH_OPS`] or [`MAX_BATCH_BYTES`],
/// [`ProtocolError::Order`] for ops that do not follow the chain, [`ProtocolError::Missing`] when
/// there is no op or one is erased, [`ProtocolError::Value`] for a salt of another seed.
pub fn seal_batch(
    before: &Chain,
    ops: &[Op],
    sending: Sending<'_>,
    secret: &DeviceSecret,
) -> Result<Vec<u8>, ProtocolError> {
    let allowed = u64::try_from(MAX_BATCH_OPS).unwrap_or(u64::MAX);
    let too_many = ProtocolError::TooLarge { what: "ops of a batch", allowed };
    let count = u32::try_from(ops.len()).ok().filter(|_| ops.len() <= MAX_BATCH_OPS);
    let count = count.ok_or(too_many)?;
    let first = ops.first().ok_or(ProtocolError::Missing { what: "batch", field: "an op" })?;
    let mut after = before.clone();
    for op in ops {
        if Op::new(op.header.clone(), op.body.payload().cloned().unwrap_or_default(), sending.seed)
            != *op
        {
            let rule = "must be made from the seed of the batch";
            return Err(ProtocolError::Value { what: "batch", field: "salt", rule });
        }
        after.follow(&op.header, &op.body.hash())?;
    }
    let body = columns::encode(ops)?;
    if body.len() > MAX_BATCH_BYTES {
        let allowed = u64::try_from(MAX_BATCH_BYTES).unwrap_or(u64::MAX);
        return Err(ProtocolError::TooLarge { what: "bytes of a batch", allowed });
    }
    let header = BatchHeader {
        organisation: before.organisation(),
        actor: before.actor(),
        first: first.header.dot.sequence,
        count,
        seed: sending.seed.clone(),
        before: before.head(),
        after: after.head(),
        sent_ms: sending.sent_ms,
        epoch: sending.epoch,
        compressed: true,
        length: u64::try_from(body.len()).unwrap_or(u64::MAX),
    };
    let packed = squeeze::compress("batch", &body)?;
    Ok(assemble(&header.encode(), &body, &packed, secret))
}

pub(in crate::protocol) fn assemble(
    header: &[u8],
    body: &[u8],
    packed: &[u8],
    secret: &DeviceSecret,
) -> Vec<u8> {
    let mut out = MAGIC.as_bytes().to_vec();
    put_bytes(&mut out, header);
    put_bytes(&mut out, packed);
    out.extend_from_slice(&secret.sign(&signed(header, body)));
    out
}
