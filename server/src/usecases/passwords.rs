//! Passwords: hashed with Argon2id (RFC 9106), generated where nobody chose one.

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};

use super::access::AccessError;
use crate::error::Error;
use crate::ids::IdSource;

/// How much work a hash takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    memory_kib: u32,
    passes: u32,
}

impl Cost {
    /// 19 MiB and two passes, the least that OWASP's cheat sheet on password storage recommends.
    pub const STANDARD: Self = Self { memory_kib: 19 * 1024, passes: 2 };
    /// As little as there can be. Whoever reads such a hash tries a thousand times as many guesses.
    pub const FOR_TESTS: Self = Self { memory_kib: 8, passes: 1 };

    fn hasher(self) -> Result<Argon2<'static>, Error> {
        let params = Params::new(self.memory_kib, self.passes, 1, None).map_err(unhashable)?;
        Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }
}

/// Fewest characters of a password.
pub const SHORTEST: usize = 12;
/// Most bytes of a password: more would only cost time.
const LONGEST: usize = 256;
/// Letters and digits that are not taken for each other; 32 of them.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

fn unhashable(error: impl std::fmt::Display) -> Error {
    Error::Invalid(format!("the password cannot be hashed: {error}"))
}

/// A new password of 100 random bits: four groups of five letters.
///
/// # Errors
/// The system has no random bytes.
pub fn generate(ids: &IdSource) -> Result<String, Error> {
    Ok(words(&ids.secret::<20>()?, 5))
}

/// Groups of letters, one letter of five bits for each byte.
pub(super) fn words(bytes: &[u8], length: usize) -> String {
    let letter = |byte: &u8| LETTERS.get(usize::from(byte % 32)).map_or('x', |l| char::from(*l));
    let groups = bytes.chunks(length).map(|group| group.iter().map(letter).collect::<String>());
    groups.collect::<Vec<_>>().join("-")
}

/// Checks a password somebody chose.
///
/// # Errors
/// It is too short, too long, or the login itself.
pub fn check(password: &str, login: &str) -> Result<(), AccessError> {
    let rule = if password.chars().count() < SHORTEST {
        format!("must have at least {SHORTEST} characters")
    } else if password.len() > LONGEST {
        format!("must have at most {LONGEST} bytes")
    } else if password.to_lowercase().contains(login) {
        "must not contain the login".into()
    } else {
        return Ok(());
    };
    Err(AccessError::Value { field: "password", rule })
}

/// The hash of a password, with its parameters and a random salt, as a PHC string.
///
/// # Errors
/// The system has no random bytes.
pub fn hash(password: &str, cost: Cost, ids: &IdSource) -> Result<String, Error> {
    let salt = ids.secret::<16>()?;
    let hasher = cost.hasher()?;
    let hash: PasswordHash =
        hasher.hash_password_with_salt(password.as_bytes(), &salt).map_err(unhashable)?;
    Ok(hash.to_string())
}

/// Whether `password` has that hash. Without a hash it takes as long and is never right.
#[must_use]
pub fn verify(password: &str, hash: Option<&str>) -> bool {
    let Some(hash) = hash.and_then(|hash| PasswordHash::new(hash).ok()) else {
        let mut out = [0; 32];
        let spent = Cost::STANDARD
            .hasher()
            .map(|hasher| hasher.hash_password_into(password.as_bytes(), &[0; 16], &mut out));
        tracing::trace!(spent = spent.is_ok(), "an unknown login was tried");
        return false;
    };
    // The parameters are those of the hash.
    password.len() <= LONGEST
        && Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;

    #[test]
    fn only_the_password_itself_has_its_hash() {
        let ids = IdSource::seeded(Clock::System, 1);
        let one = hash("correct horse battery", Cost::FOR_TESTS, &ids).unwrap();
        let two = hash("correct horse battery", Cost::FOR_TESTS, &ids).unwrap();
        assert_ne!(one, two, "the salt is random whatever ids are made from");
        assert!(one.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{one}");
        assert!(verify("correct horse battery", Some(&one)));
        for wrong in ["correct horse batterY", "", "correct horse battery "] {
            assert!(!verify(wrong, Some(&one)), "{wrong}");
        }
        assert!(!verify("correct horse battery", None));
        assert!(!verify("", Some("")) && !verify("x", Some("$argon2id$v=19$broken")));
    }

    #[test]
    fn the_standard_is_what_is_recommended() {
        let ids = IdSource::system(Clock::System);
        let hash = hash("correct horse battery", Cost::STANDARD, &ids).unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(verify("correct horse battery", Some(&hash)));
    }

    #[test]
    fn generated_ones_are_long_enough_and_never_the_same() {
        let ids = IdSource::seeded(Clock::System, 1);
        let again = IdSource::seeded(Clock::System, 1);
        let (one, two) = (generate(&ids).unwrap(), generate(&again).unwrap());
        assert_ne!(one, two, "a seed must not tell passwords");
        assert_eq!(one.len(), 23);
        assert!(check(&one, "admin").is_ok());
    }

    #[test]
    fn chosen_ones_are_checked() {
        for (bad, part) in
            [("short", "12"), (&"x".repeat(257), "256"), ("Dispatcher-2026", "login")]
        {
            let error = check(bad, "dispatcher").unwrap_err().to_string();
            assert!(error.starts_with("password: ") && error.contains(part), "{error}");
        }
        assert!(check("seven wild geese", "dispatcher").is_ok());
    }
}
