//! Territories: connected, workload-balanced groups of H3 cells around agents' bases.
//!
//! Cells with work are the atoms. Empty cells next to them, and on the way between groups of
//! them, may serve as bridges; where the gap is too wide for that (a bay, a desert) the nearest
//! two cells are joined by a link, and the link is reported. A territory is connected over
//! neighbouring cells and links.
//!
//! Method: additively weighted Voronoi regions on the cell graph, measured in travel time (a
//! region grown along shortest paths is connected), whose weights are raised for territories with
//! too little work and lowered for those with too much; seeds move to the middle of their region,
//! as in Lloyd's algorithm; then boundary cells change hands where that balances work or tightens
//! shapes and no territory falls apart. With existing beats the regions grow from them instead and
//! a cell that changes hands costs something, so that a changed book moves few cells.
//!
//! The result depends on the inputs only, not on their order.
//!
//! ```
//! use domain::territory::{Base, Cell, cell_of, form};
//! use h3o::Resolution;
//! use sync_core::model::{Micro, Position, Seconds};
//!
//! let home = cell_of(Position::from_degrees(39.16, -75.52)?, Resolution::Eight);
//! let cells: Vec<Cell> = home
//!     .grid_disk::<Vec<_>>(3)
//!     .into_iter()
//!     .map(|index| Cell { index, workload: Seconds::from(1_800), value: Micro::new(100_000_000) })
//!     .collect();
//! let base = |key| Base { key, cell: home, capacity: Seconds::from(8 * 3600) };
//! let found = form(&cells, &[base("ann"), base("bo")], |_, _| None, &[])?;
//! assert_eq!(found.territories.len(), 2);
//! assert!(found.imbalance < 1.1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod bases;
mod graph;
mod grow;
mod metrics;
mod prune;
mod resolution;
mod swap;
#[cfg(test)]
mod tests;

pub use resolution::{cell_of, choose_resolution};

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use h3o::{CellIndex, Resolution};
use sync_core::model::{Metres, Micro, Seconds};
use thiserror::Error;

use graph::Graph;

/// A cell with work in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// Which cell; all of one resolution.
    pub index: CellIndex,
    /// Time its visits take.
    pub workload: Seconds,
    /// What they are worth.
    pub value: Micro,
}

/// Where an agent starts, and how much work the agent can take on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Base<K> {
    /// The agent: a reference or an id; must be unique.
    pub key: K,
    /// The cell of home or branch, of any resolution. Need not have work in it; several agents may
    /// share it.
    pub cell: CellIndex,
    /// Working time, above zero. Work is shared out in proportion.
    pub capacity: Seconds,
}

/// Two cells joined over a gap too wide for bridges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// One end.
    pub from: CellIndex,
    /// The other.
    pub to: CellIndex,
    /// As the crow flies, between the cells' centres.
    pub distance: Metres,
}

/// One agent's territory.
#[derive(Debug, Clone, PartialEq)]
pub struct Territory<K> {
    /// The agent.
    pub key: K,
    /// Cells with work, sorted; at least one.
    pub cells: Vec<CellIndex>,
    /// Empty cells that hold it together, sorted.
    pub bridges: Vec<CellIndex>,
    /// Links it relies on.
    pub links: Vec<Link>,
    /// Time the visits of its cells take.
    pub workload: Seconds,
    /// What they are worth.
    pub value: Micro,
    /// Its workload against its share by capacity; 1 is exact.
    pub load: f64,
    /// Mean squared distance from the centre of a disc of the same area against its own: about 1
    /// for a disc, less where it is drawn out. Empty cells around its own count.
    pub compactness: f64,
}

/// All territories, sorted by key.
#[derive(Debug, Clone, PartialEq)]
pub struct Territories<K> {
    /// The H3 level of the cells.
    pub resolution: u8,
    /// One for each base.
    pub territories: Vec<Territory<K>>,
    /// Links between groups of cells, whether or not a territory relies on them.
    pub links: Vec<Link>,
    /// Largest load; 1 is perfect balance.
    pub imbalance: f64,
    /// Cells with work that had another owner in the existing beats.
    pub moved: usize,
}

/// Why no territories could be formed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TerritoryError {
    /// Nothing to divide.
    #[error("cells: there are none; import cases with coordinates first")]
    NoCells,
    /// Nobody to divide it among.
    #[error("bases: there are none; import agents first")]
    NoBases,
    /// Not every base can get a cell.
    #[error("bases: {bases} for {cells} cells with work; use fewer agents or a finer resolution")]
    TooManyBases {
        /// How many bases.
        bases: usize,
        /// How many cells.
        cells: usize,
    },
    /// The same cell twice.
    #[error("cells: {0} comes twice; add its workloads up")]
    DuplicateCell(CellIndex),
    /// Two resolutions.
    #[error("cells: {0} is of resolution {1}, the first one is not; use one resolution")]
    MixedResolution(CellIndex, Resolution),
    /// The same agent twice.
    #[error("bases: `{0}` comes twice; give one base for each agent")]
    DuplicateBase(String),
    /// An agent without time.
    #[error("bases: `{0}` has a capacity of 0 s; leave the agent out or give a capacity")]
    NoCapacity(String),
    /// A sum is outside of 64 bits.
    #[error("{0}: the sum does not fit in 64 bits; check the unit")]
    Overflow(&'static str),
    /// The cells could not be joined into one graph.
    #[error("cells: {0} could not be joined to the others; leave it out and report it")]
    Unjoined(CellIndex),
}

/// Divides cells among bases.
///
/// `travel` gives the time from one cell to another; `None` (no road, not known) is estimated from
/// the distance. It is asked for neighbouring cells, linked cells, and from bases to cells.
/// `existing` names the owner of cells (and bridges) in the beats so far; empty for none.
///
/// # Errors
/// [`TerritoryError`] naming what to correct.
pub fn form<K: Ord + Clone + Display>(
    cells: &[Cell],
    bases: &[Base<K>],
    travel: impl Fn(CellIndex, CellIndex) -> Option<Seconds>,
    existing: &[(CellIndex, K)],
) -> Result<Territories<K>, TerritoryError> {
    let cells = checked_cells(cells)?;
    let bases = checked_bases(bases, cells.len())?;
    let graph = Graph::build(&cells, &travel)?;
    let owners = owners(&graph, &bases, existing);
    let targets = grow::targets(&graph, &bases);
    let starts: Vec<CellIndex> = bases.iter().map(|base| base.cell).collect();
    let mut label = match &owners {
        Some(owners) => grow::from_beats(&graph, &starts, owners, &travel),
        None => {
            let label = grow::balanced(&graph, &starts, &targets, &travel);
            bases::matched(&graph, &starts, &targets, label, &travel)
        }
    };
    swap::improve(&graph, &targets, owners.as_deref(), &mut label);
    let bridges = prune::needed(&graph, &label, bases.len());
    metrics::describe(&graph, &bases, &targets, &label, &bridges, owners.as_deref())
}

fn checked_cells(cells: &[Cell]) -> Result<Vec<Cell>, TerritoryError> {
    let mut cells = cells.to_vec();
    cells.sort_unstable_by_key(|cell| cell.index);
    let resolution = cells.first().ok_or(TerritoryError::NoCells)?.index.resolution();
    if let Some(other) = cells.iter().find(|cell| cell.index.resolution() != resolution) {
        return Err(TerritoryError::MixedResolution(other.index, other.index.resolution()));
    }
    if let Some(twice) = cells.windows(2).find(|pair| pair[0].index == pair[1].index) {
        return Err(TerritoryError::DuplicateCell(twice[0].index));
    }
    Ok(cells)
}

fn checked_bases<K: Ord + Clone + Display>(
    bases: &[Base<K>],
    cells: usize,
) -> Result<Vec<Base<K>>, TerritoryError> {
    if bases.is_empty() {
        return Err(TerritoryError::NoBases);
    }
    if bases.len() > cells {
        return Err(TerritoryError::TooManyBases { bases: bases.len(), cells });
    }
    let mut keys = BTreeSet::new();
    for base in bases {
        if !keys.insert(&base.key) {
            return Err(TerritoryError::DuplicateBase(base.key.to_string()));
        }
        if base.capacity == Seconds::ZERO {
            return Err(TerritoryError::NoCapacity(base.key.to_string()));
        }
    }
    let mut bases = bases.to_vec();
    bases.sort_by(|a, b| a.key.cmp(&b.key));
    Ok(bases)
}

/// The base that owned each node so far; `None` when no node has an owner still at work.
fn owners<K: Ord>(
    graph: &Graph,
    bases: &[Base<K>],
    existing: &[(CellIndex, K)],
) -> Option<Vec<Option<usize>>> {
    let by_cell: BTreeMap<CellIndex, usize> = existing
        .iter()
        .filter_map(|(cell, key)| {
            let base = bases.binary_search_by(|base| base.key.cmp(key)).ok()?;
            Some((*cell, base))
        })
        .collect();
    let owners: Vec<Option<usize>> =
        graph.nodes.iter().map(|node| by_cell.get(&node.cell).copied()).collect();
    owners.iter().any(Option::is_some).then_some(owners)
}
