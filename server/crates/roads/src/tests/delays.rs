//! Signs, signals, barriers and ferries in the times of a network, with the arithmetic
//! written out. Residential, 25 km/h = 14.4 cs a metre; all on one line, west to east.

use super::{METRE, at, place};
use crate::graph::Flags;
use crate::osm::encode::Writer;
use crate::{Network, Profile};

type Pairs<'a> = &'a [(&'a str, &'a str)];
const STREET: Pairs<'_> = &[("highway", "residential")];
const SIGNAL: Pairs<'_> = &[("highway", "traffic_signals")];

/// A street 1 - 2 - 3 of 1000 m, the middle node with tags at 300 m; in one way, or in two
/// that meet there.
fn street(middle: Pairs<'_>, ways: usize, profile: &Profile) -> Network {
    let refs: [&[i64]; 3] = [&[1, 2, 3], &[1, 2], &[2, 3]];
    let refs = if ways == 1 { &refs[..1] } else { &refs[1..] };
    let map = Writer {
        nodes: vec![
            (1, 0.0, 0.0, &[]),
            (2, 0.0, 300.0 * METRE, middle),
            (3, 0.0, 1000.0 * METRE, &[]),
        ],
        ways: refs.iter().zip(1..).map(|(&refs, id)| (id, refs, STREET)).collect(),
        ..Writer::default()
    };
    Network::build(&map.to_pbf(), profile, &mut |_| {}).unwrap()
}

/// Whole seconds east and west from end to end.
fn seconds(network: &Network, length: f64) -> (u32, u32) {
    let (west, east) = (place(network, 0.0, 0.0), place(network, length, 0.0));
    let go = |from, to| network.route(from, to).unwrap().seconds;
    (go(&west, &east), go(&east, &west))
}

#[test]
fn a_delay_inside_a_road_is_charged_in_its_direction() {
    let car = Profile::car();
    for (middle, expected) in [
        (&[] as Pairs<'_>, (144, 144)),
        (SIGNAL, (146, 146)),
        (&[("highway", "traffic_signals"), ("direction", "forward")], (146, 144)),
        (&[("highway", "traffic_signals"), ("traffic_signals:direction", "backward")], (144, 146)),
        (&[("barrier", "toll_booth")], (159, 159)),
        // The nearer end is the western one, so westbound traffic stops.
        (&[("highway", "stop")], (144, 146)),
        (&[("highway", "stop"), ("direction", "forward")], (146, 144)),
    ] {
        let one = street(middle, 1, &car);
        assert_eq!(one.info().segments, 1);
        assert_eq!(seconds(&one, 1000.0), expected, "{middle:?}");
    }
}

#[test]
fn where_a_road_only_goes_on_each_passage_pays_once() {
    let car = Profile::car();
    for (middle, expected) in [
        (SIGNAL, (146, 146)),
        (&[("highway", "traffic_signals"), ("direction", "forward")] as Pairs<'_>, (146, 144)),
        (&[("barrier", "gate")], (159, 159)),
    ] {
        let two = street(middle, 2, &car);
        assert_eq!(two.info().segments, 2);
        assert_eq!(seconds(&two, 1000.0), expected, "{middle:?}");
    }
    // A part of a road has its part of the wait, and the parts add up.
    let booth = street(&[("barrier", "toll_booth")], 1, &car);
    let half = booth.route(&place(&booth, 0.0, 0.0), &place(&booth, 500.0, 0.0)).unwrap();
    assert_eq!(half.seconds, 80);
}

#[test]
fn walkers_and_riders_wait_by_their_own_rules() {
    let stile: Pairs<'_> = &[("barrier", "stile")];
    // 1000 m at 5 km/h are 720 s, and 8 s for the stile, which a bicycle cannot pass.
    assert_eq!(seconds(&street(stile, 1, &Profile::foot()), 1000.0), (728, 728));
    assert_eq!(street(stile, 1, &Profile::bicycle()).info().segments, 2);
}

/// At a junction of three roads the delay is the turn model's: segments do not have it.
#[test]
fn at_a_junction_segments_do_not_charge() {
    let map = Writer {
        nodes: vec![
            (1, 0.0, 0.0, &[]),
            (2, 0.0, 300.0 * METRE, &[("highway", "traffic_signals")]),
            (3, 0.0, 1000.0 * METRE, &[]),
            (4, 300.0 * METRE, 300.0 * METRE, &[]),
        ],
        ways: vec![(1, &[1, 2, 3], STREET), (2, &[2, 4], STREET)],
        ..Writer::default()
    };
    let town = Network::build(&map.to_pbf(), &Profile::car(), &mut |_| {}).unwrap();
    let times: Vec<u32> = town.segments.list.iter().map(|s| s.forward_cs).collect();
    assert!(times.iter().zip([4_320, 10_080, 4_320]).all(|(&a, b)| a.abs_diff(b) < 2));
}

/// Land, a ferry of 3 km in two pieces, land. 15 km/h: 720 s, and 300 s of boarding, once.
#[test]
fn a_ferry_is_boarded_once() {
    let line: Pairs<'_> = &[("route", "ferry"), ("toll", "yes")];
    let east = |id, metres: f64| (id, 0.0, metres * METRE, &[] as Pairs<'_>);
    let map = Writer {
        nodes: vec![
            east(1, 0.0),
            east(2, 500.0),
            east(3, 2000.0),
            east(4, 3500.0),
            east(5, 4000.0),
        ],
        ways: vec![
            (1, &[1, 2], STREET),
            (2, &[2, 3], line),
            (3, &[3, 4], line),
            (4, &[4, 5], &[("highway", "track")]),
        ],
        ..Writer::default()
    };
    let coast = Network::build(&map.to_pbf(), &Profile::car(), &mut |_| {}).unwrap();
    // 500 m of street are 72 s; 500 m of track at 10 km/h are 180 s.
    assert_eq!(seconds(&coast, 4000.0), (72 + 300 + 720 + 180, 72 + 300 + 720 + 180));
    let has = |flag| coast.segments.list.iter().map(|s| s.flags.has(flag)).collect::<Vec<_>>();
    assert_eq!(has(Flags::TOLL), [false, true, true, false]);
    assert_eq!(has(Flags::UNPAVED), [false, false, false, true]);
    assert!(coast.snap(at(2000.0, 0.0)).place().is_none_or(|p| p.distance_m > 1000.0));
}
