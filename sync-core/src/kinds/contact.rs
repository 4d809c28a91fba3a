//! Kind 6: the value of a contact field.

use super::fields::{Fields, PayloadError, write_ivarint, write_text};
use crate::bytes::RecordWriter;
use crate::model::Position;

/// A text, a position, or nothing: then the field is said to be unknown.
///
/// Which field it is says the header of the op.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContactValue {
    /// Of the fields that are texts.
    pub text: Option<String>,
    /// Of the position, in 1e-7 degrees; together with `lon_e7` or not at all.
    pub lat_e7: Option<i32>,
    /// Of the position, in 1e-7 degrees.
    pub lon_e7: Option<i32>,
}

impl ContactValue {
    /// The value of a field that is a text.
    #[must_use]
    pub fn of_text(text: impl Into<String>) -> Self {
        Self { text: Some(text.into()), ..Self::default() }
    }

    /// The value of the field position.
    #[must_use]
    pub const fn of_position(position: Position) -> Self {
        let (lat, lon) = (position.lat_e7(), position.lon_e7());
        Self { text: None, lat_e7: Some(lat), lon_e7: Some(lon) }
    }

    /// The position, if the value is one.
    #[must_use]
    pub fn position(&self) -> Option<Position> {
        Position::from_e7(self.lat_e7?, self.lon_e7?).ok()
    }

    pub(super) fn read(fields: &mut Fields<'_>) -> Result<Self, PayloadError> {
        let text = fields.text(1)?;
        let place = fields.position(2)?;
        let (lat_e7, lon_e7) = (place.map(|(lat, _)| lat), place.map(|(_, lon)| lon));
        Ok(Self { text, lat_e7, lon_e7 })
    }

    pub(super) fn write(&self, out: &mut RecordWriter<'_>) {
        write_text(out, 1, self.text.as_ref());
        write_ivarint(out, 2, self.lat_e7);
        write_ivarint(out, 3, self.lon_e7);
    }
}
