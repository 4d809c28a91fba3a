//! Magic, parts with their lengths, and a signature at the end.

use super::{ProtocolError, Signature};
use crate::bytes::{BytesError, Reader};

/// Takes a signed body apart.
pub(super) struct Envelope<'a> {
    what: &'static str,
    reader: Reader<'a>,
}

impl<'a> Envelope<'a> {
    pub(super) fn open(
        what: &'static str,
        magic: &'static str,
        bytes: &'a [u8],
    ) -> Result<Self, ProtocolError> {
        match bytes.strip_prefix(magic.as_bytes()) {
            Some(rest) => Ok(Self { what, reader: Reader::new(rest) }),
            None if magic.as_bytes().starts_with(bytes) => Err(ProtocolError::Cut { what }),
            None => Err(ProtocolError::UnknownFormat { what, magic }),
        }
    }

    /// The next part.
    pub(super) fn part(&mut self) -> Result<&'a [u8], ProtocolError> {
        let what = self.what;
        self.reader.bytes().map_err(|error| match error {
            BytesError::Cut { .. } => ProtocolError::Cut { what },
            error => ProtocolError::Bytes { what, error },
        })
    }

    /// The signature, after which nothing may follow.
    pub(super) fn signature(self) -> Result<Signature, ProtocolError> {
        let (what, rest) = (self.what, self.reader.rest());
        match rest.first_chunk() {
            None => Err(ProtocolError::Cut { what }),
            Some(signature) if rest.len() == signature.len() => Ok(*signature),
            Some(_) => Err(ProtocolError::Trailing { what }),
        }
    }
}
