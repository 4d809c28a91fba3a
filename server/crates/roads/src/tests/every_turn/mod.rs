//! Random towns with one-way streets, restrictions, rings and closed ends, against a search
//! that knows nothing of the crate: it works on what was written into the map, remembers what
//! was driven and reads every restriction at every turn.

mod picks;
mod town;

use proptest::prelude::*;

use self::picks::towns;
use self::town::Home;
use crate::{Place, PlainSearch, Snap};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn times_are_those_of_a_search_over_the_map((town, homes) in towns()) {
        let network = town.network();
        let snapped: Vec<(Home, Place)> = homes
            .iter()
            .filter_map(|&home| match network.snap(town.at(home)) {
                Snap::Snapped(place) if place.distance_m < 0.1 => Some((home, place)),
                _ => None,
            })
            .collect();
        // Where there is a large network, with a place to turn round, no home is passed over
        // that all others reach and that reaches all others.
        let info = network.info();
        let large = 2 * info.island_segments < info.segments && town.turns_round();
        for &home in &homes {
            let passed = network.snap(town.at(home)).place().is_none_or(|p| p.distance_m > 0.1);
            if passed && large && !snapped.is_empty() {
                let best = town.search(home);
                let alike = snapped.iter().all(|&(other, _)| {
                    town.between(home, other, &best).is_some()
                        && town.between(other, home, &town.search(other)).is_some()
                });
                prop_assert!(!alike, "{:?} is passed over", home);
            }
        }
        let places: Vec<Place> = snapped.iter().map(|pair| pair.1).collect();
        let matrix = network.matrix(&places, &places, &|_| true).unwrap();
        let near = network.nearest(&places, &places, places.len(), &|_| true).unwrap();
        let plain = PlainSearch::new(&network);
        for (row, (from, place)) in snapped.iter().enumerate() {
            let best = town.search(*from);
            prop_assert_eq!(&plain.row(place, &places), &(0..places.len()).map(|c| matrix.get(row, c)).collect::<Vec<_>>());
            for (column, (to, other)) in snapped.iter().enumerate() {
                let expected = town.between(*from, *to, &best);
                let got = matrix.get(row, column);
                let alike = match (expected, got) {
                    (Some(expected), Some((seconds, _))) => (expected - f64::from(seconds)).abs() < 0.7,
                    (expected, got) => expected.is_none() && got.is_none(),
                };
                prop_assert!(alike, "{:?} to {:?}: {:?}, not {:?}", from, to, got, expected);
                let leg = network.route(place, other);
                prop_assert_eq!(leg.as_ref().map(|l| (l.seconds, l.metres)), got);
                let found = near[row].iter().find(|n| usize::try_from(n.to) == Ok(column));
                prop_assert_eq!(found.map(|n| (n.seconds, n.metres)), got);
                if let Some(leg) = leg {
                    let line: f64 = leg.geometry.windows(2).map(|p| p[0].distance_m(p[1])).sum();
                    prop_assert!((line - f64::from(leg.metres)).abs() < 1.5);
                }
            }
        }
    }
}
