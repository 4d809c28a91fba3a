//! New ids: UUIDv7 from a clock and a source of random bytes.

use std::sync::Mutex;

use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::clock::Clock;

/// Makes ids.
#[derive(Debug)]
pub struct IdSource {
    clock: Clock,
    random: Mutex<Random>,
}

#[derive(Debug)]
enum Random {
    System,
    Seeded(Box<Xoshiro256PlusPlus>, u64),
}

impl IdSource {
    /// Ids from the operating system's random bytes.
    #[must_use]
    pub fn system(clock: Clock) -> Self {
        Self { clock, random: Mutex::new(Random::System) }
    }

    /// The same ids on every run: the demo and tests.
    #[must_use]
    pub fn seeded(clock: Clock, seed: u64) -> Self {
        let generator = Box::new(Xoshiro256PlusPlus::seed_from_u64(seed));
        Self { clock, random: Mutex::new(Random::Seeded(generator, 0)) }
    }

    /// The clock the ids are made with.
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.clock
    }

    /// Milliseconds since 1970 and ten random bytes, for `from_parts` of any id.
    ///
    /// # Errors
    /// The operating system has no random bytes to give.
    pub fn parts(&self) -> Result<(u64, [u8; 10]), IdSourceError> {
        let millis = u64::try_from(self.clock.now().as_millisecond()).unwrap_or(0);
        let mut bytes = [0; 10];
        let mut random = self.random.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match &mut *random {
            Random::System => {
                getrandom::fill(&mut bytes).map_err(|error| IdSourceError(error.to_string()))?;
            }
            Random::Seeded(generator, made) => {
                generator.fill_bytes(&mut bytes);
                // With a fixed clock the order of making is the only order there is: keep it.
                bytes[..3].fill(0);
                bytes[3..7]
                    .copy_from_slice(&u32::try_from(*made).unwrap_or(u32::MAX).to_be_bytes());
                *made += 1;
            }
        }
        Ok((millis, bytes))
    }

    /// Random bytes of the operating system, whatever ids are made from: keys, salts, passwords and
    /// tokens must not follow from a seed.
    ///
    /// # Errors
    /// The operating system has none to give.
    pub fn secret<const N: usize>(&self) -> Result<[u8; N], IdSourceError> {
        let mut bytes = [0; N];
        getrandom::fill(&mut bytes).map_err(|error| IdSourceError(error.to_string()))?;
        Ok(bytes)
    }
}

/// No random bytes could be had.
#[derive(Debug, thiserror::Error)]
#[error("the operating system gives no random bytes for new ids: {0}")]
pub struct IdSourceError(String);
