//! What the payload of each kind holds: section 6 of `server/docs/SYNC.md`.
//!
//! A payload of a later program may have more fields than are known here. They are read over and are
//! not in a [`Content`]; the op keeps the bytes of its payload, so nothing of it is lost.
//!
//! ```
//! use std::num::NonZeroU64;
//! use sync_core::kinds::{Content, Payment, PaymentMethod};
//! use sync_core::model::Minor;
//! use sync_core::op::Kind;
//!
//! let payment = Content::Payment(Payment {
//!     amount_minor: Minor::new(1_420),
//!     method: PaymentMethod::Cash,
//!     paid_at: 1_772_438_400_000,
//!     receipt: Some(1),
//!     visit: None,
//!     source: None,
//! });
//! let payload = payment.payload();
//! assert_eq!(Content::read(Kind::PAYMENT, NonZeroU64::MIN, &payload), Ok(Some(payment)));
//! // A kind that this program does not know.
//! assert_eq!(Content::read(Kind::new(40), NonZeroU64::MIN, &payload), Ok(None));
//! ```

mod codes;
mod contact;
mod disposition;
mod fields;
mod payment;
mod promise;
mod settled;
mod status;
mod tag;
mod visit;

pub use codes::{
    CaseStatus, ContactField, Disposition, LabelError, Met, PaymentMethod, PromiseState,
};
pub use contact::ContactValue;
pub use disposition::DispositionEdit;
pub use fields::PayloadError;
pub use payment::{Payment, Reversal};
pub use promise::Promise;
pub use settled::{Released, Settled};
pub use status::StatusEdit;
pub use tag::MAX_TAG_BYTES;
pub use visit::Visit;

use std::num::NonZeroU64;

use crate::op::{Kind, Payload};
use fields::Fields;

/// The payload of a known kind in a known version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Kind 1: a visit that happened.
    Visit(Visit),
    /// Kind 2: another disposition of a visit.
    Disposition(DispositionEdit),
    /// Kind 3: a promise, or what became of it.
    Promise(Promise),
    /// Kind 4: a payment.
    Payment(Payment),
    /// Kind 5: the reversal of a payment.
    Reversal(Reversal),
    /// Kind 6: the value of a contact field; which one says the header.
    Contact(ContactValue),
    /// Kind 7: a tag that was added.
    TagAdded(String),
    /// Kind 8: a tag that was removed.
    TagRemoved(String),
    /// Kind 9: the status of the case.
    Status(StatusEdit),
    /// Kind 10: conflicts that are settled.
    Settled(Settled),
    /// Kind 11: an op that is released from quarantine.
    Released(Released),
}

impl Content {
    /// The version of the payloads that this program knows, of every kind.
    pub const VERSION: NonZeroU64 = NonZeroU64::MIN;

    /// Reads the payload of an op; `None` when its kind or the version of it is not known here.
    ///
    /// # Errors
    /// [`PayloadError`] when a field that must be there is not, a value is none of its field, or
    /// the payload is not canonical.
    pub fn read(
        kind: Kind,
        kind_version: NonZeroU64,
        payload: &Payload,
    ) -> Result<Option<Self>, PayloadError> {
        if kind_version != Self::VERSION {
            return Ok(None);
        }
        let mut fields = Fields::new(payload);
        let content = match kind {
            Kind::VISIT => Self::Visit(Visit::read(&mut fields)?),
            Kind::DISPOSITION => Self::Disposition(DispositionEdit::read(&mut fields)?),
            Kind::PROMISE => Self::Promise(Promise::read(&mut fields)?),
            Kind::PAYMENT => Self::Payment(Payment::read(&mut fields)?),
            Kind::REVERSAL => Self::Reversal(Reversal::read(&mut fields)?),
            Kind::CONTACT => Self::Contact(ContactValue::read(&mut fields)?),
            Kind::TAG_ADDED => Self::TagAdded(tag::read(&mut fields)?),
            Kind::TAG_REMOVED => Self::TagRemoved(tag::read(&mut fields)?),
            Kind::STATUS => Self::Status(StatusEdit::read(&mut fields)?),
            Kind::SETTLED => Self::Settled(Settled::read(&mut fields)?),
            Kind::RELEASED => Self::Released(Released::read(&mut fields)?),
            _ => return Ok(None),
        };
        fields.finish()?;
        Ok(Some(content))
    }

    /// The kind of an op with this content; its version is [`Self::VERSION`].
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Visit(_) => Kind::VISIT,
            Self::Disposition(_) => Kind::DISPOSITION,
            Self::Promise(_) => Kind::PROMISE,
            Self::Payment(_) => Kind::PAYMENT,
            Self::Reversal(_) => Kind::REVERSAL,
            Self::Contact(_) => Kind::CONTACT,
            Self::TagAdded(_) => Kind::TAG_ADDED,
            Self::TagRemoved(_) => Kind::TAG_REMOVED,
            Self::Status(_) => Kind::STATUS,
            Self::Settled(_) => Kind::SETTLED,
            Self::Released(_) => Kind::RELEASED,
        }
    }

    /// The canonical bytes. Absent fields and empty lists are left out.
    ///
    /// Values are written as they are: [`Self::check`] says whether a reader will take them.
    #[must_use]
    pub fn payload(&self) -> Payload {
        let mut out = crate::bytes::RecordWriter::new();
        match self {
            Self::Visit(visit) => visit.write(&mut out),
            Self::Disposition(edit) => edit.write(&mut out),
            Self::Promise(promise) => promise.write(&mut out),
            Self::Payment(payment) => payment.write(&mut out),
            Self::Reversal(reversal) => reversal.write(&mut out),
            Self::Contact(value) => value.write(&mut out),
            Self::TagAdded(tag) | Self::TagRemoved(tag) => {
                out.text(1, tag);
            }
            Self::Status(edit) => edit.write(&mut out),
            Self::Settled(settled) => settled.write(&mut out),
            Self::Released(released) => released.write(&mut out),
        }
        Payload::new(out)
    }

    /// Asks whether a reader takes this content; to be called before an op is written with it.
    ///
    /// # Errors
    /// [`PayloadError::Value`] for the first field that holds what it cannot, such as an amount of 0.
    pub fn check(&self) -> Result<(), PayloadError> {
        Self::read(self.kind(), Self::VERSION, &self.payload()).map(|_| ())
    }
}

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
