//! Reading records.

use super::{BytesError, ListReader, Reader, Type, Unknown};

/// Reads one record: ask for the known tags in their order, then call [`Self::finish`].
///
/// Fields that are not asked for are unknown ones and are kept.
#[derive(Debug, Clone)]
pub struct RecordReader<'a> {
    reader: Reader<'a>,
    last: Option<u64>,
    /// A field whose key and value are delimited, but that nobody has asked for yet.
    ahead: Option<Field<'a>>,
    unknown: Unknown,
}

#[derive(Debug, Clone, Copy)]
struct Field<'a> {
    tag: u64,
    kind: Type,
    /// With the key.
    whole: &'a [u8],
    /// Without it.
    value: &'a [u8],
}

impl<'a> RecordReader<'a> {
    /// A reader of the record that is all of `bytes`.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { reader: Reader::new(bytes), last: None, ahead: None, unknown: Unknown::default() }
    }

    /// The bytes the record consists of, whatever has been read of it.
    #[must_use]
    pub const fn whole(&self) -> &'a [u8] {
        self.reader.all()
    }

    /// The unsigned number of field `tag`, if the field is there.
    ///
    /// # Errors
    /// [`BytesError`] when the bytes up to the field are not canonical, or its type is another.
    pub fn uvarint(&mut self, tag: u64) -> Result<Option<u64>, BytesError> {
        self.value(tag, Type::Uvarint)?.map(|value| Reader::new(value).uvarint()).transpose()
    }

    /// The signed number of field `tag`, if the field is there.
    ///
    /// # Errors
    /// As [`Self::uvarint`].
    pub fn ivarint(&mut self, tag: u64) -> Result<Option<i64>, BytesError> {
        self.value(tag, Type::Ivarint)?.map(|value| Reader::new(value).ivarint()).transpose()
    }

    /// The bytes of field `tag`, if the field is there.
    ///
    /// # Errors
    /// As [`Self::uvarint`].
    pub fn bytes(&mut self, tag: u64) -> Result<Option<&'a [u8]>, BytesError> {
        self.delimited(tag, Type::Bytes)
    }

    /// The `N` bytes of field `tag`, if the field is there.
    ///
    /// # Errors
    /// As [`Self::uvarint`], and [`BytesError::WrongLength`] when they are more or fewer.
    pub fn array<const N: usize>(&mut self, tag: u64) -> Result<Option<[u8; N]>, BytesError> {
        let Some(bytes) = self.bytes(tag)? else { return Ok(None) };
        let length = |_| BytesError::WrongLength { tag, expected: N, found: bytes.len() };
        bytes.try_into().map(Some).map_err(length)
    }

    /// The text of field `tag`, if the field is there.
    ///
    /// # Errors
    /// As [`Self::uvarint`], and [`BytesError::NotText`].
    pub fn text(&mut self, tag: u64) -> Result<Option<&'a str>, BytesError> {
        self.value(tag, Type::Bytes)?.map(|value| Reader::new(value).text()).transpose()
    }

    /// The record in field `tag`, if the field is there. It has to be finished as well.
    ///
    /// # Errors
    /// As [`Self::uvarint`].
    pub fn record(&mut self, tag: u64) -> Result<Option<RecordReader<'a>>, BytesError> {
        Ok(self.delimited(tag, Type::Record)?.map(RecordReader::new))
    }

    /// The list in field `tag` with items of type `items`, if the field is there.
    ///
    /// # Errors
    /// As [`Self::uvarint`]; also [`BytesError::WrongType`] when the items are of another type and
    /// [`BytesError::Cut`] when there are fewer bytes than items.
    pub fn list(&mut self, tag: u64, items: Type) -> Result<Option<ListReader<'a>>, BytesError> {
        let Some(list) = self.delimited(tag, Type::List)? else { return Ok(None) };
        ListReader::new(list, tag, items).map(Some)
    }

    /// Reads the rest; gives the fields nobody has asked for.
    ///
    /// # Errors
    /// [`BytesError`] when the rest is not canonical.
    pub fn finish(mut self) -> Result<Unknown, BytesError> {
        while let Some(field) = self.next()? {
            self.unknown.push(field.tag, field.whole);
        }
        Ok(self.unknown)
    }

    fn delimited(&mut self, tag: u64, kind: Type) -> Result<Option<&'a [u8]>, BytesError> {
        self.value(tag, kind)?.map(|value| Reader::new(value).bytes()).transpose()
    }

    /// The value of field `tag` as it is written; the fields before it are unknown ones.
    fn value(&mut self, tag: u64, expected: Type) -> Result<Option<&'a [u8]>, BytesError> {
        while let Some(field) = self.next()? {
            if field.tag > tag {
                self.ahead = Some(field);
                return Ok(None);
            }
            if field.tag == tag {
                let wrong = BytesError::WrongType { tag, expected, found: field.kind };
                return if field.kind == expected { Ok(Some(field.value)) } else { Err(wrong) };
            }
            self.unknown.push(field.tag, field.whole);
        }
        Ok(None)
    }

    fn next(&mut self) -> Result<Option<Field<'a>>, BytesError> {
        if let Some(field) = self.ahead.take() {
            return Ok(Some(field));
        }
        let at = self.reader.at();
        if self.reader.rest().is_empty() {
            return Ok(None);
        }
        let key = self.reader.uvarint()?;
        let (tag, number) = (key >> 3, key & 7);
        let kind = Type::of_number(number).ok_or(BytesError::NoType { at, number })?;
        if let Some(before) = self.last.filter(|before| *before >= tag) {
            return Err(BytesError::TagOrder { at, tag, before });
        }
        let value_at = self.reader.at();
        self.reader.skip(kind)?;
        self.last = Some(tag);
        let (whole, value) = (self.reader.since(at), self.reader.since(value_at));
        Ok(Some(Field { tag, kind, whole, value }))
    }
}
