//! The saved form of a cache: a head, then its tables.
//!
//! Head: 8 bytes of name, format version (u32), CRC-32 of the content (u32), bytes of the content
//! (u64). Content: length and text of what the tables are of, number of places, their keys, instants
//! of adding, seconds, metres. All numbers little-endian.

use std::collections::HashSet;

use super::{Cache, Key};
use crate::travel::provider::Table;

const MAGIC: [u8; 8] = *b"DSTABLE\n";
/// Raised whenever the content changes.
const FORMAT: u32 = 1;
const HEAD: usize = 24;

/// The bytes of a file; `of` says what server and profile the tables are of.
pub(crate) fn write(cache: &Cache, of: &str) -> Vec<u8> {
    let mut body = Vec::with_capacity(cache.table.seconds.len() * 8 + cache.keys.len() * 16 + 256);
    count(&mut body, of.len());
    body.extend_from_slice(of.as_bytes());
    count(&mut body, cache.keys.len());
    let words = cache.keys.iter().flatten();
    words.for_each(|word| body.extend_from_slice(&word.to_le_bytes()));
    cache.added.iter().for_each(|at| body.extend_from_slice(&at.to_le_bytes()));
    let cells = cache.table.seconds.iter().chain(&cache.table.metres);
    cells.for_each(|cell| body.extend_from_slice(&cell.to_le_bytes()));
    let mut file = Vec::with_capacity(HEAD + body.len());
    file.extend_from_slice(&MAGIC);
    file.extend_from_slice(&FORMAT.to_le_bytes());
    file.extend_from_slice(&crc32fast::hash(&body).to_le_bytes());
    count(&mut file, body.len());
    file.extend_from_slice(&body);
    file
}

/// The cache of a file, empty where it is of something else than `of`.
///
/// # Errors
/// What is wrong with the file, in a few words.
pub(crate) fn read(bytes: &[u8], of: &str) -> Result<Cache, &'static str> {
    let mut head = In(bytes);
    if head.take(8)? != MAGIC {
        return Err("it is another kind of file");
    }
    if head.u32()? != FORMAT {
        return Err("it is of another version of this program");
    }
    let (sum, length) = (head.u32()?, head.count()?);
    let mut body = In(head.0);
    if body.0.len() != length || crc32fast::hash(body.0) != sum {
        return Err("it is cut short or damaged");
    }
    let name = body.count()?;
    if body.take(name)? != of.as_bytes() {
        return Ok(Cache::default());
    }
    let places = body.count()?;
    let cells = places.checked_mul(places).ok_or(SHORT)?;
    let words = body.words(places.checked_mul(2).ok_or(SHORT)?)?;
    let keys: Vec<Key> = words.chunks_exact(2).map(|pair| [pair[0], pair[1]]).collect();
    let stamps = body.take(places.checked_mul(8).ok_or(SHORT)?)?;
    let (stamps, _) = stamps.as_chunks::<8>();
    let added = stamps.iter().map(|stamp| i64::from_le_bytes(*stamp)).collect();
    let table = Table { seconds: body.words(cells)?, metres: body.words(cells)? };
    let distinct = keys.iter().collect::<HashSet<_>>().len() == keys.len();
    if !body.0.is_empty() || !distinct {
        return Err("it contradicts itself");
    }
    Ok(Cache { keys, added, table })
}

const SHORT: &str = "it is cut short";

fn count(to: &mut Vec<u8>, count: usize) {
    to.extend_from_slice(&u64::try_from(count).unwrap_or(u64::MAX).to_le_bytes());
}

/// Takes values from the front of what is left.
struct In<'a>(&'a [u8]);

impl<'a> In<'a> {
    fn take(&mut self, bytes: usize) -> Result<&'a [u8], &'static str> {
        let (taken, rest) = self.0.split_at_checked(bytes).ok_or(SHORT)?;
        self.0 = rest;
        Ok(taken)
    }

    fn u32(&mut self) -> Result<u32, &'static str> {
        Ok(u32::from_le_bytes(*self.take(4)?.first_chunk().ok_or(SHORT)?))
    }

    fn count(&mut self) -> Result<usize, &'static str> {
        let number = u64::from_le_bytes(*self.take(8)?.first_chunk().ok_or(SHORT)?);
        usize::try_from(number).map_err(|_| SHORT)
    }

    fn words(&mut self, count: usize) -> Result<Vec<u32>, &'static str> {
        let bytes = self.take(count.checked_mul(4).ok_or(SHORT)?)?;
        let (words, _) = bytes.as_chunks::<4>();
        Ok(words.iter().map(|word| u32::from_le_bytes(*word)).collect())
    }
}
