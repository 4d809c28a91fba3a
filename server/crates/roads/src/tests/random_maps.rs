//! Random street grids: matrices and routes against a plain search.

use proptest::prelude::*;

use super::{SIDE, at, grid};
use crate::{Place, PlainSearch, Profile};

const TAGS: [&[(&str, &str)]; 4] = [
    &[("highway", "residential")],
    &[("highway", "primary"), ("oneway", "yes")],
    &[("highway", "tertiary"), ("oneway", "-1")],
    &[("highway", "secondary"), ("maxspeed", "50 mph")],
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn matrix_and_routes_equal_a_plain_search(
        pieces in prop::collection::vec((0..SIDE * SIDE, 0..SIDE * SIDE, 0_usize..4), 8..60),
        positions in prop::collection::vec((0.0..1600.0, 0.0..1600.0), 12),
    ) {
        let pieces: Vec<_> = pieces.into_iter().map(|(a, b, tags)| (a, b, TAGS[tags])).collect();
        let town = grid(&pieces, &Profile::car());
        let places: Vec<Place> =
            positions.iter().filter_map(|&(e, n)| town.snap(at(e, n)).place()).collect();
        let matrix = town.matrix(&places, &places, &|_| true).unwrap();
        let plain = PlainSearch::new(&town);
        for (row, from) in places.iter().enumerate() {
            let expected = plain.row(from, &places);
            for (column, to) in places.iter().enumerate() {
                prop_assert_eq!(matrix.get(row, column), expected[column]);
                let leg = town.route(from, to);
                prop_assert_eq!(leg.as_ref().map(|l| (l.seconds, l.metres)), expected[column]);
                if let Some(leg) = leg {
                    let line: f64 = leg.geometry.windows(2).map(|p| p[0].distance_m(p[1])).sum();
                    prop_assert!((line - f64::from(leg.metres)).abs() < 1.5);
                }
            }
        }
    }
}
