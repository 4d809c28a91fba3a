//! One small town, with the arithmetic written out.
//!
//! ```text
//!   4 -----<----- 3          9 -- 10   (an island, 3 km long)
//!   |   one-way   |
//!   |             |
//!   1 ----------- 2 --x-- 5  (x: bollard)  and a loop at 2: 2-7-8-2
//! ```
//! Residential, 25 km/h = 144 cs a metre. Sides of 1000 m.

use super::{METRE, at, network, place};
use crate::osm::encode::Writer;
use crate::{Network, RoadClass, Snap, UNREACHABLE, read_sites};

type Pairs<'a> = &'a [(&'a str, &'a str)];
const ELM: Pairs<'_> = &[("highway", "residential"), ("name", "Elm Street")];
const ONE_WAY: Pairs<'_> = &[("highway", "residential"), ("oneway", "yes")];
const STREET: Pairs<'_> = &[("highway", "residential")];

fn map() -> Writer<'static> {
    let node = |id: i64, east: f64, north: f64| (id, north * METRE, east * METRE, &[][..]);
    Writer {
        nodes: vec![
            node(1, 0.0, 0.0),
            node(2, 1000.0, 0.0),
            node(3, 1000.0, 1000.0),
            node(4, 0.0, 1000.0),
            (11, 0.0, 1200.0 * METRE, &[("barrier", "bollard")]),
            node(5, 1300.0, 0.0),
            node(7, 1000.0, -500.0),
            node(8, 1400.0, -300.0),
            node(9, 4000.0, 2000.0),
            node(10, 7000.0, 2000.0),
        ],
        ways: vec![
            (1, &[1, 2], ELM),
            (2, &[2, 3], STREET),
            (3, &[3, 4], ONE_WAY),
            (4, &[4, 1], STREET),
            (5, &[2, 11, 5], STREET),
            (6, &[2, 7, 8, 2], STREET),
            (7, &[9, 10], STREET),
        ],
        required: vec!["OsmSchema-V0.6", "DenseNodes"],
        data_at: Some(1_470_000_000),
        ..Writer::default()
    }
}

fn figures(network: &Network, from: (f64, f64), to: (f64, f64)) -> Option<(u32, u32)> {
    let (from, to) = (place(network, from.0, from.1), place(network, to.0, to.1));
    let matrix = network.matrix(&[from], &[to], &|_| true).unwrap();
    let leg = network.route(&from, &to);
    assert_eq!(leg.as_ref().map(|leg| (leg.seconds, leg.metres)), matrix.get(0, 0));
    if let Some(leg) = leg {
        let line: f64 = leg.geometry.windows(2).map(|p| p[0].distance_m(p[1])).sum();
        assert!((line - f64::from(leg.metres)).abs() < 1.0, "line of {line} m, {leg:?}");
        assert!(leg.geometry[0].distance_m(from.position) < 0.1);
        assert!(leg.geometry[leg.geometry.len() - 1].distance_m(to.position) < 0.1);
    }
    matrix.get(0, 0)
}

#[test]
fn two_places_on_one_street_either_way() {
    let town = network(&map());
    // 600 m x 144 cs = 86.4 s
    assert_eq!(figures(&town, (200.0, 10.0), (800.0, -10.0)), Some((86, 600)));
    assert_eq!(figures(&town, (800.0, 10.0), (200.0, 10.0)), Some((86, 600)));
    assert_eq!(figures(&town, (200.0, 10.0), (200.0, 10.0)), Some((0, 0)));
}

#[test]
fn two_places_on_a_one_way_street() {
    let town = network(&map());
    // Along it: 700 m = 100.8 s. Against it round the block, 100 + 3000 + 200 = 3300 m, and
    // left at 2: 475.2 + 5.4 s. At the other corners two roads meet: no choice, no cost.
    assert_eq!(figures(&town, (800.0, 1000.0), (100.0, 1000.0)), Some((101, 700)));
    assert_eq!(figures(&town, (100.0, 1000.0), (800.0, 1000.0)), Some((481, 3300)));
}

#[test]
fn round_the_block_and_straight_on() {
    let town = network(&map());
    // From the middle of 1-2 to the middle of 3-4: east and north, 500 + 1000 + 500 m, left
    // at 2.
    assert_eq!(figures(&town, (500.0, 0.0), (500.0, 1000.0)), Some((293, 2000)));
    // Back: west end of the one-way, then south: 500 + 1000 + 500 m.
    assert_eq!(figures(&town, (500.0, 1000.0), (500.0, 0.0)), Some((288, 2000)));
}

#[test]
fn a_loop_is_driven_the_short_way() {
    let town = network(&map());
    // 2-7 is 500 m, 7-8 is 447.2 m, 8-2 is 500 m. From 7 back to 8 directly, and across 2:
    // from 100 m below 2 on the one arm to 100 m from 2 on the other, 28.8 s and sharp right
    // by 127 degrees, 7.5 / (1 + exp(6.5 * 1.075 - 13 / 1.075 * 127 / 180)) = 6.2 s.
    assert_eq!(figures(&town, (1000.0, -500.0), (1400.0, -300.0)), Some((64, 447)));
    assert_eq!(figures(&town, (1000.0, -100.0), (1080.0, -60.0)), Some((35, 200)));
}

#[test]
fn a_bollard_stops_and_an_island_is_reported() {
    let town = network(&map());
    assert_eq!(town.info().islands, 2);
    // Beyond the bollard: 100 m of road, snapped to the nearest road that can be reached.
    let beyond = place(&town, 1290.0, 0.0);
    assert!(beyond.distance_m > 80.0);
    let Snap::Island { place: lone } = town.snap(at(5000.0, 2010.0)) else { panic!("no island") };
    assert!((lone.distance_m - 10.0).abs() < 0.1);
    let home = place(&town, 0.0, 0.0);
    let matrix = town.matrix(&[home, lone], &[home, lone], &|_| true).unwrap();
    assert_eq!(matrix.seconds, [0, UNREACHABLE, UNREACHABLE, 0]);
    assert_eq!(matrix.metres, [0, UNREACHABLE, UNREACHABLE, 0]);
    assert_eq!(town.route(&home, &lone), None);
}

#[test]
fn far_and_outside() {
    let town = network(&map());
    match town.snap(at(2500.0, 1200.0)) {
        Snap::TooFar { metres } => assert!((metres - 1513.3).abs() < 5.0, "{metres}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(town.snap(at(50_000.0, 0.0)), Snap::OutsideExtract);
    let nowhere = crate::LatLon { lat: f64::NAN, lon: 0.0 };
    assert_eq!(town.snap(nowhere), Snap::OutsideExtract);
}

#[test]
fn streets_lines_and_figures() {
    let town = network(&map());
    assert_eq!(town.street(&place(&town, 500.0, 20.0)), Some("Elm Street"));
    assert_eq!(town.street(&place(&town, 500.0, 990.0)), None);
    let lines: Vec<_> = town.lines().collect();
    assert_eq!(lines.len(), 8);
    assert!(lines.iter().all(|line| line.class == RoadClass::Residential));
    assert_eq!((lines[0].name, lines[0].points.len()), (Some("Elm Street"), 2));
    // Junctions 1 to 4 and the near side of the bollard; way 5 is cut in two there.
    let info = town.info();
    assert_eq!(info.data_at.as_deref(), Some("2016-07-31T21:20:00Z"));
    assert_eq!((info.segments, info.island_segments), (8, 2));
    assert!(town.is_built_from(&map().to_pbf(), &crate::Profile::car()));
    assert!(!town.is_built_from(b"another", &crate::Profile::car()));
}

#[test]
fn the_result_does_not_depend_on_threads() {
    let town = network(&map());
    let places: Vec<_> = (0..50).map(|n| place(&town, f64::from(n) * 20.0, 0.0)).collect();
    let one = town.matrix_on(1, &places, &places[..37], &|_| true).unwrap();
    for threads in [0, 2, 3, 7] {
        assert_eq!(town.matrix_on(threads, &places, &places[..37], &|_| true).unwrap(), one);
    }
    assert_eq!(town.matrix(&places, &[], &|_| true).unwrap().seconds.len(), 0);
    let cancelled = town.matrix(&places, &places, &|_| false).unwrap_err();
    assert!(matches!(cancelled, crate::MatrixError::Cancelled));
}

#[test]
fn sites_come_addresses_first() {
    let sites = read_sites(&crate::osm::encode::sample(), &mut |_| {}).unwrap();
    let list: Vec<_> = sites.iter().map(|s| (s.osm_id, s.house_number.as_deref())).collect();
    assert_eq!(list, [(4, Some("7")), (12, Some("9")), (11, None)]);
    assert_eq!(sites[0].street.as_deref(), Some("Elm Street"));
    assert!((sites[1].at.lat - 39.002_333).abs() < 1e-5);
}
