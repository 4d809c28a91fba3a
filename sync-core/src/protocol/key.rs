//! Keys of devices: Ed25519 (RFC 8032).

use std::fmt;

use ed25519_dalek::{Signature as Ed25519, Signer, SigningKey, VerifyingKey};

use super::ProtocolError;
use crate::op::DeviceKey;

/// An Ed25519 signature.
pub type Signature = [u8; 64];

/// The private key of a device. It leaves the device never, and is overwritten when dropped.
#[derive(Clone)]
pub struct DeviceSecret(SigningKey);

impl DeviceSecret {
    /// The key made of 32 random bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(SigningKey::from_bytes(&bytes))
    }

    /// The bytes it was made of, to be stored.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// The public key.
    #[must_use]
    pub fn public(&self) -> DeviceKey {
        self.0.verifying_key().to_bytes()
    }

    /// The proof that whoever enrols with `code` has the key.
    #[must_use]
    pub fn enrolment_proof(&self, code: &str) -> Signature {
        self.sign(&enrolment_text(code))
    }

    pub(super) fn sign(&self, message: &[u8]) -> Signature {
        self.0.sign(message).to_bytes()
    }
}

impl fmt::Debug for DeviceSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeviceSecret(..)")
    }
}

/// Checks the proof of [`DeviceSecret::enrolment_proof`].
///
/// # Errors
/// [`ProtocolError::Signature`] when it does not hold, also for keys of small order.
pub fn verify_enrolment(
    code: &str,
    key: &DeviceKey,
    proof: &Signature,
) -> Result<(), ProtocolError> {
    verify("enrolment", key, &enrolment_text(code), proof)
}

pub(super) fn verify(
    what: &'static str,
    key: &DeviceKey,
    message: &[u8],
    signature: &Signature,
) -> Result<(), ProtocolError> {
    let wrong = |_| ProtocolError::Signature { what };
    let key = VerifyingKey::from_bytes(key).map_err(wrong)?;
    key.verify_strict(message, &Ed25519::from_bytes(signature)).map_err(wrong)
}

fn enrolment_text(code: &str) -> Vec<u8> {
    [b"doorstep/enrol/1", code.as_bytes()].concat()
}
