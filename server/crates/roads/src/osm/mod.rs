//! Reading OpenStreetMap files into plain data.

mod blob;
mod block;
mod blocks;
#[cfg(test)]
pub(crate) mod encode;
mod extract;
mod frame;
mod places;
mod restrictions;
mod sites;
mod wire;

pub(crate) use extract::{Extract, Way};
pub use places::{AddressObject, Named, NamedPlace, NamedRoad, read_named};
pub(crate) use restrictions::Restriction;
pub use sites::{Site, SiteKind, read_sites};
