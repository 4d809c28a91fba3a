//! Kinds 10 and 11: what a person decides about ops.

use super::fields::{Fields, PayloadError, read_dot, write_text};
use crate::bytes::{List, RecordWriter, Type};
use crate::op::{Dot, OpHash};

/// Values that lost, looked at by somebody: they are no conflict any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// The ops with those values.
    pub dots: Vec<Dot>,
    /// Why.
    pub note: Option<String>,
}

impl Settled {
    pub(super) fn read(fields: &mut Fields<'_>) -> Result<Self, PayloadError> {
        let field = "dots";
        let dots = fields.list(1, Type::Record, |list| {
            list.record()?.map(|record| read_dot(record, field)).transpose()
        })?;
        if dots.is_empty() {
            return Err(PayloadError::Missing { field });
        }
        Ok(Self { dots, note: fields.text(2)? })
    }

    pub(super) fn write(&self, out: &mut RecordWriter<'_>) {
        out.list(1, &List::records(self.dots.iter().map(|dot| dot.encode())));
        write_text(out, 2, self.note.as_ref());
    }
}

/// An op that was kept aside and is taken after all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Released {
    /// The op.
    pub op: Dot,
    /// Its body hash, so that it is the one that was looked at.
    pub body_hash: OpHash,
    /// Why.
    pub note: Option<String>,
}

impl Released {
    pub(super) fn read(fields: &mut Fields<'_>) -> Result<Self, PayloadError> {
        let op = fields.dot(1, "op")?.ok_or(PayloadError::Missing { field: "op" })?;
        let field = "body_hash";
        let body_hash = OpHash::new(fields.array(2)?.ok_or(PayloadError::Missing { field })?);
        Ok(Self { op, body_hash, note: fields.text(3)? })
    }

    pub(super) fn write(&self, out: &mut RecordWriter<'_>) {
        out.record(1, &self.op.encode()).bytes(2, self.body_hash.as_bytes());
        write_text(out, 3, self.note.as_ref());
    }
}
