//! Barriers, signs and signals on nodes.

use super::Pairs;
use crate::Profile;
use crate::profile::{Facing, NodeRule};
use crate::tags::{NODE_KEYS, Tags};

fn node(name: &str, pairs: Pairs<'_>) -> NodeRule {
    let read = |(key, _): &(&'static str, &str)| NODE_KEYS.contains(key);
    assert!(pairs.iter().all(read), "a tag that is not read: {pairs:?}");
    Profile::named(name).unwrap().node(&Tags::of(pairs))
}

/// Whom a barrier lets pass, in the order of [`Profile::NAMES`].
fn passes(pairs: Pairs<'_>) -> [bool; 4] {
    Profile::NAMES.map(|name| !node(name, pairs).blocked)
}

#[test]
fn barriers() {
    for (pairs, expected) in [
        (&[("barrier", "bollard")] as Pairs<'_>, [false, false, true, true]),
        (&[("barrier", "bollard"), ("bollard", "rising")], [true; 4]),
        (&[("barrier", "gate")], [true; 4]),
        (&[("barrier", "gate"), ("locked", "yes")], [false; 4]),
        (&[("barrier", "gate"), ("locked", "yes"), ("foot", "yes")], [false, false, false, true]),
        (&[("barrier", "gate"), ("access", "no")], [false; 4]),
        (&[("barrier", "gate"), ("access", "private")], [true; 4]),
        (&[("barrier", "block")], [false, false, true, true]),
        (&[("barrier", "block"), ("motor_vehicle", "yes")], [true; 4]),
        (&[("barrier", "bollard"), ("motorcycle", "yes")], [false, true, true, true]),
        (&[("barrier", "cycle_barrier")], [false, false, true, true]),
        (&[("barrier", "cycle_barrier"), ("bicycle", "no")], [false, false, false, true]),
        (&[("barrier", "kissing_gate")], [false, false, false, true]),
        (&[("barrier", "stile")], [false, false, false, true]),
        (&[("barrier", "turnstile")], [false, false, false, true]),
        (&[("barrier", "kissing_gate"), ("bicycle", "yes")], [false, false, true, true]),
        (&[("barrier", "toll_booth")], [true; 4]),
        (&[("barrier", "wall")], [false; 4]),
        (&[("access", "no")], [false; 4]),
        (&[("motor_vehicle", "no")], [false, false, true, true]),
        (&[("highway", "crossing")], [true; 4]),
        // Bicycles may not cross there; those who follow the road are not meant.
        (&[("highway", "crossing"), ("bicycle", "no")], [true; 4]),
        (&[("highway", "crossing"), ("barrier", "bollard")], [false, false, true, true]),
        (&[("locked", "yes")], [true; 4]),
    ] {
        assert_eq!(passes(pairs), expected, "{pairs:?}");
    }
}

#[test]
fn delays() {
    for (name, pairs, expected) in [
        ("car", &[("highway", "stop")] as Pairs<'_>, 2000),
        ("car", &[("highway", "give_way")], 1000),
        ("car", &[("highway", "mini_roundabout")], 1000),
        ("car", &[("railway", "level_crossing")], 5000),
        ("car", &[("highway", "crossing")], 500),
        ("car", &[("highway", "crossing"), ("crossing", "zebra")], 500),
        ("car", &[("highway", "crossing"), ("crossing", "unmarked")], 0),
        ("car", &[("highway", "crossing"), ("crossing", "traffic_signals")], 2000),
        ("car", &[("highway", "crossing"), ("crossing:signals", "yes")], 2000),
        ("car", &[("barrier", "toll_booth")], 15_000),
        ("car", &[("barrier", "gate")], 15_000),
        ("car", &[("highway", "stop"), ("barrier", "gate")], 17_000),
        ("car", &[("highway", "bus_stop")], 0),
        ("bicycle", &[("barrier", "gate")], 10_000),
        ("bicycle", &[("barrier", "cycle_barrier")], 5000),
        ("foot", &[("highway", "stop")], 0),
        ("foot", &[("barrier", "stile")], 8000),
        ("foot", &[("railway", "crossing")], 5000),
        ("foot", &[("highway", "crossing"), ("crossing", "traffic_signals")], 5000),
    ] {
        assert_eq!(node(name, pairs).delay_ms, expected, "{name} {pairs:?}");
    }
}

#[test]
fn signals_are_told_apart_from_delays() {
    let rule = node("car", &[("highway", "traffic_signals")]);
    assert_eq!((rule.signal, rule.delay_ms, rule.blocked), (true, 0, false));
    assert_eq!(Profile::car().wait_ms(&rule), 2000);
    assert!(!node("car", &[("highway", "stop")]).signal);
}

#[test]
fn signs_face_a_direction() {
    let signals = ("highway", "traffic_signals");
    let stop = ("highway", "stop");
    for (pairs, expected) in [
        (&[signals] as Pairs<'_>, Facing::Both),
        (&[signals, ("traffic_signals:direction", "forward")], Facing::Forward),
        (&[signals, ("direction", "backward")], Facing::Backward),
        (
            &[signals, ("direction", "backward"), ("traffic_signals:direction", "forward")],
            Facing::Forward,
        ),
        (&[signals, ("traffic_signals:direction", "both")], Facing::Both),
        (&[stop], Facing::NearEnd),
        (&[stop, ("direction", "forward")], Facing::Forward),
        (&[stop, ("direction", "both")], Facing::Both),
        (&[("highway", "give_way")], Facing::NearEnd),
        (&[("barrier", "gate"), ("direction", "forward")], Facing::Both),
    ] {
        assert_eq!(node("car", pairs).facing, expected, "{pairs:?}");
    }
}
