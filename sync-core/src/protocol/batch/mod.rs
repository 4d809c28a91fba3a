//! Batches: ops of one device one after the other, in columns, compressed and signed.

mod columns;
mod header;
mod open;
mod seal;

pub use header::BatchHeader;
pub use open::{Batch, UnreadBatch};
pub use seal::{Sending, seal_batch};

#[cfg(test)]
pub(super) use {columns::encode as encode_columns, seal::assemble};

/// The most ops in a batch.
pub const MAX_BATCH_OPS: usize = 1_000;

/// The most bytes of a batch's body before compression: 1 MiB.
pub const MAX_BATCH_BYTES: usize = 1 << 20;

const WHAT: &str = "batch";
const MAGIC: &str = "DSB1";

/// What is signed: the header as it is written and the hash of the body before compression.
fn signed(header: &[u8], body: &[u8]) -> Vec<u8> {
    let hash = crate::op::OpHash::of(&[body]);
    [b"doorstep/batch/1", header, hash.as_bytes()].concat()
}
