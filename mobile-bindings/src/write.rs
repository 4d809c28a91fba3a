//! What an agent writes. Each call is on disk when it returns, and sent by the next exchange.

use sync_core::kinds::{ContactValue, DispositionEdit, Promise, Reversal, Visit};
use sync_core::model::{Minor, Position};
use sync_core::phone::NewPayment as CorePayment;

use crate::codes::{ContactField, Disposition, Met, PaymentMethod, PromiseState};
use crate::error::PhoneError;
use crate::facts::Place;
use crate::names::{self, Moment, OpName};
use crate::phone::DoorstepPhone;
use crate::said::days_of;

/// A visit that was made. What the rules said of it and the offset of the clock are added by the
/// library.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct NewVisit {
    /// Arrival by the phone's clock, milliseconds since 1970 UTC.
    pub arrived_at_ms: i64,
    /// Departure; not before the arrival.
    pub left_at_ms: i64,
    /// Who was there.
    pub met: Met,
    /// The outcome.
    pub disposition: Disposition,
    /// Where the phone was, if it knew.
    #[uniffi(default = None)]
    pub place: Option<Place>,
    /// How exact that is, in metres.
    #[uniffi(default = None)]
    pub accuracy_m: Option<u32>,
    /// Metres to the home as it was known.
    #[uniffi(default = None)]
    pub distance_m: Option<u32>,
    /// Whether the phone said that its position was made up.
    #[uniffi(default = false)]
    pub mock_location: bool,
    /// The plan it was made on, a UUID.
    #[uniffi(default = None)]
    pub plan_id: Option<String>,
    /// The number of the stop in it.
    #[uniffi(default = None)]
    pub stop: Option<u32>,
    /// The way since the stop before, or since the base, in metres.
    #[uniffi(default = None)]
    pub travel_m: Option<u32>,
    /// The same in seconds.
    #[uniffi(default = None)]
    pub travel_s: Option<u32>,
    /// SHA-256 of each file of evidence, 32 bytes each.
    #[uniffi(default = [])]
    pub evidence: Vec<Vec<u8>>,
    /// What the agent wrote.
    #[uniffi(default = None)]
    pub note: Option<String>,
}

/// A payment that was taken.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct NewPayment {
    /// How much, in minor units of the organisation's currency; above 0.
    pub amount_minor: i64,
    /// How.
    pub method: PaymentMethod,
    /// When, by the phone's clock, milliseconds since 1970 UTC.
    pub paid_at_ms: i64,
    /// The visit it was taken at.
    #[uniffi(default = None)]
    pub visit: Option<OpName>,
}

/// A promise that was given.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct NewPromise {
    /// How much, in minor units of the organisation's currency; above 0.
    pub amount_minor: i64,
    /// Until when, a day of the case's zone, as `2026-12-01`.
    pub due_on: String,
    /// What became of it.
    pub state: PromiseState,
    /// The visit it was given at.
    #[uniffi(default = None)]
    pub visit: Option<OpName>,
}

/// What the borrower gets for a payment.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Receipt {
    /// The number to write on it, as `17-3`: no two phones give the same one.
    pub number: String,
    /// The payment.
    pub payment: OpName,
}

/// Each fails with [`PhoneError::NotEnrolled`], [`PhoneError::NotAllocated`],
/// [`PhoneError::BadInput`] naming the field, or [`PhoneError::Storage`]; nothing is written then.
#[expect(clippy::missing_errors_doc, reason = "said once, above")]
#[uniffi::export]
impl DoorstepPhone {
    /// Logs a visit and returns its name. One outside of the rules is logged all the same, with
    /// what objected: it happened.
    pub fn log_visit(
        &self,
        moment: Moment,
        case_id: &str,
        visit: NewVisit,
    ) -> Result<OpName, PhoneError> {
        let (moment, case, visit) = (moment.core()?, names::case(case_id)?, visit.core()?);
        Ok(self.with(|phone| phone.log_visit(moment, case, visit))?.into())
    }

    /// Says what the outcome of a visit was after all.
    pub fn edit_disposition(
        &self,
        moment: Moment,
        case_id: &str,
        visit: OpName,
        disposition: Disposition,
        note: Option<String>,
    ) -> Result<OpName, PhoneError> {
        let (moment, case, visit) = (moment.core()?, names::case(case_id)?, visit.dot("visit")?);
        let edit = DispositionEdit { disposition, note };
        Ok(self.with(|phone| phone.edit_disposition(moment, case, visit, edit))?.into())
    }

    /// Records a promise and returns its name.
    pub fn promise(
        &self,
        moment: Moment,
        case_id: &str,
        promise: NewPromise,
    ) -> Result<OpName, PhoneError> {
        let (moment, case, promise) = (moment.core()?, names::case(case_id)?, promise.core()?);
        Ok(self.with(|phone| phone.promise(moment, case, promise))?.into())
    }

    /// Writes another version of a promise, named by the op that made it.
    pub fn edit_promise(
        &self,
        moment: Moment,
        case_id: &str,
        first: OpName,
        promise: NewPromise,
    ) -> Result<OpName, PhoneError> {
        let (moment, case, promise) = (moment.core()?, names::case(case_id)?, promise.core()?);
        let first = first.dot("first")?;
        Ok(self.with(|phone| phone.edit_promise(moment, case, first, promise))?.into())
    }

    /// Records a payment, under the next receipt number of this phone.
    pub fn record_payment(
        &self,
        moment: Moment,
        case_id: &str,
        payment: NewPayment,
    ) -> Result<Receipt, PhoneError> {
        let (moment, case) = (moment.core()?, names::case(case_id)?);
        let payment = CorePayment {
            amount_minor: Minor::new(payment.amount_minor),
            method: payment.method,
            paid_at: payment.paid_at_ms,
            visit: names::dot("visit", payment.visit)?,
        };
        let receipt = self.with(|phone| phone.record_payment(moment, case, payment))?;
        Ok(Receipt { number: receipt.to_string(), payment: receipt.payment.into() })
    }

    /// Takes a payment back, or a part of it: `amount_minor` in minor units.
    pub fn reverse_payment(
        &self,
        moment: Moment,
        case_id: &str,
        payment: OpName,
        amount_minor: i64,
        reason: String,
    ) -> Result<OpName, PhoneError> {
        let (moment, case) = (moment.core()?, names::case(case_id)?);
        let (payment, amount_minor) = (payment.dot("payment")?, Minor::new(amount_minor));
        let reversal = Reversal { payment, amount_minor, reason, source: None };
        Ok(self.with(|phone| phone.reverse_payment(moment, case, reversal))?.into())
    }

    /// Corrects a contact field that is a text; none says that it is unknown.
    pub fn correct_contact(
        &self,
        moment: Moment,
        case_id: &str,
        field: ContactField,
        text: Option<String>,
    ) -> Result<OpName, PhoneError> {
        if field == ContactField::Position {
            return Err(PhoneError::input("field", "a position is no text; call correct_place"));
        }
        let (moment, case) = (moment.core()?, names::case(case_id)?);
        let value = ContactValue { text, ..ContactValue::default() };
        Ok(self.with(|phone| phone.correct_contact(moment, case, field, value))?.into())
    }

    /// Corrects where the home is; none says that it is unknown.
    pub fn correct_place(
        &self,
        moment: Moment,
        case_id: &str,
        place: Option<Place>,
    ) -> Result<OpName, PhoneError> {
        let (moment, case) = (moment.core()?, names::case(case_id)?);
        let position = place.map(Place::core).transpose()?;
        let value = position.map_or_else(ContactValue::default, ContactValue::of_position);
        let field = ContactField::Position;
        Ok(self.with(|phone| phone.correct_contact(moment, case, field, value))?.into())
    }

    /// Adds a tag of 1 to 64 bytes.
    pub fn tag(&self, moment: Moment, case_id: &str, tag: &str) -> Result<OpName, PhoneError> {
        let (moment, case) = (moment.core()?, names::case(case_id)?);
        Ok(self.with(|phone| phone.tag(moment, case, tag))?.into())
    }

    /// Removes a tag.
    pub fn untag(&self, moment: Moment, case_id: &str, tag: &str) -> Result<OpName, PhoneError> {
        let (moment, case) = (moment.core()?, names::case(case_id)?);
        Ok(self.with(|phone| phone.untag(moment, case, tag))?.into())
    }
}

impl Place {
    fn core(self) -> Result<Position, PhoneError> {
        let position = Position::from_e7(self.lat_e7, self.lon_e7);
        position.map_err(|error| PhoneError::input("place", error))
    }
}

impl NewVisit {
    fn core(self) -> Result<Visit, PhoneError> {
        let place = self.place.map(Place::core).transpose()?;
        let plan = self.plan_id.map(|id| id.parse()).transpose();
        let evidence = self.evidence.into_iter().map(|hash| names::bytes("evidence", hash));
        Ok(Visit {
            arrived_at: self.arrived_at_ms,
            left_at: self.left_at_ms,
            met: self.met,
            disposition: self.disposition,
            lat_e7: place.map(Position::lat_e7),
            lon_e7: place.map(Position::lon_e7),
            accuracy_m: self.accuracy_m,
            distance_m: self.distance_m,
            mock_location: self.mock_location,
            plan: plan.map_err(|error| PhoneError::input("plan_id", error))?,
            stop: self.stop,
            travel_m: self.travel_m,
            travel_s: self.travel_s,
            clock_offset_ms: 0,
            evidence: evidence.collect::<Result<_, _>>()?,
            note: self.note,
            packs: Vec::new(),
            breached: Vec::new(),
            source: None,
            agent: None,
        })
    }
}

impl NewPromise {
    fn core(self) -> Result<Promise, PhoneError> {
        Ok(Promise {
            amount_minor: Minor::new(self.amount_minor),
            due_on: days_of("due_on", &self.due_on)?,
            state: self.state,
            visit: names::dot("visit", self.visit)?,
        })
    }
}
