//! The part of an op that can be erased.

use super::{Header, OpHash, Salt, Seed};
use crate::bytes::{BytesError, RecordReader, RecordWriter, Unknown};

/// The content of an op: a record of its kind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Payload(Vec<u8>);

impl Payload {
    /// The payload that was written.
    #[must_use]
    pub fn new(record: RecordWriter<'_>) -> Self {
        Self(record.finish())
    }

    /// A payload that came from somewhere; its fields are not looked at.
    ///
    /// # Errors
    /// [`BytesError`] when the bytes are no canonical record.
    pub fn decode(bytes: Vec<u8>) -> Result<Self, BytesError> {
        Unknown::decode(&bytes)?;
        Ok(Self(bytes))
    }

    /// The canonical bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Reads the fields.
    #[must_use]
    pub fn read(&self) -> RecordReader<'_> {
        RecordReader::new(&self.0)
    }
}

/// What an op holds beside its header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// As it was written.
    Whole {
        /// What is hashed before the payload.
        salt: Salt,
        /// The content.
        payload: Payload,
    },
    /// Erased: the hash remains, and says nothing about what was there.
    Erased {
        /// The body hash.
        hash: OpHash,
    },
}

impl Body {
    /// The body hash, `H(salt || payload)`, the same before and after erasure.
    #[must_use]
    pub fn hash(&self) -> OpHash {
        match self {
            Self::Whole { salt, payload } => OpHash::of(&[salt.as_bytes(), payload.as_bytes()]),
            Self::Erased { hash } => *hash,
        }
    }

    /// The content, unless it is erased.
    #[must_use]
    pub const fn payload(&self) -> Option<&Payload> {
        match self {
            Self::Whole { payload, .. } => Some(payload),
            Self::Erased { .. } => None,
        }
    }
}

/// One entry of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Op {
    /// Who wrote what, where and when.
    pub header: Header,
    /// And the content.
    pub body: Body,
}

impl Op {
    /// The op with the salt that `seed` gives it.
    #[must_use]
    pub fn new(header: Header, payload: Payload, seed: &Seed) -> Self {
        let salt = seed.salt(header.dot);
        Self { header, body: Body::Whole { salt, payload } }
    }

    /// Removes payload and salt, and keeps their hash.
    pub fn erase(&mut self) {
        self.body = Body::Erased { hash: self.body.hash() };
    }
}
