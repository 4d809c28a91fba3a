//! The few narrowing conversions, each with its reason.

/// An index as `u32`; [`crate::Problem::new`] admits no more than `u32::MAX - 1` of anything.
pub(crate) fn idx32(i: usize) -> u32 {
    u32::try_from(i).unwrap_or(u32::MAX)
}

/// For probabilities and temperatures only, never for money that is reported.
#[expect(clippy::cast_precision_loss, reason = "a temperature needs no more than 53 bits")]
pub(crate) fn approx(x: i64) -> f64 {
    x as f64
}

/// Rounds towards zero, saturating; NaN becomes 0.
#[expect(clippy::cast_possible_truncation, reason = "`as` saturates, which is wanted")]
pub(crate) fn to_i64(x: f64) -> i64 {
    x as i64
}

/// An `i128` as `i64`, saturating.
pub(crate) fn saturate(x: i128) -> i64 {
    i64::try_from(x).unwrap_or(if x < 0 { i64::MIN } else { i64::MAX })
}
