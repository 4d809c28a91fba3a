//! Which region goes to which base, after the regions have moved.

use h3o::CellIndex;

use super::graph::{Graph, Travel, travel_from};
use super::grow::middles;

/// Exchanges regions between bases of the same capacity while that shortens the ways to them.
pub(super) fn matched(
    graph: &Graph,
    starts: &[CellIndex],
    targets: &[f64],
    label: Vec<usize>,
    travel: Travel<'_>,
) -> Vec<usize> {
    let labels = starts.len();
    let middles = middles(graph, &label, labels);
    let ways: Vec<Vec<u64>> = starts
        .iter()
        .map(|start| {
            middles.iter().map(|m| travel_from(travel, *start, &graph.nodes[*m])).collect()
        })
        .collect();
    let mut region: Vec<usize> = (0..labels).collect();
    // Each exchange shortens the sum, so this ends; the bound is a seat belt.
    for _ in 0..labels * labels {
        let mut exchanged = false;
        for a in 0..labels {
            for b in a + 1..labels {
                let same = (targets[a] - targets[b]).abs() <= targets[a] * 1e-9;
                let now = ways[a][region[a]] + ways[b][region[b]];
                if same && ways[a][region[b]] + ways[b][region[a]] < now {
                    region.swap(a, b);
                    exchanged = true;
                }
            }
        }
        if !exchanged {
            break;
        }
    }
    let mut base_of = vec![0; labels];
    region.iter().enumerate().for_each(|(base, region)| base_of[*region] = base);
    label.into_iter().map(|region| base_of[region]).collect()
}
