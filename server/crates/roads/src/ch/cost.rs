//! The weight of an arc: time first, then length.

use std::ops::{Add, AddAssign};

/// Centiseconds and decimetres in one ordered number: time in the upper 32 bits, length
/// in the lower. Adding adds both and comparing compares time first, so that the fastest
/// path is unique up to its length and the metres reported are those of that path,
/// whatever order a search runs in. Lengths stay far below 2^32 dm, so they never carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Cost(u64);

impl Cost {
    pub(crate) const ZERO: Self = Self(0);
    /// No path. Adding to it leaves it as it is.
    pub(crate) const NONE: Self = Self(u64::MAX);

    #[inline]
    pub(crate) const fn new(cs: u32, dm: u32) -> Self {
        Self(((cs as u64) << 32) | dm as u64)
    }

    #[inline]
    pub(crate) const fn cs(self) -> u32 {
        (self.0 >> 32) as u32
    }

    /// What is left of it without another, if that is no larger.
    #[inline]
    pub(crate) fn less(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "the lower half is wanted")]
    pub(crate) const fn dm(self) -> u32 {
        self.0 as u32
    }
}

impl Add for Cost {
    type Output = Self;
    #[inline]
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Cost {
    #[inline]
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_counts_first_and_both_parts_add() {
        assert!(Cost::new(1, 900) < Cost::new(2, 1));
        assert!(Cost::new(2, 1) < Cost::new(2, 2));
        let sum = Cost::new(3, 40) + Cost::new(4, 2);
        assert_eq!((sum.cs(), sum.dm()), (7, 42));
        assert_eq!(Cost::NONE + sum, Cost::NONE);
        assert_eq!(sum.less(Cost::new(4, 2)), Some(Cost::new(3, 40)));
        assert_eq!(sum.less(Cost::NONE), None);
    }
}
