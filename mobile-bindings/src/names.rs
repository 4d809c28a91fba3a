//! Names of things: cases and ops.

use std::num::NonZeroU64;

use sync_core::model::CaseId;
use sync_core::op::{Actor, Dot};
use sync_core::phone::Moment as CoreMoment;

use crate::error::PhoneError;

/// The name of an op: a visit, a promise, a payment or an edit. It never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, uniffi::Record)]
pub struct OpName {
    /// Who wrote it: the number of the device; 0 is the office.
    pub actor: u32,
    /// As which of its ops, from 1.
    pub sequence: u64,
}

impl From<Dot> for OpName {
    fn from(dot: Dot) -> Self {
        Self { actor: dot.actor.number(), sequence: dot.sequence.get() }
    }
}

impl OpName {
    pub(crate) fn dot(self, field: &str) -> Result<Dot, PhoneError> {
        let sequence = NonZeroU64::new(self.sequence)
            .ok_or_else(|| PhoneError::input(field, "sequences are counted from 1"))?;
        Ok(Dot { actor: Actor::new(self.actor), sequence })
    }
}

pub(crate) fn dot(field: &str, name: Option<OpName>) -> Result<Option<Dot>, PhoneError> {
    name.map(|name| name.dot(field)).transpose()
}

pub(crate) fn case(case_id: &str) -> Result<CaseId, PhoneError> {
    case_id.parse().map_err(|error| PhoneError::input("case_id", error))
}

/// When something is written, and with which random bytes: the library has neither a clock nor a
/// source of randomness.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Moment {
    /// The phone's clock, milliseconds since 1970 UTC. It may be wrong.
    pub now_ms: i64,
    /// 16 bytes of the system's secure random source, new for each call.
    pub random: Vec<u8>,
}

impl Moment {
    pub(crate) fn core(self) -> Result<CoreMoment, PhoneError> {
        let random = bytes("random", self.random)?;
        Ok(CoreMoment { now_ms: self.now_ms, random })
    }
}

pub(crate) fn bytes<const N: usize>(field: &str, bytes: Vec<u8>) -> Result<[u8; N], PhoneError> {
    let given = bytes.len();
    let wrong = |_| PhoneError::input(field, format!("must be {N} bytes, not {given}"));
    bytes.try_into().map_err(wrong)
}
