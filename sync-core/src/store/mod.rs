//! What a phone keeps, and where.
//!
//! An [`OpStore`] knows nothing of the protocol: it holds ops, cases, signed batches and named
//! values, and takes changes all or none. [`MemoryStore`] is for tests and tools, `SqliteStore`
//! (feature `sqlite`) for phones: when [`OpStore::commit`] returns there, the changes stand a power
//! cut. Both pass the same contract. [`crate::phone`] is what an app works with.

#[cfg(test)]
mod contract;
mod error;
mod memory;
#[cfg(feature = "sqlite")]
mod sqlite;

pub use error::StoreError;
pub use memory::MemoryStore;
#[cfg(feature = "sqlite")]
pub use sqlite::SqliteStore;

use crate::model::CaseId;
use crate::op::{Dot, Op, OpHash};
use crate::protocol::{Facts, ReceivedOp};

/// An op this phone wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnOp {
    /// The op; erased once its case was purged.
    pub op: Op,
    /// Whether it lies on top no more: it is known with its admitted clock, kept aside, or its
    /// case was purged.
    pub settled: bool,
}

/// How a case stands on this phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Allocated to the user.
    Granted,
    /// It was, and a server that starts over has not confirmed it yet.
    Unconfirmed,
    /// Not any more; what is unsent of it is pushed before it is purged.
    Withdrawn,
}

/// A case on this phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCase {
    /// The case.
    pub case: CaseId,
    /// What the office knows of it.
    pub facts: Facts,
    /// Ops up to this `server_seq` were in the snapshot.
    pub at_seq: u64,
    /// How it stands.
    pub standing: Standing,
}

/// A batch as it was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptBatch {
    /// The sequence of its last op.
    pub last: u64,
    /// The signed bytes.
    pub bytes: Vec<u8>,
}

/// One change of a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Sets the value of that name, or removes it.
    Name(String, Option<Vec<u8>>),
    /// Removes all values whose names begin like that.
    Unname(String),
    /// Appends an own op, or replaces that of its sequence.
    Own(OwnOp),
    /// Own op of that sequence lies on top no more.
    Settle(u64),
    /// Own ops after that sequence that are whole lie on top again.
    Unsettle {
        /// The last that does not.
        after: u64,
    },
    /// Erases the own ops of a case up to a sequence, and settles them.
    Erase {
        /// The case.
        case: CaseId,
        /// The last of them.
        up_to: u64,
    },
    /// Puts a case in the place of what was known of it; its ops stay.
    Case(StoredCase),
    /// Makes all granted cases unconfirmed.
    Doubt,
    /// Removes a case and its admitted ops.
    DropCase(CaseId),
    /// Puts an admitted op to its case; one without a case is passed over.
    Op(ReceivedOp),
    /// Keeps a batch.
    Batch(KeptBatch),
    /// Removes the batches up to a sequence.
    DropBatches {
        /// The last op of the last of them.
        up_to: u64,
    },
    /// Removes everything, so that it cannot be read from the file any more.
    Wipe,
}

/// Where a phone keeps its data. One program at a time has it open.
pub trait OpStore {
    /// The value of that name.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read; so for all of these.
    fn named(&mut self, name: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// Names that begin with `prefix`, in their order, with their values.
    ///
    /// # Errors
    /// As [`Self::named`].
    fn names(&mut self, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError>;

    /// Own ops from a sequence on, in their order, at most `most`.
    ///
    /// # Errors
    /// As [`Self::named`].
    fn own_ops(&mut self, from: u64, most: usize) -> Result<Vec<OwnOp>, StoreError>;

    /// The own ops of a case that lie on top, in their order.
    ///
    /// # Errors
    /// As [`Self::named`].
    fn on_top(&mut self, case: CaseId) -> Result<Vec<Op>, StoreError>;

    /// A case.
    ///
    /// # Errors
    /// As [`Self::named`].
    fn case(&mut self, case: CaseId) -> Result<Option<StoredCase>, StoreError>;

    /// All cases in the order of their ids.
    ///
    /// # Errors
    /// As [`Self::named`].
    fn cases(&mut self) -> Result<Vec<StoredCase>, StoreError>;

    /// The admitted ops of a case, in the order of their dots.
    ///
    /// # Errors
    /// As [`Self::named`].
    fn ops(&mut self, case: CaseId) -> Result<Vec<ReceivedOp>, StoreError>;

    /// The first batch whose last op comes after a sequence.
    ///
    /// # Errors
    /// As [`Self::named`].
    fn batch_after(&mut self, sequence: u64) -> Result<Option<KeptBatch>, StoreError>;

    /// Makes changes in their order, all or none. They are durable when this returns.
    ///
    /// # Errors
    /// [`StoreError`]; then none of them is made.
    fn commit(&mut self, changes: Vec<Change>) -> Result<(), StoreError>;
}

/// The dot and the body hash of each op a store holds, once each and in the order of the dots: what
/// two sides compare.
///
/// # Errors
/// [`StoreError`] when the store cannot be read.
pub fn hashes(store: &mut impl OpStore) -> Result<Vec<(Dot, OpHash)>, StoreError> {
    let mut hashes = std::collections::BTreeMap::new();
    for own in store.own_ops(0, usize::MAX)? {
        hashes.insert(own.op.header.dot, own.op.body.hash());
    }
    for case in store.cases()? {
        for received in store.ops(case.case)? {
            hashes.insert(received.op.header.dot, received.op.body.hash());
        }
    }
    Ok(hashes.into_iter().collect())
}

#[cfg(test)]
mod tests;
