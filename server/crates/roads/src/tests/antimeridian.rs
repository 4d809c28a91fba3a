//! Roads on both sides of the 180th meridian: a square on the equator whose middle it is.

use super::{METRE, network};
use crate::osm::encode::Writer;
use crate::{LatLon, Network, Place, Snap};

/// Half a side of the square, in degrees.
const HALF: f64 = 2000.0 * METRE;

fn square() -> Network {
    let street: &[(&str, &str)] = &[("highway", "residential")];
    let (west, east) = (180.0 - HALF, HALF - 180.0);
    let node = |id, lat, lon| (id, lat, lon, &[][..]);
    network(&Writer {
        nodes: vec![
            node(1, -HALF, west),
            node(2, -HALF, east),
            node(3, HALF, east),
            node(4, HALF, west),
        ],
        ways: vec![(1, &[1, 2], street), (2, &[2, 3], street), (3, &[3, 4, 1], street)],
        ..Writer::default()
    })
}

fn place(town: &Network, lat: f64, lon: f64) -> Place {
    match town.snap(LatLon::new(lat, lon).unwrap()) {
        Snap::Snapped(place) => place,
        other => panic!("{lat}, {lon}: {other:?}"),
    }
}

#[test]
fn roads_over_the_180th_meridian() {
    let town = square();
    let bounds = town.info().bounds;
    assert!((bounds.west - 180.0 + HALF).abs() < 1e-6 && (bounds.east + 180.0 - HALF).abs() < 1e-6);
    let metre = |lon: f64, metres: f64| lon + metres * METRE;
    let (west, east) =
        (place(&town, -HALF, metre(180.0, -900.0)), place(&town, -HALF, metre(-180.0, 900.0)));
    assert!(west.distance_m < 0.1 && east.distance_m < 0.1);
    let leg = town.route(&west, &east).unwrap();
    // 1800 m at 14.4 cs.
    assert_eq!((leg.metres, leg.seconds), (1800, 259));
    assert!(leg.geometry.iter().all(|p| p.is_valid() && p.lon.abs() > 179.9));
    // Exactly on it, by either name.
    for lon in [180.0, -180.0] {
        let on = place(&town, metre(-HALF, -20.0), lon);
        assert!((on.distance_m - 20.0).abs() < 0.1);
        assert_eq!(town.route(&on, &east).unwrap().metres, 900);
    }
    // Beside the box, and on the same latitude elsewhere on earth.
    let beside = place(&town, 0.0, metre(-180.0, 2500.0));
    assert!((beside.distance_m - 500.0).abs() < 0.5);
    for lon in [0.0, 25.0, 90.0, -179.0, 179.0] {
        let found = town.snap(LatLon::new(-HALF, lon).unwrap());
        assert_eq!(found, Snap::OutsideExtract, "{lon}");
    }
}

#[test]
fn a_network_over_it_is_the_same_when_opened() {
    let town = square();
    assert_eq!(Network::from_bytes(&town.to_bytes()).unwrap(), town);
}
