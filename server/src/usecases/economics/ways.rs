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
}

impl<'a> Ways<'a> {
    pub(super) fn new(travel: &'a Travel, planning: &Planning) -> Self {
        Self { travel, last_resort: Travel::great_circle(planning), spots: HashMap::new() }
    }

    /// The ways to the doors of a day in the order of the visits, and the way back.
    pub(super) fn of_day(
        &mut self,
        base: Position,
        doors: &[Door],
        end: Position,
    ) -> Result<(Vec<Way>, Way), Error> {
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

    fn between(&mut self, from: Position, to: Position) -> Result<Way, Error> {
        if let (Some(from), Some(to)) = (self.spot(from), self.spot(to))
            && let Some(way) = way(self.travel, from, to)?
        {
            return Ok(way);
        }
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
