//! The header of an op.

use std::num::NonZeroU64;

use thiserror::Error;

use super::{Actor, Context, Dot, Kind};
use crate::bytes::{BytesError, RecordReader, RecordWriter, Type, Unknown};
use crate::clock::Hlc;
use crate::model::{CaseId, IdError, OrgId};

/// The highest tag of a header that this program knows.
const LAST_TAG: u64 = 12;

/// Why bytes are no header.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum HeaderError {
    /// Not canonical.
    #[error("header: {0}")]
    Bytes(#[from] BytesError),
    /// A field that every header has is not there.
    #[error("header: {0} is missing")]
    Missing(&'static str),
    /// A number beyond what the field can be.
    #[error("header: {field} cannot be {value}; see the ranges in the format of ops")]
    Range {
        /// The name of the field.
        field: &'static str,
        /// What was given.
        value: u64,
    },
    /// An id that is none of this system's.
    #[error("header: {0}")]
    Id(#[from] IdError),
    /// A context that is not in the order of its actors, or has one of them twice.
    #[error("header: actor {actor} stands at the wrong place of the context; sort it by actor")]
    ContextOrder {
        /// The actor that is not later than the one before.
        actor: Actor,
    },
    /// A tag that cannot be here: another field of a dot, or a known one among unknown ones.
    #[error("header: tag {tag} cannot stand here")]
    Tag {
        /// The tag.
        tag: u64,
    },
}

/// Who wrote what, where and when; the part of an op that is never erased.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Header {
    /// The organisation all of it belongs to.
    pub organisation: OrgId,
    /// The actor and the number of the op.
    pub dot: Dot,
    /// When, by the device's own clock.
    pub clock: Hlc,
    /// The case; none for ops of the device itself.
    pub case: Option<CaseId>,
    /// What it is about.
    pub kind: Kind,
    /// The version of the payload's format, from 1.
    pub kind_version: NonZeroU64,
    /// The key of the record within the case; none for the case itself.
    pub record: Option<Vec<u8>>,
    /// The register within the record; none for add-only records.
    pub field: Option<u64>,
    /// For last-writer registers: the op that stood there; none where the register was empty.
    pub replaces: Option<Dot>,
    /// For multi-value and set registers: what the writer had read of the register.
    pub context: Option<Context>,
    /// Fields of later versions, with tags beyond 12.
    pub unknown: Unknown,
}

impl Header {
    /// The canonical bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = RecordWriter::with_unknown(&self.unknown);
        out.bytes(1, self.organisation.as_bytes());
        out.uvarint(2, u64::from(self.dot.actor.number())).uvarint(3, self.dot.sequence.get());
        out.ivarint(4, self.clock.ms()).uvarint(5, u64::from(self.clock.count()));
        if let Some(case) = &self.case {
            out.bytes(6, case.as_bytes());
        }
        out.uvarint(7, self.kind.number()).uvarint(8, self.kind_version.get());
        if let Some(record) = &self.record {
            out.bytes(9, record);
        }
        if let Some(field) = self.field {
            out.uvarint(10, field);
        }
        if let Some(replaces) = self.replaces {
            out.record(11, &replaces.encode());
        }
        if let Some(context) = &self.context {
            out.list(12, &context.encode());
        }
        out.finish()
    }

    /// Reads a header. What is accepted is encoded to the same bytes again.
    ///
    /// # Errors
    /// [`HeaderError`], whatever the bytes are.
    pub fn decode(bytes: &[u8]) -> Result<Self, HeaderError> {
        let mut record = RecordReader::new(bytes);
        let organisation = record.array(1)?.ok_or(HeaderError::Missing("organisation"))?;
        let organisation = OrgId::from_bytes(organisation)?;
        let dot = Dot::read(&mut record, (2, 3))?;
        let ms = record.ivarint(4)?.ok_or(HeaderError::Missing("clock_ms"))?;
        let value = record.uvarint(5)?.ok_or(HeaderError::Missing("clock_count"))?;
        let count = u16::try_from(value);
        let count = count.map_err(|_| HeaderError::Range { field: "clock_count", value })?;
        let case = record.array(6)?.map(CaseId::from_bytes).transpose()?;
        let kind = Kind::new(record.uvarint(7)?.ok_or(HeaderError::Missing("kind"))?);
        let value = record.uvarint(8)?.ok_or(HeaderError::Missing("kind_version"))?;
        let kind_version = NonZeroU64::new(value);
        let kind_version =
            kind_version.ok_or(HeaderError::Range { field: "kind_version", value })?;
        let key = record.bytes(9)?.map(<[u8]>::to_vec);
        let field = record.uvarint(10)?;
        let replaces = record.record(11)?.map(Dot::decode).transpose()?;
        let context = record.list(12, Type::Record)?.map(Context::decode).transpose()?;
        Ok(Self {
            organisation,
            dot,
            clock: Hlc::new(ms, count),
            case,
            kind,
            kind_version,
            record: key,
            field,
            replaces,
            context,
            unknown: above_known(record.finish()?)?,
        })
    }

    /// Reads the unknown fields of a header that come apart from the known ones, as a record.
    ///
    /// # Errors
    /// [`HeaderError::Bytes`] when the record is not canonical, [`HeaderError::Tag`] when one of
    /// its tags is that of a known field.
    pub fn decode_unknown(record: &[u8]) -> Result<Unknown, HeaderError> {
        above_known(Unknown::decode(record)?)
    }
}

/// Tags up to the last one are all taken, and 0 never is.
fn above_known(unknown: Unknown) -> Result<Unknown, HeaderError> {
    let known = unknown.tags().find(|tag| *tag <= LAST_TAG);
    match known {
        None => Ok(unknown),
        Some(tag) => Err(HeaderError::Tag { tag }),
    }
}
