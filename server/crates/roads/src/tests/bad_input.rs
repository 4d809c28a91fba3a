//! Damaged, foreign and empty input: a sentence that says what to do, never a panic.

use super::{network, place};
use crate::osm::encode::{Dense, Writer, sample};
use crate::{BuildError, MatrixError, Network, OpenError, Profile, fingerprint};

fn build(pbf: &[u8]) -> Result<Network, BuildError> {
    Network::build(pbf, &Profile::car(), &mut |_| {})
}

#[test]
fn no_roads_in_the_extract() {
    let error = build(&Writer::default().to_pbf()).unwrap_err();
    assert!(matches!(error, BuildError::NoRoads { ways: 0, .. }), "{error}");
    let paths = Writer {
        nodes: vec![(1, 0.0, 0.0, &[]), (2, 0.0, 0.1, &[])],
        ways: vec![(1, &[1, 2], &[("highway", "footway")]), (2, &[1, 9], &[("highway", "road")])],
        ..Writer::default()
    };
    let error = build(&paths.to_pbf()).unwrap_err();
    assert!(error.to_string().contains("no road usable by the profile \"car\" (2"), "{error}");
}

#[test]
fn a_feature_that_is_not_known() {
    let map = Writer { required: vec!["HistoricalInformation"], ..Writer::default() };
    let error = build(&map.to_pbf()).unwrap_err();
    assert!(matches!(&error, BuildError::Unsupported { feature } if feature.starts_with("Hist")));
}

/// Lists that do not fit each other, and grids that are none.
#[test]
fn nodes_that_contradict_themselves() {
    let good = Dense::street();
    assert_eq!(build(&good.to_pbf()).unwrap().info().segments, 1);
    let tagged = Dense { words: vec![1, 2, 0, 0, 0], ..good.clone() };
    assert!(build(&tagged.to_pbf()).is_ok());
    let fine = Dense { numbers: vec![(17, 1000), (19, 100_000_000)], ..good.clone() };
    let fine = Dense { lats: vec![39_000_000; 3], lons: vec![0, 1, 2], ..fine };
    assert!(build(&fine.to_pbf()).is_ok());
    let number = |field, value| Dense { numbers: vec![(field, value)], ..good.clone() };
    for (bad, why) in [
        (Dense { lats: vec![390_000_000; 2], ..good.clone() }, "differ in number"),
        (Dense { lons: vec![0], ..good.clone() }, "differ in number"),
        (Dense { ids: vec![1, 2], ..good.clone() }, "differ in number"),
        (Dense { ids: vec![i64::MAX, -9, 3], ..good.clone() }, "63 bits"),
        (Dense { words: vec![1, 2], ..good.clone() }, "end early"),
        (Dense { words: vec![1, 2, 0], ..good.clone() }, "end early"),
        (Dense { words: vec![0, 0, 1], ..good.clone() }, "without a value"),
        (Dense { words: vec![0, 0, 0, 0], ..good.clone() }, "more nodes"),
        (Dense { words: vec![99, 98, 0, 0, 0], ..good.clone() }, "table of texts"),
        (Dense { texts: 1 << 20, ..good.clone() }, "more texts"),
        (number(17, 0), "grid"),
        (number(17, -100), "grid"),
        (number(17, i64::from(i32::MAX)), "grid"),
        (number(19, i64::MAX), "offset"),
        (number(20, i64::MIN), "offset"),
    ] {
        let error = build(&bad.to_pbf()).unwrap_err();
        assert!(matches!(error, BuildError::Damaged { .. }), "{error}");
        assert!(error.to_string().contains(why), "{error}");
    }
}

/// A road ends where its next node is nowhere on earth, and that is counted.
#[test]
fn nodes_that_are_nowhere() {
    for (lat, lon) in [(95, 10), (40, 200), (40, -200), (1000, 10), (40, 540)] {
        let units = 10_000_000;
        let mut bad = Dense::street();
        (bad.lats[2], bad.lons[2]) = (lat * units, lon * units);
        let town = build(&bad.to_pbf()).unwrap();
        let nowhere = "node without a position on earth".to_owned();
        assert_eq!(town.info().ignored, [crate::Ignored { tag: nowhere, objects: 1 }]);
        assert_eq!(town.info().segments, 1);
        assert!(town.info().bounds.east < -74.9, "{lat} {lon}");
    }
}

#[test]
fn every_single_damaged_byte_of_an_extract_is_survived() {
    let good = sample();
    assert!(build(&good).is_ok());
    for at in 0..good.len() {
        for flip in [0x01, 0x80, 0xff] {
            let mut bad = good.clone();
            bad[at] ^= flip;
            let _ = build(&bad);
        }
        let _ = build(&good[..at]);
    }
}

#[test]
fn a_saved_network_is_the_same_when_opened() {
    let town = network(&map());
    let bytes = town.to_bytes();
    let mut written = Vec::new();
    town.write(&mut written).unwrap();
    assert_eq!(written, bytes);
    assert_eq!(Network::read(bytes.as_slice()).unwrap(), town);
}

#[test]
fn a_damaged_network_file_is_refused() {
    let bytes = network(&map()).to_bytes();
    for at in 0..bytes.len() {
        let mut bad = bytes.clone();
        bad[at] ^= 0x10;
        assert!(Network::from_bytes(&bad).is_err(), "byte {at}");
        assert!(Network::from_bytes(&bytes[..at]).is_err(), "cut at {at}");
    }
    let error = Network::from_bytes(b"other file").unwrap_err();
    assert!(matches!(error, OpenError::NotANetwork));
    let mut newer = bytes.clone();
    newer[8] = 99;
    let error = Network::from_bytes(&newer).unwrap_err();
    assert!(matches!(error, OpenError::OtherVersion { found: 99, .. }));
    assert!(error.to_string().contains("build the roads again"));
    let error = Network::from_bytes(&bytes[..100]).unwrap_err();
    assert!(matches!(error, OpenError::Truncated { found: 76, .. }), "{error}");
}

/// Even with a checksum that fits, tables that contradict themselves are refused or harmless.
#[test]
fn a_forged_network_file_does_no_harm() {
    let bytes = network(&map()).to_bytes();
    for at in 24..bytes.len() {
        let mut bad = bytes.clone();
        bad[at] ^= 0x41;
        let sum = crc32fast::hash(&bad[24..]).to_le_bytes();
        bad[12..16].copy_from_slice(&sum);
        if let Ok(town) = Network::from_bytes(&bad) {
            let places: Vec<_> = [(10.0, 0.0), (900.0, 0.0)]
                .iter()
                .filter_map(|&(east, north)| town.snap(super::at(east, north)).place())
                .collect();
            let _ = town.matrix(&places, &places, &|_| true);
            for place in &places {
                let _ = town.route(&places[0], place);
            }
            assert!(town.lines().count() > 0);
        }
    }
}

#[test]
fn a_place_of_another_network_is_refused() {
    let town = network(&map());
    let mut nodes = map();
    nodes.data_at = Some(1);
    let other = network(&nodes);
    let (home, away) = (place(&town, 10.0, 0.0), place(&other, 10.0, 0.0));
    let error = town.matrix(&[home], &[home, away], &|_| true).unwrap_err();
    assert!(matches!(error, MatrixError::ForeignPlace { side: "destinations", index: 1 }));
    assert_eq!(town.route(&away, &home), None);
    assert_eq!(town.street(&away), None);
    let stored = serde_json::to_string(&home).unwrap();
    assert_eq!(serde_json::from_str::<crate::Place>(&stored).unwrap(), home);
}

#[test]
fn a_changed_extract_or_profile_changes_the_fingerprint() {
    let (car, mut faster) = (Profile::car(), Profile::car());
    // The network does not depend on the hours.
    faster.hours = vec![crate::HourBand {
        from: "07:00".to_owned(),
        to: "09:00".to_owned(),
        days: "mo-fr".to_owned(),
        factor: 0.8,
    }];
    assert_eq!(fingerprint(b"a", &car), fingerprint(b"a", &faster));
    faster.ferry.kmh = 16.0;
    assert_ne!(fingerprint(b"a", &car), fingerprint(b"a", &faster));
    assert_ne!(fingerprint(b"a", &car), fingerprint(b"b", &car));
    assert_eq!(fingerprint(b"a", &car).len(), 64);
}

fn map() -> Writer<'static> {
    Writer {
        nodes: vec![
            (1, 0.0, 0.0, &[]),
            (2, 0.0, 0.01, &[]),
            (3, 0.01, 0.01, &[]),
            (4, 0.01, 0.0, &[]),
        ],
        ways: vec![
            (1, &[1, 2, 3], &[("highway", "residential"), ("name", "Elm Street")]),
            (2, &[3, 4, 1], &[("highway", "primary"), ("oneway", "yes")]),
            (3, &[2, 4], &[("highway", "secondary")]),
        ],
        ..Writer::default()
    }
}
