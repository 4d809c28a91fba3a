//! Tables of points by value.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Points for values from `from` up to the next band.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band<P> {
    /// First value of the band.
    pub from: i64,
    /// Points in it.
    pub points: P,
}

impl<P> Band<P> {
    /// A band.
    pub const fn new(from: i64, points: P) -> Self {
        Self { from, points }
    }
}

/// Why a table of bands is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum BandError {
    /// Two bands in the wrong order or with the same start.
    #[error("{0}: `from` must grow from band to band; sort them")]
    Order(&'static str),
    /// Points that would make a visit likelier for those who can pay less.
    #[error("{0}: points must not fall as the ability to pay grows; correct them")]
    Falling(&'static str),
    /// Points that are no number.
    #[error("{0}: points must be finite numbers; correct them")]
    NotFinite(&'static str),
}

/// Points of the last band that starts at or below `value`; none below the first.
pub(crate) fn points_at<P: Copy + Default>(bands: &[Band<P>], value: i64) -> P {
    bands.iter().rev().find(|band| band.from <= value).map_or_else(P::default, |band| band.points)
}

pub(crate) fn check_order<P>(field: &'static str, bands: &[Band<P>]) -> Result<(), BandError> {
    let sorted = bands.windows(2).all(|pair| pair[0].from < pair[1].from);
    if sorted { Ok(()) } else { Err(BandError::Order(field)) }
}

/// As [`check_order`], and points never fall; below the first band they count as `P::default()`.
pub(crate) fn check_rising<P: Copy + Default + PartialOrd>(
    field: &'static str,
    bands: &[Band<P>],
) -> Result<(), BandError> {
    check_order(field, bands)?;
    let mut last = P::default();
    for (index, band) in bands.iter().enumerate() {
        // The first band of all values may start anywhere: nothing lies below it.
        if (index > 0 || band.from > 0) && band.points < last {
            return Err(BandError::Falling(field));
        }
        last = band.points;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_band_reached_counts() {
        let bands = [Band::new(1, 5), Band::new(30, 15)];
        for (value, points) in [(0, 0), (1, 5), (29, 5), (30, 15), (999, 15)] {
            assert_eq!(points_at(&bands, value), points);
        }
    }

    #[test]
    fn refuses_disorder_and_falling_points() {
        let twice = [Band::new(1, 5), Band::new(1, 6)];
        assert_eq!(check_order("dpd", &twice), Err(BandError::Order("dpd")));
        let falling = [Band::new(0, 5), Band::new(9, 4)];
        assert_eq!(check_rising("ability", &falling), Err(BandError::Falling("ability")));
        assert_eq!(check_rising("ability", &[Band::new(0, -5), Band::new(9, -4)]), Ok(()));
        assert!(check_rising("ability", &[Band::new(9, -4)]).is_err());
    }
}
