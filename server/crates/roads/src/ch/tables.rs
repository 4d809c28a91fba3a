//! The finished hierarchy: two tables of upward arcs.

use super::{Cost, SHORTCUT};
use crate::num::ix;

/// An arc to a node of higher rank; 16 bytes, so that four fit a cache line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct UpArc {
    /// The node of higher rank.
    pub(crate) node: u32,
    pub(crate) cs: u32,
    pub(crate) dm: u32,
    /// Label of the graph's arc, or [`SHORTCUT`] and the middle node.
    pub(crate) via: u32,
}

impl UpArc {
    #[inline]
    pub(crate) fn cost(&self) -> Cost {
        Cost::new(self.cs, self.dm)
    }
}

/// Arcs by node: those of node `n` are `arcs[first[n]..first[n + 1]]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) first: Vec<u32>,
    pub(crate) arcs: Vec<UpArc>,
}

impl Table {
    #[inline]
    pub(crate) fn of(&self, node: u32) -> &[UpArc] {
        let n = ix(node);
        match (self.first.get(n), self.first.get(n + 1)) {
            (Some(&from), Some(&to)) => self.arcs.get(ix(from)..ix(to)).unwrap_or_default(),
            _ => &[],
        }
    }

    /// Whether every reference points to something that exists and upwards.
    fn is_sound(&self, nodes: usize) -> bool {
        let ends = self.first.first() == Some(&0)
            && self.first.last().is_some_and(|&last| ix(last) == self.arcs.len());
        let rising = self.first.windows(2).all(|pair| pair[0] <= pair[1]);
        ends && rising
            && self.first.len() == nodes + 1
            && (0..nodes).all(|n| {
                let tail = crate::num::id(n);
                self.of(tail).iter().all(|arc| {
                    arc.node > tail
                        && ix(arc.node) < nodes
                        && (arc.via & SHORTCUT == 0 || arc.via & !SHORTCUT < tail)
                })
            })
    }
}

/// A prepared graph whose nodes are numbered by rank: every arc leads to a higher number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Hierarchy {
    /// Arcs driven from the node upwards.
    pub(crate) forward: Table,
    /// Arcs driven from above down to the node, kept at the lower end.
    pub(crate) backward: Table,
}

impl Hierarchy {
    pub(crate) fn nodes(&self) -> usize {
        self.forward.first.len().saturating_sub(1)
    }

    pub(crate) fn shortcuts(&self) -> usize {
        let count = |table: &Table| table.arcs.iter().filter(|a| a.via & SHORTCUT != 0).count();
        count(&self.forward) + count(&self.backward)
    }

    /// Whether no search or unpacking can leave the tables (checked after reading a file).
    pub(crate) fn is_sound(&self) -> bool {
        self.forward.is_sound(self.nodes()) && self.backward.is_sound(self.nodes())
    }
}
