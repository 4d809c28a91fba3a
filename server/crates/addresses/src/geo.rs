//! Distances on the map, good to a percent over the hundred kilometres that are asked about here.

/// A position in 1e-7 degree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct At {
    pub(crate) lat: i32,
    pub(crate) lon: i32,
}

/// Metres in 1e-7 degree of latitude, on a sphere of radius 6,371,008.8 m.
const METRES_PER_UNIT: f64 = 0.011_119_508;

impl At {
    pub(crate) fn metres_to(self, other: Self) -> f64 {
        let mean = (f64::from(self.lat) + f64::from(other.lat)) / 2.0;
        let x = (f64::from(other.lon) - f64::from(self.lon)) * shrink(mean);
        let y = f64::from(other.lat) - f64::from(self.lat);
        libm::sqrt(x * x + y * y) * METRES_PER_UNIT
    }

    /// The point at that share of the way to another.
    pub(crate) fn towards(self, other: Self, share: f64) -> Self {
        let between = |a: i32, b: i32| {
            rounded(f64::from(a) + (f64::from(b) - f64::from(a)) * share.clamp(0.0, 1.0))
        };
        Self { lat: between(self.lat, other.lat), lon: between(self.lon, other.lon) }
    }
}

/// Length of a degree of longitude at a latitude in 1e-7 degree, as a share of one of latitude.
pub(crate) fn shrink(lat_e7: f64) -> f64 {
    libm::cos((lat_e7 * 1e-7).to_radians()).max(0.01)
}

/// The mean of points; nothing of none.
pub(crate) fn mean(points: impl Iterator<Item = At>) -> Option<At> {
    let (mut lat, mut lon, mut count) = (0_i64, 0_i64, 0_i64);
    for point in points {
        lat += i64::from(point.lat);
        lon += i64::from(point.lon);
        count += 1;
    }
    let part = |sum: i64| i32::try_from(sum.checked_div(count)?).ok();
    Some(At { lat: part(lat)?, lon: part(lon)? })
}

/// The point nearest to another, the first of several.
pub(crate) fn nearest(to: At, points: impl Iterator<Item = At>) -> Option<At> {
    points.min_by(|a, b| a.metres_to(to).total_cmp(&b.metres_to(to)))
}

/// The nearest whole number.
#[expect(
    clippy::cast_possible_truncation,
    reason = "float to integer casts saturate, and positions are far from the bounds"
)]
pub(crate) fn rounded(x: f64) -> i32 {
    libm::round(x) as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundredth_of_a_degree() {
        let a = At { lat: 390_000_000, lon: -755_000_000 };
        let north = At { lat: 390_100_000, ..a };
        let east = At { lon: -754_900_000, ..a };
        assert!((a.metres_to(north) - 1112.0).abs() < 1.0);
        assert!((a.metres_to(east) - 864.0).abs() < 1.0);
        assert_eq!(a.towards(north, 0.5).lat, 390_050_000);
        assert_eq!(mean([a, north].into_iter()), Some(At { lat: 390_050_000, ..a }));
        assert_eq!(mean(std::iter::empty()), None);
    }
}
