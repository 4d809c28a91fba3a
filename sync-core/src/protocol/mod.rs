//! What phone and server say to each other: bytes in, values out, and back.
//!
//! The formats are sections 7 to 10 of `server/docs/SYNC.md`. Nothing here does I/O. What comes from
//! outside is refused with a [`ProtocolError`] whose [`Code`] and HTTP status are those of section 9;
//! no bytes, however wrong, make it panic or unpack more than its limits.
//!
//! ```
//! use std::num::NonZeroU64;
//! use sync_core::bytes::{RecordWriter, Unknown};
//! use sync_core::clock::Hlc;
//! use sync_core::model::OrgId;
//! use sync_core::op::{Actor, Chain, Header, Kind, Op, Payload, Seed};
//! use sync_core::protocol::{Code, DeviceSecret, Sending, UnreadBatch, seal_batch};
//!
//! let secret = DeviceSecret::new([3; 32]);
//! let chain = Chain::start(OrgId::from_parts(0, [1; 10]), Actor::new(7), &secret.public());
//! let seed = Seed::new([5; 16]);
//! let mut tag = RecordWriter::new();
//! tag.text(1, "dog");
//! let header = Header {
//!     organisation: chain.organisation(),
//!     dot: chain.next()?,
//!     clock: Hlc::FIRST.send(1_772_438_400_000),
//!     case: None,
//!     kind: Kind::TAG_ADDED,
//!     kind_version: NonZeroU64::MIN,
//!     record: None,
//!     field: Some(1),
//!     replaces: None,
//!     context: None,
//!     unknown: Unknown::default(),
//! };
//! let op = Op::new(header, Payload::new(tag), &seed);
//! let sending = Sending { seed: &seed, sent_ms: 1_772_438_400_000, epoch: 1 };
//! let bytes = seal_batch(&chain, std::slice::from_ref(&op), sending, &secret)?;
//!
//! // The server reads whose it is, looks the key up, and only then unpacks.
//! let unread = UnreadBatch::open(&bytes)?;
//! assert_eq!(unread.header().actor, Actor::new(7));
//! assert_eq!(unread.verify(&secret.public())?.ops, [op]);
//! let forged = UnreadBatch::open(&bytes)?.verify(&DeviceSecret::new([4; 32]).public());
//! assert_eq!(forged.unwrap_err().code(), Code::BadSignature);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod answer;
mod batch;
mod code;
mod enrol;
mod envelope;
mod error;
mod facts;
mod fields;
mod frame;
mod hello;
mod key;
mod page;
mod plan;
mod squeeze;

pub use answer::PushAnswer;
pub use batch::{
    Batch, BatchHeader, MAX_BATCH_BYTES, MAX_BATCH_OPS, Sending, UnreadBatch, seal_batch,
};
pub use code::Code;
pub use enrol::{Enrolled, Enrolment};
pub use error::ProtocolError;
pub use facts::Facts;
pub use frame::{Frame, ReceivedOp};
pub use hello::{Hello, HelloAnswer, UnreadHello};
pub use key::{DeviceSecret, Signature, verify_enrolment};
pub use page::{End, MAX_PAGE_BYTES, decode_frames, encode_frames};
pub use plan::{PlanDocument, PlanStop};

/// The version of the protocol this program speaks.
pub const VERSION: u64 = 1;

/// The media type of a batch.
pub const BATCH_TYPE: &str = "application/vnd.doorstep.batch";

/// The media type of every answer that is not a refusal, and of a hello.
pub const RECORD_TYPE: &str = "application/vnd.doorstep.record";

/// The address that takes enrolments, in JSON.
pub const ENROL_PATH: &str = "/api/v1/devices/enrol";

/// The address of the handshake.
pub const HELLO_PATH: &str = "/api/v1/sync/hello";

/// The address that takes batches.
pub const PUSH_PATH: &str = "/api/v1/sync/push";

/// The address of the stream; its query is `cursor=C`.
pub const PULL_PATH: &str = "/api/v1/sync/pull";

#[cfg(test)]
pub(crate) mod tests;
