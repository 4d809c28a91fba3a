//! The header of a batch.

use std::num::NonZeroU64;

use super::WHAT;
use crate::bytes::RecordWriter;
use crate::model::OrgId;
use crate::op::{Actor, Chain, Dot, OpHash, Seed};
use crate::protocol::ProtocolError;
use crate::protocol::fields::Fields;

/// Whose ops a batch has, and how they lie in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchHeader {
    /// The organisation of the device.
    pub organisation: OrgId,
    /// The device.
    pub actor: Actor,
    /// The sequence of the first op.
    pub first: NonZeroU64,
    /// How many ops; at least 1.
    pub count: u32,
    /// What the salts are made from. The server stores these and forgets the seed.
    pub seed: Seed,
    /// The chain head before the first op.
    pub before: OpHash,
    /// The chain head after the last.
    pub after: OpHash,
    /// The device's clock when it signed, in milliseconds since 1970 UTC.
    pub sent_ms: i64,
    /// The epoch of the server the device had seen last.
    pub epoch: u64,
    /// Whether the body is compressed with zstd.
    pub compressed: bool,
    /// The length of the body before compression, in bytes.
    pub length: u64,
}

impl BatchHeader {
    /// The sequence of the last op.
    #[must_use]
    pub const fn last(&self) -> u64 {
        // Readers refuse what goes beyond 64 bits.
        self.first.get().saturating_add(self.count as u64).saturating_sub(1)
    }

    /// The dot of the op at `index`.
    pub(super) fn dot(&self, index: u64) -> Option<Dot> {
        let sequence = self.first.checked_add(index)?;
        Some(Dot { actor: self.actor, sequence })
    }

    /// The chain before the first op, as the device says it is.
    #[must_use]
    pub const fn chain_before(&self) -> Chain {
        Chain::resume(self.organisation, self.actor, self.first.get() - 1, self.before)
    }

    pub(in crate::protocol) fn encode(&self) -> Vec<u8> {
        let mut out = RecordWriter::new();
        out.bytes(1, self.organisation.as_bytes()).uvarint(2, u64::from(self.actor.number()));
        out.uvarint(3, self.first.get()).uvarint(4, u64::from(self.count));
        out.bytes(5, self.seed.as_bytes());
        out.bytes(6, self.before.as_bytes()).bytes(7, self.after.as_bytes());
        out.ivarint(8, self.sent_ms).uvarint(9, self.epoch);
        out.uvarint(10, u64::from(self.compressed)).uvarint(11, self.length);
        out.finish()
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, ProtocolError> {
        let mut fields = Fields::of(WHAT, bytes);
        let organisation = OrgId::from_bytes(fields.array(1, "organisation")?);
        let organisation = organisation
            .map_err(|_| fields.value("organisation", "must be a UUID of version 7"))?;
        let actor = Actor::new(fields.small(2, "actor")?);
        let first = NonZeroU64::new(fields.uvarint(3, "first sequence")?);
        let first = first.ok_or_else(|| fields.value("first sequence", "must be at least 1"))?;
        let count = fields.uvarint(4, "number of ops")?;
        let most = u32::try_from(super::MAX_BATCH_OPS).unwrap_or(u32::MAX);
        let count = u32::try_from(count).ok().filter(|count| *count <= most);
        let allowed = u64::from(most);
        let count = count.ok_or(ProtocolError::TooLarge { what: "ops of a batch", allowed })?;
        if count == 0 || first.checked_add(u64::from(count)).is_none() {
            return Err(fields.value("number of ops", "must be at least 1 and fit in the sequence"));
        }
        let header = Self {
            organisation,
            actor,
            first,
            count,
            seed: Seed::new(fields.array(5, "seed")?),
            before: OpHash::new(fields.array(6, "chain head before")?),
            after: OpHash::new(fields.array(7, "chain head after")?),
            sent_ms: fields.ivarint(8, "device clock")?,
            epoch: fields.uvarint(9, "epoch")?,
            compressed: fields.flag(10, "compression")?,
            length: fields.uvarint(11, "length of the body")?,
        };
        fields.finish()?;
        let allowed = u64::try_from(super::MAX_BATCH_BYTES).unwrap_or(u64::MAX);
        if header.length > allowed {
            return Err(ProtocolError::TooLarge { what: "bytes of a batch", allowed });
        }
        Ok(header)
    }
}
