//! The phone's side of the handshake.

use super::client::ClientError;
use super::state::State;
use super::{Phone, PhoneError};
use crate::protocol::{Hello, HelloAnswer, UnreadBatch, VERSION};
use crate::store::{Change, OpStore};

impl<S: OpStore> Phone<S> {
    /// The next hello, which is not to be said twice: its count is kept before it is sent.
    pub(super) fn hello(&mut self, now_ms: i64, app_version: &str) -> Result<Vec<u8>, PhoneError> {
        let state = State { hellos: self.state.hellos.saturating_add(1), ..self.state.clone() };
        self.commit(Vec::new(), state)?;
        let enrolled = self.enrolled()?;
        let hello = Hello {
            organisation: enrolled.organisation,
            actor: self.actor()?,
            count: self.state.hellos,
            app_version: app_version.to_owned(),
            protocol: VERSION,
            clock_ms: now_ms,
            acknowledged: self.state.acknowledged,
            epoch: self.state.epoch,
            reached: self.state.reached,
        };
        Ok(hello.seal(self.secret()?))
    }

    /// Takes the answer. A server that knows less than it has acknowledged gets it again.
    pub(super) fn take_hello(&mut self, answer: &HelloAnswer) -> Result<(), ClientError> {
        if answer.lowest > VERSION || answer.highest < VERSION {
            let (lowest, highest) = (answer.lowest, answer.highest);
            return Err(ClientError::Upgrade { lowest, highest });
        }
        if answer.known > self.state.sequence || !self.is_own_head(answer)? {
            return Err(ClientError::Forked);
        }
        if answer.known < self.state.durable {
            let (known, durable) = (answer.known, self.state.durable);
            return Err(ClientError::HistoryLost { known, durable });
        }
        let State { acknowledged, .. } = self.state;
        let (offset_ms, known) = (answer.offset_ms, answer.known);
        let mut state = State { offset_ms, known, ..self.state.clone() };
        let mut changes = Vec::new();
        if answer.epoch != state.epoch {
            state.epoch = answer.epoch;
            state.start_over();
        }
        // What the server knows beyond that is pushed again all the same: the answer that got lost
        // said what became of it.
        if known < acknowledged {
            state.acknowledged = known;
            changes.push(Change::Unsettle { after: known });
        }
        Ok(self.commit(changes, state)?)
    }

    /// Whether the server's chain is ours, where we can tell.
    fn is_own_head(&mut self, answer: &HelloAnswer) -> Result<bool, PhoneError> {
        if answer.known == self.state.sequence {
            return Ok(answer.head == self.state.head);
        }
        if answer.known == self.state.sealed {
            return Ok(answer.head == self.state.sealed_head);
        }
        // The batch after it says what its head was.
        let Some(batch) = self.store.batch_after(answer.known)? else { return Ok(true) };
        let header = UnreadBatch::open(&batch.bytes)?.header().clone();
        Ok(header.first.get() != answer.known.saturating_add(1) || header.before == answer.head)
    }
}
