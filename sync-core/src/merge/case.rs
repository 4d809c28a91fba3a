//! All that was written about one case.

use std::collections::BTreeMap;

use super::{Draft, DraftError, Place, Register, RegisterKey, Written};
use crate::model::CaseId;
use crate::op::{Dot, Header};

/// The registers and add-only records of one case.
///
/// It is a function of the set of its ops: order and repetition do not matter, and
/// [`Self::live_ops`] are enough to build it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseState {
    case: CaseId,
    registers: BTreeMap<RegisterKey, Register>,
    records: BTreeMap<Dot, Written>,
}

impl CaseState {
    /// A case of which nothing was written.
    #[must_use]
    pub const fn new(case: CaseId) -> Self {
        Self { case, registers: BTreeMap::new(), records: BTreeMap::new() }
    }

    /// A case from its live ops, or from any ops of it.
    #[must_use]
    pub fn rebuild<'a>(case: CaseId, ops: impl IntoIterator<Item = &'a Written>) -> Self {
        let mut state = Self::new(case);
        for op in ops {
            state.apply(op);
        }
        state
    }

    /// The case.
    #[must_use]
    pub const fn case(&self) -> CaseId {
        self.case
    }

    /// Takes an op. An own op may be taken before it is admitted and again with the clock it was
    /// admitted with. `false` when the op changes nothing here, because it is of another case or
    /// goes nowhere that is known; such an op is kept by whoever keeps the log.
    pub fn apply(&mut self, op: &Written) -> bool {
        let place = Place::of(&op.header);
        if op.header.case != Some(self.case)
            || op.header.kind != op.content.kind()
            || place == Place::Nowhere
        {
            return false;
        }
        if place.is_record() {
            let record = self.records.entry(op.dot()).or_insert_with(|| op.clone());
            record.acknowledge(op);
        }
        if let Some(key) = place.register() {
            let register = self.registers.entry(key).or_insert_with(|| Register::empty(&key));
            register.apply(op);
            // The removal of a tag that is not there leaves nothing.
            if register.is_empty() {
                self.registers.remove(&key);
            }
        }
        true
    }

    /// The register of that key, if an op has come to it.
    #[must_use]
    pub fn register(&self, key: &RegisterKey) -> Option<&Register> {
        self.registers.get(key)
    }

    /// All registers by key.
    pub fn registers(&self) -> impl Iterator<Item = (&RegisterKey, &Register)> {
        self.registers.iter()
    }

    /// The add-only records by dot: visits, payments, reversals, settled conflicts and releases.
    pub fn records(&self) -> impl Iterator<Item = &Written> {
        self.records.values()
    }

    /// The ops from which the case can be built again, in the order of the log: its snapshot.
    #[must_use]
    pub fn live_ops(&self) -> Vec<&Written> {
        let registers = self.registers.values().flat_map(Register::live_ops);
        let ops: BTreeMap<_, _> =
            self.records().chain(registers).map(|op| ((op.server_seq, op.dot()), op)).collect();
        ops.into_values().collect()
    }

    /// The header of an op that is written by somebody who sees this state.
    ///
    /// # Errors
    /// [`DraftError`] when content, record or field cannot be.
    pub fn header(&self, draft: &Draft) -> Result<Header, DraftError> {
        let register = draft.register()?.and_then(|key| self.register(&key));
        draft.header(register)
    }
}
