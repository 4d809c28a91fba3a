//! A phone becomes a device of an organisation, and stops being one.

use super::state::State;
use super::{Phone, PhoneError, names};
use crate::op::{Actor, Chain};
use crate::protocol::{DeviceSecret, Enrolled, Enrolment};
use crate::store::{Change, OpStore, StoreError};

impl<S: OpStore> Phone<S> {
    /// What to send to be enrolled with `code`. The key is made of `random` the first time and
    /// kept, so that an answer that got lost can be asked for again.
    ///
    /// # Errors
    /// [`PhoneError::Enrolled`] when it is enrolled already.
    pub fn enrolment(
        &mut self,
        code: &str,
        name: &str,
        app_version: &str,
        random: [u8; 32],
    ) -> Result<Enrolment, PhoneError> {
        if let Some(Enrolled { actor, .. }) = &self.enrolled {
            return Err(PhoneError::Enrolled { actor: *actor });
        }
        if self.secret.is_none() {
            let name = names::SECRET.to_owned();
            self.store.commit(vec![Change::Name(name, Some(random.to_vec()))])?;
            self.secret = Some(DeviceSecret::new(random));
        }
        Ok(Enrolment::new(self.secret()?, code, name, app_version))
    }

    /// Takes the answer to [`Self::enrolment`]. `now_ms` is the phone's own clock.
    ///
    /// # Errors
    /// [`PhoneError::Enrolled`] when it is enrolled already, [`PhoneError::NotEnrolled`] when it
    /// has not asked to be.
    pub fn enrol(&mut self, now_ms: i64, enrolled: Enrolled) -> Result<(), PhoneError> {
        if let Some(Enrolled { actor, .. }) = &self.enrolled {
            return Err(PhoneError::Enrolled { actor: *actor });
        }
        let key = self.secret()?.public();
        let chain = Chain::start(enrolled.organisation, Actor::new(enrolled.actor), &key);
        let state = State {
            head: chain.head(),
            sealed_head: chain.head(),
            epoch: enrolled.epoch,
            offset_ms: enrolled.server_time_ms.saturating_sub(now_ms),
            ..State::new()
        };
        let json = serde_json::to_vec(&enrolled);
        let json = json.map_err(|error| StoreError::Failed(error.to_string()))?;
        self.store.commit(vec![
            Change::Name(names::ENROLLED.to_owned(), Some(json)),
            Change::Name(names::STATE.to_owned(), Some(state.encode())),
        ])?;
        (self.enrolled, self.state) = (Some(enrolled), state);
        Ok(())
    }

    /// Deletes everything: the key first, so that nothing can be sent in its name any more.
    ///
    /// # Errors
    /// [`PhoneError::Store`] when the store failed; then it is to be called again.
    pub fn wipe(&mut self) -> Result<(), PhoneError> {
        (self.secret, self.enrolled, self.seen) = (None, None, None);
        self.state = State::new();
        self.store.commit(vec![Change::Name(names::SECRET.to_owned(), None)])?;
        self.store.commit(vec![Change::Wipe])?;
        Ok(())
    }
}

pub(super) fn read_secret(store: &mut impl OpStore) -> Result<Option<DeviceSecret>, StoreError> {
    let Some(bytes) = store.named(names::SECRET)? else { return Ok(None) };
    let bytes = bytes.try_into().map_err(|_| StoreError::Damaged { what: "the key" })?;
    Ok(Some(DeviceSecret::new(bytes)))
}

pub(super) fn read_enrolled(store: &mut impl OpStore) -> Result<Option<Enrolled>, StoreError> {
    let Some(json) = store.named(names::ENROLLED)? else { return Ok(None) };
    let enrolled = serde_json::from_slice(&json);
    enrolled.map(Some).map_err(|_| StoreError::Damaged { what: "the enrolment" })
}
