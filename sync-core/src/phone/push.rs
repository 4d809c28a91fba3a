//! The phone's side of a push.

use std::ops::RangeInclusive;

use super::client::ClientError;
use super::state::State;
use super::{Phone, PhoneError, names};
use crate::model::CaseId;
use crate::op::Op;
use crate::protocol::{PushAnswer, UnreadBatch};
use crate::store::{Change, KeptBatch, OpStore, Standing};

impl<S: OpStore> Phone<S> {
    /// The next batch that the server has not acknowledged. What is in none is signed now.
    pub(super) fn next_batch(&mut self, now_ms: i64) -> Result<Option<KeptBatch>, PhoneError> {
        if let Some(batch) = self.store.batch_after(self.state.acknowledged)? {
            return Ok(Some(batch));
        }
        let mut state = self.state.clone();
        let Some(change) = self.seal(&mut state, now_ms)? else { return Ok(None) };
        self.commit(vec![change], state)?;
        Ok(self.store.batch_after(self.state.acknowledged)?)
    }

    /// Takes the answer to the batch of these ops.
    pub(super) fn take_push(
        &mut self,
        batch: &RangeInclusive<u64>,
        answer: &PushAnswer,
    ) -> Result<(), ClientError> {
        if answer.acknowledged > self.state.sequence {
            return Err(ClientError::Forked);
        }
        if answer.acknowledged < *batch.end() {
            return Err(ClientError::NoProgress);
        }
        let mut state = self.state.clone();
        state.acknowledged = state.acknowledged.max(answer.acknowledged);
        state.durable = state.durable.max(answer.durable.min(state.acknowledged));
        if answer.epoch != state.epoch {
            state.epoch = answer.epoch;
            state.start_over();
        }
        let mut changes = vec![Change::DropBatches { up_to: state.durable }];
        // What was said of these ops before counts no more: a restored server may say otherwise.
        for prefix in [names::ASIDE, names::FLAG] {
            for (name, _) in self.store.names(prefix).map_err(PhoneError::from)? {
                if sequence_of(&name, prefix).is_some_and(|sequence| batch.contains(&sequence)) {
                    changes.push(Change::Name(name, None));
                }
            }
        }
        for (sequence, code) in &answer.kept_aside {
            let name = format!("{}{sequence:020}", names::ASIDE);
            changes.push(Change::Name(name, Some(code.clone().into_bytes())));
            changes.push(Change::Settle(*sequence));
        }
        for (sequence, code) in &answer.flagged {
            let name = format!("{}{sequence:020}/{code}", names::FLAG);
            changes.push(Change::Name(name, Some(code.clone().into_bytes())));
        }
        let cases = self.store.cases().map_err(PhoneError::from)?.into_iter();
        let withdrawn = cases.filter(|stored| stored.standing == Standing::Withdrawn);
        let withdrawn: Vec<CaseId> = withdrawn.map(|stored| stored.case).collect();
        self.purge(&state, withdrawn, &mut changes)?;
        Ok(self.commit(changes, state)?)
    }

    /// The own op of that sequence. One that was erased with its case is read from its batch: a
    /// restored server may take it again, and allocate the case again.
    pub(super) fn own_op(&mut self, sequence: u64) -> Result<Option<Op>, PhoneError> {
        let own = self.store.own_ops(sequence, 1)?.into_iter().next().map(|own| own.op);
        let Some(op) = own.filter(|op| op.header.dot.sequence.get() == sequence) else {
            return Ok(None);
        };
        if op.body.payload().is_some() {
            return Ok(Some(op));
        }
        let batch = self.store.batch_after(sequence.saturating_sub(1))?;
        let Some(batch) = batch else { return Ok(None) };
        let batch = UnreadBatch::open(&batch.bytes)?.verify(&self.secret()?.public())?;
        Ok(batch.ops.into_iter().find(|whole| whole.header.dot == op.header.dot))
    }

    /// Removes cases that are withdrawn, but for those of which something is unsent.
    pub(super) fn purge(
        &mut self,
        state: &State,
        withdrawn: impl IntoIterator<Item = CaseId>,
        changes: &mut Vec<Change>,
    ) -> Result<(), PhoneError> {
        for case in withdrawn {
            let on_top = self.store.on_top(case)?;
            let sequences = on_top.iter().map(|op| op.header.dot.sequence.get());
            if sequences.max().is_none_or(|last| last <= state.acknowledged) {
                changes.push(Change::DropCase(case));
                changes.push(Change::Erase { case, up_to: state.acknowledged });
                changes.push(Change::Unname(format!("{}{case}/", names::RECALL)));
            }
        }
        Ok(())
    }
}

/// The sequence in the name of what the server said of an op.
pub(super) fn sequence_of(name: &str, prefix: &str) -> Option<u64> {
    name.strip_prefix(prefix)?.split('/').next()?.parse().ok()
}
