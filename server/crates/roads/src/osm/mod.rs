//! Reading OpenStreetMap files into plain data.

mod blocks;
#[cfg(test)]
pub(crate) mod encode;
mod extract;
mod frame;
mod sites;

pub(crate) use extract::{Extract, Way};
pub use sites::{Site, SiteKind, read_sites};
