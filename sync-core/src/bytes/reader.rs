//! Reading values one after the other.

use super::{BytesError, Type};

/// Reads values from bytes, from the front. Nothing is copied.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// A reader at the start of `bytes`.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// How many bytes have been read.
    #[must_use]
    pub const fn at(&self) -> usize {
        self.at
    }

    /// The bytes that have not been read.
    #[must_use]
    pub fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// All bytes, read or not.
    pub(super) const fn all(&self) -> &'a [u8] {
        self.bytes
    }

    /// Reads an unsigned number.
    ///
    /// # Errors
    /// [`BytesError::Cut`], [`BytesError::LongForm`] or [`BytesError::TooWide`]; nothing is read then.
    pub fn uvarint(&mut self) -> Result<u64, BytesError> {
        let at = self.at;
        let mut value = 0;
        for (index, byte) in self.rest().iter().enumerate() {
            let low = u64::from(byte & 0x7f);
            // The tenth byte has room for the highest of 64 bits, and no byte comes after it.
            if index == 9 && *byte > 1 {
                return Err(BytesError::TooWide { at });
            }
            value |= low << (7 * index);
            if *byte < 0x80 {
                if *byte == 0 && index > 0 {
                    return Err(BytesError::LongForm { at });
                }
                self.at += index + 1;
                return Ok(value);
            }
        }
        Err(BytesError::Cut { at })
    }

    /// Reads a signed number.
    ///
    /// # Errors
    /// As [`Self::uvarint`].
    pub fn ivarint(&mut self) -> Result<i64, BytesError> {
        let zigzag = self.uvarint()?;
        Ok((zigzag >> 1).cast_signed() ^ -(zigzag & 1).cast_signed())
    }

    /// Reads bytes with their length before them.
    ///
    /// # Errors
    /// As [`Self::uvarint`]; [`BytesError::Cut`] also where the length is more than what is there.
    pub fn bytes(&mut self) -> Result<&'a [u8], BytesError> {
        let at = self.at;
        let length = self.uvarint()?;
        let taken = usize::try_from(length).ok().and_then(|length| self.rest().get(..length));
        let Some(taken) = taken else {
            self.at = at;
            return Err(BytesError::Cut { at });
        };
        self.at += taken.len();
        Ok(taken)
    }

    /// Reads a text.
    ///
    /// # Errors
    /// As [`Self::bytes`], and [`BytesError::NotText`].
    pub fn text(&mut self) -> Result<&'a str, BytesError> {
        let at = self.at;
        str::from_utf8(self.bytes()?).map_err(|_| BytesError::NotText { at })
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// [`BytesError::Trailing`] when something has not been read.
    pub fn finish(self) -> Result<(), BytesError> {
        if self.rest().is_empty() { Ok(()) } else { Err(BytesError::Trailing { at: self.at }) }
    }

    /// Reads a number that stands for a type.
    pub(super) fn kind(&mut self) -> Result<Type, BytesError> {
        let at = self.at;
        let number = self.uvarint()?;
        Type::of_number(number).ok_or(BytesError::NoType { at, number })
    }

    /// Reads over a value of type `kind`.
    pub(super) fn skip(&mut self, kind: Type) -> Result<(), BytesError> {
        match kind {
            Type::Uvarint | Type::Ivarint => self.uvarint().map(|_| ()),
            Type::Bytes | Type::Record | Type::List => self.bytes().map(|_| ()),
        }
    }

    /// What was read since the place `from`.
    pub(super) fn since(&self, from: usize) -> &'a [u8] {
        self.bytes.get(from..self.at).unwrap_or_default()
    }
}
