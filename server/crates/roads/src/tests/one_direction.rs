//! Streets with a direction nobody can drive into or out of, and restrictions over several
//! roads. Residential, 25 km/h = 14.4 cs a metre.

use super::{METRE, at, network, place};
use crate::osm::encode::{Member, Writer};
use crate::{Network, Place, PlainSearch, Snap};

type Pairs<'a> = &'a [(&'a str, &'a str)];
type Relation<'a> = (&'a [Member<'a>], Pairs<'a>);
const STREET: Pairs<'_> = &[("highway", "residential")];
const ONE_WAY: Pairs<'_> = &[("highway", "residential"), ("oneway", "yes")];
const NO_LEFT: Pairs<'_> = &[("type", "restriction"), ("restriction", "no_left_turn")];
const NO_ENTRY: Pairs<'_> = &[("type", "restriction"), ("restriction", "no_entry")];

fn town<'a>(
    nodes: &[(i64, f64, f64)],
    ways: &[(i64, &'a [i64], Pairs<'a>)],
    relations: &[Relation<'a>],
) -> Network {
    let node = |&(id, east, north): &(i64, f64, f64)| (id, north * METRE, east * METRE, &[][..]);
    network(&Writer {
        nodes: nodes.iter().map(node).collect(),
        ways: ways.to_vec(),
        relations: relations.to_vec(),
        ..Writer::default()
    })
}

/// Seconds and metres by every means there is, which agree.
fn go(town: &Network, from: &Place, to: &Place) -> Option<(u32, u32)> {
    let found = town.matrix(&[*from], &[*to], &|_| true).unwrap().get(0, 0);
    assert_eq!(town.route(from, to).map(|leg| (leg.seconds, leg.metres)), found);
    assert_eq!(PlainSearch::new(town).row(from, &[*to]), [found]);
    let near = town.nearest(&[*from], &[*to], 1, &|_| true).unwrap();
    assert_eq!(near[0].first().map(|near| (near.seconds, near.metres)), found);
    found
}

/// Where nobody can turn round, one way round and the other are apart.
#[test]
fn a_ring_is_driven_both_ways() {
    let corners = [(1, 0.0, 0.0), (2, 1000.0, 0.0), (3, 1000.0, 1000.0), (4, 0.0, 1000.0)];
    let ways: [(i64, &[i64], _); 4] =
        [(1, &[1, 2], STREET), (2, &[2, 3], STREET), (3, &[3, 4], STREET), (4, &[4, 1], STREET)];
    let ring = town(&corners, &ways, &[]);
    let (a, b) = (place(&ring, 900.0, 0.0), place(&ring, 1000.0, 100.0));
    assert_eq!((go(&ring, &a, &b), go(&ring, &b, &a)), (Some((29, 200)), Some((29, 200))));
    let saved = Network::from_bytes(&ring.to_bytes()).unwrap();
    assert_eq!(go(&saved, &b, &a), Some((29, 200)));
}

/// The upper end of 2-5 may not be driven into; a home on it leaves downwards all the same.
#[test]
fn a_home_is_left_against_a_closed_end() {
    let nodes = [
        (1, 0.0, 0.0),
        (2, 1000.0, 0.0),
        (3, 2000.0, 0.0),
        (4, 0.0, 1000.0),
        (5, 1000.0, 1000.0),
        (6, 2000.0, 1000.0),
    ];
    let ways: [(i64, &[i64], _); 7] = [
        (12, &[1, 2], STREET),
        (23, &[2, 3], STREET),
        (45, &[4, 5], STREET),
        (56, &[5, 6], STREET),
        (14, &[1, 4], STREET),
        (36, &[3, 6], STREET),
        (25, &[2, 5], STREET),
    ];
    let closed: &[Member<'_>] =
        &[("from", true, 45), ("from", true, 56), ("via", false, 5), ("to", true, 25)];
    let town = town(&nodes, &ways, &[(closed, NO_ENTRY)]);
    assert_eq!(town.info().restrictions, 1);
    let (home, shop) = (place(&town, 1000.0, 200.0), place(&town, 900.0, 0.0));
    // 300 m; left at 2 is 5.4 s there and right 2.1 s back.
    assert_eq!(go(&town, &shop, &home), Some((49, 300)));
    assert_eq!(go(&town, &home, &shop), Some((45, 300)));
}

/// 2-3 is entered from 1-2 only, where a restriction begins: nobody drives it without having
/// begun one, and a home on it is still on it.
#[test]
fn a_home_on_a_road_that_is_always_driven_with_a_history() {
    let nodes = [
        (1, 0.0, 0.0),
        (2, 100.0, 0.0),
        (3, 200.0, 0.0),
        (4, 300.0, 0.0),
        (5, 300.0, 100.0),
        (6, 0.0, 100.0),
        (7, 200.0, 100.0),
    ];
    let ways: [(i64, &[i64], _); 8] = [
        (1, &[1, 2], ONE_WAY),
        (2, &[2, 3], ONE_WAY),
        (3, &[3, 4], STREET),
        (4, &[4, 5], STREET),
        (5, &[5, 7], STREET),
        (7, &[7, 6], STREET),
        (6, &[6, 1], STREET),
        (8, &[3, 7], STREET),
    ];
    let rule: &[Member<'_>] = &[("from", true, 1), ("via", true, 2), ("to", true, 8)];
    let town = town(&nodes, &ways, &[(rule, NO_LEFT)]);
    let (home, before) = (place(&town, 150.0, 0.0), place(&town, 50.0, 0.0));
    let up = place(&town, 200.0, 50.0);
    assert!(home.distance_m < 0.1);
    // 100 m; left at 3 from the home, and round by 4, 5 and 7 from before it.
    assert_eq!(go(&town, &before, &home), Some((14, 100)));
    assert_eq!(go(&town, &home, &up), Some((20, 100)));
    assert_eq!(go(&town, &before, &up).unwrap().1, 150 + 300 + 50);
    assert!(go(&town, &home, &before).is_some());
}

/// From 12 over 23 and 34 into 354, which touches the end of 23 as well.
#[test]
fn a_restriction_is_over_each_of_its_roads() {
    let nodes = [
        (1, 0.0, 0.0),
        (2, 1000.0, 0.0),
        (3, 2000.0, 0.0),
        (4, 3000.0, 0.0),
        (5, 2000.0, 1000.0),
        (6, 3000.0, 1000.0),
    ];
    let ways: [(i64, &[i64], _); 5] = [
        (12, &[1, 2], STREET),
        (23, &[2, 3], STREET),
        (34, &[3, 4], STREET),
        (354, &[3, 5, 4], STREET),
        (46, &[4, 6], STREET),
    ];
    let over: &[Member<'_>] =
        &[("from", true, 12), ("via", true, 23), ("via", true, 34), ("to", true, 354)];
    let (free, ruled) = (town(&nodes, &ways, &[]), town(&nodes, &ways, &[(over, NO_LEFT)]));
    assert_eq!((ruled.info().restrictions, ruled.info().restrictions_unplaced), (1, 0));
    let (far, near) = ((2900.0, 100.0), (2000.0, 100.0));
    let time = |town: &Network, to: (f64, f64)| {
        go(town, &place(town, 500.0, 0.0), &place(town, to.0, to.1))
    };
    assert_eq!(time(&ruled, near), time(&free, near));
    assert!(time(&ruled, far).unwrap().0 > time(&free, far).unwrap().0 + 30);
}

/// Where `to` passes through the end of the last road both of its directions are meant.
#[test]
fn a_restriction_over_a_road_forbids_both_directions() {
    let nodes = [
        (1, 0.0, 0.0),
        (2, 1000.0, 0.0),
        (3, 2000.0, 0.0),
        (4, 2000.0, 1000.0),
        (5, 2000.0, -1000.0),
        (6, 2500.0, 0.0),
    ];
    let ways: [(i64, &[i64], _); 4] = [
        (12, &[1, 2], STREET),
        (23, &[2, 3], STREET),
        (435, &[4, 3, 5], STREET),
        (36, &[3, 6], STREET),
    ];
    let over: &[Member<'_>] = &[("from", true, 12), ("via", true, 23), ("to", true, 435)];
    let town = town(&nodes, &ways, &[(over, NO_LEFT)]);
    // On to 6 and back: 500 m more each way.
    for to in [(2000.0, 500.0), (2000.0, -500.0)] {
        let (from, to) = (place(&town, 500.0, 0.0), place(&town, to.0, to.1));
        assert_eq!(go(&town, &from, &to).unwrap().1, 3000);
    }
}

/// A maze of roads to go over: its many ways through are not all tried.
#[test]
fn a_restriction_over_a_maze_is_not_placed() {
    const SIDE: i64 = 12;
    let metres = |n: i64| f64::from(i32::try_from(n).unwrap()) * 100.0;
    let mut nodes: Vec<_> =
        (0..SIDE * SIDE).map(|n| (n + 1, metres(n % SIDE), metres(n / SIDE))).collect();
    nodes.extend([(900, -100.0, 0.0), (901, metres(SIDE), metres(SIDE - 1))]);
    // One way there and back over every line and every column.
    let line = |n: i64| (0..SIDE).map(move |m| if n % 2 == 0 { m } else { SIDE - 1 - m });
    let across = (0..SIDE).flat_map(|y| line(y).map(move |x| y * SIDE + x + 1));
    let down = (0..SIDE).rev().flat_map(|x| line(x + 1).map(move |y| y * SIDE + x + 1));
    let refs: Vec<i64> = across.chain(down).collect();
    let ways: [(i64, &[i64], _); 3] =
        [(1, &[900, 1], STREET), (2, &refs, STREET), (3, &[SIDE * SIDE, 901], STREET)];
    let rule: &[Member<'_>] = &[("from", true, 1), ("via", true, 2), ("to", true, 3)];
    let town = town(&nodes, &ways, &[(rule, NO_LEFT)]);
    assert_eq!((town.info().restrictions, town.info().restrictions_unplaced), (0, 1));
}

#[test]
fn a_node_written_twice_is_no_place_to_turn_round() {
    let nodes = [(1, 0.0, 0.0), (2, 1000.0, 0.0), (3, 2000.0, 0.0)];
    let once = town(&nodes, &[(1, &[1, 2, 3], STREET)], &[]);
    let twice = town(&nodes, &[(1, &[1, 2, 2, 2, 3, 3], STREET)], &[]);
    assert_eq!(twice.info().segments, once.info().segments);
    assert_eq!(twice.info().turns, once.info().turns);
}

/// A home at the corner of a one-way street and streets that go both ways lies on one of these.
#[test]
fn a_home_on_a_corner_is_not_on_the_one_way_street() {
    let nodes = [(1, 0.0, 0.0), (2, 1000.0, 0.0), (3, 1000.0, 1000.0), (4, 0.0, 1000.0)];
    for one_way in [1, 2, 3, 4] {
        let tags = |way| if way == one_way { ONE_WAY } else { STREET };
        let ways: [(i64, &[i64], _); 4] = [
            (1, &[1, 2], tags(1)),
            (2, &[2, 3], tags(2)),
            (3, &[3, 4], tags(3)),
            (4, &[4, 1], tags(4)),
        ];
        let town = town(&nodes, &ways, &[]);
        let corners = [(-9.0, -9.0), (1009.0, -9.0), (1009.0, 1009.0), (-9.0, 1009.0)];
        for (n, &(east, north)) in corners.iter().enumerate() {
            let home = place(&town, east, north);
            let segment = town.segments.get(home.segment).unwrap();
            assert!([true, false].iter().all(|&way| segment.whole(way).is_some()), "{n} {one_way}");
        }
    }
}

/// A street that leads 3 km out of town and does not come back: homes on it are reached and
/// never left, and are not moved to its beginning.
#[test]
fn a_home_on_a_long_one_way_dead_end() {
    let nodes = [
        (1, 0.0, 0.0),
        (2, 1000.0, 0.0),
        (3, 1000.0, 3000.0),
        (4, 1000.0, -300.0),
        (5, 2000.0, 0.0),
    ];
    let ways: [(i64, &[i64], _); 4] =
        [(1, &[1, 2], STREET), (2, &[2, 3], ONE_WAY), (3, &[2, 4], ONE_WAY), (4, &[2, 5], STREET)];
    let town = town(&nodes, &ways, &[]);
    let shop = place(&town, 500.0, 0.0);
    let Snap::Island { place: home } = town.snap(at(1010.0, 900.0)) else { panic!("no island") };
    assert!((home.distance_m - 10.0).abs() < 0.1);
    assert_eq!((go(&town, &shop, &home).unwrap().1, go(&town, &home, &shop)), (1400, None));
    assert_eq!((town.info().islands, town.info().island_segments), (0, 2));
    // Near its beginning, and on a scrap, the road that leads both ways is taken, and the
    // distance says so.
    for (at_home, moved) in [((1010.0, 100.0), 100.5), ((1010.0, -200.0), 200.2)] {
        let snap = town.snap(at(at_home.0, at_home.1));
        assert!((snap.snap_m().unwrap() - moved).abs() < 0.5, "{snap:?}");
        assert!((snap.place().unwrap().passed_m.unwrap() - 10.0).abs() < 0.1, "{snap:?}");
        assert_eq!(snap.status(), "moved");
    }
    assert_eq!(town.snap(at(500.0, 10.0)).status(), "ok");
}
