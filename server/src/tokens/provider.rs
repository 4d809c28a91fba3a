//! The cryptography of the `jsonwebtoken` crate: Ed25519 and nothing else. See ADR 0009.

use ed25519_dalek::{Signature, SigningKey, VerifyingKey};
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, EncodingKey};
use signature::{Signer, Verifier};

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: signer,
    verifier_factory: verifier,
    // Keys in JSON are not used, so what reads them is never called.
    key_utils: KeyUtils::new_unimplemented(),
};

/// Makes the provider that of this process. The first call does it; none can undo it.
pub(super) fn install() {
    let _ = PROVIDER.install_default();
}

struct Signs(SigningKey);
struct Checks(VerifyingKey);

fn signer(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>, Error> {
    only_ed(*algorithm, key.family())?;
    let secret = key.as_bytes().try_into().map_err(|_| Error::from(ErrorKind::InvalidEddsaKey))?;
    Ok(Box::new(Signs(SigningKey::from_bytes(secret))))
}

fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>, Error> {
    only_ed(*algorithm, key.family())?;
    let wrong = || Error::from(ErrorKind::InvalidEddsaKey);
    let public = key.try_get_as_bytes()?.try_into().map_err(|_| wrong())?;
    Ok(Box::new(Checks(VerifyingKey::from_bytes(public).map_err(|_| wrong())?)))
}

fn only_ed(algorithm: Algorithm, family: AlgorithmFamily) -> Result<(), Error> {
    if algorithm != Algorithm::EdDSA || family != AlgorithmFamily::Ed {
        return Err(ErrorKind::InvalidAlgorithm.into());
    }
    Ok(())
}

impl Signer<Vec<u8>> for Signs {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, signature::Error> {
        Ok(self.0.try_sign(message)?.to_bytes().to_vec())
    }
}

impl JwtSigner for Signs {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

impl Verifier<Vec<u8>> for Checks {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), signature::Error> {
        self.0.verify_strict(message, &Signature::from_slice(signature)?)
    }
}

impl JwtVerifier for Checks {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}
