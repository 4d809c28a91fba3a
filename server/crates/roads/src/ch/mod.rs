//! Contraction hierarchy on any weighted directed graph.
//!
//! Knows nothing of roads: a later edge-based graph with turn costs can be put under it.
//! Method: R. Geisberger, P. Sanders, D. Schultes, D. Delling, "Contraction Hierarchies"
//! (2008); many-to-many by buckets: S. Knopp and others, "Computing many-to-many shortest
//! paths using highway hierarchies" (2007).

mod contract;
mod cost;
mod order;
mod search;
mod tables;
mod unpack;
mod witness;

#[cfg(test)]
mod tests;

pub(crate) use cost::Cost;
pub(crate) use order::build;
pub(crate) use search::Search;
pub(crate) use tables::{Hierarchy, Table, UpArc};
#[cfg(test)]
pub(crate) use unpack::Path;
pub(crate) use unpack::shortest_path;

/// One directed arc of the graph to prepare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Arc {
    pub(crate) tail: u32,
    pub(crate) head: u32,
    pub(crate) cost: Cost,
    /// Handed back when a path is unpacked; below 2^31.
    pub(crate) label: u32,
}

/// Set in [`UpArc::via`] when the arc is a shortcut; the rest is then its middle node.
pub(crate) const SHORTCUT: u32 = 1 << 31;
