//! Lengths, durations and days past due, checked when they are made.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why a number is no such quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum UnitError {
    /// Below zero.
    #[error("{field}: {value} is negative; give zero or more")]
    Negative {
        /// What was to be made.
        field: &'static str,
        /// What was given.
        value: i64,
    },
    /// More than a hundred years overdue.
    #[error("dpd: {0} is outside of 0 to 36500 days; check the unit")]
    Dpd(i64),
    /// The result is outside of 64 bits.
    #[error("{0}: the result does not fit in 64 bits; check the inputs for a wrong unit")]
    Overflow(&'static str),
}

macro_rules! quantity {
    ($name:ident, $field:literal, $doc:literal) => {
        #[doc = $doc]
        #[derive(
            Debug,
            Clone,
            Copy,
            PartialEq,
            Eq,
            PartialOrd,
            Ord,
            Hash,
            Default,
            Serialize,
            Deserialize,
        )]
        #[serde(try_from = "i64", into = "i64")]
        pub struct $name(i64);

        impl $name {
            /// None.
            pub const ZERO: Self = Self(0);

            /// The checked quantity.
            ///
            /// # Errors
            /// [`UnitError::Negative`] below zero.
            pub const fn new(value: i64) -> Result<Self, UnitError> {
                if value < 0 {
                    return Err(UnitError::Negative { field: $field, value });
                }
                Ok(Self(value))
            }

            /// The number.
            #[must_use]
            pub const fn get(self) -> i64 {
                self.0
            }

            /// The sum.
            ///
            /// # Errors
            /// [`UnitError::Overflow`] outside of 64 bits.
            pub fn checked_add(self, other: Self) -> Result<Self, UnitError> {
                self.0.checked_add(other.0).map(Self).ok_or(UnitError::Overflow($field))
            }
        }

        impl From<u32> for $name {
            fn from(value: u32) -> Self {
                Self(i64::from(value))
            }
        }

        impl TryFrom<i64> for $name {
            type Error = UnitError;

            fn try_from(value: i64) -> Result<Self, Self::Error> {
                Self::new(value)
            }
        }

        impl From<$name> for i64 {
            fn from(quantity: $name) -> Self {
                quantity.0
            }
        }
    };
}

quantity!(Metres, "metres", "A length in metres, zero or more.");
quantity!(Seconds, "seconds", "A duration in seconds, zero or more.");

/// Days past due, 0 to 36500.
///
/// ```
/// use sync_core::model::{Bucket, Dpd};
/// let dpd = Dpd::new(60)?;
/// assert_eq!(dpd.bucket(), Bucket::D60);
/// # Ok::<(), sync_core::model::UnitError>(())
/// ```
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(try_from = "i64", into = "i64")]
pub struct Dpd(u16);

impl Dpd {
    /// The longest overdue that is taken for real: a hundred years.
    pub const MAX: Self = Self(36_500);

    /// Checked days past due.
    ///
    /// # Errors
    /// [`UnitError::Dpd`] outside of 0 to 36500.
    pub fn new(days: i64) -> Result<Self, UnitError> {
        match u16::try_from(days) {
            Ok(days) if days <= Self::MAX.0 => Ok(Self(days)),
            _ => Err(UnitError::Dpd(days)),
        }
    }

    /// The number of days.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }

    /// The band these days fall in.
    #[must_use]
    pub const fn bucket(self) -> Bucket {
        match self.0 {
            0 => Bucket::Current,
            1..=29 => Bucket::D1,
            30..=59 => Bucket::D30,
            60..=89 => Bucket::D60,
            90..=119 => Bucket::D90,
            120..=179 => Bucket::D120,
            _ => Bucket::D180,
        }
    }
}

impl TryFrom<i64> for Dpd {
    type Error = UnitError;

    fn try_from(days: i64) -> Result<Self, Self::Error> {
        Self::new(days)
    }
}

impl From<Dpd> for i64 {
    fn from(dpd: Dpd) -> Self {
        Self::from(dpd.0)
    }
}

/// A band of days past due; always derived from [`Dpd`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Bucket {
    /// Not overdue.
    #[serde(rename = "0")]
    Current,
    /// 1 to 29 days.
    #[serde(rename = "1-29")]
    D1,
    /// 30 to 59 days.
    #[serde(rename = "30-59")]
    D30,
    /// 60 to 89 days.
    #[serde(rename = "60-89")]
    D60,
    /// 90 to 119 days.
    #[serde(rename = "90-119")]
    D90,
    /// 120 to 179 days.
    #[serde(rename = "120-179")]
    D120,
    /// 180 days and more.
    #[serde(rename = "180+")]
    D180,
}

impl Bucket {
    /// All bands, from not overdue to longest.
    pub const ALL: [Self; 7] =
        [Self::Current, Self::D1, Self::D30, Self::D60, Self::D90, Self::D120, Self::D180];

    /// The band as it is written in reports.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Current => "0",
            Self::D1 => "1-29",
            Self::D30 => "30-59",
            Self::D60 => "60-89",
            Self::D90 => "90-119",
            Self::D120 => "120-179",
            Self::D180 => "180+",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_change_at_their_first_day() {
        for (days, label) in [
            (0, "0"),
            (1, "1-29"),
            (29, "1-29"),
            (30, "30-59"),
            (59, "30-59"),
            (60, "60-89"),
            (90, "90-119"),
            (120, "120-179"),
            (179, "120-179"),
            (180, "180+"),
            (36_500, "180+"),
        ] {
            let bucket = Dpd::new(days).unwrap().bucket();
            assert_eq!(bucket.label(), label, "{days}");
            assert_eq!(serde_json::to_string(&bucket).unwrap(), format!("\"{label}\""));
        }
    }

    #[test]
    fn refuses_impossible_numbers() {
        assert_eq!(Dpd::new(-1), Err(UnitError::Dpd(-1)));
        assert_eq!(Dpd::new(36_501), Err(UnitError::Dpd(36_501)));
        assert!(serde_json::from_str::<Dpd>("99999").is_err());
        assert!(Metres::new(-1).is_err());
        assert!(serde_json::from_str::<Seconds>("-1").is_err());
        assert!(Seconds::new(i64::MAX).unwrap().checked_add(Seconds::from(1)).is_err());
    }
}
