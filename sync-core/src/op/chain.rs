//! The chain over the ops of one actor.

use std::num::NonZeroU64;

use thiserror::Error;

use super::{Actor, Dot, Header, OpHash};
use crate::model::OrgId;

/// An Ed25519 public key.
pub type DeviceKey = [u8; 32];

/// What stands for the key of [`Actor::OFFICE`], which has none.
pub const OFFICE_KEY: DeviceKey = [0; 32];

/// Why an op does not continue a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ChainError {
    /// It is of another organisation.
    #[error("chain: the op is of organisation {found}, and the chain of {expected}")]
    Organisation {
        /// Whose chain it is.
        expected: OrgId,
        /// Whose op it is.
        found: OrgId,
    },
    /// It is of another actor.
    #[error("chain: the op is of actor {found}, and the chain of {expected}")]
    Actor {
        /// Whose chain it is.
        expected: Actor,
        /// Whose op it is.
        found: Actor,
    },
    /// It is not the next one.
    #[error("chain: the op is number {found}, and the next is {expected}; send them without gaps")]
    Gap {
        /// The next sequence.
        expected: NonZeroU64,
        /// The sequence of the op.
        found: NonZeroU64,
    },
    /// There are as many ops as 64 bits can count.
    #[error("chain: it is full; enrol the device again")]
    Full,
}

/// How far the chain of one actor goes, and the hash there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    organisation: OrgId,
    actor: Actor,
    sequence: u64,
    head: OpHash,
}

impl Chain {
    /// The chain before the first op of `actor`, whose device has the public key `key`.
    #[must_use]
    pub fn start(organisation: OrgId, actor: Actor, key: &DeviceKey) -> Self {
        let number = actor.number().to_be_bytes();
        let head = OpHash::of(&[b"doorstep/chain/1", organisation.as_bytes(), &number, key]);
        Self { organisation, actor, sequence: 0, head }
    }

    /// The chain as it was left: after `sequence` ops, with that head.
    #[must_use]
    pub const fn resume(organisation: OrgId, actor: Actor, sequence: u64, head: OpHash) -> Self {
        Self { organisation, actor, sequence, head }
    }

    /// Whose chain it is.
    #[must_use]
    pub const fn organisation(&self) -> OrgId {
        self.organisation
    }

    /// The actor whose ops it is over.
    #[must_use]
    pub const fn actor(&self) -> Actor {
        self.actor
    }

    /// How many ops it has.
    #[must_use]
    pub const fn sequence(&self) -> u64 {
        self.sequence
    }

    /// The hash over all of them.
    #[must_use]
    pub const fn head(&self) -> OpHash {
        self.head
    }

    /// The dot of the next op.
    ///
    /// # Errors
    /// [`ChainError::Full`] after 2^64 - 1 ops.
    pub fn next(&self) -> Result<Dot, ChainError> {
        let sequence = self.sequence.checked_add(1).and_then(NonZeroU64::new);
        Ok(Dot { actor: self.actor, sequence: sequence.ok_or(ChainError::Full)? })
    }

    /// Appends the op with that header and body hash, erased or not.
    ///
    /// # Errors
    /// [`ChainError`] when it is not the next op of this chain; the chain stays as it was.
    pub fn follow(&mut self, header: &Header, body_hash: &OpHash) -> Result<(), ChainError> {
        if header.organisation != self.organisation {
            let (expected, found) = (self.organisation, header.organisation);
            return Err(ChainError::Organisation { expected, found });
        }
        if header.dot.actor != self.actor {
            return Err(ChainError::Actor { expected: self.actor, found: header.dot.actor });
        }
        let next = self.next()?;
        if header.dot != next {
            let (expected, found) = (next.sequence, header.dot.sequence);
            return Err(ChainError::Gap { expected, found });
        }
        let head = self.head;
        self.head = OpHash::of(&[head.as_bytes(), &header.encode(), body_hash.as_bytes()]);
        self.sequence = next.sequence.get();
        Ok(())
    }
}
