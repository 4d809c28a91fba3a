//! Where the rows lie. A rolled-up row is drawn as its cell less what has rows of its own, so its shape
//! does not tell in which of the cells within there are borrowers.

use std::collections::{BTreeMap, BTreeSet};

use domain::economics::{COARSEST, Group, Region};
use h3o::geom::SolventBuilder;
use h3o::{CellIndex, Resolution};

use crate::render::Point;

pub(super) struct Shapes<'a> {
    groups: &'a [Group],
    territories: &'a BTreeMap<CellIndex, String>,
    resolution: Resolution,
}

impl<'a> Shapes<'a> {
    pub(super) fn new(
        groups: &'a [Group],
        territories: &'a BTreeMap<CellIndex, String>,
        resolution: Resolution,
    ) -> Self {
        Self { groups, territories, resolution }
    }

    /// Rings of polygons: the first of each is its border, the others are holes.
    pub(super) fn of(&self, group: &Group) -> Vec<Vec<Vec<Point>>> {
        let taken: BTreeSet<CellIndex> = self
            .groups
            .iter()
            .filter(|other| other.regions == group.regions && other.cell != group.cell)
            .filter_map(|other| other.cell)
            .filter(|cell| group.cell.is_none_or(|own| is_within(*cell, own)))
            .collect();
        let mut cells = BTreeSet::new();
        for region in &group.regions {
            match region {
                Region::Beat(agent) => {
                    let beat = self.territories.iter().filter(|(_, of)| *of == agent);
                    cells.extend(
                        beat.map(|(cell, _)| *cell)
                            .filter(|cell| group.cell.is_none_or(|own| is_within(*cell, own)))
                            .filter(|cell| !taken.iter().any(|gone| is_within(*cell, *gone))),
                    );
                }
                Region::Area(area) => {
                    let own = group.cell.filter(|cell| is_within(*cell, *area));
                    if group.cell.is_none() || own.is_some() {
                        self.cover(own.unwrap_or(*area), &self.without(&taken), &mut cells);
                    }
                }
            }
        }
        dissolve(cells, self.resolution)
    }

    /// Cells that belong to somebody else: beats and rows of their own.
    fn without(&self, taken: &BTreeSet<CellIndex>) -> BTreeSet<CellIndex> {
        self.territories.keys().chain(taken).copied().collect()
    }

    /// The fewest cells that make up `cell` without those in `gone`.
    fn cover(&self, cell: CellIndex, gone: &BTreeSet<CellIndex>, into: &mut BTreeSet<CellIndex>) {
        let mut touched: BTreeSet<CellIndex> = BTreeSet::new();
        for other in gone.iter().filter(|other| is_within(**other, cell)) {
            let mut level = other.resolution().pred();
            while let Some(at) = level.filter(|at| *at >= COARSEST) {
                touched.extend(other.parent(at));
                level = at.pred();
            }
        }
        let mut open = vec![cell];
        while let Some(cell) = open.pop() {
            match cell.resolution().succ() {
                _ if gone.contains(&cell) => {}
                Some(finer) if touched.contains(&cell) => open.extend(cell.children(finer)),
                _ => {
                    into.insert(cell);
                }
            }
        }
    }
}

fn is_within(cell: CellIndex, of: CellIndex) -> bool {
    cell.parent(of.resolution()) == Some(of)
}

fn dissolve(cells: BTreeSet<CellIndex>, resolution: Resolution) -> Vec<Vec<Vec<Point>>> {
    let ring = |line: &geo::LineString| {
        line.coords().map(|at| Point { lat: at.y, lon: at.x }).collect::<Vec<_>>()
    };
    if let (1, Some(cell)) = (cells.len(), cells.first()) {
        let mut border: Vec<Point> =
            cell.boundary().iter().map(|at| Point { lat: at.lat(), lon: at.lng() }).collect();
        border.extend(border.first().copied());
        return vec![vec![border]];
    }
    let solvent = SolventBuilder::new().enable_heterogeneous_support(resolution).build();
    solvent.dissolve(cells).map_or_else(
        // Cells without overlap always dissolve.
        |_| Vec::new(),
        |all| {
            all.iter()
                .map(|polygon| {
                    std::iter::once(polygon.exterior())
                        .chain(polygon.interiors())
                        .map(ring)
                        .collect()
                })
                .collect()
        },
    )
}
