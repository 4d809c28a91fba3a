//! Places on the globe, held as integers so that they compare and hash exactly.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why two numbers are no position.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum PositionError {
    /// Not a finite latitude from -90 to 90.
    #[error("lat: {0} is not a latitude; give degrees from -90 to 90 (are lat and lon swapped?)")]
    Latitude(f64),
    /// Not a finite longitude from -180 to 180.
    #[error("lon: {0} is not a longitude; give degrees from -180 to 180")]
    Longitude(f64),
}

const E7: f64 = 1e7;

/// A point in WGS 84, stored in 1e-7 degree (about a centimetre).
///
/// ```
/// use sync_core::model::Position;
/// let dover = Position::from_degrees(39.158_168, -75.524_368)?;
/// assert_eq!((dover.lat_e7(), dover.lon_e7()), (391_581_680, -755_243_680));
/// assert!(Position::from_degrees(f64::NAN, 0.0).is_err());
/// # Ok::<(), sync_core::model::PositionError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Degrees", into = "Degrees")]
pub struct Position {
    lat_e7: i32,
    lon_e7: i32,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Degrees {
    lat: f64,
    lon: f64,
}

impl Position {
    /// From degrees, rounded to 1e-7.
    ///
    /// # Errors
    /// [`PositionError`] when a number is not finite or out of range.
    pub fn from_degrees(lat: f64, lon: f64) -> Result<Self, PositionError> {
        Ok(Self {
            lat_e7: to_e7(lat, 90.0).ok_or(PositionError::Latitude(lat))?,
            lon_e7: to_e7(lon, 180.0).ok_or(PositionError::Longitude(lon))?,
        })
    }

    /// From 1e-7 degrees, as stored.
    ///
    /// # Errors
    /// [`PositionError`] when a number is out of range.
    pub fn from_e7(lat_e7: i32, lon_e7: i32) -> Result<Self, PositionError> {
        Self::from_degrees(f64::from(lat_e7) / E7, f64::from(lon_e7) / E7)?;
        Ok(Self { lat_e7, lon_e7 })
    }

    /// Latitude in 1e-7 degrees.
    #[must_use]
    pub const fn lat_e7(self) -> i32 {
        self.lat_e7
    }

    /// Longitude in 1e-7 degrees.
    #[must_use]
    pub const fn lon_e7(self) -> i32 {
        self.lon_e7
    }

    /// Latitude in degrees.
    #[must_use]
    pub fn lat(self) -> f64 {
        f64::from(self.lat_e7) / E7
    }

    /// Longitude in degrees.
    #[must_use]
    pub fn lon(self) -> f64 {
        f64::from(self.lon_e7) / E7
    }
}

#[expect(clippy::cast_possible_truncation, reason = "at most 1.8e9 after the range check")]
fn to_e7(degrees: f64, limit: f64) -> Option<i32> {
    (degrees.is_finite() && degrees.abs() <= limit).then(|| (degrees * E7).round() as i32)
}

impl TryFrom<Degrees> for Position {
    type Error = PositionError;

    fn try_from(degrees: Degrees) -> Result<Self, Self::Error> {
        Self::from_degrees(degrees.lat, degrees.lon)
    }
}

impl From<Position> for Degrees {
    fn from(position: Position) -> Self {
        Self { lat: position.lat(), lon: position.lon() }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.7},{:.7}", self.lat(), self.lon())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn refuses_what_is_no_place() {
        for lat in [90.1, -91.0, f64::INFINITY, f64::NAN] {
            assert!(matches!(Position::from_degrees(lat, 0.0), Err(PositionError::Latitude(_))));
        }
        assert!(matches!(Position::from_degrees(0.0, 180.1), Err(PositionError::Longitude(_))));
        assert!(Position::from_e7(900_000_001, 0).is_err());
        assert!(serde_json::from_str::<Position>(r#"{"lat":1,"lon":2,"alt":3}"#).is_err());
    }

    proptest! {
        #[test]
        fn stored_form_survives(lat in -900_000_000_i32..=900_000_000, lon in -1_800_000_000_i32..=1_800_000_000) {
            let place = Position::from_e7(lat, lon).unwrap();
            prop_assert_eq!(Position::from_degrees(place.lat(), place.lon()).unwrap(), place);
        }
    }
}
