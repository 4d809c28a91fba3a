//! Lists: items of one type.

use super::writer::{put_bytes, put_ivarint, put_uvarint};
use super::{BytesError, Reader, RecordReader, Type};

/// A list to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    kind: Type,
    count: u64,
    items: Vec<u8>,
}

impl List {
    /// A list of unsigned numbers.
    #[must_use]
    pub fn uvarints(items: impl IntoIterator<Item = u64>) -> Self {
        Self::of(Type::Uvarint, items, put_uvarint)
    }

    /// A list of signed numbers.
    #[must_use]
    pub fn ivarints(items: impl IntoIterator<Item = i64>) -> Self {
        Self::of(Type::Ivarint, items, put_ivarint)
    }

    /// A list of bytes or texts.
    #[must_use]
    pub fn bytes<T: AsRef<[u8]>>(items: impl IntoIterator<Item = T>) -> Self {
        Self::of(Type::Bytes, items, |out, item| put_bytes(out, item.as_ref()))
    }

    /// A list of records that are finished already.
    #[must_use]
    pub fn records<T: AsRef<[u8]>>(items: impl IntoIterator<Item = T>) -> Self {
        Self::of(Type::Record, items, |out, item| put_bytes(out, item.as_ref()))
    }

    /// The bytes of the list: type of the items, their number, and they themselves.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.items.len().saturating_add(11));
        put_uvarint(&mut out, self.kind.number());
        put_uvarint(&mut out, self.count);
        out.extend_from_slice(&self.items);
        out
    }

    fn of<T>(
        kind: Type,
        items: impl IntoIterator<Item = T>,
        put: impl Fn(&mut Vec<u8>, T),
    ) -> Self {
        let mut list = Self { kind, count: 0, items: Vec::new() };
        for item in items {
            put(&mut list.items, item);
            list.count += 1;
        }
        list
    }
}

/// Reads a list item by item; `None` after the last, once nothing follows it.
#[derive(Debug, Clone)]
pub struct ListReader<'a> {
    reader: Reader<'a>,
    tag: u64,
    kind: Type,
    left: u64,
}

impl<'a> ListReader<'a> {
    pub(super) fn new(list: &'a [u8], tag: u64, expected: Type) -> Result<Self, BytesError> {
        let mut reader = Reader::new(list);
        let found = reader.kind()?;
        if found != expected {
            return Err(BytesError::WrongType { tag, expected, found });
        }
        let at = reader.at();
        let left = reader.uvarint()?;
        // Each item is at least one byte, so nobody makes room for more than can come.
        if usize::try_from(left).map_or(true, |left| left > reader.rest().len()) {
            return Err(BytesError::Cut { at });
        }
        Ok(Self { reader, tag, kind: found, left })
    }

    /// How many items have not been read.
    #[must_use]
    pub const fn left(&self) -> u64 {
        self.left
    }

    /// The next of a list of unsigned numbers.
    ///
    /// # Errors
    /// [`BytesError`] when it is not canonical, when something follows the last item, or when the
    /// list is of another type.
    pub fn uvarint(&mut self) -> Result<Option<u64>, BytesError> {
        self.item(Type::Uvarint, Reader::uvarint)
    }

    /// The next of a list of signed numbers.
    ///
    /// # Errors
    /// As [`Self::uvarint`].
    pub fn ivarint(&mut self) -> Result<Option<i64>, BytesError> {
        self.item(Type::Ivarint, Reader::ivarint)
    }

    /// The next of a list of bytes.
    ///
    /// # Errors
    /// As [`Self::uvarint`].
    pub fn bytes(&mut self) -> Result<Option<&'a [u8]>, BytesError> {
        self.item(Type::Bytes, Reader::bytes)
    }

    /// The next of a list of texts.
    ///
    /// # Errors
    /// As [`Self::uvarint`], and [`BytesError::NotText`].
    pub fn text(&mut self) -> Result<Option<&'a str>, BytesError> {
        self.item(Type::Bytes, Reader::text)
    }

    /// The next of a list of records. It has to be finished as well.
    ///
    /// # Errors
    /// As [`Self::uvarint`].
    pub fn record(&mut self) -> Result<Option<RecordReader<'a>>, BytesError> {
        Ok(self.item(Type::Record, Reader::bytes)?.map(RecordReader::new))
    }

    fn item<T>(
        &mut self,
        expected: Type,
        read: impl Fn(&mut Reader<'a>) -> Result<T, BytesError>,
    ) -> Result<Option<T>, BytesError> {
        if self.kind != expected {
            let (tag, found) = (self.tag, self.kind);
            return Err(BytesError::WrongType { tag, expected, found });
        }
        let Some(left) = self.left.checked_sub(1) else {
            return self.reader.clone().finish().map(|()| None);
        };
        let item = read(&mut self.reader)?;
        self.left = left;
        Ok(Some(item))
    }
}
