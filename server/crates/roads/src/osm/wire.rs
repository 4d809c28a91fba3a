//! Protocol buffers, as far as extracts need them.
//!
//! Nothing here trusts the bytes: lengths are checked and numbers that do not fit refused.
//! Format: <https://wiki.openstreetmap.org/wiki/PBF_Format>.

/// What is wrong with some bytes, for an error that says where.
pub(super) type Detail = &'static str;

const CUT: Detail = "a message ends early";

/// One field of a message.
#[derive(Debug, Clone, Copy)]
pub(super) enum Field<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

/// Calls `each` with every field of a message.
pub(super) fn fields<'a>(
    mut bytes: &'a [u8],
    mut each: impl FnMut(u64, Field<'a>) -> Result<(), Detail>,
) -> Result<(), Detail> {
    while !bytes.is_empty() {
        let key = varint(&mut bytes).ok_or(CUT)?;
        let field = match key & 7 {
            0 => Field::Number(varint(&mut bytes).ok_or(CUT)?),
            2 => {
                let length = varint(&mut bytes).and_then(|n| usize::try_from(n).ok());
                Field::Bytes(take(&mut bytes, length.ok_or(CUT)?)?)
            }
            1 => Field::Bytes(take(&mut bytes, 8)?),
            5 => Field::Bytes(take(&mut bytes, 4)?),
            _ => return Err("a field of a kind that is not known"),
        };
        each(key >> 3, field)?;
    }
    Ok(())
}

fn take<'a>(bytes: &mut &'a [u8], length: usize) -> Result<&'a [u8], Detail> {
    let (value, rest) = bytes.split_at_checked(length).ok_or(CUT)?;
    *bytes = rest;
    Ok(value)
}

/// Puts the bytes of the fields wanted into `lists`, by their numbers.
pub(super) fn lists<'a, const N: usize>(
    numbers: [u64; N],
    lists: &mut [Numbers<'a>; N],
    (number, field): (u64, Field<'a>),
) -> Result<(), Detail> {
    let Some(at) = numbers.iter().position(|&n| n == number) else { return Ok(()) };
    match field {
        Field::Bytes(bytes) if lists[at].0.is_empty() => lists[at] = Numbers(bytes),
        _ => return Err("a list that is not packed into one"),
    }
    Ok(())
}

#[inline]
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

/// The numbers of a packed field that are left.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Numbers<'a>(&'a [u8]);

impl Numbers<'_> {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The next number, `None` at the end.
    #[inline]
    pub(super) fn next(&mut self) -> Result<Option<u64>, Detail> {
        if self.0.is_empty() {
            return Ok(None);
        }
        varint(&mut self.0).map(Some).ok_or(CUT)
    }

    /// The sum of `last` and the next number, which is the difference to it.
    #[inline]
    pub(super) fn after(&mut self, last: i64) -> Result<Option<i64>, Detail> {
        let Some(number) = self.next()? else { return Ok(None) };
        last.checked_add(signed(number)).map(Some).ok_or("a number beyond 63 bits")
    }
}

/// Zigzag to signed.
#[inline]
pub(super) fn signed(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -(value & 1).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        let mut two = Numbers(&[0x96, 0x01, 0x05]);
        assert_eq!((two.next(), two.next(), two.next()), (Ok(Some(150)), Ok(Some(5)), Ok(None)));
        assert_eq!(Numbers(&[0x96]).next(), Err(CUT));
        assert_eq!(Numbers(&[0x03]).after(7), Ok(Some(5)));
        assert!(Numbers(&[0x02]).after(i64::MAX).is_err());
        assert_eq!([0, 1, 2, 3].map(signed), [0, -1, 1, -2]);
        assert!(fields(&[0x0a, 0x05, 0x00], |_, _| Ok(())).is_err());
        assert!(fields(&[0x0b], |_, _| Ok(())).is_err());
    }
}
