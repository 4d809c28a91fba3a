//! Which register an op goes to.

use thiserror::Error;

use crate::bytes::{BytesError, Reader, RecordReader, put_uvarint};
use crate::kinds::{ContactField, Content};
use crate::op::{Actor, Dot, Header, Kind};

/// The registers of one kind of op; adding and removing a tag share theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// The disposition of a visit.
    Disposition,
    /// A promise.
    Promise,
    /// A contact field.
    Contact,
    /// The tags of a case.
    Tags,
    /// The status of a case.
    Status,
}

impl Family {
    /// The number of its kind.
    #[must_use]
    pub const fn number(self) -> u64 {
        match self {
            Self::Disposition => Kind::DISPOSITION.number(),
            Self::Promise => Kind::PROMISE.number(),
            Self::Contact => Kind::CONTACT.number(),
            Self::Tags => Kind::TAG_ADDED.number(),
            Self::Status => Kind::STATUS.number(),
        }
    }

    /// The family with that number, if there is one.
    #[must_use]
    pub const fn of_number(number: u64) -> Option<Self> {
        match Kind::new(number) {
            Kind::DISPOSITION => Some(Self::Disposition),
            Kind::PROMISE => Some(Self::Promise),
            Kind::CONTACT => Some(Self::Contact),
            Kind::TAG_ADDED => Some(Self::Tags),
            Kind::STATUS => Some(Self::Status),
            _ => None,
        }
    }

    /// The word for it in files and JSON.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Disposition => "disposition",
            Self::Promise => "promise",
            Self::Contact => "contact",
            Self::Tags => "tags",
            Self::Status => "status",
        }
    }
}

/// Why bytes are no key of a register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum KeyError {
    /// Not canonical.
    #[error("register: {0}")]
    Bytes(#[from] BytesError),
    /// A number that is none of its part of the key.
    #[error("register: {part} cannot be {value}")]
    Value {
        /// The part.
        part: &'static str,
        /// What was given.
        value: u64,
    },
}

/// The name of a register within its case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegisterKey {
    /// What it is of.
    pub family: Family,
    /// The op that made the record; none for the case itself.
    pub record: Option<Dot>,
    /// The field of the record.
    pub field: u64,
}

/// The field of records that have one register.
const ONLY_FIELD: u64 = 1;

impl RegisterKey {
    /// The tags of the case.
    pub const TAGS: Self = Self { family: Family::Tags, record: None, field: ONLY_FIELD };

    /// The status of the case.
    pub const STATUS: Self = Self { family: Family::Status, record: None, field: ONLY_FIELD };

    /// The disposition of the visit that the op `visit` has made.
    #[must_use]
    pub const fn disposition(visit: Dot) -> Self {
        Self { family: Family::Disposition, record: Some(visit), field: ONLY_FIELD }
    }

    /// The promise whose first op is `first`.
    #[must_use]
    pub const fn promise(first: Dot) -> Self {
        Self { family: Family::Promise, record: Some(first), field: ONLY_FIELD }
    }

    /// A contact field.
    #[must_use]
    pub const fn contact(field: ContactField) -> Self {
        Self { family: Family::Contact, record: None, field: field.number() }
    }

    /// The register that the op with this header goes to, if it goes to one.
    #[must_use]
    pub fn of(header: &Header) -> Option<Self> {
        Place::of(header).register()
    }

    /// The key as bytes: numbers of family and field, then actor and sequence of the record if it
    /// has one, each as uvarint.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(8);
        put_uvarint(&mut out, self.family.number());
        put_uvarint(&mut out, self.field);
        if let Some(record) = self.record {
            put_uvarint(&mut out, u64::from(record.actor.number()));
            put_uvarint(&mut out, record.sequence.get());
        }
        out
    }

    /// Reads a key.
    ///
    /// # Errors
    /// [`KeyError`] when the bytes are no key.
    pub fn decode(bytes: &[u8]) -> Result<Self, KeyError> {
        let mut reader = Reader::new(bytes);
        let value = reader.uvarint()?;
        let family = Family::of_number(value).ok_or(KeyError::Value { part: "family", value })?;
        let field = reader.uvarint()?;
        if reader.rest().is_empty() {
            return Ok(Self { family, record: None, field });
        }
        let value = reader.uvarint()?;
        let actor = u32::try_from(value).map_err(|_| KeyError::Value { part: "actor", value })?;
        let value = reader.uvarint()?;
        let sequence = value.try_into().map_err(|_| KeyError::Value { part: "sequence", value })?;
        reader.finish()?;
        Ok(Self { family, record: Some(Dot { actor: Actor::new(actor), sequence }), field })
    }
}

/// Where an op goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// It is an add-only record.
    Record,
    /// It is an add-only record and the first op of a register: a visit.
    RecordAndRegister(RegisterKey),
    /// To a register.
    Register(RegisterKey),
    /// Nowhere that is known here: it is kept and changes nothing.
    Nowhere,
}

impl Place {
    /// Where the op with this header goes.
    #[must_use]
    pub fn of(header: &Header) -> Self {
        if header.case.is_none() || header.kind_version != Content::VERSION {
            return Self::Nowhere;
        }
        match header.kind {
            Kind::VISIT => Self::RecordAndRegister(RegisterKey::disposition(header.dot)),
            Kind::PAYMENT | Kind::REVERSAL | Kind::SETTLED | Kind::RELEASED => Self::Record,
            _ => register(header).map_or(Self::Nowhere, Self::Register),
        }
    }

    /// The register, if it goes to one.
    #[must_use]
    pub const fn register(self) -> Option<RegisterKey> {
        match self {
            Self::RecordAndRegister(key) | Self::Register(key) => Some(key),
            Self::Record | Self::Nowhere => None,
        }
    }

    /// Whether it is an add-only record.
    #[must_use]
    pub const fn is_record(self) -> bool {
        matches!(self, Self::Record | Self::RecordAndRegister(_))
    }
}

fn register(header: &Header) -> Option<RegisterKey> {
    let record = header.record.as_deref();
    let field = header.field?;
    let key = match (header.kind, record) {
        (Kind::DISPOSITION, Some(visit)) => RegisterKey::disposition(dot(visit)?),
        (Kind::PROMISE, Some(first)) => RegisterKey::promise(dot(first)?),
        (Kind::PROMISE, None) => RegisterKey::promise(header.dot),
        (Kind::CONTACT, None) => RegisterKey::contact(ContactField::of_number(field)?),
        (Kind::TAG_ADDED | Kind::TAG_REMOVED, None) => RegisterKey::TAGS,
        (Kind::STATUS, None) => RegisterKey::STATUS,
        _ => return None,
    };
    (key.field == field).then_some(key)
}

fn dot(record: &[u8]) -> Option<Dot> {
    Dot::decode(RecordReader::new(record)).ok()
}
