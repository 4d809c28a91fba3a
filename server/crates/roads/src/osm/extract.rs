//! The part of an extract that roads are made of, as plain data.

use super::block::Keys;
use super::blocks::{Blocks, Header};
use super::restrictions::{Restriction, restriction};
use crate::error::BuildError;
use crate::geo::Fixed;
use crate::num::{NONE, id};
use crate::progress::Progress;
use crate::tags::{NODE_KEYS, Tags, WAY_KEYS};

/// A way that may be a road or ferry line.
#[derive(Debug, Clone, Default)]
pub(crate) struct Way {
    pub(crate) osm_id: i64,
    pub(crate) refs: Vec<i64>,
    pub(crate) tags: Tags,
}

/// Road-like ways in file order, and the nodes they use.
#[derive(Debug, Default)]
pub(crate) struct Extract {
    pub(crate) header: Header,
    pub(crate) ways: Vec<Way>,
    /// Ids of the nodes used, ascending; `at` runs beside it, `None` where the extract
    /// refers to a node outside of it, or its numbers are no position on earth.
    pub(crate) node_ids: Vec<i64>,
    pub(crate) at: Vec<Option<Fixed>>,
    /// Nodes of the latter kind.
    pub(crate) nowhere: u64,
    /// Nodes with tags that may stop a vehicle or make it wait, by index.
    pub(crate) node_tags: Vec<(u32, Tags)>,
    /// Turn restrictions in file order.
    pub(crate) restrictions: Vec<Restriction>,
}

impl Extract {
    pub(crate) fn read(pbf: &[u8], progress: &mut Progress<'_>) -> Result<Self, BuildError> {
        let blocks = Blocks::new(pbf)?;
        let mut extract = Self { header: blocks.header, ..Self::default() };
        extract.read_ways(&blocks, progress)?;
        extract.node_ids = extract.ways.iter().flat_map(|way| way.refs.iter().copied()).collect();
        extract.node_ids.sort_unstable();
        extract.node_ids.dedup();
        if id(extract.node_ids.len()) == NONE {
            return Err(BuildError::TooLarge { what: "road nodes", limit: NONE });
        }
        extract.read_nodes(&blocks, progress)?;
        Ok(extract)
    }

    /// Index of a node.
    pub(crate) fn node(&self, osm_id: i64) -> Option<usize> {
        self.node_ids.binary_search(&osm_id).ok()
    }

    fn read_ways(
        &mut self,
        blocks: &Blocks<'_>,
        progress: &mut Progress<'_>,
    ) -> Result<(), BuildError> {
        progress.start("read roads", blocks.bytes());
        blocks.for_each(|block, done| {
            let keys = Keys::new(block, WAY_KEYS);
            block.ways(|way| {
                let road = |&(k, _): &_| matches!(keys.key(k), Some("highway" | "route"));
                if way.tags.iter().any(road) {
                    let tags = keys.tags(way.tags);
                    if tags.get("highway").is_some() || tags.is("route", "ferry") {
                        let mut refs = way.refs()?;
                        // A node written twice in a row is no place to turn round.
                        refs.dedup();
                        self.ways.push(Way { osm_id: way.id, refs, tags });
                    }
                }
                Ok(())
            })?;
            block.relations(|relation| {
                self.restrictions.extend(restriction(block, relation)?);
                Ok(())
            })?;
            progress.at(done);
            Ok(())
        })
    }

    fn read_nodes(
        &mut self,
        blocks: &Blocks<'_>,
        progress: &mut Progress<'_>,
    ) -> Result<(), BuildError> {
        progress.start("read nodes", blocks.bytes());
        self.at = vec![None; self.node_ids.len()];
        // Files are sorted by id nearly always, so the next node wanted is nearly always
        // the one behind the last.
        let mut next = 0;
        blocks.for_each(|block, done| {
            let keys = Keys::new(block, NODE_KEYS);
            block.nodes(|node| {
                let osm_id = node.id;
                if self.node_ids.get(next) != Some(&osm_id) {
                    let before = next.checked_sub(1).and_then(|n| self.node_ids.get(n));
                    let between = self.node_ids.get(next).is_none_or(|&n| osm_id < n)
                        && before.is_none_or(|&b| osm_id > b);
                    if between {
                        return;
                    }
                    let Ok(found) = self.node_ids.binary_search(&osm_id) else { return };
                    next = found;
                }
                if let Some(slot) = self.at.get_mut(next) {
                    *slot = node.at;
                    self.nowhere += u64::from(node.at.is_none());
                }
                let tags = keys.tags(node.tags);
                if !tags.0.is_empty() {
                    self.node_tags.push((id(next), tags));
                }
                next += 1;
            })?;
            progress.at(done);
            Ok(())
        })
    }
}
