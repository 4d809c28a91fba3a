//! The graph of cells: neighbours, bridges over small gaps, links over wide ones.

use std::collections::BTreeMap;

use h3o::{CellIndex, LatLng};
use sync_core::model::{Micro, Seconds};

use super::{Cell, TerritoryError};
use crate::number::{float, round};

pub(super) type Travel<'a> = &'a dyn Fn(CellIndex, CellIndex) -> Option<Seconds>;

const EARTH_RADIUS_M: f64 = 6_371_008.8;
/// Milliseconds for one metre as the crow flies where travel is not known: 30 km/h, roads a third
/// longer than the straight line.
const ESTIMATE_MS_PER_M: f64 = 160.0;
/// Widest gap, in cells, that is filled with bridges; a wider one becomes a link.
const BRIDGE_CELLS: i32 = 8;

#[derive(Debug)]
pub(super) struct Node {
    pub(super) cell: CellIndex,
    /// Workload in seconds; in a book without any workload, 1 for each cell.
    pub(super) weight: f64,
    pub(super) workload: Seconds,
    pub(super) value: Micro,
    /// Whether there is work in it; otherwise it is a possible bridge.
    pub(super) occupied: bool,
    /// Centre, in metres from the centre of the earth.
    pub(super) at: [f64; 3],
}

/// A connected graph; nodes are sorted by cell.
#[derive(Debug)]
pub(super) struct Graph {
    pub(super) nodes: Vec<Node>,
    /// For each node its neighbours, sorted, with the travel time in milliseconds, at least 1.
    pub(super) edges: Vec<Vec<(usize, u64)>>,
    /// Links, each once.
    pub(super) links: Vec<(usize, usize)>,
}

impl Graph {
    pub(super) fn build(cells: &[Cell], travel: Travel<'_>) -> Result<Self, TerritoryError> {
        let idle = cells.iter().all(|cell| cell.workload == Seconds::ZERO);
        let occupied: BTreeMap<CellIndex, &Cell> = cells.iter().map(|c| (c.index, c)).collect();
        let mut all: BTreeMap<CellIndex, bool> = BTreeMap::new();
        for cell in cells {
            for near in cell.index.grid_disk::<Vec<_>>(1) {
                all.entry(near).or_insert_with(|| occupied.contains_key(&near));
            }
        }
        let mut links = Vec::new();
        for (from, to) in joints(&all) {
            match bridge(from, to) {
                Some(path) => {
                    for cell in path {
                        all.entry(cell).or_insert(false);
                    }
                }
                None => links.push((from, to)),
            }
        }
        let nodes: Vec<Node> = all
            .keys()
            .map(|cell| {
                let found = occupied.get(cell);
                let workload = found.map_or(Seconds::ZERO, |c| c.workload);
                let weight = match found {
                    Some(_) if idle => 1.0,
                    _ => float(workload.get()),
                };
                let value = found.map_or(Micro::ZERO, |c| c.value);
                Node {
                    cell: *cell,
                    weight,
                    workload,
                    value,
                    occupied: found.is_some(),
                    at: centre(*cell),
                }
            })
            .collect();
        let mut graph = Self { edges: vec![Vec::new(); nodes.len()], nodes, links: Vec::new() };
        graph.join_neighbours(travel);
        graph.join_links(&links, travel);
        graph.check_connected()?;
        Ok(graph)
    }

    pub(super) fn position(&self, cell: CellIndex) -> Option<usize> {
        self.nodes.binary_search_by_key(&cell, |node| node.cell).ok()
    }

    /// Straight distance in metres.
    pub(super) fn distance(&self, a: usize, b: usize) -> f64 {
        apart(self.nodes[a].at, self.nodes[b].at)
    }

    fn join_neighbours(&mut self, travel: Travel<'_>) {
        for from in 0..self.nodes.len() {
            for cell in self.nodes[from].cell.grid_disk::<Vec<_>>(1) {
                // Each pair once; both ways get the same time.
                if let Some(to) = self.position(cell).filter(|to| *to > from) {
                    self.join(from, to, travel);
                }
            }
        }
        self.edges.iter_mut().for_each(|near| near.sort_unstable());
    }

    fn join_links(&mut self, links: &[(CellIndex, CellIndex)], travel: Travel<'_>) {
        for (from, to) in links {
            if let (Some(from), Some(to)) = (self.position(*from), self.position(*to)) {
                self.join(from, to, travel);
                self.links.push((from.min(to), from.max(to)));
            }
        }
        self.links.sort_unstable();
        self.edges.iter_mut().for_each(|near| near.sort_unstable());
    }

    fn join(&mut self, a: usize, b: usize, travel: Travel<'_>) {
        let ms = travel_ms(travel, &self.nodes[a], &self.nodes[b]);
        self.edges[a].push((b, ms));
        self.edges[b].push((a, ms));
    }

    fn check_connected(&self) -> Result<(), TerritoryError> {
        let mut seen = vec![false; self.nodes.len()];
        let mut open = vec![0];
        while let Some(at) = open.pop() {
            if !std::mem::replace(&mut seen[at], true) {
                open.extend(self.edges[at].iter().map(|(to, _)| *to).filter(|to| !seen[*to]));
            }
        }
        match seen.iter().position(|seen| !seen) {
            None => Ok(()),
            Some(lost) => Err(TerritoryError::Unjoined(self.nodes[lost].cell)),
        }
    }
}

/// Travel time between neighbours; empty cells may lie in the water, so they are not asked for.
fn travel_ms(travel: Travel<'_>, a: &Node, b: &Node) -> u64 {
    let known = (a.occupied && b.occupied).then(|| travel(a.cell, b.cell)).flatten();
    known.map_or_else(|| estimate_ms(a.at, b.at), ms_of)
}

/// Travel time from a base, which may lie anywhere.
pub(super) fn travel_from(travel: Travel<'_>, base: CellIndex, node: &Node) -> u64 {
    let known = node.occupied.then(|| travel(base, node.cell)).flatten();
    known.map_or_else(|| estimate_ms(centre(base), node.at), ms_of)
}

fn ms_of(seconds: Seconds) -> u64 {
    u64::try_from(seconds.get()).unwrap_or(0).saturating_mul(1_000).clamp(1, u64::from(u32::MAX))
}

fn estimate_ms(a: [f64; 3], b: [f64; 3]) -> u64 {
    let ms = round(apart(a, b) * ESTIMATE_MS_PER_M).and_then(|ms| u64::try_from(ms).ok());
    ms.unwrap_or(u64::from(u32::MAX)).max(1)
}

pub(super) fn apart(a: [f64; 3], b: [f64; 3]) -> f64 {
    libm::sqrt(squared(a, b))
}

pub(super) fn squared(a: [f64; 3], b: [f64; 3]) -> f64 {
    let [x, y, z] = [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
    x * x + y * y + z * z
}

fn centre(cell: CellIndex) -> [f64; 3] {
    let at = LatLng::from(cell);
    let (lat, lon) = (at.lat_radians(), at.lng_radians());
    let around = libm::cos(lat);
    // Whole centimetres: the last bits of a sine differ between machines.
    [around * libm::cos(lon), around * libm::sin(lon), libm::sin(lat)]
        .map(|axis| libm::round(axis * EARTH_RADIUS_M * 100.0) / 100.0)
}

/// The empty cells on the way between two cells; `None` when the gap is too wide.
fn bridge(from: CellIndex, to: CellIndex) -> Option<Vec<CellIndex>> {
    if from.grid_distance(to).ok()? > BRIDGE_CELLS {
        return None;
    }
    let path: Result<Vec<CellIndex>, _> = from.grid_path_cells(to).ok()?.collect();
    path.ok()
}

/// Pairs of occupied cells that join all groups of cells, each group to its nearest (Borůvka).
fn joints(cells: &BTreeMap<CellIndex, bool>) -> Vec<(CellIndex, CellIndex)> {
    let index: Vec<CellIndex> = cells.keys().copied().collect();
    let mut group: Vec<usize> = (0..index.len()).collect();
    for (from, cell) in index.iter().enumerate() {
        for near in cell.grid_disk::<Vec<_>>(1) {
            if let Ok(to) = index.binary_search(&near) {
                unite(&mut group, from, to);
            }
        }
    }
    let occupied: Vec<(usize, [f64; 3])> = (0..index.len())
        .filter(|node| cells.get(&index[*node]) == Some(&true))
        .map(|node| (node, centre(index[node])))
        .collect();
    let mut joints = Vec::new();
    loop {
        let nearest = nearest_outside(&mut group, &occupied);
        if nearest.is_empty() {
            return joints;
        }
        for (_, from, to) in nearest.into_values() {
            if unite(&mut group, from, to) {
                joints.push((index[from], index[to]));
            }
        }
    }
}

/// For each group the shortest way out of it: squared distance and both ends.
fn nearest_outside(
    group: &mut [usize],
    occupied: &[(usize, [f64; 3])],
) -> BTreeMap<usize, (f64, usize, usize)> {
    let roots: Vec<usize> = occupied.iter().map(|(node, _)| root(group, *node)).collect();
    let mut best: BTreeMap<usize, (f64, usize, usize)> = BTreeMap::new();
    if roots.windows(2).all(|pair| pair[0] == pair[1]) {
        return best;
    }
    for (i, (from, here)) in occupied.iter().enumerate() {
        for (j, (to, there)) in occupied.iter().enumerate().skip(i + 1) {
            if roots[i] == roots[j] {
                continue;
            }
            let found = (squared(*here, *there), *from, *to);
            for of in [roots[i], roots[j]] {
                let shortest = best.entry(of).or_insert(found);
                if found.0 < shortest.0 {
                    *shortest = found;
                }
            }
        }
    }
    best
}

fn root(group: &mut [usize], mut node: usize) -> usize {
    while group[node] != node {
        group[node] = group[group[node]];
        node = group[node];
    }
    node
}

/// Whether the two were apart.
fn unite(group: &mut [usize], a: usize, b: usize) -> bool {
    let (a, b) = (root(group, a), root(group, b));
    group[a.max(b)] = a.min(b);
    a != b
}
