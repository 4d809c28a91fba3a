//! A block of the file in plain form.

use std::borrow::Cow;
use std::io::Read;

use super::wire::{Detail, Field, fields};

/// Plain size a block may have by the format.
const MOST_BLOCK_BYTES: u64 = 32 * 1024 * 1024;

/// Splits a block with its prefix into the name of its kind and what is packed in it.
pub(super) fn parts(block: &[u8]) -> Result<(&[u8], &[u8]), Detail> {
    let short = "a block without a header";
    let (prefix, rest) = block.split_first_chunk::<4>().ok_or(short)?;
    let length = usize::try_from(u32::from_be_bytes(*prefix)).map_err(|_| short)?;
    let (header, blob) = rest.split_at_checked(length).ok_or(short)?;
    let mut kind = &[][..];
    fields(header, |number, field| {
        if let (1, Field::Bytes(name)) = (number, field) {
            kind = name;
        }
        Ok(())
    })?;
    Ok((kind, blob))
}

/// The plain content of what is packed in a block.
pub(super) fn content(blob: &[u8]) -> Result<Cow<'_, [u8]>, Detail> {
    const LARGE: Detail = "a block of more than 32 MiB";
    let (mut plain, mut zlib, mut other) = (None, None, false);
    fields(blob, |number, field| {
        match (number, field) {
            (1, Field::Bytes(bytes)) => plain = Some(bytes),
            (3, Field::Bytes(bytes)) => zlib = Some(bytes),
            (4.., Field::Bytes(_)) => other = true,
            _ => {}
        }
        Ok(())
    })?;
    if let Some(plain) = plain {
        let small = u64::try_from(plain.len()).is_ok_and(|n| n <= MOST_BLOCK_BYTES);
        return if small { Ok(Cow::Borrowed(plain)) } else { Err(LARGE) };
    }
    let Some(zlib) = zlib else {
        return Err(if other { "a compression other than zlib" } else { "a block without data" });
    };
    let mut bytes = Vec::new();
    let mut inflated = flate2::read::ZlibDecoder::new(zlib).take(MOST_BLOCK_BYTES + 1);
    match inflated.read_to_end(&mut bytes) {
        Ok(read) if u64::try_from(read).is_ok_and(|n| n <= MOST_BLOCK_BYTES) => {
            Ok(Cow::Owned(bytes))
        }
        Ok(_) => Err(LARGE),
        Err(_) => Err("it cannot be inflated"),
    }
}
