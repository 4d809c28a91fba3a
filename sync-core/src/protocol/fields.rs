//! Reading the fields of a record of the protocol.

use super::ProtocolError;
use crate::bytes::{ListReader, RecordReader, Type};
use crate::model::{CaseId, Position};

/// A record being read: ask for the fields in the order of their tags. Fields of later versions are
/// passed over.
pub(super) struct Fields<'a> {
    what: &'static str,
    record: RecordReader<'a>,
}

impl<'a> Fields<'a> {
    pub(super) const fn new(what: &'static str, record: RecordReader<'a>) -> Self {
        Self { what, record }
    }

    pub(super) fn of(what: &'static str, bytes: &'a [u8]) -> Self {
        Self::new(what, RecordReader::new(bytes))
    }

    pub(super) const fn value(&self, field: &'static str, rule: &'static str) -> ProtocolError {
        ProtocolError::Value { what: self.what, field, rule }
    }

    fn needed<T>(&self, value: Option<T>, field: &'static str) -> Result<T, ProtocolError> {
        value.ok_or(ProtocolError::Missing { what: self.what, field })
    }

    pub(super) fn opt_uvarint(&mut self, tag: u64) -> Result<Option<u64>, ProtocolError> {
        let what = self.what;
        self.record.uvarint(tag).map_err(|error| ProtocolError::Bytes { what, error })
    }

    pub(super) fn uvarint(&mut self, tag: u64, field: &'static str) -> Result<u64, ProtocolError> {
        let value = self.opt_uvarint(tag)?;
        self.needed(value, field)
    }

    /// A number that a smaller type holds.
    pub(super) fn small<T: TryFrom<u64>>(
        &mut self,
        tag: u64,
        field: &'static str,
    ) -> Result<T, ProtocolError> {
        let value = self.uvarint(tag, field)?;
        T::try_from(value).map_err(|_| self.value(field, "is too large a number"))
    }

    /// 0 or 1.
    pub(super) fn flag(&mut self, tag: u64, field: &'static str) -> Result<bool, ProtocolError> {
        match self.uvarint(tag, field)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(self.value(field, "must be 0 or 1")),
        }
    }

    pub(super) fn ivarint(&mut self, tag: u64, field: &'static str) -> Result<i64, ProtocolError> {
        let what = self.what;
        let value = self.record.ivarint(tag);
        let value = value.map_err(|error| ProtocolError::Bytes { what, error })?;
        self.needed(value, field)
    }

    pub(super) fn opt_array<const N: usize>(
        &mut self,
        tag: u64,
    ) -> Result<Option<[u8; N]>, ProtocolError> {
        let what = self.what;
        self.record.array(tag).map_err(|error| ProtocolError::Bytes { what, error })
    }

    pub(super) fn array<const N: usize>(
        &mut self,
        tag: u64,
        field: &'static str,
    ) -> Result<[u8; N], ProtocolError> {
        let value = self.opt_array(tag)?;
        self.needed(value, field)
    }

    pub(super) fn opt_text(&mut self, tag: u64) -> Result<Option<String>, ProtocolError> {
        let what = self.what;
        let text = self.record.text(tag);
        Ok(text.map_err(|error| ProtocolError::Bytes { what, error })?.map(str::to_owned))
    }

    pub(super) fn text(&mut self, tag: u64, field: &'static str) -> Result<String, ProtocolError> {
        let text = self.opt_text(tag)?;
        self.needed(text, field)
    }

    pub(super) fn case(&mut self, tag: u64) -> Result<CaseId, ProtocolError> {
        let bytes = self.array(tag, "case")?;
        CaseId::from_bytes(bytes).map_err(|_| self.value("case", "must be a UUID of version 7"))
    }

    /// Latitude and longitude in the tags `tag` and `tag + 1`.
    pub(super) fn position(&mut self, tag: u64) -> Result<Position, ProtocolError> {
        let lat = i32::try_from(self.ivarint(tag, "lat_e7")?);
        let lon = i32::try_from(self.ivarint(tag + 1, "lon_e7")?);
        let place = lat.ok().zip(lon.ok());
        let place = place.and_then(|(lat, lon)| Position::from_e7(lat, lon).ok());
        place.ok_or_else(|| self.value("lat_e7", "and lon_e7 must be a place on the globe"))
    }

    /// A record as it is written, checked by whoever reads it.
    pub(super) fn opt_record(
        &mut self,
        tag: u64,
    ) -> Result<Option<RecordReader<'a>>, ProtocolError> {
        let what = self.what;
        self.record.record(tag).map_err(|error| ProtocolError::Bytes { what, error })
    }

    pub(super) fn record(
        &mut self,
        tag: u64,
        field: &'static str,
    ) -> Result<RecordReader<'a>, ProtocolError> {
        let record = self.opt_record(tag)?;
        self.needed(record, field)
    }

    /// The items of a list; none where it is absent.
    pub(super) fn list<T>(
        &mut self,
        tag: u64,
        items: Type,
        next: impl Fn(&mut ListReader<'a>) -> Result<Option<T>, ProtocolError>,
    ) -> Result<Vec<T>, ProtocolError> {
        let what = self.what;
        let list = self.record.list(tag, items);
        let list = list.map_err(|error| ProtocolError::Bytes { what, error })?;
        let (mut list, mut read) = match list {
            Some(list) => (list, Vec::new()),
            None => return Ok(Vec::new()),
        };
        while let Some(item) = next(&mut list)? {
            read.push(item);
        }
        Ok(read)
    }

    /// The items of a list of records.
    pub(super) fn records<T>(
        &mut self,
        tag: u64,
        read: impl Fn(RecordReader<'a>) -> Result<T, ProtocolError>,
    ) -> Result<Vec<T>, ProtocolError> {
        let what = self.what;
        self.list(tag, Type::Record, |list| {
            let item = list.record().map_err(|error| ProtocolError::Bytes { what, error })?;
            item.map(&read).transpose()
        })
    }

    /// Reads the rest.
    pub(super) fn finish(self) -> Result<(), ProtocolError> {
        let what = self.what;
        self.record.finish().map(|_| ()).map_err(|error| ProtocolError::Bytes { what, error })
    }
}
