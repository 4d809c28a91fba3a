//! The blocks of a PBF file, one after the other, with our errors.

use super::blob::{content, parts};
use super::block::Block;
use super::frame;
use super::wire::{Detail, Field, fields};
use crate::error::BuildError;

/// Features of the format that this reader understands.
const KNOWN_FEATURES: [&[u8]; 2] = [b"OsmSchema-V0.6", b"DenseNodes"];

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
        let not_pbf = |detail: Detail| BuildError::NotPbf { detail: detail.to_owned() };
        let (kind, blob) = parts(pbf.get(range).unwrap_or_default()).map_err(not_pbf)?;
        if kind != b"OSMHeader" {
            return Err(not_pbf("it does not start with a header"));
        }
        let mut unknown = None;
        fields(&content(blob).map_err(not_pbf)?, |number, field| {
            match (number, field) {
                (4, Field::Bytes(feature)) if !KNOWN_FEATURES.contains(&feature) => {
                    unknown = Some(String::from_utf8_lossy(feature).into_owned());
                }
                (32, Field::Number(seconds)) => {
                    blocks.header.data_at = Some(seconds.cast_signed());
                }
                _ => {}
            }
            Ok(())
        })
        .map_err(not_pbf)?;
        match unknown {
            Some(feature) => Err(BuildError::Unsupported { feature }),
            None => Ok(blocks),
        }
    }

    pub(super) fn bytes(&self) -> u64 {
        u64::try_from(self.pbf.len()).unwrap_or(u64::MAX)
    }

    /// Calls `each` with every data block and the bytes read when it is done with.
    pub(super) fn for_each(
        &self,
        mut each: impl FnMut(&Block<'_>, u64) -> Result<(), Detail>,
    ) -> Result<(), BuildError> {
        for range in &self.ranges {
            let (at, end) = (range.start, u64::try_from(range.end).unwrap_or(u64::MAX));
            let bytes = self.pbf.get(range.clone()).unwrap_or_default();
            let mut read = || {
                let (kind, blob) = parts(bytes)?;
                // The format allows other kinds of blocks, to be passed over.
                if kind != b"OSMData" {
                    return Ok(());
                }
                each(&Block::new(&content(blob)?)?, end)
            };
            read()
                .map_err(|detail: Detail| BuildError::Damaged { at, detail: detail.to_owned() })?;
        }
        Ok(())
    }
}
