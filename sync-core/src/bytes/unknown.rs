//! Fields a program does not know, kept as they came.

use super::{BytesError, RecordReader, RecordWriter};

/// The fields of a record that the program that read it does not know, in their order, byte for byte.
///
/// What is inside a field of type record or list is not looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Unknown {
    /// The fields one after the other, each with its key.
    bytes: Vec<u8>,
    /// The tag of each field and where it ends.
    ends: Vec<(u64, usize)>,
}

impl Unknown {
    /// Reads a record of which no field is known.
    ///
    /// # Errors
    /// [`BytesError`] when the bytes are no canonical record.
    pub fn decode(record: &[u8]) -> Result<Self, BytesError> {
        RecordReader::new(record).finish()
    }

    /// The record that has these fields only.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        RecordWriter::with_unknown(self).finish()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The tags in their order.
    pub fn tags(&self) -> impl Iterator<Item = u64> {
        self.ends.iter().map(|(tag, _)| *tag)
    }

    /// Appends a field with its key; tags grow.
    pub(super) fn push(&mut self, tag: u64, field: &[u8]) {
        self.bytes.extend_from_slice(field);
        self.ends.push((tag, self.bytes.len()));
    }

    /// The tag and the bytes of the field at `index`.
    pub(super) fn get(&self, index: usize) -> Option<(u64, &[u8])> {
        let (tag, end) = *self.ends.get(index)?;
        let before = index.checked_sub(1).and_then(|before| self.ends.get(before));
        let start = before.map_or(0, |(_, end)| *end);
        Some((tag, self.bytes.get(start..end)?))
    }
}
