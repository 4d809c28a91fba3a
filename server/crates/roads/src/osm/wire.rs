//! Protocol buffers, as far as relations need them.
//!
//! The reader of blocks (`osmpbf`) panics on a member type it does not know, so relations
//! are decoded here, where nothing can panic. Format:
//! <https://wiki.openstreetmap.org/wiki/PBF_Format>.

use std::io::Read;

/// Plain size a block may have by the format.
const MOST_BLOCK_BYTES: u64 = 32 * 1024 * 1024;

/// One field of a message.
#[derive(Debug, Clone, Copy)]
pub(super) enum Field<'a> {
    Number,
    Bytes(&'a [u8]),
}

/// Calls `each` with every field of a message; `None` where the bytes are no message.
pub(super) fn fields<'a>(mut bytes: &'a [u8], mut each: impl FnMut(u64, Field<'a>)) -> Option<()> {
    while !bytes.is_empty() {
        let key = varint(&mut bytes)?;
        let field = match key & 7 {
            0 => {
                varint(&mut bytes)?;
                Field::Number
            }
            2 => {
                let length = usize::try_from(varint(&mut bytes)?).ok()?;
                let (value, rest) = bytes.split_at_checked(length)?;
                bytes = rest;
                Field::Bytes(value)
            }
            1 => skip(&mut bytes, 8)?,
            5 => skip(&mut bytes, 4)?,
            _ => return None,
        };
        each(key >> 3, field);
    }
    Some(())
}

fn skip<'a>(bytes: &mut &'a [u8], length: usize) -> Option<Field<'a>> {
    let (value, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(Field::Bytes(value))
}

pub(super) fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

/// The numbers of a packed field.
pub(super) fn packed(mut bytes: &[u8]) -> Option<Vec<u64>> {
    let mut values = Vec::new();
    while !bytes.is_empty() {
        values.push(varint(&mut bytes)?);
    }
    Some(values)
}

/// Zigzag to signed.
pub(super) fn signed(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -(value & 1).cast_signed()
}

/// The plain content of a block with its prefix and header.
pub(super) fn content(block: &[u8]) -> Option<Vec<u8>> {
    let (prefix, rest) = block.split_first_chunk::<4>()?;
    let blob = rest.get(usize::try_from(u32::from_be_bytes(*prefix)).ok()?..)?;
    let (mut plain, mut packed) = (None, None);
    fields(blob, |number, field| match (number, field) {
        (1, Field::Bytes(bytes)) => plain = Some(bytes.to_vec()),
        (3, Field::Bytes(bytes)) => packed = Some(bytes),
        _ => {}
    })?;
    if let Some(packed) = packed.filter(|_| plain.is_none()) {
        let mut bytes = Vec::new();
        let mut inflated = flate2::read::ZlibDecoder::new(packed).take(MOST_BLOCK_BYTES);
        inflated.read_to_end(&mut bytes).ok()?;
        plain = Some(bytes);
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        assert_eq!(packed(&[0x96, 0x01, 0x05]), Some(vec![150, 5]));
        assert_eq!(packed(&[0x96]), None);
        assert_eq!([0, 1, 2, 3].map(signed), [0, -1, 1, -2]);
        assert_eq!(fields(&[0x0a, 0x05, 0x00], |_, _| ()), None);
        assert_eq!(fields(&[0x0b], |_, _| ()), None);
    }
}
