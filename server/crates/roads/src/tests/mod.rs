//! Tests of the whole crate on small hand-made maps.

mod antimeridian;
mod bad_input;
mod delays;
mod every_turn;
mod laws;
mod one_direction;
mod random_maps;
mod town;
mod turns;

use crate::osm::encode::Writer;
use crate::{LatLon, Network, Place, Profile, Snap};

/// Degrees of a metre north, and of a metre east at the equator, where the maps lie.
const METRE: f64 = 1.0 / 111_195.08;

/// A position in metres east and north of the map's corner.
fn at(east: f64, north: f64) -> LatLon {
    LatLon::new(north * METRE, east * METRE).unwrap()
}

fn network(map: &Writer<'_>) -> Network {
    Network::build(&map.to_pbf(), &Profile::car(), &mut |_| {}).unwrap()
}

fn place(network: &Network, east: f64, north: f64) -> Place {
    match network.snap(at(east, north)) {
        Snap::Snapped(place) => place,
        other => panic!("{east}, {north}: {other:?}"),
    }
}

type Pairs = &'static [(&'static str, &'static str)];

/// Nodes on a side of a [`grid`].
const SIDE: i64 = 5;

/// A grid of nodes 400 m apart with a way for every pair of ends.
fn grid(pieces: &[(i64, i64, Pairs)], profile: &Profile) -> Network {
    let metres = |n: i64| f64::from(i32::try_from(n).unwrap_or(0)) * 400.0 * METRE;
    let ends: Vec<[i64; 2]> = pieces.iter().map(|&(a, b, _)| [a + 1, b + 1]).collect();
    let nodes = (0..SIDE * SIDE).map(|n| (n + 1, metres(n / SIDE), metres(n % SIDE), &[][..]));
    let ways = pieces.iter().zip(&ends).zip(1..);
    let map = Writer {
        nodes: nodes.collect(),
        ways: ways.map(|((&(_, _, tags), ends), id)| (id, &ends[..], tags)).collect(),
        ..Writer::default()
    };
    Network::build(&map.to_pbf(), profile, &mut |_| {}).unwrap()
}
