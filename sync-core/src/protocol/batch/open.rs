//! Reading batches: first whose it is, then, with the key of that device, what is in it.

use std::borrow::Cow;

use super::header::BatchHeader;
use super::{MAGIC, WHAT, columns, signed};
use crate::op::{Chain, DeviceKey, Op};
use crate::protocol::envelope::Envelope;
use crate::protocol::key::verify;
use crate::protocol::{ProtocolError, Signature, squeeze};

/// A batch of which only the header has been read. Nothing in it is to be believed yet.
#[derive(Debug, Clone)]
pub struct UnreadBatch<'a> {
    header: BatchHeader,
    written: &'a [u8],
    body: &'a [u8],
    signature: Signature,
}

/// A batch whose signature holds, and whose ops lead from one chain head of its header to the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Whose ops, and which.
    pub header: BatchHeader,
    /// The ops in their order.
    pub ops: Vec<Op>,
    /// The chain after them.
    pub chain: Chain,
}

impl<'a> UnreadBatch<'a> {
    /// Reads the header. The body is not unpacked.
    ///
    /// # Errors
    /// [`ProtocolError`] when the bytes are no batch or its header says more than is allowed.
    pub fn open(bytes: &'a [u8]) -> Result<Self, ProtocolError> {
        let mut envelope = Envelope::open(WHAT, MAGIC, bytes)?;
        let written = envelope.part()?;
        let body = envelope.part()?;
        let signature = envelope.signature()?;
        let header = BatchHeader::decode(written)?;
        Ok(Self { header, written, body, signature })
    }

    /// What the header says.
    #[must_use]
    pub const fn header(&self) -> &BatchHeader {
        &self.header
    }

    /// Unpacks the body, no further than its header announces, checks that `key` signed it, and
    /// reads the ops. That [`BatchHeader::before`] is the chain head known of the device is for
    /// the caller to check.
    ///
    /// # Errors
    /// [`ProtocolError`]: more or less than announced, a signature that does not hold, columns
    /// that are not canonical, or ops that do not lead to the chain head.
    pub fn verify(self, key: &DeviceKey) -> Result<Batch, ProtocolError> {
        let body = self.unpack()?;
        verify(WHAT, key, &signed(self.written, &body), &self.signature)?;
        let ops = columns::decode(&self.header, &body)?;
        let mut chain = self.header.chain_before();
        for op in &ops {
            chain.follow(&op.header, &op.body.hash())?;
        }
        if chain.head() != self.header.after {
            return Err(ProtocolError::Chain);
        }
        Ok(Batch { header: self.header, ops, chain })
    }

    fn unpack(&self) -> Result<Cow<'a, [u8]>, ProtocolError> {
        let announced = self.header.length;
        let body = if self.header.compressed {
            Cow::Owned(squeeze::decompress(WHAT, self.body, announced)?)
        } else {
            Cow::Borrowed(self.body)
        };
        match u64::try_from(body.len()).unwrap_or(u64::MAX).cmp(&announced) {
            std::cmp::Ordering::Less => Err(ProtocolError::Cut { what: WHAT }),
            std::cmp::Ordering::Equal => Ok(body),
            std::cmp::Ordering::Greater => {
                Err(ProtocolError::TooLarge { what: WHAT, allowed: announced })
            }
        }
    }
}
