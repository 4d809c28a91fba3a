//! The last resort: distance as the crow flies, stretched by a factor, at one speed.

use geo::{Distance as _, Haversine, Point};

use sync_core::model::Position;

use super::cache::Key;
use super::provider::{Placed, Provider, Spot, Table, Way};
use crate::error::Error;
use crate::progress::Progress;

/// Why the great circle is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Because {
    /// No road network was built.
    NoNetwork,
    /// The settings name it.
    Settings,
    /// Another provider failed, or does not reach a place; who asks says which.
    Fallback,
}

/// Great circle x circuity.
#[derive(Debug, Clone, Copy)]
pub(super) struct GreatCircle {
    pub(super) because: Because,
    /// One speed for all roads.
    pub(super) speed_km_h: f64,
    /// Road kilometres per kilometre as the crow flies.
    pub(super) circuity: f64,
}

impl Provider for GreatCircle {
    fn describe(&self) -> String {
        let because = match self.because {
            Because::NoNetwork => " (no road network)",
            Because::Settings => " (provider of the settings)",
            Because::Fallback => "",
        };
        format!("great circle x {} at {} km/h{because}", self.circuity, self.speed_km_h)
    }

    fn warning(&self) -> Option<String> {
        Some(format!("Distances and times are estimated: {}.", self.describe()))
    }

    /// It has a speed of its own.
    fn has_road_speeds(&self) -> bool {
        false
    }

    fn has_lines(&self) -> bool {
        false
    }

    fn key(&self, _: &Spot) -> Option<Key> {
        None
    }

    fn place(&self, at: Position) -> Placed {
        Placed::At(Spot { at, road: None })
    }

    fn table(&self, from: &[&Spot], to: &[&Spot], _: &dyn Progress) -> Result<Table, Error> {
        let ends: Vec<Point<f64>> = to.iter().copied().map(point).collect();
        let cells = from.len() * to.len();
        let (mut seconds, mut metres) = (Vec::with_capacity(cells), Vec::with_capacity(cells));
        for from in from.iter().copied().map(point) {
            for to in &ends {
                let (s, m) = self.between(from, *to);
                seconds.push(s);
                metres.push(m);
            }
        }
        Ok(Table { seconds, metres })
    }

    fn way(&self, from: &Spot, to: &Spot) -> Result<Option<Way>, Error> {
        let (seconds, metres) = self.between(point(from), point(to));
        Ok(Some(Way { seconds, metres, line: straight(from, to) }))
    }
}

impl GreatCircle {
    fn between(&self, from: Point<f64>, to: Point<f64>) -> (u32, u32) {
        let road_m = Haversine.distance(from, to) * self.circuity;
        (clamped(road_m / (self.speed_km_h / 3.6)), clamped(road_m))
    }
}

fn point(spot: &Spot) -> Point<f64> {
    Point::new(spot.at.lon(), spot.at.lat())
}

/// The straight line.
pub(super) fn straight(from: &Spot, to: &Spot) -> Vec<(f64, f64)> {
    vec![(from.at.lat(), from.at.lon()), (to.at.lat(), to.at.lon())]
}

/// A non-negative number rounded; half the globe in metres fits with room to spare.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the range of u32 first"
)]
pub(super) fn clamped(value: f64) -> u32 {
    value.round().clamp(0.0, f64::from(u32::MAX - 1)) as u32
}

/// A distance as a whole number of metres, for sentences.
pub(super) fn whole(metres: f64) -> i64 {
    i64::from(clamped(metres))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;

    #[test]
    fn a_degree_of_latitude_is_111_km() {
        let spot = |lat| Spot { at: Position::from_degrees(lat, -75.0).unwrap(), road: None };
        let (from, to) = (spot(39.0), spot(40.0));
        let spots = [&from, &to];
        let circle = GreatCircle { because: Because::Settings, speed_km_h: 36.0, circuity: 1.5 };
        let table = circle.table(&spots, &spots, &Silent).unwrap();
        // 6,371,008.8 m x pi / 180 = 111,195.08 m; x 1.5 = 166,793; at 10 m/s 16,679 s.
        assert_eq!(table.metres, [0, 166_793, 166_793, 0]);
        assert_eq!(table.seconds, [0, 16_679, 16_679, 0]);
    }
}
