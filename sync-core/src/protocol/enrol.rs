//! Enrolment: the only exchange in JSON, because it happens once and people read it.

use serde::{Deserialize, Serialize};

use super::key::verify_enrolment;
use super::{DeviceSecret, ProtocolError};
use crate::bytes::hex;
use crate::model::OrgId;
use crate::op::DeviceKey;

const WHAT: &str = "enrolment";

/// What a device sends to be enrolled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enrolment {
    /// The code the office made; valid once.
    pub code: String,
    /// The public key of the device: 64 hexadecimal digits.
    pub public_key: String,
    /// What the owner calls the device.
    pub name: String,
    /// The version of the app.
    pub app_version: String,
    /// The signature that proves the key: 128 hexadecimal digits.
    pub proof: String,
}

/// What an enrolled device gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolled {
    /// The organisation.
    pub organisation: OrgId,
    /// The number of the device.
    pub actor: u32,
    /// The lender's own key of the agent.
    pub agent_ref: String,
    /// The epoch of the server.
    pub epoch: u64,
    /// The currency of the organisation, a code of ISO 4217.
    pub currency: String,
    /// Decimals of its minor unit.
    pub exponent: u8,
    /// The server's clock, in milliseconds since 1970 UTC.
    pub server_time_ms: i64,
}

impl Enrolment {
    /// Enrolment with `code` of the device that has `secret`.
    #[must_use]
    pub fn new(secret: &DeviceSecret, code: &str, name: &str, app_version: &str) -> Self {
        Self {
            code: code.to_owned(),
            public_key: hex(&secret.public()),
            name: name.to_owned(),
            app_version: app_version.to_owned(),
            proof: hex(&secret.enrolment_proof(code)),
        }
    }

    /// The public key, if its owner has proved it.
    ///
    /// # Errors
    /// [`ProtocolError::Value`] for what is no key or proof, [`ProtocolError::Signature`] for a
    /// proof that does not hold.
    pub fn key(&self) -> Result<DeviceKey, ProtocolError> {
        let wrong = |field, rule| ProtocolError::Value { what: WHAT, field, rule };
        let key = unhex(&self.public_key);
        let key = key.ok_or_else(|| wrong("public_key", "must be 64 hexadecimal digits"))?;
        let proof = unhex(&self.proof);
        let proof = proof.ok_or_else(|| wrong("proof", "must be 128 hexadecimal digits"))?;
        verify_enrolment(&self.code, &key, &proof)?;
        Ok(key)
    }
}

fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    if text.len() != N.checked_mul(2)? || !text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * index..2 * index + 2)?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_owner_of_a_key_enrols_it() {
        let enrolment = Enrolment::new(&DeviceSecret::new([3; 32]), "K7QF-22XD", "phone", "0.1.0");
        assert_eq!(enrolment.key(), Ok(DeviceSecret::new([3; 32]).public()));
        let stolen = Enrolment { code: "OTHER".to_owned(), ..enrolment.clone() };
        assert!(matches!(stolen.key(), Err(ProtocolError::Signature { .. })));
        for key in ["", "é", &"0".repeat(63), &"é".repeat(32), &"+f".repeat(32)] {
            let wrong = Enrolment { public_key: key.to_owned(), ..enrolment.clone() };
            assert!(matches!(wrong.key(), Err(ProtocolError::Value { field: "public_key", .. })));
        }
        let json = serde_json::to_string(&enrolment).unwrap();
        assert_eq!(serde_json::from_str::<Enrolment>(&json).unwrap(), enrolment);
        let more = json.replacen('{', "{\"admin\":true,", 1);
        assert!(serde_json::from_str::<Enrolment>(&more).is_err());
    }
}
