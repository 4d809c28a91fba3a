//! Money: whole minor units on the books, micro-units where rates are applied.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Largest exponent a currency may have here; one micro-unit must not be coarser than a minor unit.
const MAX_EXPONENT: u8 = 6;

/// Why an amount could not be computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum MoneyError {
    /// The result is outside of 64 bits.
    #[error("amount: the result does not fit in 64 bits; check the inputs for a wrong unit")]
    Overflow,
    /// A currency exponent above six.
    #[error("exponent: {0} is above 6; take the currency's exponent from `Currency::exponent`")]
    Exponent(u8),
}

/// An amount in minor units of its currency (cents, yen, fils).
///
/// ```
/// use sync_core::model::Minor;
/// let due = Minor::new(1_420);
/// assert_eq!(due.display(2).to_string(), "14.20");
/// assert_eq!(due.checked_add(Minor::new(80)), Ok(Minor::new(1_500)));
/// ```
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Minor(i64);

impl Minor {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// An amount of `minor` minor units; negative means owed the other way.
    #[must_use]
    pub const fn new(minor: i64) -> Self {
        Self(minor)
    }

    /// The number of minor units.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// The sum.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] outside of 64 bits.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.0.checked_add(other.0).map(Self).ok_or(MoneyError::Overflow)
    }

    /// The difference.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] outside of 64 bits.
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.0.checked_sub(other.0).map(Self).ok_or(MoneyError::Overflow)
    }

    /// The product with a count.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] outside of 64 bits.
    pub fn checked_mul(self, count: i64) -> Result<Self, MoneyError> {
        self.0.checked_mul(count).map(Self).ok_or(MoneyError::Overflow)
    }

    /// The sum of many amounts.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] outside of 64 bits.
    pub fn checked_sum(amounts: impl IntoIterator<Item = Self>) -> Result<Self, MoneyError> {
        amounts.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }

    /// The amount from micro-units, rounded half away from zero.
    ///
    /// # Errors
    /// [`MoneyError::Exponent`] when `exponent` is above six.
    ///
    /// ```
    /// use sync_core::model::{Micro, Minor};
    /// assert_eq!(Minor::from_micro(Micro::new(-14_205_000), 2), Ok(Minor::new(-1_421)));
    /// ```
    pub fn from_micro(micro: Micro, exponent: u8) -> Result<Self, MoneyError> {
        let scale = micro_per_minor(exponent)?;
        // Division truncates towards zero, so the rest tells alone whether to step outwards.
        let (whole, rest) = (micro.0 / scale, micro.0 % scale);
        let away = i64::from(rest.unsigned_abs() * 2 >= scale.unsigned_abs());
        Ok(Self(whole + away * micro.0.signum()))
    }

    /// The amount as a decimal with `exponent` places, without the currency's name.
    #[must_use]
    pub const fn display(self, exponent: u8) -> MinorDisplay {
        MinorDisplay { minor: self, exponent }
    }
}

/// Writes a [`Minor`] as a decimal number; made by [`Minor::display`].
#[derive(Debug, Clone, Copy)]
pub struct MinorDisplay {
    minor: Minor,
    exponent: u8,
}

impl fmt::Display for MinorDisplay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.minor.0 < 0 { "-" } else { "" };
        let digits = self.minor.0.unsigned_abs().to_string();
        let places = usize::from(self.exponent);
        if places == 0 {
            return write!(f, "{sign}{digits}");
        }
        let padded = format!("{digits:0>width$}", width = places + 1);
        let (whole, part) = padded.split_at(padded.len() - places);
        write!(f, "{sign}{whole}.{part}")
    }
}

/// An amount in micro-units (1e-6 of the currency's main unit), for rates and scores.
///
/// ```
/// use sync_core::model::{Micro, Minor};
/// assert_eq!(Micro::from_minor(Minor::new(1_420), 2), Ok(Micro::new(14_200_000)));
/// ```
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Micro(i64);

impl Micro {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// An amount of `micro` micro-units.
    #[must_use]
    pub const fn new(micro: i64) -> Self {
        Self(micro)
    }

    /// The number of micro-units.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// The same amount in micro-units, exact.
    ///
    /// # Errors
    /// [`MoneyError::Exponent`] when `exponent` is above six, [`MoneyError::Overflow`] outside of
    /// 64 bits.
    pub fn from_minor(minor: Minor, exponent: u8) -> Result<Self, MoneyError> {
        let scale = micro_per_minor(exponent)?;
        minor.0.checked_mul(scale).map(Self).ok_or(MoneyError::Overflow)
    }

    /// The sum.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] outside of 64 bits.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.0.checked_add(other.0).map(Self).ok_or(MoneyError::Overflow)
    }

    /// The difference.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] outside of 64 bits.
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.0.checked_sub(other.0).map(Self).ok_or(MoneyError::Overflow)
    }

    /// The product with a count.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] outside of 64 bits.
    pub fn checked_mul(self, count: i64) -> Result<Self, MoneyError> {
        self.0.checked_mul(count).map(Self).ok_or(MoneyError::Overflow)
    }
}

fn micro_per_minor(exponent: u8) -> Result<i64, MoneyError> {
    let places = MAX_EXPONENT.checked_sub(exponent).ok_or(MoneyError::Exponent(exponent))?;
    Ok(10_i64.pow(u32::from(places)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn writes_amounts_of_each_exponent() {
        for (minor, exponent, text) in [
            (0, 2, "0.00"),
            (5, 2, "0.05"),
            (-5, 2, "-0.05"),
            (-1_420, 2, "-14.20"),
            (1_420, 0, "1420"),
            (1_420, 3, "1.420"),
            (i64::MIN, 2, "-92233720368547758.08"),
        ] {
            assert_eq!(Minor::new(minor).display(exponent).to_string(), text);
        }
    }

    #[test]
    fn rounds_half_away_from_zero() {
        for (micro, minor) in
            [(4_999, 0), (5_000, 1), (-4_999, 0), (-5_000, -1), (15_000, 2), (14_999, 1)]
        {
            assert_eq!(Minor::from_micro(Micro::new(micro), 2), Ok(Minor::new(minor)));
        }
        assert_eq!(Minor::from_micro(Micro::new(i64::MIN), 6), Ok(Minor::new(i64::MIN)));
        assert_eq!(Minor::from_micro(Micro::new(1), 7), Err(MoneyError::Exponent(7)));
    }

    #[test]
    fn refuses_overflow() {
        assert_eq!(Minor::new(i64::MAX).checked_add(Minor::new(1)), Err(MoneyError::Overflow));
        assert_eq!(Micro::from_minor(Minor::new(i64::MAX), 2), Err(MoneyError::Overflow));
    }

    proptest! {
        #[test]
        fn minor_survives_micro(minor in -1_000_000_000_000_i64..1_000_000_000_000, exponent in 0_u8..=6) {
            let micro = Micro::from_minor(Minor::new(minor), exponent).unwrap();
            prop_assert_eq!(Minor::from_micro(micro, exponent).unwrap(), Minor::new(minor));
        }

        #[test]
        fn rounding_is_odd(micro in any::<i64>().prop_filter("has a negative", |m| *m != i64::MIN), exponent in 0_u8..=6) {
            let up = Minor::from_micro(Micro::new(micro), exponent).unwrap();
            let down = Minor::from_micro(Micro::new(-micro), exponent).unwrap();
            prop_assert_eq!(up.get(), -down.get());
        }
    }
}
