//! The phone's side of a pull: a page is taken whole, with the next cursor, or not at all.

use super::Phone;
use super::client::ClientError;
use super::receive::Receiving;
use super::state::State;
use crate::protocol::{End, Frame};
use crate::store::OpStore;

/// What a page was asked with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) cursor: Option<String>,
    /// What the server surely had when the sequence of pages began: it is in every snapshot.
    covered: u64,
    /// Whether the stream starts over.
    starting: bool,
}

impl<S: OpStore> Phone<S> {
    /// What to ask the next page with.
    pub(super) fn ask(&self) -> Asked {
        let State { cursor, within, covered, starting, known, acknowledged, .. } = &self.state;
        let cursor = cursor.clone();
        if *within {
            return Asked { cursor, covered: *covered, starting: *starting };
        }
        let starting = cursor.is_none();
        Asked { cursor, covered: *known.max(acknowledged), starting }
    }

    /// Takes a page. One that was asked with another cursor than the phone now has is refused.
    pub(super) fn take_page(
        &mut self,
        now_ms: i64,
        asked: &Asked,
        frames: Vec<Frame>,
        end: &End,
    ) -> Result<(), ClientError> {
        if asked.cursor != self.state.cursor {
            return Err(ClientError::Unexpected);
        }
        if end.more && asked.cursor.as_ref() == Some(&end.cursor) {
            return Err(ClientError::NoProgress);
        }
        let state = State {
            cursor: Some(end.cursor.clone()),
            within: end.more,
            covered: asked.covered,
            starting: asked.starting && end.more,
            reached: end.reached,
            ..self.state.clone()
        };
        let begins = asked.starting && !self.state.within;
        let mut receiving = Receiving::new(self, now_ms, state, begins);
        for frame in frames {
            receiving.take(frame)?;
        }
        if asked.starting && !end.more {
            receiving.withdraw_unconfirmed()?;
        }
        let (state, mut changes, withdrawn) = receiving.finish()?;
        self.purge(&state, withdrawn, &mut changes)?;
        Ok(self.commit(changes, state)?)
    }
}
