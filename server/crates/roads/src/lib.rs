//! Road networks from OpenStreetMap: snapping, contraction hierarchy, matrices, routes.
//!
//! Pure: bytes in, values out. It opens no file, asks no network and reads no clock; the
//! same extract and profile give the same network, byte for byte.
//!
//! Folders: `osm` reads extracts into plain data, `profile` says what a vehicle may do,
//! `graph` cuts roads at junctions, `ch` prepares any directed graph for fast searches and
//! knows nothing of roads, `snap` finds the road for a position. A network is built by
//! `network`, saved by `file`, asked by `matrix` and `route`.
//!
//! Inside, time is counted in centiseconds and length in decimetres, both whole numbers, so
//! that sums are exact, also as packed floats, and do not depend on the order of a search.

#![warn(missing_docs)]

mod ch;
mod class;
mod ends;
mod error;
mod file;
mod fingerprint;
mod geo;
mod graph;
mod info;
mod matrix;
mod nearest;
mod network;
mod num;
mod osm;
mod parallel;
mod plain;
mod profile;
mod progress;
mod route;
mod snap;
mod tags;
#[cfg(test)]
mod tests;
mod wire;

pub use class::RoadClass;
pub use error::{BuildError, MatrixError, OpenError, ProfileError};
pub use fingerprint::fingerprint;
pub use geo::{InvalidPosition, LatLon};
pub use info::{Bounds, CREDIT, Ignored, NetworkInfo};
pub use matrix::{MATRIX_MAX_BYTES, Matrix, UNREACHABLE};
pub use nearest::Near;
pub use network::{Line, Network};
pub use osm::{
    AddressObject, Named, NamedPlace, NamedRoad, Site, SiteKind, read_named, read_sites,
};
pub use plain::PlainSearch;
pub use profile::{
    AccessRules, BarrierRules, DelayRules, DrivesOn, FerryRules, HourBand, MaxspeedRules,
    MaxspeedUse, NarrowRules, Profile, PushRules, SpeedFactors, Turn, TurnCurve, TurnRules,
    UnpavedRules,
};
pub use progress::BuildStep;
pub use route::Leg;
pub use snap::{MAX_SNAP_M, Place, Snap};
