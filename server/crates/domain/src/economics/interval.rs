//! Intervals: what the figures leave open. All are two-sided at 95 %.

use super::EconomicsError;
use crate::number::{float, round, wide};

/// The 97.5 % quantile of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// The 97.5 % quantile of Student's t for 1 to 30 degrees of freedom.
const T: [f64; 30] = [
    12.706_205, 4.302_653, 3.182_446, 2.776_445, 2.570_582, 2.446_912, 2.364_624, 2.306_004,
    2.262_157, 2.228_139, 2.200_985, 2.178_813, 2.160_369, 2.144_787, 2.131_450, 2.119_905,
    2.109_816, 2.100_922, 2.093_024, 2.085_963, 2.079_614, 2.073_873, 2.068_658, 2.063_899,
    2.059_539, 2.055_529, 2.051_831, 2.048_407, 2.045_230, 2.042_272,
];

/// A range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// Wilson's score interval of a share, `None` of nothing.
///
/// E. B. Wilson, Probable inference, the law of succession, and statistical inference, Journal of the
/// American Statistical Association 22 (1927): (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n).
#[must_use]
pub fn wilson(hits: i64, of: i64) -> Option<Interval> {
    if of <= 0 {
        return None;
    }
    let (n, p) = (float(of), float(hits) / float(of));
    let z2 = Z * Z;
    let middle = p + z2 / (2.0 * n);
    let half = Z * libm::sqrt(p * (1.0 - p) / n + z2 / (4.0 * n * n));
    let by = 1.0 + z2 / n;
    Some(Interval { low: ((middle - half) / by).max(0.0), high: ((middle + half) / by).min(1.0) })
}

/// The 97.5 % quantile of Student's t.
///
/// From the table up to 30 degrees of freedom; beyond, the expansion in powers of 1/n of Abramowitz and
/// Stegun, Handbook of Mathematical Functions, 26.7.5 (three terms, off by less than 1e-6 there).
fn student(degrees: i64) -> f64 {
    if let Some(t) = usize::try_from(degrees - 1).ok().and_then(|at| T.get(at)) {
        return *t;
    }
    let (n, z) = (float(degrees), Z);
    let (z3, z5, z7) = (z * z * z, libm::pow(z, 5.0), libm::pow(z, 7.0));
    z + (z3 + z) / (4.0 * n)
        + (5.0 * z5 + 16.0 * z3 + 3.0 * z) / (96.0 * n * n)
        + (3.0 * z7 + 19.0 * z5 + 17.0 * z3 - 15.0 * z) / (384.0 * n * n * n)
}

/// Count, sum and sum of squares of whole numbers; exact, and adds up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spread {
    /// How many.
    pub count: i64,
    sum: i128,
    squares: i128,
}

impl Spread {
    /// Counts one value.
    pub(super) fn note(&mut self, value: i64) -> Result<(), EconomicsError> {
        let value = i128::from(value);
        self.add(&Self { count: 1, sum: value, squares: value * value })
    }

    /// Adds those of another group.
    pub(super) fn add(&mut self, other: &Self) -> Result<(), EconomicsError> {
        let sum = |a: i128, b: i128| a.checked_add(b).ok_or(EconomicsError::Overflow);
        self.count = self.count.checked_add(other.count).ok_or(EconomicsError::Overflow)?;
        self.sum = sum(self.sum, other.sum)?;
        self.squares = sum(self.squares, other.squares)?;
        Ok(())
    }

    /// The mean, `None` of nothing.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then(|| wide(self.sum) / float(self.count))
    }

    /// Student's t interval of the mean, mean ± t s/√n; `None` with fewer than two values.
    ///
    /// Payments are rare and of unequal size, so with few visits the interval is too narrow: see
    /// [`Advice`](super::Advice) for what is required beside it.
    #[must_use]
    pub fn interval(&self) -> Option<Interval> {
        let mean = self.mean().filter(|_| self.count > 1)?;
        let n = i128::from(self.count);
        let scatter = n.checked_mul(self.squares)?.checked_sub(self.sum.checked_mul(self.sum)?)?;
        let variance = wide(scatter) / float(self.count) / float(self.count - 1);
        let half = student(self.count - 1) * libm::sqrt(variance.max(0.0) / float(self.count));
        Some(Interval { low: mean - half, high: mean + half })
    }
}

impl Interval {
    /// Both ends as whole minor units, half away from zero.
    #[must_use]
    pub fn minor(&self) -> Option<(i64, i64)> {
        Some((round(self.low)?, round(self.high)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64, within: f64) -> bool {
        (a - b).abs() < within
    }

    #[test]
    fn wilson_by_hand() {
        // 5 of 20: p = 0.25, z²/2n = 0.0960365, z²/n = 0.192073, z²/4n² = 0.0024009;
        // z √(0.009375 + 0.0024009) = 0.212690; (0.3460365 ± 0.212690) / 1.192073.
        let found = wilson(5, 20).unwrap();
        assert!(
            close(found.low, 0.111_861, 1e-5) && close(found.high, 0.468_700, 1e-4),
            "{found:?}"
        );
        assert_eq!(wilson(0, 0), None);
        let none = wilson(0, 10).unwrap();
        assert!(close(none.low, 0.0, 1e-12) && close(none.high, 0.277_53, 1e-4), "{none:?}");
        assert!(close(wilson(10, 10).unwrap().high, 1.0, 1e-12));
    }

    #[test]
    fn the_expansion_meets_the_table_and_the_normal() {
        assert!(close(student(1), 12.706_205, 1e-9));
        assert!(close(student(30), 2.042_272, 1e-9));
        // Published: 31: 2.039513, 60: 2.000298, 120: 1.979930.
        assert!(close(student(31), 2.039_513, 2e-6), "{}", student(31));
        assert!(close(student(60), 2.000_298, 1e-6));
        assert!(close(student(120), 1.979_930, 1e-6));
        assert!(close(student(10_000_000), Z, 1e-6));
    }

    #[test]
    fn a_mean_and_its_interval_by_hand() {
        let mut spread = Spread::default();
        for value in [0, 0, 300, 900] {
            spread.note(value).unwrap();
        }
        // Mean 300; deviations 300, 300, 0, 600: squares 540,000; /3 = 180,000; s = 424.264;
        // s/2 = 212.132; t(3) = 3.182446: 675.10.
        let found = spread.interval().unwrap();
        assert!(close(found.low, -375.098, 1e-2) && close(found.high, 975.098, 1e-2), "{found:?}");
        assert_eq!(found.minor(), Some((-375, 975)));
        let mut one = Spread::default();
        one.note(5).unwrap();
        assert_eq!((one.mean(), one.interval()), (Some(5.0), None));
    }
}
