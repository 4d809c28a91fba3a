//! Random street grids: matrices and routes against a plain search.

use proptest::prelude::*;

use super::{METRE, at, network};
use crate::osm::encode::Writer;
use crate::{Place, PlainSearch};

const SIDE: i64 = 5;
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
        let metres = |n: i64| f64::from(i32::try_from(n).unwrap_or(0)) * 400.0 * METRE;
        let ends: Vec<[i64; 2]> = pieces.iter().map(|&(a, b, _)| [a + 1, b + 1]).collect();
        let map = Writer {
            nodes: (0..SIDE * SIDE)
                .map(|n| (n + 1, metres(n / SIDE), metres(n % SIDE), &[][..]))
                .collect(),
            ways: pieces
                .iter()
                .zip(&ends)
                .zip(1..)
                .map(|((&(_, _, tags), ends), id)| (id, &ends[..], TAGS[tags]))
                .collect(),
            ..Writer::default()
        };
        let town = network(&map);
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
                // A detour by a third place is never faster, up to rounding.
                for middle in 0..places.len() {
                    if let (Some(a), Some(b), Some(c)) =
                        (matrix.get(row, middle), matrix.get(middle, column), matrix.get(row, column))
                    {
                        prop_assert!(c.0 <= a.0 + b.0 + 2);
                    }
                }
            }
        }
    }
}
