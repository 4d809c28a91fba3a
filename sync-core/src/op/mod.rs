//! Ops: entries of the log, written once by one device and never changed.
//!
//! An op is a [`Header`], which says who wrote what where, and a [`Payload`], a record of its kind.
//! The chain of an actor runs over header and body hash, so payloads can be erased and the chain can
//! be verified all the same. The formats are section 3 of `server/docs/SYNC.md`.
//!
//! ```
//! use std::num::NonZeroU64;
//! use sync_core::bytes::{RecordWriter, Unknown};
//! use sync_core::clock::Hlc;
//! use sync_core::model::{CaseId, OrgId};
//! use sync_core::op::{Actor, Chain, Dot, Header, Kind, Op, Payload, Seed};
//!
//! let organisation = OrgId::from_parts(0, [1; 10]);
//! let dot = Dot { actor: Actor::new(7), sequence: NonZeroU64::MIN };
//! let header = Header {
//!     organisation,
//!     dot,
//!     clock: Hlc::FIRST.send(1_772_438_400_000),
//!     case: Some(CaseId::from_parts(0, [2; 10])),
//!     kind: Kind::VISIT,
//!     kind_version: NonZeroU64::MIN,
//!     record: None,
//!     field: None,
//!     replaces: None,
//!     context: None,
//!     unknown: Unknown::default(),
//! };
//! let mut payload = RecordWriter::new();
//! payload.text(1, "nobody at home");
//! let mut op = Op::new(header, Payload::new(payload), &Seed::new([0; 16]));
//!
//! let mut written = Chain::start(organisation, dot.actor, &[9; 32]);
//! let mut verified = written.clone();
//! written.follow(&op.header, &op.body.hash())?;
//! op.erase();
//! verified.follow(&op.header, &op.body.hash())?;
//! assert_eq!(written.head(), verified.head());
//! # Ok::<(), sync_core::op::ChainError>(())
//! ```

mod body;
mod chain;
mod dot;
mod hash;
mod header;
mod kind;

pub use body::{Body, Op, Payload};
pub use chain::{Chain, ChainError, DeviceKey, OFFICE_KEY};
pub use dot::{Actor, Context, Dot};
pub use hash::{OpHash, Salt, Seed};
pub use header::{Header, HeaderError};
pub use kind::Kind;

#[cfg(test)]
pub(crate) mod laws;
#[cfg(test)]
pub(crate) mod tests;
