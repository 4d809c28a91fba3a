//! Bearer tokens: JSON Web Tokens signed with the Ed25519 key of the installation.

mod provider;

use std::fmt;

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sync_core::model::{OrgId, UserId};
use uuid::Uuid;

/// Who says so in every token.
const ISSUER: &str = "doorstep";

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The user.
    pub sub: UserId,
    /// The organisation.
    pub org: OrgId,
    /// The role the user had when it was issued. What counts is the one in the database.
    pub role: String,
    /// The device it was issued to, if it is one of a device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dev: Option<u32>,
    /// The session it was issued in, if it is not one of a device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sid: Option<Uuid>,
    /// Issued at, in seconds since 1970 UTC.
    pub iat: i64,
    /// Good until, in seconds since 1970 UTC.
    pub exp: i64,
}

#[derive(Serialize, Deserialize)]
struct Signed {
    iss: String,
    #[serde(flatten)]
    claims: Claims,
}

/// Why a token is not taken. The text is for the log, not for whoever sent it.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// Not a token, of another algorithm, or signed with another key.
    #[error("the token does not hold: {0}")]
    Broken(#[source] jsonwebtoken::errors::Error),
    /// Of another organisation.
    #[error("the token is of another organisation")]
    Foreign,
    /// Expired, or issued in the future.
    #[error("the token is out of its time")]
    OutOfTime,
}

/// Issues and checks tokens.
pub struct Tokens {
    signing: EncodingKey,
    checking: DecodingKey,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tokens(..)")
    }
}

impl Tokens {
    /// With the Ed25519 key of these 32 bytes.
    #[must_use]
    pub fn new(secret: &[u8; 32]) -> Self {
        provider::install();
        let public = ed25519_dalek::SigningKey::from_bytes(secret).verifying_key();
        Self {
            signing: EncodingKey::from_ed_der(secret),
            checking: DecodingKey::from_ed_der(public.as_bytes()),
        }
    }

    /// A token that says `claims`.
    ///
    /// # Errors
    /// The key is none; keys made by this program are.
    pub fn issue(&self, claims: &Claims) -> Result<String, TokenError> {
        let signed = Signed { iss: ISSUER.into(), claims: claims.clone() };
        jsonwebtoken::encode(&Header::new(Algorithm::EdDSA), &signed, &self.signing)
            .map_err(TokenError::Broken)
    }

    /// What a token of `org` says, at `now` in seconds since 1970 UTC.
    ///
    /// # Errors
    /// [`TokenError`] when it is not to be believed.
    pub fn check(&self, token: &str, org: OrgId, now: i64) -> Result<Claims, TokenError> {
        let mut rules = Validation::new(Algorithm::EdDSA);
        rules.set_issuer(&[ISSUER]);
        rules.set_required_spec_claims(&["iss", "sub", "exp"]);
        // The library would look at the system's clock; time is an argument here.
        rules.validate_exp = false;
        let read = jsonwebtoken::decode::<Signed>(token, &self.checking, &rules);
        let claims = read.map_err(TokenError::Broken)?.claims.claims;
        if claims.org != org {
            return Err(TokenError::Foreign);
        }
        if now >= claims.exp || claims.iat > now + LEEWAY_S {
            return Err(TokenError::OutOfTime);
        }
        Ok(claims)
    }
}

/// How far the clocks of two servers may be apart.
const LEEWAY_S: i64 = 60;

#[cfg(test)]
mod tests;
