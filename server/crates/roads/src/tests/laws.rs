//! Laws that hold on any map: symmetry where nothing tells the directions apart, reversal,
//! and two carriageways side by side.

use proptest::prelude::*;

use super::{METRE, Pairs, SIDE, at, grid, place};
use crate::osm::encode::Writer;
use crate::{Network, Place, Profile};

const STREET: Pairs = &[("highway", "residential")];
const ALONG: Pairs = &[("highway", "residential"), ("oneway", "yes")];
const AGAINST: Pairs = &[("highway", "residential"), ("oneway", "-1")];

/// A car to which right and left, and both ends of a turn, are alike.
fn even_handed() -> Profile {
    let mut profile = Profile::car();
    profile.turns.bias = 1.0;
    profile.turns.crossing_s = 0.0;
    profile.turns.u_turns_at_junctions = true;
    profile
}

/// A grid whose directed ways have these tags.
fn town(pieces: &[(i64, i64, bool)], one_way: Pairs) -> Network {
    let tagged = |&(a, b, directed)| (a, b, if directed { one_way } else { STREET });
    let pieces: Vec<_> = pieces.iter().map(tagged).collect();
    grid(&pieces, &even_handed())
}

fn places(town: &Network, positions: &[(f64, f64)]) -> Vec<Option<Place>> {
    positions.iter().map(|&(e, n)| town.snap(at(e, n)).place()).collect()
}

type Cells = Vec<Option<(u32, u32)>>;

fn cells(town: &Network, places: &[Place]) -> Cells {
    let matrix = town.matrix(places, places, &|_| true).unwrap();
    let n = places.len();
    (0..n * n).map(|cell| matrix.get(cell / n, cell % n)).collect()
}

fn turned_round(cells: &Cells, n: usize) -> Cells {
    (0..n * n).map(|cell| cells[cell % n * n + cell / n]).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn there_is_as_far_as_back_where_all_roads_go_both_ways(
        pieces in prop::collection::vec((0..SIDE * SIDE, 0..SIDE * SIDE), 8..60),
        positions in prop::collection::vec((0.0..1600.0, 0.0..1600.0), 8),
    ) {
        let pieces: Vec<_> = pieces.into_iter().map(|(a, b)| (a, b, false)).collect();
        let town = town(&pieces, STREET);
        let places: Vec<Place> = places(&town, &positions).into_iter().flatten().collect();
        let there = cells(&town, &places);
        prop_assert_eq!(&there, &turned_round(&there, places.len()));
    }

    #[test]
    fn all_one_way_roads_reversed_reverse_all_ways(
        pieces in prop::collection::vec((0..SIDE * SIDE, 0..SIDE * SIDE, any::<bool>()), 8..60),
        positions in prop::collection::vec((0.0..1600.0, 0.0..1600.0), 8),
    ) {
        let (ahead, back) = (town(&pieces, ALONG), town(&pieces, AGAINST));
        let pairs: Vec<(Place, Place)> = places(&ahead, &positions)
            .into_iter()
            .zip(places(&back, &positions))
            .filter_map(|(a, b)| a.zip(b))
            .filter(|(a, b)| a.position == b.position)
            .collect();
        let (there, round): (Vec<Place>, Vec<Place>) = pairs.into_iter().unzip();
        let (there_cells, back_cells) = (cells(&ahead, &there), cells(&back, &round));
        prop_assert_eq!(there_cells, turned_round(&back_cells, round.len()));
    }
}

/// Two one-way carriageways 20 m apart that are joined at both ends: a home beside one of
/// them is on that one, and the home across is a drive away.
#[test]
fn the_side_of_a_divided_road_decides() {
    let node = |id: i64, east: f64, north: f64| (id, north * METRE, east * METRE, &[][..]);
    let map = Writer {
        nodes: vec![
            node(1, 0.0, 0.0),
            node(2, 2000.0, 0.0),
            node(3, 2000.0, 20.0),
            node(4, 0.0, 20.0),
        ],
        ways: vec![
            (1, &[1, 2], ALONG),
            (2, &[2, 3], STREET),
            (3, &[3, 4], ALONG),
            (4, &[4, 1], STREET),
        ],
        ..Writer::default()
    };
    let town = Network::build(&map.to_pbf(), &Profile::car(), &mut |_| {}).unwrap();
    let (south, north) = (place(&town, 1000.0, -30.0), place(&town, 1000.0, 50.0));
    assert!((south.distance_m - 30.0).abs() < 0.1 && (north.distance_m - 30.0).abs() < 0.1);
    let matrix = town.matrix(&[south], &[north], &|_| true).unwrap();
    // On to the end, across and back: 1000 + 20 + 1000 m at 14.4 cs; two roads meet at the
    // corners, so turning costs nothing.
    assert_eq!(matrix.get(0, 0), Some((291, 2020)));
}
