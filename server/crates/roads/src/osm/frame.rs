//! The outer form of a PBF file: a sequence of length-prefixed blocks.
//!
//! Walked here before anything is decoded, so that a file cut short is told from a damaged
//! one. Format: <https://wiki.openstreetmap.org/wiki/PBF_Format>.

use std::ops::Range;

use super::wire::varint;
use crate::error::BuildError;

/// The format allows block headers below this size.
const MOST_HEADER_BYTES: usize = 64 * 1024;

/// Byte ranges of the blocks, prefix included. The first is the file's header.
pub(super) fn blocks(pbf: &[u8]) -> Result<Vec<Range<usize>>, BuildError> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < pbf.len() {
        let first = found.is_empty();
        let size = match (block_size(pbf, at), first) {
            (Ok(size), _) => size,
            (Err(Bad::Form(detail)), true) => return Err(BuildError::NotPbf { detail }),
            (Err(Bad::Form(detail)), false) => return Err(BuildError::Damaged { at, detail }),
            (Err(Bad::Short(needed)), _) => return Err(cut(pbf, at, needed)),
        };
        let end = at.checked_add(size).filter(|&end| end <= pbf.len());
        let end = end.ok_or_else(|| cut(pbf, at, size))?;
        found.push(at..end);
        at = end;
    }
    if found.is_empty() {
        return Err(BuildError::NotPbf { detail: "the file is empty".to_owned() });
    }
    Ok(found)
}

fn cut(pbf: &[u8], at: usize, needed: usize) -> BuildError {
    BuildError::Truncated { at, needed, left: pbf.len() - at }
}

enum Bad {
    Form(String),
    /// Bytes that would be needed to go on.
    Short(usize),
}

/// Size of the block at `at`: prefix, header and content.
fn block_size(pbf: &[u8], at: usize) -> Result<usize, Bad> {
    let rest = pbf.get(at..).unwrap_or_default();
    let prefix = rest.first_chunk::<4>().ok_or(Bad::Short(4))?;
    let header = usize::try_from(u32::from_be_bytes(*prefix)).unwrap_or(usize::MAX);
    if header == 0 || header >= MOST_HEADER_BYTES {
        return Err(Bad::Form(format!("a block header of {header} bytes")));
    }
    let bytes = rest.get(4..4 + header).ok_or(Bad::Short(4 + header))?;
    let content = data_size(bytes).ok_or_else(|| Bad::Form("no block size".to_owned()))?;
    Ok(4 + header + content)
}

/// Field 3 (`datasize`) of a block header in protocol buffer form. Its first field must be
/// `type`, one of two names; anything else is not this format.
fn data_size(mut bytes: &[u8]) -> Option<usize> {
    let mut size = None;
    while !bytes.is_empty() {
        let key = varint(&mut bytes)?;
        match (key >> 3, key & 7) {
            (3, 0) => size = usize::try_from(varint(&mut bytes)?).ok(),
            (_, 0) => _ = varint(&mut bytes)?,
            (_, 2) => {
                let length = usize::try_from(varint(&mut bytes)?).ok()?;
                bytes = bytes.get(length..)?;
            }
            _ => return None,
        }
    }
    size.filter(|&size| i32::try_from(size).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::osm::encode;

    #[test]
    fn other_files_are_refused() {
        for bytes in [&b""[..], b"<?xml version='1.0'?>", b"<html>", &[0, 0, 0, 0, 1, 2]] {
            assert!(matches!(blocks(bytes), Err(BuildError::NotPbf { .. })), "{bytes:?}");
        }
    }

    #[test]
    fn every_cut_inside_a_block_is_noticed() {
        let whole = encode::sample();
        let ranges = blocks(&whole).unwrap();
        assert!(ranges.len() > 1);
        for length in 1..whole.len() {
            let at_border = ranges.iter().any(|range| range.end == length);
            let result = blocks(&whole[..length]);
            assert_eq!(result.is_ok(), at_border, "{length}: {result:?}");
        }
    }
}
