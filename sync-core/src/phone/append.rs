//! Writing an op.

use super::state::State;
use super::{Moment, Phone, PhoneError, names};
use crate::kinds::Content;
use crate::merge::{CaseState, Draft, Written};
use crate::model::CaseId;
use crate::op::{Chain, Dot, Op, Seed};
use crate::protocol::{MAX_BATCH_BYTES, MAX_BATCH_OPS, Sending, seal_batch};
use crate::store::{Change, KeptBatch, OpStore, OwnOp};

/// What the columns of a batch need at the most beside headers and payloads: lengths and counts.
const COLUMNS: usize = 1_024;

/// What an op needs at the most in the columns beside its header and payload: lengths.
const LENGTHS: usize = 32;

impl<S: OpStore> Phone<S> {
    /// Writes an op about a case. `record` names the visit of a disposition or the promise that is
    /// edited, `field` the contact field.
    pub(super) fn write(
        &mut self,
        moment: Moment,
        case: CaseId,
        content: Content,
        (record, field): (Option<Dot>, Option<u64>),
    ) -> Result<Dot, PhoneError> {
        self.append(moment, case, content, (record, field), self.state.receipts)
    }

    /// As [`Self::write`], with the number of the last receipt as it is afterwards.
    pub(super) fn append(
        &mut self,
        moment: Moment,
        case: CaseId,
        content: Content,
        (record, field): (Option<Dot>, Option<u64>),
        receipts: u64,
    ) -> Result<Dot, PhoneError> {
        self.granted(case)?;
        let mut chain = self.chain()?;
        let (organisation, dot) = (chain.organisation(), chain.next()?);
        let clock = self.state.clock.send(moment.now_ms);
        let draft = Draft { organisation, dot, clock, case, content, record, field };
        let mut seen = self.see(case)?;
        let header = seen.header(&draft)?;
        let payload = draft.content.payload();
        let bytes = header.encode().len() + payload.as_bytes().len() + LENGTHS;
        if bytes > MAX_BATCH_BYTES - COLUMNS {
            return Err(PhoneError::TooLong { most: MAX_BATCH_BYTES - COLUMNS });
        }
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        let mut changes = Vec::new();
        let mut state = State { clock, receipts, ..self.state.clone() };
        if is_full(&state, bytes) {
            changes.extend(self.seal(&mut state, moment.now_ms)?);
        }
        let seed = state.seed.get_or_insert_with(|| Seed::new(moment.random));
        let op = Op::new(header.clone(), payload, seed);
        chain.follow(&op.header, &op.body.hash())?;
        (state.sequence, state.head) = (chain.sequence(), chain.head());
        state.open_bytes = state.open_bytes.saturating_add(bytes);
        changes.push(Change::Own(OwnOp { op, settled: false }));
        self.commit(changes, state)?;
        seen.apply(&Written::pending(header, draft.content));
        self.seen = Some(seen);
        Ok(dot)
    }

    /// The batch of all ops that are in none, which are then in it.
    pub(super) fn seal(
        &mut self,
        state: &mut State,
        now_ms: i64,
    ) -> Result<Option<Change>, PhoneError> {
        let enrolled = self.enrolled()?;
        let (organisation, actor) = (enrolled.organisation, self.actor()?);
        let Some(seed) = state.seed.take() else { return Ok(None) };
        let own = self.store.own_ops(state.sealed.saturating_add(1), MAX_BATCH_OPS)?;
        let ops: Vec<Op> = own.into_iter().map(|own| own.op).collect();
        let before = Chain::resume(organisation, actor, state.sealed, state.sealed_head);
        let sending = Sending { seed: &seed, sent_ms: now_ms, epoch: state.epoch };
        let bytes = seal_batch(&before, &ops, sending, self.secret()?)?;
        (state.sealed, state.sealed_head, state.open_bytes) = (state.sequence, state.head, 0);
        Ok(Some(Change::Batch(KeptBatch { last: state.sealed, bytes })))
    }

    /// Makes the changes and takes the state, or neither. Cases may be others afterwards.
    pub(super) fn commit(
        &mut self,
        mut changes: Vec<Change>,
        state: State,
    ) -> Result<(), PhoneError> {
        changes.push(Change::Name(names::STATE.to_owned(), Some(state.encode())));
        self.seen = None;
        self.store.commit(changes)?;
        self.state = state;
        Ok(())
    }

    /// The chain of this phone as far as it goes.
    pub(super) fn chain(&self) -> Result<Chain, PhoneError> {
        let (enrolled, actor) = (self.enrolled()?, self.actor()?);
        Ok(Chain::resume(enrolled.organisation, actor, self.state.sequence, self.state.head))
    }

    /// What the phone knows of a case: what the server sent, and own ops on top.
    pub(super) fn see(&mut self, case: CaseId) -> Result<CaseState, PhoneError> {
        if let Some(seen) = self.seen.take_if(|seen| seen.case() == case) {
            return Ok(seen);
        }
        let mut seen = CaseState::new(case);
        for received in self.store.ops(case)? {
            let Some(payload) = received.op.body.payload() else { continue };
            let (admitted, server_seq) = (received.admitted, received.server_seq);
            // What is not known or cannot be read is kept, and changes no register.
            if let Ok(Some(op)) = Written::read(&received.op.header, payload, admitted, server_seq)
            {
                seen.apply(&op);
            }
        }
        for op in self.store.on_top(case)? {
            let Some(payload) = op.body.payload() else { continue };
            let (kind, version) = (op.header.kind, op.header.kind_version);
            if let Ok(Some(content)) = Content::read(kind, version, payload) {
                seen.apply(&Written::pending(op.header, content));
            }
        }
        Ok(seen)
    }
}

/// Whether a batch of the ops that are in none has no place for another of `bytes`.
fn is_full(state: &State, bytes: u64) -> bool {
    let ops = state.sequence.saturating_sub(state.sealed);
    let most = u64::try_from(MAX_BATCH_BYTES - COLUMNS).unwrap_or(u64::MAX);
    ops >= u64::try_from(MAX_BATCH_OPS).unwrap_or(u64::MAX)
        || state.open_bytes.saturating_add(bytes) > most
}
