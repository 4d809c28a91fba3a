//! Which junctions can reach each other.

use crate::num::{NONE, id, ix};

/// Directed arcs by tail, in compressed rows.
struct Rows {
    first: Vec<u32>,
    heads: Vec<u32>,
}

impl Rows {
    fn new(nodes: usize, arcs: &[(u32, u32)]) -> Self {
        let mut first = vec![0_u32; nodes + 1];
        for &(tail, _) in arcs {
            first[ix(tail) + 1] += 1;
        }
        for n in 0..nodes {
            first[n + 1] += first[n];
        }
        let mut next = first.clone();
        let mut heads = vec![0; arcs.len()];
        for &(tail, head) in arcs {
            heads[ix(next[ix(tail)])] = head;
            next[ix(tail)] += 1;
        }
        Self { first, heads }
    }
}

/// For every node, whether it is in the largest strongly connected component (the one
/// found first when two are equal). R. Tarjan's algorithm with an explicit stack.
pub(crate) fn largest_strong(nodes: usize, arcs: &[(u32, u32)]) -> Vec<bool> {
    let component = strong(nodes, arcs);
    let mut sizes = vec![0_u32; nodes];
    for &c in &component {
        sizes[ix(c)] += 1;
    }
    let largest = sizes.iter().copied().max().unwrap_or(0);
    let which = sizes.iter().position(|&size| size == largest).map_or(NONE, id);
    component.into_iter().map(|c| c == which).collect()
}

fn strong(nodes: usize, arcs: &[(u32, u32)]) -> Vec<u32> {
    let rows = Rows::new(nodes, arcs);
    let mut index = vec![NONE; nodes];
    let mut low = vec![0_u32; nodes];
    let mut component = vec![NONE; nodes];
    let mut next_arc = rows.first.clone();
    let (mut open, mut calls) = (Vec::new(), Vec::new());
    let (mut count, mut components) = (0, 0);
    for root in 0..id(nodes) {
        if index[ix(root)] != NONE {
            continue;
        }
        calls.push(root);
        while let Some(&node) = calls.last() {
            let n = ix(node);
            if index[n] == NONE {
                index[n] = count;
                low[n] = count;
                count += 1;
                open.push(node);
            }
            if next_arc[n] < rows.first[n + 1] {
                let head = ix(rows.heads[ix(next_arc[n])]);
                if index[head] == NONE {
                    // The arc is looked at again when the head is done.
                    calls.push(id(head));
                    continue;
                }
                next_arc[n] += 1;
                if component[head] == NONE {
                    low[n] = low[n].min(low[head]);
                }
                continue;
            }
            calls.pop();
            if low[n] == index[n] {
                while let Some(member) = open.pop() {
                    component[ix(member)] = components;
                    if member == node {
                        break;
                    }
                }
                components += 1;
            }
        }
    }
    component
}

/// For every node, whether it is one of some nodes or arcs lead there from them.
pub(crate) fn reached(from: &[bool], arcs: &[(u32, u32)]) -> Vec<bool> {
    let rows = Rows::new(from.len(), arcs);
    let mut reached = from.to_vec();
    let mut open: Vec<usize> = (0..from.len()).filter(|&node| from[node]).collect();
    while let Some(node) = open.pop() {
        for &head in &rows.heads[ix(rows.first[node])..ix(rows.first[node + 1])] {
            if !std::mem::replace(&mut reached[ix(head)], true) {
                open.push(ix(head));
            }
        }
    }
    reached
}

/// For every node, the smallest node joined to it by arcs in any direction.
pub(crate) fn weak(nodes: usize, arcs: impl Iterator<Item = (u32, u32)>) -> Vec<u32> {
    fn root(parent: &mut [u32], mut node: u32) -> u32 {
        while parent[ix(node)] != node {
            parent[ix(node)] = parent[ix(parent[ix(node)])];
            node = parent[ix(node)];
        }
        node
    }
    let mut parent: Vec<u32> = (0..id(nodes)).collect();
    for (a, b) in arcs {
        let (a, b) = (root(&mut parent, a), root(&mut parent, b));
        parent[ix(a.max(b))] = a.min(b);
    }
    (0..id(nodes)).map(|node| root(&mut parent, node)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_way_in_is_not_strong() {
        // 0 <-> 1 <-> 2 -> 3, 4 <-> 5
        let arcs = [(0, 1), (1, 0), (1, 2), (2, 1), (2, 3), (4, 5), (5, 4)];
        assert_eq!(largest_strong(6, &arcs), [true, true, true, false, false, false]);
        let one = [false, false, true, false, false, false];
        assert_eq!(reached(&one, &arcs), [true, true, true, true, false, false]);
        assert_eq!(weak(6, arcs.into_iter()), [0, 0, 0, 0, 4, 4]);
    }

    #[test]
    fn a_ring_is_strong() {
        let ring: Vec<(u32, u32)> = (0..1000).map(|n| (n, (n + 1) % 1000)).collect();
        assert!(largest_strong(1000, &ring).into_iter().all(|inside| inside));
    }
}
