//! Reading the fields of a payload.

use thiserror::Error;

use crate::bytes::{BytesError, ListReader, RecordReader, RecordWriter, Type};
use crate::model::{Minor, Position};
use crate::op::{Dot, HeaderError, Payload};

/// Why a payload is of no known form.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PayloadError {
    /// A known field is of another type or not canonical.
    #[error("payload: {0}")]
    Bytes(#[from] BytesError),
    /// A field that must be there is not.
    #[error("payload: {field} is missing")]
    Missing {
        /// The name of the field.
        field: &'static str,
    },
    /// A field has a value that it cannot have.
    #[error("payload: {field} {rule}")]
    Value {
        /// The name of the field.
        field: &'static str,
        /// What it must be.
        rule: &'static str,
    },
}

impl PayloadError {
    /// The code of section 9 of `server/docs/SYNC.md`: with `not_canonical` a batch is refused
    /// whole, with `unreadable` the op is kept and flagged.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Bytes(_) => "not_canonical",
            Self::Missing { .. } | Self::Value { .. } => "unreadable",
        }
    }
}

/// A payload being read: ask for the fields in the order of their tags.
pub(super) struct Fields<'a> {
    record: RecordReader<'a>,
}

impl<'a> Fields<'a> {
    pub(super) fn new(payload: &'a Payload) -> Self {
        Self { record: payload.read() }
    }

    pub(super) fn uvarint(&mut self, tag: u64) -> Result<Option<u64>, PayloadError> {
        Ok(self.record.uvarint(tag)?)
    }

    /// A number of at most 32 bits.
    pub(super) fn u32(
        &mut self,
        tag: u64,
        field: &'static str,
    ) -> Result<Option<u32>, PayloadError> {
        let Some(value) = self.record.uvarint(tag)? else { return Ok(None) };
        let rule = "must be below 2^32";
        u32::try_from(value).map(Some).map_err(|_| PayloadError::Value { field, rule })
    }

    /// A value of a table of codes.
    pub(super) fn code<T>(
        &mut self,
        tag: u64,
        field: &'static str,
        of_number: impl Fn(u64) -> Option<T>,
    ) -> Result<T, PayloadError> {
        let number = self.record.uvarint(tag)?.ok_or(PayloadError::Missing { field })?;
        of_number(number)
            .ok_or(PayloadError::Value { field, rule: "must be a number of its table" })
    }

    pub(super) fn ivarint(&mut self, tag: u64, field: &'static str) -> Result<i64, PayloadError> {
        self.record.ivarint(tag)?.ok_or(PayloadError::Missing { field })
    }

    /// An amount above 0.
    pub(super) fn amount(&mut self, tag: u64) -> Result<Minor, PayloadError> {
        let field = "amount_minor";
        match self.ivarint(tag, field)? {
            amount if amount > 0 => Ok(Minor::new(amount)),
            _ => Err(PayloadError::Value { field, rule: "must be above 0" }),
        }
    }

    pub(super) fn text(&mut self, tag: u64) -> Result<Option<String>, PayloadError> {
        Ok(self.record.text(tag)?.map(str::to_owned))
    }

    pub(super) fn required_text(
        &mut self,
        tag: u64,
        field: &'static str,
    ) -> Result<String, PayloadError> {
        self.text(tag)?.ok_or(PayloadError::Missing { field })
    }

    pub(super) fn array<const N: usize>(
        &mut self,
        tag: u64,
    ) -> Result<Option<[u8; N]>, PayloadError> {
        Ok(self.record.array(tag)?)
    }

    pub(super) fn dot(
        &mut self,
        tag: u64,
        field: &'static str,
    ) -> Result<Option<Dot>, PayloadError> {
        self.record.record(tag)?.map(|record| read_dot(record, field)).transpose()
    }

    /// Latitude and longitude in the tags `tag` and `tag + 1`: both or neither, and on the globe.
    pub(super) fn position(&mut self, tag: u64) -> Result<Option<(i32, i32)>, PayloadError> {
        let lat = self.record.ivarint(tag)?;
        let lon = self.record.ivarint(tag + 1)?;
        let (lat, lon) = match (lat, lon) {
            (None, None) => return Ok(None),
            (Some(lat), Some(lon)) => (lat, lon),
            (None, Some(_)) => return Err(PayloadError::Missing { field: "lat_e7" }),
            (Some(_), None) => return Err(PayloadError::Missing { field: "lon_e7" }),
        };
        let value = |field, rule| PayloadError::Value { field, rule };
        let lat = i32::try_from(lat).map_err(|_| value("lat_e7", "must be a latitude"))?;
        let lon = i32::try_from(lon).map_err(|_| value("lon_e7", "must be a longitude"))?;
        match Position::from_e7(lat, lon) {
            Ok(_) => Ok(Some((lat, lon))),
            Err(_) => Err(value("lat_e7", "and lon_e7 must be a place on the globe")),
        }
    }

    /// The items of a list; none where it is absent.
    pub(super) fn list<T>(
        &mut self,
        tag: u64,
        items: Type,
        next: impl Fn(&mut ListReader<'a>) -> Result<Option<T>, PayloadError>,
    ) -> Result<Vec<T>, PayloadError> {
        let mut read = Vec::new();
        let Some(mut list) = self.record.list(tag, items)? else { return Ok(read) };
        while let Some(item) = next(&mut list)? {
            read.push(item);
        }
        Ok(read)
    }

    pub(super) fn texts(&mut self, tag: u64) -> Result<Vec<String>, PayloadError> {
        self.list(tag, Type::Bytes, |list| Ok(list.text()?.map(str::to_owned)))
    }

    /// Reads the rest; what nobody has asked for stays in the bytes of the op.
    pub(super) fn finish(self) -> Result<(), PayloadError> {
        self.record.finish()?;
        Ok(())
    }
}

pub(super) fn read_dot(record: RecordReader<'_>, field: &'static str) -> Result<Dot, PayloadError> {
    Dot::decode(record).map_err(|error| match error {
        HeaderError::Bytes(error) => PayloadError::Bytes(error),
        _ => PayloadError::Value { field, rule: "must be an actor and a sequence from 1" },
    })
}

pub(super) fn write_text(out: &mut RecordWriter<'_>, tag: u64, text: Option<&String>) {
    if let Some(text) = text {
        out.text(tag, text);
    }
}

pub(super) fn write_u32(out: &mut RecordWriter<'_>, tag: u64, value: Option<u32>) {
    if let Some(value) = value {
        out.uvarint(tag, u64::from(value));
    }
}

pub(super) fn write_ivarint(out: &mut RecordWriter<'_>, tag: u64, value: Option<i32>) {
    if let Some(value) = value {
        out.ivarint(tag, i64::from(value));
    }
}
