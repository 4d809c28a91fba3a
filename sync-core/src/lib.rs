//! Rules and records that phone and server must treat alike.
//!
//! No network, no wall clock, no randomness: times and random bytes are arguments.
//!
//! - [`bytes`]: the one encoding of what is hashed and signed.
//! - [`clock`]: hybrid logical clocks, and the clock an op is admitted with.
//! - [`kinds`]: what the payload of each kind of op holds.
//! - [`merge`]: registers, conflicts and ledger of a case, from ops in whatever order.
//! - [`model`]: the vocabulary (money, ids, units, windows, flags).
//! - [`op`]: entries of the log, their hashes and the chain over them.
//! - [`policy`]: may this borrower be visited at this instant, and if not, why and when again.
//! - [`protocol`]: what phone and server say to each other, byte for byte.
#![warn(missing_docs)]

pub mod bytes;
pub mod clock;
pub mod kinds;
pub mod merge;
pub mod model;
pub mod op;
pub mod policy;
pub mod protocol;
