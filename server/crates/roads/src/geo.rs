//! Positions and distances on the sphere.

use serde::{Deserialize, Serialize};

use crate::num::{round_i32, short};

/// Mean earth radius in metres (IUGG R1).
const EARTH_RADIUS_M: f64 = 6_371_008.8;
/// Metres in one degree of latitude on that sphere.
const METRES_PER_DEGREE: f64 = EARTH_RADIUS_M * std::f64::consts::PI / 180.0;

/// A position in degrees (WGS 84).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LatLon {
    /// Latitude in degrees, -90 to 90.
    pub lat: f64,
    /// Longitude in degrees, -180 to 180.
    pub lon: f64,
}

/// A pair of numbers that is no position on earth.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error(
    "latitude {}, longitude {} is not a position: latitude must be -90 to 90 and \
     longitude -180 to 180 degrees; check that the two are not swapped",
    short(*.lat), short(*.lon)
)]
pub struct InvalidPosition {
    /// The latitude given.
    pub lat: f64,
    /// The longitude given.
    pub lon: f64,
}

impl LatLon {
    /// A position from degrees.
    ///
    /// # Errors
    /// [`InvalidPosition`] when a number is not finite or out of range.
    ///
    /// ```
    /// assert!(roads::LatLon::new(39.1, -75.5).is_ok());
    /// assert!(roads::LatLon::new(-175.5, 39.1).is_err());
    /// ```
    pub fn new(lat: f64, lon: f64) -> Result<Self, InvalidPosition> {
        let position = Self { lat, lon };
        if position.is_valid() { Ok(position) } else { Err(InvalidPosition { lat, lon }) }
    }

    /// Whether both numbers are finite and in range (the fields are public).
    #[must_use]
    pub fn is_valid(self) -> bool {
        (-90.0..=90.0).contains(&self.lat) && (-180.0..=180.0).contains(&self.lon)
    }

    /// Great-circle distance in metres, by the haversine formula on a sphere of mean radius.
    #[must_use]
    pub fn distance_m(self, other: Self) -> f64 {
        let half = |a: f64, b: f64| libm::sin((b - a).to_radians() / 2.0);
        let (dlat, dlon) = (half(self.lat, other.lat), half(self.lon, other.lon));
        let cosines = libm::cos(self.lat.to_radians()) * libm::cos(other.lat.to_radians());
        let h = dlat * dlat + cosines * dlon * dlon;
        2.0 * EARTH_RADIUS_M * libm::asin(libm::sqrt(h.min(1.0)))
    }
}

/// A position in units of 1e-7 degree, as OpenStreetMap stores it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Fixed {
    pub(crate) lat: i32,
    pub(crate) lon: i32,
}

/// 180 degrees in those units.
pub(crate) const HALF_TURN: i32 = 1_800_000_000;

impl Fixed {
    pub(crate) fn degrees(self) -> LatLon {
        LatLon { lat: f64::from(self.lat) * 1e-7, lon: f64::from(self.lon) * 1e-7 }
    }
}

impl From<LatLon> for Fixed {
    fn from(at: LatLon) -> Self {
        Self { lat: round_i32(at.lat * 1e7), lon: round_i32(at.lon * 1e7) }
    }
}

/// A flat map around one position: good to a fraction of a percent over some kilometres,
/// which is all that snapping asks for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plane {
    origin: LatLon,
    x_scale: f64,
}

impl Plane {
    pub(crate) fn around(origin: LatLon) -> Self {
        Self { origin, x_scale: METRES_PER_DEGREE * libm::cos(origin.lat.to_radians()) }
    }

    /// Metres east and north of the origin.
    pub(crate) fn metres(&self, at: LatLon) -> (f64, f64) {
        let east = turned(at.lon - self.origin.lon);
        (east * self.x_scale, (at.lat - self.origin.lat) * METRES_PER_DEGREE)
    }

    /// Both ends of a straight line, also where it crosses the 180th meridian.
    pub(crate) fn line(&self, a: LatLon, b: LatLon) -> [(f64, f64); 2] {
        let start = self.metres(a);
        [start, (start.0 + turned(b.lon - a.lon) * self.x_scale, self.metres(b).1)]
    }

    /// Metres from the origin to the longitudes from `west` to `east`, 0 between them.
    pub(crate) fn outside(&self, west: f64, east: f64) -> f64 {
        if (west..=east).contains(&self.origin.lon) {
            return 0.0;
        }
        let far = |lon: f64| turned(lon - self.origin.lon).abs();
        far(west).min(far(east)) * self.x_scale
    }
}

/// A difference of two longitudes the short way round, -180 to 180 degrees.
pub(crate) fn turned(degrees: f64) -> f64 {
    match degrees {
        more if more > 180.0 => more - 360.0,
        less if less < -180.0 => less + 360.0,
        short => short,
    }
}

/// The point of the line from `a` to `b` nearest to the origin: its share of the way
/// (0 to 1) and its distance from the origin.
pub(crate) fn nearest_on_line(a: (f64, f64), b: (f64, f64)) -> (f64, f64) {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let square = dx * dx + dy * dy;
    let t = if square > 0.0 { (-(a.0 * dx + a.1 * dy) / square).clamp(0.0, 1.0) } else { 0.0 };
    let (x, y) = (a.0 + t * dx, a.1 + t * dy);
    (t, libm::sqrt(x * x + y * y))
}

/// The position at share `t` of the straight line from `a` to `b`.
pub(crate) fn between(a: LatLon, b: LatLon, t: f64) -> LatLon {
    LatLon { lat: a.lat + (b.lat - a.lat) * t, lon: turned(a.lon + turned(b.lon - a.lon) * t) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_degree_of_latitude_is_111_km() {
        let a = LatLon::new(39.0, -75.0).unwrap();
        let b = LatLon::new(40.0, -75.0).unwrap();
        assert!((a.distance_m(b) - 111_195.08).abs() < 0.1);
    }

    #[test]
    fn refuses_what_is_no_position() {
        for (lat, lon) in [(f64::NAN, 0.0), (91.0, 0.0), (0.0, 181.0), (0.0, f64::INFINITY)] {
            assert!(LatLon::new(lat, lon).is_err());
        }
    }

    #[test]
    fn over_the_180th_meridian() {
        let at = |lon| LatLon { lat: 0.0, lon };
        let middle = between(at(179.98), at(-179.96), 0.5);
        assert!((middle.lon + 179.99).abs() < 1e-9);
        let plane = Plane::around(at(-179.98));
        let [a, b] = plane.line(at(179.98), at(-179.96));
        assert!((a.0 + 0.04 * METRES_PER_DEGREE).abs() < 1e-3);
        assert!((b.0 - 0.02 * METRES_PER_DEGREE).abs() < 1e-3);
        // From the other side of the earth it is one straight line too.
        let [a, b] = Plane::around(at(0.0)).line(at(179.98), at(-179.96));
        assert!(b.0 - a.0 < 0.07 * METRES_PER_DEGREE);
        assert!((plane.outside(179.0, 179.99) - 0.03 * METRES_PER_DEGREE).abs() < 1e-3);
    }

    #[test]
    fn nearest_on_line_clamps_to_the_ends() {
        assert_eq!(nearest_on_line((1.0, 0.0), (5.0, 0.0)), (0.0, 1.0));
        assert_eq!(nearest_on_line((-1.0, 2.0), (1.0, 2.0)), (0.5, 2.0));
        assert_eq!(nearest_on_line((3.0, 4.0), (3.0, 4.0)), (0.0, 5.0));
    }
}
