//! Frames: what comes down to a device, one thing each.

use super::fields::Fields;
use super::{Facts, PlanDocument, ProtocolError};
use crate::bytes::{BytesError, List, RecordReader, RecordWriter, Type};
use crate::clock::Hlc;
use crate::model::CaseId;
use crate::op::{Body, Header, HeaderError, Op, OpHash, Payload, Salt};

const WHAT: &str = "frame";

/// An op as the server admitted it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedOp {
    /// Its place in the order of the organisation.
    pub server_seq: u64,
    /// The clock it was admitted with.
    pub admitted: Hlc,
    /// The op, erased or not.
    pub op: Op,
}

/// One thing that comes down to a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// Stops or changes a visit.
    Recall {
        /// The case that is not to be visited as planned.
        case: CaseId,
        /// Why.
        code: String,
        /// When, in milliseconds since 1970 UTC.
        at_ms: i64,
        /// Its place in the order of the organisation.
        server_seq: u64,
    },
    /// The case is not allocated to this user any more.
    Withdrawn {
        /// The case.
        case: CaseId,
        /// Its place in the order of the organisation.
        server_seq: u64,
    },
    /// The newest published plan of a day.
    Plan {
        /// The route of this agent.
        document: PlanDocument,
        /// Its place in the order of the organisation.
        server_seq: u64,
    },
    /// The policy packs in force, as JSON; they replace those before.
    Packs(Vec<String>),
    /// The case is allocated to this user. What is here replaces what the device has of it.
    Granted {
        /// The case.
        case: CaseId,
        /// What the office knows of it.
        facts: Facts,
        /// The live ops and all add-only records of it.
        ops: Vec<ReceivedOp>,
        /// The ops up to this one are in the snapshot.
        at_seq: u64,
    },
    /// An op of a case that is allocated to this user, written by somebody else.
    Op(ReceivedOp),
    /// An op that this device wrote.
    OwnOp {
        /// Its place in the order of the organisation.
        server_seq: u64,
        /// The clock it was admitted with.
        admitted: Hlc,
        /// Its sequence.
        sequence: u64,
    },
    /// What the office now knows of a case.
    Facts {
        /// The case.
        case: CaseId,
        /// What is known.
        facts: Facts,
        /// Its place in the order of the organisation.
        server_seq: u64,
    },
    /// A frame of a later program. It is passed over.
    Unknown {
        /// Its type.
        kind: u64,
    },
}

impl Frame {
    /// The record of the frame. An unknown one has nothing but its type.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = RecordWriter::new();
        match self {
            Self::Recall { case, code, at_ms, server_seq } => {
                out.uvarint(1, 1).bytes(2, case.as_bytes()).text(3, code);
                out.ivarint(4, *at_ms).uvarint(5, *server_seq);
            }
            Self::Withdrawn { case, server_seq } => {
                out.uvarint(1, 2).bytes(2, case.as_bytes()).uvarint(5, *server_seq);
            }
            Self::Plan { document, server_seq } => {
                out.uvarint(1, 3).record(2, &document.encode()).uvarint(5, *server_seq);
            }
            Self::Packs(packs) => {
                out.uvarint(1, 4).list(2, &List::bytes(packs));
            }
            Self::Granted { case, facts, ops, at_seq } => {
                out.uvarint(1, 5).bytes(2, case.as_bytes()).record(3, &facts.encode());
                let ops = ops.iter().map(|op| op.write(RecordWriter::new()));
                out.list(4, &List::records(ops)).uvarint(5, *at_seq);
            }
            Self::Op(op) => {
                out.uvarint(1, 6);
                return op.write(out);
            }
            Self::OwnOp { server_seq, admitted, sequence } => {
                out.uvarint(1, 7).uvarint(2, *server_seq);
                out.ivarint(3, admitted.ms()).uvarint(4, u64::from(admitted.count()));
                out.uvarint(5, *sequence);
            }
            Self::Facts { case, facts, server_seq } => {
                out.uvarint(1, 8).bytes(2, case.as_bytes()).record(3, &facts.encode());
                out.uvarint(5, *server_seq);
            }
            Self::Unknown { kind } => {
                out.uvarint(1, *kind);
            }
        }
        out.finish()
    }

    /// Reads a frame of another type than `end`.
    pub(super) fn decode(kind: u64, mut fields: Fields<'_>) -> Result<Self, ProtocolError> {
        let frame = match kind {
            1 => Self::Recall {
                case: fields.case(2)?,
                code: fields.text(3, "code")?,
                at_ms: fields.ivarint(4, "at")?,
                server_seq: fields.uvarint(5, "server_seq")?,
            },
            2 => Self::Withdrawn {
                case: fields.case(2)?,
                server_seq: fields.uvarint(5, "server_seq")?,
            },
            3 => Self::Plan {
                document: PlanDocument::decode(fields.record(2, "document")?.whole())?,
                server_seq: fields.uvarint(5, "server_seq")?,
            },
            4 => Self::Packs(fields.list(2, Type::Bytes, |list| {
                let text =
                    list.text().map_err(|error| ProtocolError::Bytes { what: WHAT, error })?;
                Ok(text.map(str::to_owned))
            })?),
            5 => Self::Granted {
                case: fields.case(2)?,
                facts: Facts::decode(fields.record(3, "facts")?.whole())?,
                ops: fields.records(4, |record| {
                    let mut fields = Fields::new(WHAT, record);
                    let op = ReceivedOp::read(&mut fields)?;
                    fields.finish()?;
                    Ok(op)
                })?,
                at_seq: fields.uvarint(5, "at_seq")?,
            },
            6 => Self::Op(ReceivedOp::read(&mut fields)?),
            7 => Self::OwnOp {
                server_seq: fields.uvarint(2, "server_seq")?,
                admitted: read_admitted(&mut fields)?,
                sequence: fields.uvarint(5, "sequence")?,
            },
            8 => Self::Facts {
                case: fields.case(2)?,
                facts: Facts::decode(fields.record(3, "facts")?.whole())?,
                server_seq: fields.uvarint(5, "server_seq")?,
            },
            kind => Self::Unknown { kind },
        };
        fields.finish()?;
        Ok(frame)
    }
}

impl ReceivedOp {
    /// Writes the fields of the op behind those that `out` has.
    fn write(&self, mut out: RecordWriter<'_>) -> Vec<u8> {
        out.uvarint(2, self.server_seq);
        out.ivarint(3, self.admitted.ms()).uvarint(4, u64::from(self.admitted.count()));
        out.record(5, &self.op.header.encode());
        match &self.op.body {
            Body::Whole { salt, payload } => {
                out.bytes(6, salt.as_bytes()).record(7, payload.as_bytes());
            }
            Body::Erased { hash } => {
                out.bytes(8, hash.as_bytes());
            }
        }
        out.finish()
    }

    fn read(fields: &mut Fields<'_>) -> Result<Self, ProtocolError> {
        let server_seq = fields.uvarint(2, "server_seq")?;
        let admitted = read_admitted(fields)?;
        let header = Header::decode(fields.record(5, "header")?.whole());
        let header = header.map_err(|error| ProtocolError::Header { what: WHAT, error })?;
        let salt = fields.opt_array(6)?.map(Salt::new);
        let payload = fields.opt_record(7)?.map(read_payload).transpose()?;
        let hash = fields.opt_array(8)?.map(OpHash::new);
        let body = match (salt, payload, hash) {
            (Some(salt), Some(payload), None) => Body::Whole { salt, payload },
            (None, None, Some(hash)) => Body::Erased { hash },
            _ => return Err(fields.value("body", "must be salt and payload, or the hash alone")),
        };
        Ok(Self { server_seq, admitted, op: Op { header, body } })
    }
}

fn read_payload(record: RecordReader<'_>) -> Result<Payload, ProtocolError> {
    let payload = Payload::decode(record.whole().to_vec());
    payload.map_err(|error: BytesError| ProtocolError::Bytes { what: WHAT, error })
}

fn read_admitted(fields: &mut Fields<'_>) -> Result<Hlc, ProtocolError> {
    let ms = fields.ivarint(3, "admitted ms")?;
    let value = fields.uvarint(4, "admitted count")?;
    let range = HeaderError::Range { field: "admitted count", value };
    let count = u16::try_from(value);
    let count = count.map_err(|_| ProtocolError::Header { what: WHAT, error: range })?;
    Ok(Hlc::new(ms, count))
}
