//! Ways that nobody recorded, estimated as a plan would.

use std::collections::HashMap;

use sync_core::model::Position;

use crate::config::Planning;
use crate::error::Error;
use crate::progress::Silent;
use crate::travel::{Placed, Spot, Travel};

/// A visit as far as ways go.
#[derive(Debug, Clone, Copy)]
pub(super) struct Door {
    pub(super) home: Position,
    /// Recorded metres from the place before.
    pub(super) metres: Option<i64>,
    /// Recorded seconds of that way.
    pub(super) seconds: Option<i64>,
}

/// A way.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Way {
    pub(super) metres: i64,
    pub(super) seconds: i64,
    /// Whether any of the two is not recorded.
    pub(super) estimated: bool,
}

/// Estimates: over roads where both ends have one, else along the great circle.
#[derive(Debug)]
pub(super) struct Ways<'a> {
    travel: &'a Travel,
    last_resort: Travel,
    spots: HashMap<(i32, i32), Option<Spot>>,
    /// Ways over roads of the day that is looked at.
    known: HashMap<(Position, Position), Way>,
}

impl<'a> Ways<'a> {
    pub(super) fn new(travel: &'a Travel, planning: &Planning) -> Self {
        let last_resort = Travel::great_circle(planning);
        Self { travel, last_resort, spots: HashMap::new(), known: HashMap::new() }
    }

    /// The ways to the doors of a day in the order of the visits, and the way back.
    pub(super) fn of_day(
        &mut self,
        base: Position,
        doors: &[Door],
        end: Position,
    ) -> Result<(Vec<Way>, Way), Error> {
        self.learn(base, doors, end)?;
        let mut before = base;
        let mut ways = Vec::with_capacity(doors.len());
        for door in doors {
            ways.push(match (door.metres, door.seconds) {
                (Some(metres), Some(seconds)) => Way { metres, seconds, estimated: false },
                (metres, seconds) => {
                    let guess = self.between(before, door.home)?;
                    Way {
                        metres: metres.unwrap_or(guess.metres),
                        seconds: seconds.unwrap_or(guess.seconds),
                        estimated: true,
                    }
                }
            });
            before = door.home;
        }
        Ok((ways, self.between(before, end)?))
    }

    /// Asks once for all ways of a day that nobody recorded, and not for each by itself.
    fn learn(&mut self, base: Position, doors: &[Door], end: Position) -> Result<(), Error> {
        self.known.clear();
        let stations = || std::iter::once(base).chain(doors.iter().map(|door| door.home));
        let mut wanted: Vec<(Position, Position)> = stations()
            .zip(doors)
            .filter(|(_, door)| door.metres.is_none() || door.seconds.is_none())
            .map(|(before, door)| (before, door.home))
            .collect();
        wanted.extend(stations().last().map(|last| (last, end)));
        let mut ends: Vec<Position> = wanted.iter().flat_map(|(from, to)| [*from, *to]).collect();
        ends.sort_unstable();
        ends.dedup();
        let placed: Vec<(Position, Spot)> =
            ends.into_iter().filter_map(|at| Some((at, self.spot(at)?))).collect();
        let spots: Vec<Spot> = placed.iter().map(|(_, spot)| spot.clone()).collect();
        let table = self.travel.table(&spots, &Silent)?;
        let row = |at: Position| placed.iter().position(|(known, _)| *known == at);
        for (from, to) in wanted {
            let cell = row(from).zip(row(to)).map(|(from, to)| from * spots.len() + to);
            let found = cell.and_then(|at| Some((*table.metres.get(at)?, *table.seconds.get(at)?)));
            if let Some((metres, seconds)) = found.filter(|(metres, _)| *metres != u32::MAX) {
                let (metres, seconds) = (i64::from(metres), i64::from(seconds));
                self.known.insert((from, to), Way { metres, seconds, estimated: true });
            }
        }
        Ok(())
    }

    fn between(&self, from: Position, to: Position) -> Result<Way, Error> {
        if let Some(way) = self.known.get(&(from, to)) {
            return Ok(*way);
        }
        // Over roads there is none.
        let spot = |at| match self.last_resort.place(at) {
            Placed::At(spot) => Some(spot),
            _ => None,
        };
        let Some((from, to)) = spot(from).zip(spot(to)) else { return Ok(Way::default()) };
        Ok(way(&self.last_resort, from, to)?.unwrap_or_default())
    }

    fn spot(&mut self, at: Position) -> Option<Spot> {
        let travel = self.travel;
        let find = || match travel.place(at) {
            Placed::At(spot) => Some(spot),
            _ => None,
        };
        self.spots.entry((at.lat_e7(), at.lon_e7())).or_insert_with(find).clone()
    }
}

/// The way from one spot to another, if there is one.
fn way(travel: &Travel, from: Spot, to: Spot) -> Result<Option<Way>, Error> {
    let table = travel.table(&[from, to], &Silent)?;
    // Row-major: the second of the first row is from the first to the second.
    let found = table.metres.get(1).zip(table.seconds.get(1));
    Ok(found.filter(|(metres, _)| **metres != u32::MAX).map(|(metres, seconds)| Way {
        metres: i64::from(*metres),
        seconds: i64::from(*seconds),
        estimated: true,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::config::{DataDir, ProviderName, TravelSettings};
    use crate::travel::{OsrmForTests, Surroundings};

    const PLANNING: Planning = Planning {
        seed: 1,
        iterations: 1,
        largest_matrix: 100,
        fallback_speed_km_h: 40.0,
        fallback_circuity: 1.35,
    };

    fn at(north: i32) -> Position {
        Position::from_degrees(40.0 + f64::from(north) / 100.0, -75.0).unwrap()
    }

    #[test]
    fn a_server_is_asked_once_for_the_ways_of_a_day() {
        let server = OsrmForTests::osrm();
        let folder = tempfile::tempdir().unwrap();
        let dir = DataDir::create(folder.path()).unwrap();
        let settings = TravelSettings {
            provider: ProviderName::Osrm,
            osrm_url: Some(server.url()),
            ..TravelSettings::default()
        };
        let surroundings = Surroundings::real(Clock::System, 1);
        let travel = Travel::of(&dir, &settings, &PLANNING, surroundings).unwrap();
        let mut ways = Ways::new(&travel, &PLANNING);
        let mut doors: Vec<Door> =
            (1..9).map(|n| Door { home: at(n), metres: None, seconds: None }).collect();
        doors[3] = Door { metres: Some(7), seconds: Some(8), ..doors[3] };
        let (legs, back) = ways.of_day(at(0), &doors, at(0)).unwrap();
        assert_eq!(server.asked().len(), 1);
        assert_eq!((legs[3].metres, legs[3].seconds, legs[3].estimated), (7, 8, false));
        // What the server says of each way by itself.
        let spot = |n| match travel.place(at(n)) {
            Placed::At(spot) => spot,
            other => panic!("{other:?}"),
        };
        for (n, leg) in (1..).zip(&legs).filter(|(n, _)| *n != 4) {
            let way = travel.way(&spot(n - 1), &spot(n)).unwrap().unwrap();
            assert_eq!((leg.metres, leg.seconds), (way.metres.into(), way.seconds.into()));
            assert!(leg.estimated);
        }
        let home = travel.way(&spot(8), &spot(0)).unwrap().unwrap();
        assert_eq!((back.metres, back.seconds), (home.metres.into(), home.seconds.into()));
    }
}
