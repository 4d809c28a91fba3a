//! What the office knows of a case.

use sync_core::model::Position;
use sync_core::protocol::Facts;

/// A place on earth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct Place {
    /// Latitude in 1e-7 degrees.
    pub lat_e7: i32,
    /// Longitude in 1e-7 degrees.
    pub lon_e7: i32,
}

impl From<Position> for Place {
    fn from(position: Position) -> Self {
        Self { lat_e7: position.lat_e7(), lon_e7: position.lon_e7() }
    }
}

/// What the office knows of a case. Corrections of agents are in the contacts of its view.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct CaseFacts {
    /// The case, a UUID.
    pub case_id: String,
    /// The lender's own key of the case.
    pub case_ref: String,
    /// The lender's own key of the borrower.
    pub borrower_ref: String,
    /// The name of the borrower.
    pub name: String,
    /// The address in words.
    pub address: Option<String>,
    /// A telephone number.
    pub phone: Option<String>,
    /// The language to speak, a tag of BCP 47.
    pub language: Option<String>,
    /// Where the home is.
    pub place: Place,
    /// The amount due, in minor units of `currency`.
    pub amount_due_minor: i64,
    /// The currency, a code of ISO 4217.
    pub currency: String,
    /// Decimals of its minor unit.
    pub exponent: u8,
    /// Days past due.
    pub dpd: u16,
    /// IANA name of the zone of the home.
    pub time_zone: String,
    /// The hours the borrower asked for, local, as `18:00-21:00`.
    pub visit_hours: Option<String>,
    /// Circumstances, separated by `;`; empty for none.
    pub flags: String,
    /// When this was known to be true, milliseconds since 1970 UTC.
    pub as_of_ms: i64,
}

impl CaseFacts {
    pub(crate) fn of(case_id: String, facts: &Facts) -> Self {
        Self {
            case_id,
            case_ref: facts.case_ref.clone(),
            borrower_ref: facts.borrower_ref.clone(),
            name: facts.name.clone(),
            address: facts.address.clone(),
            phone: facts.phone.clone(),
            language: facts.language.clone(),
            place: facts.position.into(),
            amount_due_minor: facts.amount_due.get(),
            currency: facts.currency.clone(),
            exponent: facts.exponent,
            dpd: facts.dpd.get(),
            time_zone: facts.zone.to_string(),
            visit_hours: facts.visit_window.map(|window| window.to_string()),
            flags: facts.flags.to_string(),
            as_of_ms: facts.as_of_ms,
        }
    }
}
