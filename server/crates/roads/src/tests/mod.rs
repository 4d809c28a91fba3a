//! Tests of the whole crate on small hand-made maps.

mod bad_input;
mod delays;
mod laws;
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
