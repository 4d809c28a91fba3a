//! Restrictions and turns, with the arithmetic written out.
//!
//! ```text
//!         3               7
//!         |               |
//!   1 --- 2 ----- 5 ----- 6 --- 8
//!         |               |
//!         4               9
//! ```
//! Ways of one stretch each, named by their ends: 12, 23, 24, 25, 56, 67, 68, 69. Arms of
//! 1000 m, 2-5 and 5-6 of 100 m; 14.4 cs a metre.

use super::{METRE, network, place};
use crate::osm::encode::{Member, Writer};
use crate::{Near, Network};

type Pairs<'a> = &'a [(&'a str, &'a str)];
const STREET: Pairs<'_> = &[("highway", "residential")];
const WEST: (f64, f64) = (-900.0, 0.0);
const NORTH: (f64, f64) = (0.0, 900.0);
const SOUTH: (f64, f64) = (0.0, -900.0);
const FAR_NORTH: (f64, f64) = (200.0, 900.0);
const EAST: (f64, f64) = (1100.0, 0.0);

fn map<'a>(relations: &[(&'a [Member<'a>], Pairs<'a>)]) -> Writer<'a> {
    let node = |id: i64, east: f64, north: f64| (id, north * METRE, east * METRE, &[][..]);
    Writer {
        nodes: vec![
            node(1, -1000.0, 0.0),
            node(2, 0.0, 0.0),
            node(3, 0.0, 1000.0),
            node(4, 0.0, -1000.0),
            node(5, 100.0, 0.0),
            node(6, 200.0, 0.0),
            node(7, 200.0, 1000.0),
            node(8, 1200.0, 0.0),
            node(9, 200.0, -1000.0),
        ],
        ways: vec![
            (12, &[1, 2], STREET),
            (23, &[2, 3], STREET),
            (24, &[2, 4], STREET),
            (25, &[2, 5], STREET),
            (56, &[5, 6], STREET),
            (67, &[6, 7], STREET),
            (68, &[6, 8], STREET),
            (69, &[6, 9], STREET),
        ],
        relations: relations.to_vec(),
        ..Writer::default()
    }
}

fn seconds(network: &Network, from: (f64, f64), to: (f64, f64)) -> Option<u32> {
    let (a, b) = (place(network, from.0, from.1), place(network, to.0, to.1));
    let matrix = network.matrix(&[a], &[b], &|_| true).unwrap();
    let leg = network.route(&a, &b);
    assert_eq!(leg.as_ref().map(|leg| (leg.seconds, leg.metres)), matrix.get(0, 0));
    assert_eq!(crate::PlainSearch::new(network).row(&a, &[b]), [matrix.get(0, 0)]);
    let near = network.nearest_on(1, &[a], &[b], 1, &|_| true).unwrap();
    let found = near[0].first().map(|near: &Near| (near.seconds, near.metres));
    assert_eq!(found, matrix.get(0, 0));
    matrix.get(0, 0).map(|(seconds, _)| seconds)
}

#[test]
fn left_costs_more_than_right_and_straight_on_next_to_nothing() {
    let town = network(&map(&[]));
    // 1800 m = 259.2 s; right: 7.5 / (1 + exp(6.5 * 1.075 - 6.5 / 1.075)) = 2.1 s; left 5.4 s.
    assert_eq!(seconds(&town, SOUTH, NORTH), Some(259));
    assert_eq!(seconds(&town, WEST, SOUTH), Some(261));
    assert_eq!(seconds(&town, WEST, NORTH), Some(265));
    // Where two roads meet, at 5, nothing is chosen and nothing costs: 2000 m = 288 s.
    assert_eq!(seconds(&town, WEST, (1000.0, 0.0)), Some(274));
}

#[test]
fn a_vehicle_turns_back_where_a_road_ends_only() {
    let ways: &[Member<'_>] = &[("from", true, 12), ("via", false, 2), ("to", true, 23)];
    let town =
        network(&map(&[(ways, &[("type", "restriction"), ("restriction", "no_left_turn")])]));
    assert_eq!(town.info().restrictions, 1);
    // On to the end of an arm and back: straight on over 6 to 8 or 9, or 100 m into 4. The
    // shortest end is 4, 1000 m away: 900 + 1000 + 1000 + 900 m = 547.2 s, right into 24, back
    // at its end (20 s and 7.5 s for the angle), straight on.
    assert_eq!(seconds(&town, WEST, NORTH), Some(577));
    // From elsewhere it may be driven: 2000 m = 288 s, right 2.1 s.
    assert_eq!(seconds(&town, EAST, NORTH), Some(290));
}

#[test]
fn only_means_nothing_else() {
    let ways: &[Member<'_>] = &[("from", true, 12), ("via", false, 2), ("to", true, 25)];
    let only: Pairs<'_> = &[("type", "restriction"), ("restriction", "only_straight_on")];
    let town = network(&map(&[(ways, only)]));
    assert_eq!(seconds(&town, WEST, EAST), Some(288));
    // Neither left nor right at 2: straight on to 8 and back from its end, 4200 m = 604.8 s, back
    // there 27.5 s, then left 5.4 s or right 2.1 s.
    assert_eq!(seconds(&town, WEST, SOUTH), Some(638));
    assert_eq!(seconds(&town, WEST, NORTH), Some(634));
}

#[test]
fn a_restriction_over_a_road_forbids_the_whole_sequence_only() {
    // From 12 over 25 and 56 into 67: not that way, but 25 and 56 lead anywhere else, and
    // from 23 also there.
    let ways: &[Member<'_>] =
        &[("from", true, 12), ("via", true, 25), ("via", true, 56), ("to", true, 67)];
    let no: Pairs<'_> = &[("type", "restriction"), ("restriction", "no_left_turn")];
    let (town, free) = (network(&map(&[(ways, no)])), network(&map(&[])));
    assert_eq!((town.info().restrictions, town.info().restrictions_unplaced), (1, 0));
    for to in [EAST, (200.0, -900.0), NORTH, (50.0, 0.0), (150.0, 0.0)] {
        assert_eq!(seconds(&town, WEST, to), seconds(&free, WEST, to), "{to:?}");
    }
    assert_eq!(seconds(&town, NORTH, FAR_NORTH), seconds(&free, NORTH, FAR_NORTH));
    assert_eq!(seconds(&town, (50.0, 0.0), FAR_NORTH), seconds(&free, (50.0, 0.0), FAR_NORTH));
    // A place on the way there is no way round: 12 has been driven.
    let detour = seconds(&town, WEST, FAR_NORTH).unwrap();
    // 2000 m and left at 6: 288 + 5.4 s.
    assert_eq!(seconds(&free, WEST, FAR_NORTH), Some(293));
    assert!(detour > 550, "{detour}");
    // A place on the via road is reached in the state with a history as well.
    assert_eq!(seconds(&town, WEST, (190.0, 0.0)), Some(157));
    let saved = Network::from_bytes(&town.to_bytes()).unwrap();
    assert_eq!(seconds(&saved, WEST, FAR_NORTH), Some(detour));
}

#[test]
fn what_does_not_hold_for_the_vehicle_or_cannot_be_placed() {
    let ways: &[Member<'_>] = &[("from", true, 12), ("via", false, 2), ("to", true, 23)];
    let apart: &[Member<'_>] = &[("from", true, 12), ("via", false, 6), ("to", true, 67)];
    let gone: &[Member<'_>] = &[("from", true, 99), ("via", false, 2), ("to", true, 23)];
    let no = ("restriction", "no_left_turn");
    let town = network(&map(&[
        (ways, &[("type", "restriction"), ("restriction:hgv", "no_left_turn")]),
        (ways, &[("type", "restriction"), no, ("except", "motorcar")]),
        (ways, &[("type", "route"), no]),
        (apart, &[("type", "restriction"), no]),
        (gone, &[("type", "restriction"), no]),
    ]));
    assert_eq!((town.info().restrictions, town.info().restrictions_unplaced), (0, 2));
    assert_eq!(seconds(&town, WEST, NORTH), Some(265));
}

#[test]
fn the_nearest_come_by_road_and_in_order() {
    let town = network(&map(&[]));
    let to: Vec<_> = [EAST, NORTH, WEST, FAR_NORTH, (40.0, 0.0)]
        .iter()
        .map(|&(east, north)| place(&town, east, north))
        .collect();
    let from = [place(&town, -100.0, 0.0)];
    let near = |k| town.nearest_on(2, &from, &to, k, &|_| true).unwrap().remove(0);
    let order = |k| near(k).iter().map(|near| near.to).collect::<Vec<_>>();
    assert_eq!(order(3), [4, 2, 1]);
    assert_eq!(order(99), [4, 2, 1, 0, 3]);
    assert_eq!(order(0), [0_u32; 0]);
    assert_eq!((near(1)[0].seconds, near(1)[0].metres), (20, 140));
    let stopped = town.nearest_on(1, &from, &to, 1, &|_| false).unwrap_err();
    assert!(matches!(stopped, crate::MatrixError::Cancelled));
}

#[test]
fn a_leg_says_what_of_it_is_toll_and_unpaved() {
    let mut map = map(&[]);
    map.ways[3].2 = &[("highway", "residential"), ("toll", "yes")];
    map.ways[4].2 = &[("highway", "residential"), ("surface", "gravel")];
    map.ways.push((99, &[1, 4], &[("highway", "proposed")]));
    let town = network(&map);
    let leg = town.route(&place(&town, 50.0, 0.0), &place(&town, 500.0, 0.0)).unwrap();
    assert_eq!((leg.metres, leg.toll_m, leg.unpaved_m), (450, 50, 100));
    let proposed = crate::Ignored { tag: "highway=proposed".to_owned(), objects: 1 };
    assert_eq!(town.info().ignored, [proposed]);
    let home = place(&town, 110.0, 0.0);
    let leg = town.route(&home, &place(&town, 150.0, 0.0)).unwrap();
    assert_eq!((leg.metres, leg.toll_m, leg.unpaved_m), (40, 0, 40));
}
