//! Rules and records that phone and server must treat alike.
//!
//! No network, no wall clock, no randomness: times and random bytes are arguments. The only file is
//! that of a phone's store, and only with the feature `sqlite`.
//!
//! - [`bytes`]: the one encoding of what is hashed and signed.
//! - [`clock`]: hybrid logical clocks, and the clock an op is admitted with.
//! - [`kinds`]: what the payload of each kind of op holds.
//! - [`merge`]: registers, conflicts and ledger of a case, from ops in whatever order.
//! - [`model`]: the vocabulary (money, ids, units, windows, flags).
//! - [`op`]: entries of the log, their hashes and the chain over them.
//! - [`phone`]: what an app on a phone works with: its data, what it writes, the exchange.
//! - [`policy`]: may this borrower be visited at this instant, and if not, why and when again.
//! - [`protocol`]: what phone and server say to each other, byte for byte.
//! - [`store`]: what a phone keeps, in memory or (feature `sqlite`) in a file.
#![warn(missing_docs)]

pub mod bytes;
pub mod clock;
pub mod kinds;
pub mod merge;
pub mod model;
pub mod op;
pub mod phone;
pub mod policy;
pub mod protocol;
pub mod store;
