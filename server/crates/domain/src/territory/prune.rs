//! Empty cells are kept only where a territory would fall apart without them.

use super::graph::{Graph, squared};
use super::grow::centres;
use super::swap::holds_without;

/// Which empty nodes their territories need.
pub(super) fn needed(graph: &Graph, label: &[usize], labels: usize) -> Vec<bool> {
    let centres = centres(graph, label, labels);
    let mut empty: Vec<usize> =
        (0..label.len()).filter(|node| !graph.nodes[*node].occupied).collect();
    // From the outside in, so that what is kept lies close to the middle.
    let away = |node: usize| squared(graph.nodes[node].at, centres[label[node]]);
    empty.sort_by(|a, b| away(*b).total_cmp(&away(*a)).then(a.cmp(b)));
    // A node that was dropped belongs to nobody.
    let mut left = label.to_vec();
    let mut needed: Vec<bool> = graph.nodes.iter().map(|node| !node.occupied).collect();
    // A node that held things together may be free once others are gone.
    loop {
        let before = empty.len();
        empty.retain(|node| {
            let free = holds_without(graph, &left, *node);
            if free {
                left[*node] = labels;
                needed[*node] = false;
            }
            !free
        });
        if empty.len() == before {
            return needed;
        }
    }
}
