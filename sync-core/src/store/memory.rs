//! A store in memory, for tests and tools.

use std::collections::BTreeMap;
use std::ops::Bound;

use super::{Change, KeptBatch, OpStore, OwnOp, Standing, StoreError, StoredCase};
use crate::model::CaseId;
use crate::op::{Dot, Op};
use crate::protocol::ReceivedOp;

/// A store in memory. It is as durable as the program.
#[derive(Debug, Clone, Default)]
pub struct MemoryStore {
    named: BTreeMap<String, Vec<u8>>,
    own: BTreeMap<u64, OwnOp>,
    cases: BTreeMap<CaseId, StoredCase>,
    ops: BTreeMap<(CaseId, Dot), ReceivedOp>,
    batches: BTreeMap<u64, Vec<u8>>,
}

impl MemoryStore {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn change(&mut self, change: Change) {
        match change {
            Change::Name(name, Some(value)) => {
                self.named.insert(name, value);
            }
            Change::Name(name, None) => {
                self.named.remove(&name);
            }
            Change::Unname(prefix) => self.named.retain(|name, _| !name.starts_with(&prefix)),
            Change::Own(own) => {
                self.own.insert(own.op.header.dot.sequence.get(), own);
            }
            Change::Settle(sequence) => {
                if let Some(own) = self.own.get_mut(&sequence) {
                    own.settled = true;
                }
            }
            Change::Unsettle { after } => {
                let later = self.own.range_mut((Bound::Excluded(after), Bound::Unbounded));
                for (_, own) in later.filter(|(_, own)| own.op.body.payload().is_some()) {
                    own.settled = false;
                }
            }
            Change::Erase { case, up_to } => {
                let sent = self.own.range_mut(..=up_to);
                for (_, own) in sent.filter(|(_, own)| own.op.header.case == Some(case)) {
                    own.op.erase();
                    own.settled = true;
                }
            }
            Change::Case(case) => {
                self.cases.insert(case.case, case);
            }
            Change::Doubt => {
                let granted = self.cases.values_mut();
                for case in granted.filter(|case| case.standing == Standing::Granted) {
                    case.standing = Standing::Unconfirmed;
                }
            }
            Change::DropCase(case) => {
                self.cases.remove(&case);
                self.ops.retain(|(of, _), _| *of != case);
            }
            Change::Op(received) => {
                if let Some(case) = received.op.header.case {
                    self.ops.insert((case, received.op.header.dot), received);
                }
            }
            Change::Batch(batch) => {
                self.batches.insert(batch.last, batch.bytes);
            }
            Change::DropBatches { up_to } => self.batches.retain(|last, _| *last > up_to),
            Change::Wipe => *self = Self::default(),
        }
    }
}

impl OpStore for MemoryStore {
    fn named(&mut self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.named.get(name).cloned())
    }

    fn names(&mut self, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let from = self.named.range(prefix.to_owned()..);
        let found = from.take_while(|(name, _)| name.starts_with(prefix));
        Ok(found.map(|(name, value)| (name.clone(), value.clone())).collect())
    }

    fn own_ops(&mut self, from: u64, most: usize) -> Result<Vec<OwnOp>, StoreError> {
        Ok(self.own.range(from..).take(most).map(|(_, own)| own.clone()).collect())
    }

    fn on_top(&mut self, case: CaseId) -> Result<Vec<Op>, StoreError> {
        let own = self.own.values().filter(|own| !own.settled && own.op.header.case == Some(case));
        Ok(own.map(|own| own.op.clone()).collect())
    }

    fn case(&mut self, case: CaseId) -> Result<Option<StoredCase>, StoreError> {
        Ok(self.cases.get(&case).cloned())
    }

    fn cases(&mut self) -> Result<Vec<StoredCase>, StoreError> {
        Ok(self.cases.values().cloned().collect())
    }

    fn ops(&mut self, case: CaseId) -> Result<Vec<ReceivedOp>, StoreError> {
        let of_case = self.ops.iter().filter(|((of, _), _)| *of == case);
        Ok(of_case.map(|(_, received)| received.clone()).collect())
    }

    fn batch_after(&mut self, sequence: u64) -> Result<Option<KeptBatch>, StoreError> {
        let later = (Bound::Excluded(sequence), Bound::Unbounded);
        let batch = self.batches.range(later).next();
        Ok(batch.map(|(last, bytes)| KeptBatch { last: *last, bytes: bytes.clone() }))
    }

    fn commit(&mut self, changes: Vec<Change>) -> Result<(), StoreError> {
        for change in changes {
            self.change(change);
        }
        Ok(())
    }
}
