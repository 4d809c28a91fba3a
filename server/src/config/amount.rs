//! An amount of money as people write it in settings.

use serde::Deserialize;

/// A non-negative amount in units of the currency, held in micro-units (1e-6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(try_from = "f64")]
pub struct Amount(i64);

impl Amount {
    /// So many units of the currency.
    pub(super) const fn whole(units: u32) -> Self {
        Self(units as i64 * 1_000_000)
    }

    /// In micro-units of the currency.
    #[must_use]
    pub fn micro(self) -> i64 {
        self.0
    }
}

impl TryFrom<f64> for Amount {
    type Error = String;

    fn try_from(value: f64) -> Result<Self, String> {
        if value.is_finite() && (0.0..=1e9).contains(&value) {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "at most 1e15, checked the line above"
            )]
            return Ok(Self((value * 1e6).round() as i64));
        }
        Err(format!("{value} is not an amount; write a number from 0 to 1000000000, as in 12.50"))
    }
}
