//! Writing canonical bytes.

use super::Type;
use super::list::List;
use super::unknown::Unknown;

/// Appends an unsigned number: LEB128 in its shortest form, 1 to 10 bytes.
pub fn put_uvarint(out: &mut Vec<u8>, mut value: u64) {
    loop {
        let [low, ..] = value.to_le_bytes();
        value >>= 7;
        if value == 0 {
            out.push(low & 0x7f);
            return;
        }
        out.push(low | 0x80);
    }
}

/// Appends a signed number: zigzag (0, -1, 1, -2, ...), then as [`put_uvarint`].
pub fn put_ivarint(out: &mut Vec<u8>, value: i64) {
    put_uvarint(out, ((value << 1) ^ (value >> 63)).cast_unsigned());
}

/// Appends bytes with their length before them.
pub fn put_bytes(out: &mut Vec<u8>, value: &[u8]) {
    // No platform has lengths of more than 64 bits.
    put_uvarint(out, u64::try_from(value.len()).unwrap_or(u64::MAX));
    out.extend_from_slice(value);
}

/// Writes one record, field by field, in the order of the tags.
///
/// Tags must grow strictly and lie below 2^61; a program that breaks this is wrong (debug builds
/// stop), and no reader accepts its bytes. Unknown fields come at their places by themselves.
#[derive(Debug, Clone, Default)]
pub struct RecordWriter<'a> {
    out: Vec<u8>,
    unknown: Option<&'a Unknown>,
    /// How many of the unknown fields are written.
    written: usize,
    last: Option<u64>,
}

impl<'a> RecordWriter<'a> {
    /// An empty record.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A record that also has the fields that were unknown when it was read.
    #[must_use]
    pub fn with_unknown(unknown: &'a Unknown) -> Self {
        Self { unknown: Some(unknown), ..Self::default() }
    }

    /// Writes an unsigned number.
    pub fn uvarint(&mut self, tag: u64, value: u64) -> &mut Self {
        self.key(tag, Type::Uvarint);
        put_uvarint(&mut self.out, value);
        self
    }

    /// Writes a signed number.
    pub fn ivarint(&mut self, tag: u64, value: i64) -> &mut Self {
        self.key(tag, Type::Ivarint);
        put_ivarint(&mut self.out, value);
        self
    }

    /// Writes bytes.
    pub fn bytes(&mut self, tag: u64, value: &[u8]) -> &mut Self {
        self.key(tag, Type::Bytes);
        put_bytes(&mut self.out, value);
        self
    }

    /// Writes a text.
    pub fn text(&mut self, tag: u64, value: &str) -> &mut Self {
        self.bytes(tag, value.as_bytes())
    }

    /// Writes a record that is finished already.
    pub fn record(&mut self, tag: u64, record: &[u8]) -> &mut Self {
        self.key(tag, Type::Record);
        put_bytes(&mut self.out, record);
        self
    }

    /// Writes a list.
    pub fn list(&mut self, tag: u64, list: &List) -> &mut Self {
        self.key(tag, Type::List);
        put_bytes(&mut self.out, &list.encode());
        self
    }

    /// The bytes of the record.
    #[must_use]
    pub fn finish(mut self) -> Vec<u8> {
        self.unknown_below(u64::MAX);
        self.out
    }

    fn key(&mut self, tag: u64, kind: Type) {
        debug_assert!(self.last < Some(tag) && tag < 1 << 61, "tag {tag} after {:?}", self.last);
        self.unknown_below(tag);
        self.last = Some(tag);
        put_uvarint(&mut self.out, tag << 3 | kind.number());
    }

    fn unknown_below(&mut self, tag: u64) {
        let Some(unknown) = self.unknown else { return };
        while let Some((next, field)) = unknown.get(self.written).filter(|(next, _)| *next < tag) {
            debug_assert!(self.last < Some(next), "the unknown field {next} is known");
            self.out.extend_from_slice(field);
            self.written += 1;
        }
    }
}
