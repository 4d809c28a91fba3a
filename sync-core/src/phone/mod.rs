//! What an app on a phone works with: the phone's data, what it may write, and the exchange.
//!
//! A [`Phone`] reads and writes an [`OpStore`] and does no other I/O; time and random bytes are
//! arguments. What it writes is durable when the call returns, lies on top of what the server
//! sent, and stays so until the server has admitted it. A [`Client`] says which request to make
//! next and takes the answers, so that any program that can send bytes can synchronise.
//!
//! Whatever happens between two calls, a phone goes on from its store: a request that was not
//! answered is made again, an answer that was cut changes nothing, and what comes twice is the same.

mod acts;
mod append;
mod client;
mod enrol;
mod error;
mod hello;
mod page;
mod push;
mod receive;
mod rules;
mod state;
mod views;

pub use acts::{NewPayment, Receipt};
pub use client::{Client, ClientError, Method, Progress, Refusal, Request};
pub use error::PhoneError;
pub use rules::{MayVisit, Recall};
pub use views::{CaseView, KeptAside, PhoneConflict, Route, RouteStop};

use crate::merge::CaseState;
use crate::model::{CaseId, Currency};
use crate::op::Actor;
use crate::protocol::{DeviceSecret, Enrolled};
use crate::store::OpStore;
use state::State;

/// When something is written, and with which random bytes.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    /// The phone's own clock, in milliseconds since 1970 UTC. It may be wrong.
    pub now_ms: i64,
    /// 16 random bytes, new for each call.
    pub random: [u8; 16],
}

/// A phone: its store, and what it needs of it at hand.
#[derive(Debug)]
pub struct Phone<S> {
    store: S,
    secret: Option<DeviceSecret>,
    enrolled: Option<Enrolled>,
    state: State,
    /// The case that was asked for last, as the store has it.
    seen: Option<CaseState>,
}

/// Names of values in the store.
mod names {
    pub(super) const SECRET: &str = "secret";
    pub(super) const ENROLLED: &str = "enrolled";
    pub(super) const STATE: &str = "state";
    pub(super) const PACKS: &str = "packs";
    pub(super) const PLAN: &str = "plan/";
    pub(super) const ASIDE: &str = "aside/";
    pub(super) const FLAG: &str = "flag/";
    pub(super) const RECALL: &str = "recall/";
}

impl<S: OpStore> Phone<S> {
    /// The phone whose data `store` has; a new one where it has none.
    ///
    /// # Errors
    /// [`PhoneError::Store`] when the store cannot be read.
    pub fn open(mut store: S) -> Result<Self, PhoneError> {
        let secret = enrol::read_secret(&mut store)?;
        let enrolled = enrol::read_enrolled(&mut store)?;
        let state = match store.named(names::STATE)? {
            Some(bytes) => State::decode(&bytes)?,
            None => State::new(),
        };
        Ok(Self { store, secret, enrolled, state, seen: None })
    }

    /// The store, to be looked at.
    pub const fn store(&mut self) -> &mut S {
        &mut self.store
    }

    /// The store, given back.
    pub fn into_store(self) -> S {
        self.store
    }

    /// Whether it is enrolled.
    #[must_use]
    pub const fn is_enrolled(&self) -> bool {
        self.enrolled.is_some()
    }

    /// What it was enrolled as.
    ///
    /// # Errors
    /// [`PhoneError::NotEnrolled`].
    pub const fn enrolled(&self) -> Result<&Enrolled, PhoneError> {
        match &self.enrolled {
            Some(enrolled) => Ok(enrolled),
            None => Err(PhoneError::NotEnrolled),
        }
    }

    /// Its number.
    ///
    /// # Errors
    /// [`PhoneError::NotEnrolled`].
    pub fn actor(&self) -> Result<Actor, PhoneError> {
        self.enrolled().map(|enrolled| Actor::new(enrolled.actor))
    }

    /// The currency of the organisation, if this program knows it.
    #[must_use]
    pub fn currency(&self) -> Option<Currency> {
        self.enrolled.as_ref()?.currency.parse().ok()
    }

    /// How many ops it has written.
    #[must_use]
    pub const fn written(&self) -> u64 {
        self.state.sequence
    }

    /// How many of them the server has acknowledged.
    #[must_use]
    pub const fn acknowledged(&self) -> u64 {
        self.state.acknowledged
    }

    /// How many of them the server will not lose any more.
    #[must_use]
    pub const fn durable(&self) -> u64 {
        self.state.durable
    }

    /// How far it has read the order of the organisation.
    #[must_use]
    pub const fn reached(&self) -> u64 {
        self.state.reached
    }

    /// Server clock less own clock as measured last, in milliseconds; 0 where never.
    #[must_use]
    pub const fn offset_ms(&self) -> i64 {
        self.state.offset_ms
    }

    fn secret(&self) -> Result<&DeviceSecret, PhoneError> {
        self.secret.as_ref().ok_or(PhoneError::NotEnrolled)
    }

    fn granted(&mut self, case: CaseId) -> Result<crate::store::StoredCase, PhoneError> {
        let stored = self.store.case(case)?;
        let held = stored.filter(|stored| stored.standing != crate::store::Standing::Withdrawn);
        held.ok_or(PhoneError::NotGranted { case })
    }
}

#[cfg(test)]
mod tests;
