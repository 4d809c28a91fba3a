//! Facts of a case: what an agent needs to know at the door, as the office has it.

use jiff::Timestamp;

use super::ProtocolError;
use super::fields::Fields;
use crate::bytes::{List, RecordReader, RecordWriter};
use crate::model::{Dpd, Flags, LocalWindow, Minor, Position, Zone};

const WHAT: &str = "facts";

/// What the office knows of a case that no op says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The lender's own key of the case.
    pub case_ref: String,
    /// The lender's own key of the borrower.
    pub borrower_ref: String,
    /// The name of the borrower.
    pub name: String,
    /// The address in words.
    pub address: Option<String>,
    /// Where the home is.
    pub position: Position,
    /// The amount due, in minor units.
    pub amount_due: Minor,
    /// Days past due.
    pub dpd: Dpd,
    /// The zone of the home.
    pub zone: Zone,
    /// The hours the borrower asked for.
    pub visit_window: Option<LocalWindow>,
    /// Circumstances.
    pub flags: Flags,
    /// The language to speak.
    pub language: Option<String>,
    /// A telephone number.
    pub phone: Option<String>,
    /// When these facts were known to be true, in milliseconds since 1970 UTC.
    pub as_of_ms: i64,
    /// Earlier visits that are not ops: when, in milliseconds since 1970 UTC, and whether the
    /// borrower was met.
    pub earlier: Vec<(i64, bool)>,
    /// The currency, a code of ISO 4217.
    pub currency: String,
    /// Decimals of its minor unit.
    pub exponent: u8,
}

impl Facts {
    /// The bytes of the record.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = RecordWriter::new();
        out.text(1, &self.case_ref).text(2, &self.borrower_ref).text(3, &self.name);
        if let Some(address) = &self.address {
            out.text(4, address);
        }
        out.ivarint(5, i64::from(self.position.lat_e7()));
        out.ivarint(6, i64::from(self.position.lon_e7()));
        out.ivarint(7, self.amount_due.get()).uvarint(8, u64::from(self.dpd.get()));
        out.text(9, &self.zone.to_string());
        if let Some(window) = self.visit_window {
            out.uvarint(10, u64::from(window.from_min())).uvarint(11, u64::from(window.to_min()));
        }
        out.text(12, &self.flags.to_string());
        if let Some(language) = &self.language {
            out.text(13, language);
        }
        if let Some(phone) = &self.phone {
            out.text(14, phone);
        }
        out.ivarint(15, self.as_of_ms);
        out.list(
            16,
            &List::records(self.earlier.iter().map(|(at_ms, met)| {
                let mut record = RecordWriter::new();
                record.ivarint(1, *at_ms).uvarint(2, u64::from(*met));
                record.finish()
            })),
        );
        out.text(17, &self.currency).uvarint(18, u64::from(self.exponent));
        out.finish()
    }

    /// Reads the record.
    ///
    /// # Errors
    /// [`ProtocolError`] when the bytes are none.
    pub fn decode(bytes: &[u8]) -> Result<Self, ProtocolError> {
        let mut fields = Fields::of(WHAT, bytes);
        let facts = Self {
            case_ref: fields.text(1, "case_ref")?,
            borrower_ref: fields.text(2, "borrower_ref")?,
            name: fields.text(3, "name")?,
            address: fields.opt_text(4)?,
            position: fields.position(5)?,
            amount_due: Minor::new(fields.ivarint(7, "amount_due_minor")?),
            dpd: read_dpd(&mut fields)?,
            zone: read_zone(&mut fields)?,
            visit_window: read_window(&mut fields)?,
            flags: read_flags(&mut fields)?,
            language: fields.opt_text(13)?,
            phone: fields.opt_text(14)?,
            as_of_ms: read_instant(&mut fields, 15, "as_of")?,
            earlier: fields.records(16, read_earlier)?,
            currency: fields.text(17, "currency")?,
            exponent: fields.small(18, "exponent")?,
        };
        fields.finish()?;
        Ok(facts)
    }
}

fn read_dpd(fields: &mut Fields<'_>) -> Result<Dpd, ProtocolError> {
    let days = i64::try_from(fields.uvarint(8, "dpd")?).unwrap_or(i64::MAX);
    Dpd::new(days).map_err(|_| fields.value("dpd", "must be at most 36500"))
}

fn read_zone(fields: &mut Fields<'_>) -> Result<Zone, ProtocolError> {
    let name = fields.text(9, "zone")?;
    name.parse().map_err(|_| fields.value("zone", "must be an IANA name that this program knows"))
}

fn read_window(fields: &mut Fields<'_>) -> Result<Option<LocalWindow>, ProtocolError> {
    let (from, to) = match (fields.opt_uvarint(10)?, fields.opt_uvarint(11)?) {
        (None, None) => return Ok(None),
        (from, to) => (from.unwrap_or(u64::MAX), to.unwrap_or(u64::MAX)),
    };
    let minutes = u16::try_from(from).ok().zip(u16::try_from(to).ok());
    let window = minutes.and_then(|(from, to)| LocalWindow::new(from, to).ok());
    let rule = "and visit_to_min must be minutes of a day, the first before the second";
    window.map(Some).ok_or_else(|| fields.value("visit_from_min", rule))
}

fn read_flags(fields: &mut Fields<'_>) -> Result<Flags, ProtocolError> {
    let text = fields.text(12, "flags")?;
    text.parse().map_err(|_| fields.value("flags", "must be words that this program knows"))
}

fn read_earlier(record: RecordReader<'_>) -> Result<(i64, bool), ProtocolError> {
    let mut fields = Fields::new(WHAT, record);
    let earlier = (read_instant(&mut fields, 1, "earlier visit")?, fields.flag(2, "met")?);
    fields.finish()?;
    Ok(earlier)
}

/// Milliseconds that are an instant the rules can count with.
fn read_instant(
    fields: &mut Fields<'_>,
    tag: u64,
    field: &'static str,
) -> Result<i64, ProtocolError> {
    let ms = fields.ivarint(tag, field)?;
    match Timestamp::from_millisecond(ms) {
        Ok(_) => Ok(ms),
        Err(_) => Err(fields.value(field, "must be an instant of the years -9999 to 9999")),
    }
}
