//! Hashes and salts: SHA-256 and HKDF-SHA256 (RFC 5869).

use std::fmt;

use hkdf::Hkdf;
use sha2::{Digest, Sha256};

use super::Dot;
use crate::model::{OrgId, VisitId};

/// A SHA-256 hash; shown in hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OpHash([u8; 32]);

impl OpHash {
    /// A hash that was computed before.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The hash of `parts` one after the other.
    pub(crate) fn of(parts: &[&[u8]]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update(part);
        }
        Self(hash.finalize().into())
    }
}

impl fmt::Display for OpHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for OpHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OpHash({self})")
    }
}

/// The secret from which the salts of a batch are made. The server forgets it.
#[derive(Clone, PartialEq, Eq)]
pub struct Seed([u8; 16]);

impl Seed {
    /// A seed of 16 random bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Its 16 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// The salt of the op `dot`: HKDF-SHA256 with the seed as key and no salt.
    #[must_use]
    pub fn salt(&self, dot: Dot) -> Salt {
        let info = tagged(b"doorstep/op-salt/1", None, dot);
        let mut salt = [0; 16];
        let expanded = Hkdf::<Sha256>::new(None, &self.0).expand(&info, &mut salt);
        // It refuses only more than 255 hashes at once, and this is half of one.
        debug_assert!(expanded.is_ok());
        Salt(salt)
    }
}

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seed(..)")
    }
}

/// What keeps a body hash from telling a guessable payload; erased together with it.
#[derive(Clone, PartialEq, Eq)]
pub struct Salt([u8; 16]);

impl Salt {
    /// A salt that was made before.
    #[must_use]
    pub const fn new(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Its 16 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt(..)")
    }
}

impl VisitId {
    /// The id of the visit that op `dot` of `organisation` records, written at `clock_ms`
    /// milliseconds since 1970 UTC by the device's clock: a UUIDv7 whose time is `clock_ms` within
    /// 48 bits, and whose other bits are those of a hash.
    #[must_use]
    pub fn of_op(organisation: OrgId, dot: Dot, clock_ms: i64) -> Self {
        let text = tagged(b"doorstep/visit/1", Some(organisation), dot);
        let hash = OpHash::of(&[&text]);
        let mut rest = [0; 10];
        rest.iter_mut().zip(hash.0).for_each(|(to, from)| *to = from);
        let ms = u64::try_from(clock_ms).unwrap_or(0).min((1 << 48) - 1);
        Self::from_parts(ms, rest)
    }
}

/// `label || organisation || u32be(actor) || u64be(sequence)`
fn tagged(label: &[u8], organisation: Option<OrgId>, dot: Dot) -> Vec<u8> {
    let mut text = label.to_vec();
    if let Some(organisation) = &organisation {
        text.extend_from_slice(organisation.as_bytes());
    }
    text.extend_from_slice(&dot.actor.number().to_be_bytes());
    text.extend_from_slice(&dot.sequence.get().to_be_bytes());
    text
}
