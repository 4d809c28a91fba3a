//! Decoding the blocks of a PBF file, with our errors.

use osmpbf::{BlobDecode, BlobReader, Element, PrimitiveBlock};

use super::{frame, restrictions, wire};
use crate::error::BuildError;
use crate::tags::Tags;

/// Features of the format that this reader understands.
const KNOWN_FEATURES: [&str; 2] = ["OsmSchema-V0.6", "DenseNodes"];

/// What the head of the file says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Header {
    /// Seconds since 1970 of the data, if the file says so.
    pub(crate) data_at: Option<i64>,
}

/// A PBF file in memory, split into blocks; each pass decodes them anew, so that only one
/// block is in memory in plain form.
#[derive(Debug)]
pub(super) struct Blocks<'a> {
    pbf: &'a [u8],
    ranges: Vec<std::ops::Range<usize>>,
    pub(super) header: Header,
}

impl<'a> Blocks<'a> {
    pub(super) fn new(pbf: &'a [u8]) -> Result<Self, BuildError> {
        let mut blocks = Self { pbf, ranges: frame::blocks(pbf)?, header: Header::default() };
        let range = blocks.ranges.remove(0);
        let not_pbf = |detail: String| BuildError::NotPbf { detail };
        let blob = BlobReader::new(pbf.get(range).unwrap_or_default())
            .next()
            .ok_or_else(|| not_pbf("no block".to_owned()))?
            .map_err(|error| not_pbf(error.to_string()))?;
        match blob.decode().map_err(|error| not_pbf(error.to_string()))? {
            BlobDecode::OsmHeader(header) => {
                let unknown = |f: &&String| !KNOWN_FEATURES.contains(&f.as_str());
                if let Some(feature) = header.required_features().iter().find(unknown) {
                    return Err(BuildError::Unsupported { feature: feature.clone() });
                }
                blocks.header.data_at = header.osmosis_replication_timestamp();
            }
            _ => return Err(not_pbf("it does not start with a header".to_owned())),
        }
        Ok(blocks)
    }

    pub(super) fn bytes(&self) -> u64 {
        u64::try_from(self.pbf.len()).unwrap_or(u64::MAX)
    }

    /// Calls `each` with every data block and the bytes read when it is done with.
    pub(super) fn for_each(
        &self,
        mut each: impl FnMut(&PrimitiveBlock, u64),
    ) -> Result<(), BuildError> {
        for range in &self.ranges {
            let (at, end) = (range.start, u64::try_from(range.end).unwrap_or(u64::MAX));
            let damaged =
                |error: osmpbf::Error| BuildError::Damaged { at, detail: error.to_string() };
            let bytes = self.pbf.get(range.clone()).unwrap_or_default();
            for blob in BlobReader::new(bytes) {
                if let BlobDecode::OsmData(block) =
                    blob.map_err(damaged)?.decode().map_err(damaged)?
                {
                    each(&block, end);
                }
            }
        }
        Ok(())
    }

    /// The turn restrictions of the block that ends at a byte.
    pub(super) fn restrictions(
        &self,
        end: u64,
    ) -> Result<Vec<restrictions::Restriction>, BuildError> {
        let ends_there = |r: &&std::ops::Range<usize>| u64::try_from(r.end) == Ok(end);
        let range = self.ranges.iter().find(ends_there).cloned().unwrap_or_default();
        let at = range.start;
        let content = wire::content(self.pbf.get(range).unwrap_or_default());
        let found = content.and_then(|content| restrictions::in_block(&content));
        found.ok_or_else(|| BuildError::Damaged { at, detail: "relations".to_owned() })
    }
}

/// Positions in a block's string table of the keys wanted, so that tags are compared by
/// number and text is touched only for those kept.
#[derive(Debug)]
pub(super) struct Keys<'b> {
    strings: &'b [Vec<u8>],
    wanted: Vec<Option<&'static str>>,
}

impl<'b> Keys<'b> {
    pub(super) fn new(block: &'b PrimitiveBlock, keys: &[&'static str]) -> Self {
        let strings = block.raw_stringtable();
        let find = |s: &Vec<u8>| keys.iter().copied().find(|key| key.as_bytes() == s.as_slice());
        Self { strings, wanted: strings.iter().map(find).collect() }
    }

    pub(super) fn key(&self, index: u32) -> Option<&'static str> {
        self.wanted.get(crate::num::ix(index)).copied().flatten()
    }

    fn text(&self, index: u32) -> Option<&'b str> {
        std::str::from_utf8(self.strings.get(crate::num::ix(index))?).ok()
    }

    pub(super) fn tags(&self, raw: impl Iterator<Item = (u32, u32)>) -> Tags {
        let kept = raw.filter_map(|(k, v)| Some((self.key(k)?, self.text(v)?.into())));
        Tags(kept.collect())
    }
}

/// The nodes of a block in either of the two encodings, as (id, lat, lon in 1e-7 degree, tags).
pub(super) fn for_each_node(
    block: &PrimitiveBlock,
    mut each: impl FnMut(i64, crate::geo::Fixed, &mut dyn Iterator<Item = (u32, u32)>),
) {
    block.for_each_element(|element| match element {
        Element::DenseNode(node) => {
            let at = crate::geo::Fixed { lat: node.decimicro_lat(), lon: node.decimicro_lon() };
            let tags = node
                .raw_tags()
                .filter_map(|(k, v)| Some((u32::try_from(k).ok()?, u32::try_from(v).ok()?)));
            each(node.id(), at, &mut { tags });
        }
        Element::Node(node) => {
            let at = crate::geo::Fixed { lat: node.decimicro_lat(), lon: node.decimicro_lon() };
            each(node.id(), at, &mut node.raw_tags());
        }
        _ => {}
    });
}
