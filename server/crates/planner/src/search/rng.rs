//! Random choices from one seed, in integers wherever they decide something.
use rand_core::{Rng as _, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

#[derive(Debug)]
pub(crate) struct Random(Xoshiro256PlusPlus);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    /// 64 random bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// Uniform below `n`; 0 when `n` is 0.
    #[inline]
    pub(crate) fn below(&mut self, n: usize) -> usize {
        let wide = u128::from(self.0.next_u64()) * (n as u128);
        usize::try_from(wide >> 64).unwrap_or(0)
    }

    /// Uniform in `low..=high`.
    pub(crate) fn within(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// True with a probability in 1/1024.
    #[inline]
    pub(crate) fn chance(&mut self, of_1024: u64) -> bool {
        self.0.next_u64() >> 54 < of_1024
    }

    /// Uniform above 0 and up to 1.
    #[inline]
    pub(crate) fn unit(&mut self) -> f64 {
        let bits = u32::try_from(self.0.next_u64() >> 32).unwrap_or(0);
        (f64::from(bits) + 1.0) / 4_294_967_296.0
    }
}
