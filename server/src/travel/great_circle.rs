//! The last resort: distance as the crow flies, stretched by a factor, at one speed.

use geo::{Distance as _, Haversine, Point};

use super::{Spot, Table};

/// Great circle x circuity.
#[derive(Debug, Clone, Copy)]
pub struct GreatCircle {
    /// One speed for all roads.
    pub speed_km_h: f64,
    /// Road kilometres per kilometre as the crow flies.
    pub circuity: f64,
}

impl GreatCircle {
    pub(super) fn describe(&self) -> String {
        format!("great circle x {} at {} km/h (no road network)", self.circuity, self.speed_km_h)
    }

    pub(super) fn table(&self, spots: &[Spot]) -> Table {
        let points: Vec<Point<f64>> =
            spots.iter().map(|s| Point::new(s.at.lon(), s.at.lat())).collect();
        let n = points.len();
        let (mut seconds, mut metres) = (Vec::with_capacity(n * n), Vec::with_capacity(n * n));
        for from in &points {
            for to in &points {
                let road_m = Haversine.distance(*from, *to) * self.circuity;
                seconds.push(clamped(road_m / (self.speed_km_h / 3.6)));
                metres.push(clamped(road_m));
            }
        }
        Table { seconds, metres }
    }
}

/// A non-negative number rounded; half the globe in metres fits with room to spare.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the range of u32 first"
)]
fn clamped(value: f64) -> u32 {
    value.round().clamp(0.0, f64::from(u32::MAX - 1)) as u32
}

/// A distance as a whole number of metres, for sentences.
pub(super) fn whole(metres: f64) -> i64 {
    i64::from(clamped(metres))
}

#[cfg(test)]
mod tests {
    use super::*;
    use sync_core::model::Position;

    #[test]
    fn a_degree_of_latitude_is_111_km() {
        let spot = |lat| Spot { at: Position::from_degrees(lat, -75.0).unwrap(), road: None };
        let table =
            GreatCircle { speed_km_h: 36.0, circuity: 1.5 }.table(&[spot(39.0), spot(40.0)]);
        // 6,371,008.8 m x pi / 180 = 111,195.08 m; x 1.5 = 166,793; at 10 m/s 16,679 s.
        assert_eq!(table.metres, [0, 166_793, 166_793, 0]);
        assert_eq!(table.seconds, [0, 16_679, 16_679, 0]);
    }
}
