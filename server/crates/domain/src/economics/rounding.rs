//! From rates to whole minor units: each amount is rounded once, half away from zero.

use sync_core::model::{Micro, Minor};

use super::EconomicsError;

/// `rate` per `per` units, times `quantity`, in minor units.
pub(super) fn priced(
    rate: Micro,
    quantity: i64,
    per: i64,
    exponent: u8,
) -> Result<i64, EconomicsError> {
    let one = Micro::from_minor(Minor::new(1), exponent)?.get();
    divided(i128::from(rate.get()) * i128::from(quantity), i128::from(per) * i128::from(one))
}

/// `amount` times `share_bp` basis points.
pub(super) fn share(amount: i64, share_bp: u32) -> Result<i64, EconomicsError> {
    divided(i128::from(amount) * i128::from(share_bp), 10_000)
}

/// A quotient rounded half away from zero; `by` is above zero.
pub(super) fn divided(what: i128, by: i128) -> Result<i64, EconomicsError> {
    let away = (what.unsigned_abs() * 2 + by.unsigned_abs()) / (by.unsigned_abs() * 2);
    let away = i128::try_from(away).map_err(|_| EconomicsError::Overflow)?;
    i64::try_from(away * what.signum()).map_err(|_| EconomicsError::Overflow)
}

/// The part of `whole` that falls to the one at `at` of `of`; the parts differ by one at the most and
/// add up.
pub(super) fn part(whole: i64, of: i64, at: i64) -> i64 {
    whole / of + i64::from(at < whole % of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_minor_unit_goes_away_from_zero() {
        // 0.50 a kilometre, 2,410 m: 1.205, in cents 120.5.
        assert_eq!(priced(Micro::new(500_000), 2_410, 1_000, 2), Ok(121));
        // The same in yen: 1.205.
        assert_eq!(priced(Micro::new(500_000), 2_410, 1_000, 0), Ok(1));
        assert_eq!(divided(-5, 2), Ok(-3));
        assert_eq!(divided(i128::from(i64::MAX) * 3, 2), Err(EconomicsError::Overflow));
        // 12.5 % of 99 is 12.375.
        assert_eq!(share(99, 1_250), Ok(12));
    }

    #[test]
    fn parts_add_up() {
        let parts: Vec<i64> = (0..3).map(|at| part(100, 3, at)).collect();
        assert_eq!(parts, [34, 33, 33]);
    }
}
