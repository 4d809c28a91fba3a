//! The few conversions between integers and floats, in one place.

use sync_core::model::Micro;

/// Largest magnitude handed back to an integer: well within 64 bits.
const LIMIT: f64 = 9.0e18;

/// An integer as a float; amounts above 2^53 lose their last digits, which no score can see.
#[expect(clippy::cast_precision_loss, reason = "a score has less precision than this")]
pub(crate) const fn float(value: i64) -> f64 {
    value as f64
}

/// Rounded half away from zero; `None` when not finite or too large.
#[expect(clippy::cast_possible_truncation, reason = "the magnitude is checked first")]
pub(crate) fn round(value: f64) -> Option<i64> {
    (value.is_finite() && value.abs() < LIMIT).then(|| libm::round(value) as i64)
}

/// As [`round`], for money.
pub(crate) fn micro(value: f64) -> Option<Micro> {
    round(value).map(Micro::new)
}

/// A wide integer as a float, likewise.
#[expect(clippy::cast_precision_loss, reason = "an interval has less precision than this")]
pub(crate) const fn wide(value: i128) -> f64 {
    value as f64
}
