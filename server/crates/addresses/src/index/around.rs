//! What houses near a point say of state and postcode, where the map is silent at the point itself.

use std::collections::{BTreeMap, BTreeSet};

use super::House;
use crate::geo::{At, rounded, shrink};

/// Side of a square in 1e-7 degree of latitude: 1.1 km.
const SQUARE: f64 = 100_000.0;
/// Squares around that of a point: looked at first, and where these say nothing.
const RINGS: [i32; 2] = [1, 8];

type Square = (i32, i32);

/// How many houses of each square name which state and postcode.
#[derive(Debug, Default)]
pub(super) struct Around {
    states: BTreeMap<Square, BTreeMap<u32, usize>>,
    postcodes: BTreeMap<Square, BTreeMap<u32, usize>>,
}

impl Around {
    pub(super) fn of(houses: &[House]) -> Self {
        let mut around = Self::default();
        for house in houses {
            let square = square(house.at);
            let count = |table: &mut BTreeMap<_, BTreeMap<u32, usize>>, of: Option<u32>| {
                if let Some(of) = of {
                    *table.entry(square).or_default().entry(of).or_default() += 1;
                }
            };
            count(&mut around.states, house.facts.state);
            count(&mut around.postcodes, house.facts.postcode);
        }
        around
    }

    /// States of the houses near, the most frequent first.
    pub(super) fn states(&self, points: &[At]) -> Vec<u32> {
        most_frequent(&self.states, points)
    }

    /// Postcodes of the houses near, the most frequent first.
    pub(super) fn postcodes(&self, points: &[At]) -> Vec<u32> {
        most_frequent(&self.postcodes, points)
    }
}

fn most_frequent(table: &BTreeMap<Square, BTreeMap<u32, usize>>, points: &[At]) -> Vec<u32> {
    let squares: BTreeSet<Square> = points.iter().map(|at| square(*at)).collect();
    for ring in RINGS {
        let mut sums: BTreeMap<u32, usize> = BTreeMap::new();
        let around = squares.iter().flat_map(|&(y, x)| {
            (y - ring..=y + ring).flat_map(move |y| (x - ring..=x + ring).map(move |x| (y, x)))
        });
        for square in around.collect::<BTreeSet<_>>() {
            for (&of, &count) in table.get(&square).into_iter().flatten() {
                *sums.entry(of).or_default() += count;
            }
        }
        if !sums.is_empty() {
            let mut list: Vec<(u32, usize)> = sums.into_iter().collect();
            list.sort_by_key(|&(of, count)| (std::cmp::Reverse(count), of));
            return list.into_iter().map(|(of, _)| of).collect();
        }
    }
    Vec::new()
}

/// Squares are as wide as they are high at the equator side of their row.
fn square(at: At) -> Square {
    let y = rounded(libm::floor(f64::from(at.lat) / SQUARE));
    let row = f64::from(y) * SQUARE;
    (y, rounded(libm::floor(f64::from(at.lon) * shrink(row) / SQUARE)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::Facts;
    use crate::number::HouseNumber;

    #[test]
    fn the_nearer_houses_speak_first() {
        let house = |north: i32, state: u32| House {
            at: At { lat: 390_000_000 + north * 90_000, lon: -755_000_000 },
            number: HouseNumber { text: "1".into(), low: Some(1), high: None },
            number_shown: "1".into(),
            unit: None,
            facts: Facts { state: Some(state), ..Facts::default() },
        };
        let around = Around::of(&[house(0, 0), house(0, 0), house(1, 1), house(5, 2)]);
        let at = |north: i32| [At { lat: 390_000_000 + north * 90_000, lon: -755_000_000 }];
        assert_eq!(around.states(&at(0)), [0, 1]);
        assert_eq!(around.states(&at(5)), [2]);
        assert_eq!(around.states(&at(8)), [0, 1, 2], "the wider ring");
        assert_eq!(around.states(&at(40)), Vec::<u32>::new());
        assert_eq!(around.postcodes(&at(0)), Vec::<u32>::new());
    }
}
