//! What the territories look like.

use sync_core::model::{Metres, Micro, Seconds};

use super::graph::{Graph, squared};
use super::grow::loads;
use super::{Base, Link, Territories, Territory, TerritoryError};
use crate::number::round;

pub(super) fn describe<K: Clone>(
    graph: &Graph,
    bases: &[Base<K>],
    targets: &[f64],
    label: &[usize],
    bridges: &[bool],
    owners: Option<&[Option<usize>]>,
) -> Result<Territories<K>, TerritoryError> {
    let loads = loads(graph, label, targets);
    let links: Vec<Link> = graph.links.iter().map(|(a, b)| link(graph, *a, *b)).collect();
    let territories: Result<Vec<Territory<K>>, TerritoryError> = bases
        .iter()
        .enumerate()
        .map(|(number, base)| {
            let own: Vec<usize> = (0..label.len())
                .filter(|n| label[*n] == number && (graph.nodes[*n].occupied || bridges[*n]))
                .collect();
            let inside = |n: &usize| own.binary_search(n).is_ok();
            Ok(Territory {
                key: base.key.clone(),
                cells: pick(graph, &own, true),
                bridges: pick(graph, &own, false),
                links: graph
                    .links
                    .iter()
                    .filter(|(a, b)| inside(a) && inside(b))
                    .map(|(a, b)| link(graph, *a, *b))
                    .collect(),
                workload: workload(graph, &own)?,
                value: value(graph, &own)?,
                load: loads[number],
                compactness: compactness(graph, label, number),
            })
        })
        .collect();
    let moved = owners.map_or(0, |owners| {
        let other = |n: &usize| owners[*n].is_some_and(|owner| owner != label[*n]);
        (0..label.len()).filter(|n| graph.nodes[*n].occupied).filter(other).count()
    });
    Ok(Territories {
        resolution: graph.nodes.first().map_or(0, |node| u8::from(node.cell.resolution())),
        territories: territories?,
        links,
        imbalance: loads.into_iter().fold(0.0, f64::max),
        moved,
    })
}

fn pick(graph: &Graph, own: &[usize], occupied: bool) -> Vec<h3o::CellIndex> {
    let nodes = own.iter().map(|n| &graph.nodes[*n]);
    nodes.filter(|node| node.occupied == occupied).map(|node| node.cell).collect()
}

fn workload(graph: &Graph, own: &[usize]) -> Result<Seconds, TerritoryError> {
    own.iter()
        .try_fold(Seconds::ZERO, |sum, n| sum.checked_add(graph.nodes[*n].workload))
        .map_err(|_| TerritoryError::Overflow("workload"))
}

fn value(graph: &Graph, own: &[usize]) -> Result<Micro, TerritoryError> {
    own.iter()
        .try_fold(Micro::ZERO, |sum, n| sum.checked_add(graph.nodes[*n].value))
        .map_err(|_| TerritoryError::Overflow("value"))
}

fn link(graph: &Graph, a: usize, b: usize) -> Link {
    let distance = round(graph.distance(a, b)).and_then(|m| Metres::new(m).ok());
    Link {
        from: graph.nodes[a].cell,
        to: graph.nodes[b].cell,
        distance: distance.unwrap_or(Metres::ZERO),
    }
}

/// For a disc of area A the mean squared distance from the centre is A / (2 pi). Empty cells that
/// fell to the territory count, so that a sparse book does not look ragged.
fn compactness(graph: &Graph, label: &[usize], number: usize) -> f64 {
    let region = graph.nodes.iter().zip(label).filter(|(_, l)| **l == number).map(|(node, _)| node);
    let mut sum = [0.0; 3];
    let mut area = 0.0;
    for node in region.clone() {
        let cell_m2 = node.cell.area_m2();
        area += cell_m2;
        sum.iter_mut().zip(node.at).for_each(|(sum, at)| *sum += at * cell_m2);
    }
    if area <= 0.0 {
        return 1.0;
    }
    let centre = sum.map(|axis| axis / area);
    // A cell's own spread about its middle belongs to it, as for a disc of its area.
    let moment: f64 = region
        .map(|node| (node.cell.area_m2(), squared(node.at, centre)))
        .map(|(cell_m2, away)| cell_m2 * (away + cell_m2 / std::f64::consts::TAU))
        .sum();
    area * area / std::f64::consts::TAU / moment
}
