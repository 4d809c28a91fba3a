//! Checked number conversions, so that the rest of the crate has no bare casts.

/// Marks "no such thing" in the compact `u32` tables.
pub(crate) const NONE: u32 = u32::MAX;

/// An index as a compact id. Sizes are checked once when a network is built; beyond
/// that bound this gives [`NONE`], which no table contains.
pub(crate) fn id(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(NONE)
}

/// A compact id as an index.
#[inline]
pub(crate) fn ix(id: u32) -> usize {
    id as usize
}

/// Nearest whole number, kept inside `u32` (a NaN gives 0).
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "float to integer casts saturate, which is what is wanted"
)]
pub(crate) fn round_u32(x: f64) -> u32 {
    libm::round(x) as u32
}

/// A float without a fraction as an integer (a NaN gives 0).
#[inline]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "float to integer casts saturate, which is what is wanted"
)]
pub(crate) fn whole_u64(x: f64) -> u64 {
    x as u64
}

/// Nearest whole number, kept inside `i32` (a NaN gives 0).
#[expect(
    clippy::cast_possible_truncation,
    reason = "float to integer casts saturate, which is what is wanted"
)]
pub(crate) fn round_i32(x: f64) -> i32 {
    libm::round(x) as i32
}

/// `total * part / whole`, rounded half up; 0 when `whole` is 0. Exact in integers.
pub(crate) fn share(total: u32, part: u32, whole: u32) -> u32 {
    if whole == 0 {
        return 0;
    }
    let whole = u64::from(whole);
    let value = (u64::from(total) * u64::from(part) + whole / 2) / whole;
    u32::try_from(value).unwrap_or(u32::MAX)
}

/// A number for a message: one far from what people write is written with its power of ten,
/// not with hundreds of digits.
pub(crate) fn short(value: f64) -> String {
    let plain = value == 0.0 || (1e-6..1e12).contains(&value.abs()) || !value.is_finite();
    if plain { value.to_string() } else { format!("{value:e}") }
}

/// `value / by`, rounded half up.
#[inline]
pub(crate) fn div_round(value: u32, by: u32) -> u32 {
    value / by + u32::from(value % by >= by.div_ceil(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_is_half_up() {
        assert_eq!(div_round(1499, 1000), 1);
        assert_eq!(div_round(1500, 1000), 2);
        assert_eq!(div_round(u32::MAX, 100), 42_949_673);
        assert_eq!(share(10, 1, 4), 3);
        assert_eq!(share(10, 4, 4), 10);
        assert_eq!(share(10, 1, 0), 0);
        assert_eq!(round_u32(-3.0), 0);
        assert_eq!(round_u32(f64::NAN), 0);
    }

    #[test]
    fn numbers_in_messages() {
        let texts = [0.0, -75.5, 1e308, -1e-300, f64::NAN].map(short);
        assert_eq!(texts, ["0", "-75.5", "1e308", "-1e-300", "NaN"]);
    }
}
