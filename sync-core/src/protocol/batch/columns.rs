//! The body of a batch: one list per field of the ops.

use std::collections::BTreeMap;
use std::num::NonZeroU64;

use super::{BatchHeader, WHAT};
use crate::bytes::{List, ListReader, RecordReader, RecordWriter, Type};
use crate::clock::Hlc;
use crate::model::CaseId;
use crate::op::{Context, Dot, Header, HeaderError, Kind, Op, Payload};
use crate::protocol::ProtocolError;

/// What stands before the key of a record, so that an empty key is not none.
const THERE: u8 = 1;

/// Writes the ops, which all have a payload.
pub(in crate::protocol) fn encode(ops: &[Op]) -> Result<Vec<u8>, ProtocolError> {
    let mut numbers = BTreeMap::new();
    let mut cases = Vec::new();
    let mut case_of = Vec::with_capacity(ops.len());
    for case in ops.iter().map(|op| op.header.case) {
        let Some(case) = case else {
            case_of.push(0);
            continue;
        };
        let number = *numbers.entry(case).or_insert_with(|| {
            cases.push(case);
            cases.len()
        });
        case_of.push(u64::try_from(number).unwrap_or(u64::MAX));
    }
    let headers = || ops.iter().map(|op| &op.header);
    let mut last = 0;
    let clocks = headers().map(|header| {
        let step = header.clock.ms().wrapping_sub(last);
        last = header.clock.ms();
        step
    });
    let mut fields = Vec::with_capacity(ops.len());
    let mut payloads = Vec::with_capacity(ops.len());
    for op in ops {
        let field = op.header.field.map_or(Some(0), |field| field.checked_add(1));
        let rule = "must be below 2^64 - 1";
        fields.push(field.ok_or(ProtocolError::Value { what: WHAT, field: "field", rule })?);
        let missing = ProtocolError::Missing { what: WHAT, field: "payload" };
        payloads.push(op.body.payload().ok_or(missing)?.as_bytes());
    }
    let mut out = RecordWriter::new();
    out.list(1, &List::ivarints(clocks));
    out.list(2, &List::uvarints(headers().map(|header| u64::from(header.clock.count()))));
    out.list(3, &List::bytes(cases.iter().map(CaseId::as_bytes)));
    out.list(4, &List::uvarints(case_of));
    out.list(5, &List::uvarints(headers().map(|header| header.kind.number())));
    out.list(6, &List::uvarints(headers().map(|header| header.kind_version.get())));
    out.list(
        7,
        &List::bytes(headers().map(|header| match &header.record {
            None => Vec::new(),
            Some(key) => [&[THERE], key.as_slice()].concat(),
        })),
    );
    out.list(8, &List::uvarints(fields));
    out.list(
        9,
        &List::records(
            headers().map(|header| header.replaces.map(Dot::encode).unwrap_or_default()),
        ),
    );
    out.list(10, &List::records(headers().map(context_record)));
    out.list(11, &List::records(payloads));
    out.list(12, &List::records(headers().map(|header| header.unknown.encode())));
    Ok(out.finish())
}

fn context_record(header: &Header) -> Vec<u8> {
    let mut record = RecordWriter::new();
    if let Some(context) = &header.context {
        record.list(1, &context.encode());
    }
    record.finish()
}

/// One column, which must have an item for each op.
struct Column<'a> {
    list: ListReader<'a>,
    name: &'static str,
}

fn bytes_error(error: impl Into<HeaderError>) -> ProtocolError {
    match error.into() {
        HeaderError::Bytes(error) => ProtocolError::Bytes { what: WHAT, error },
        error => ProtocolError::Header { what: WHAT, error },
    }
}

impl<'a> Column<'a> {
    fn open(
        record: &mut RecordReader<'a>,
        tag: u64,
        items: Type,
        name: &'static str,
    ) -> Result<Self, ProtocolError> {
        let list = record.list(tag, items).map_err(bytes_error)?;
        let list = list.ok_or(ProtocolError::Missing { what: WHAT, field: name })?;
        Ok(Self { list, name })
    }

    fn short(&self) -> ProtocolError {
        ProtocolError::Value { what: WHAT, field: self.name, rule: "must be as many as the ops" }
    }

    fn uvarint(&mut self) -> Result<u64, ProtocolError> {
        self.list.uvarint().map_err(bytes_error)?.ok_or_else(|| self.short())
    }

    fn ivarint(&mut self) -> Result<i64, ProtocolError> {
        self.list.ivarint().map_err(bytes_error)?.ok_or_else(|| self.short())
    }

    fn bytes(&mut self) -> Result<&'a [u8], ProtocolError> {
        self.list.bytes().map_err(bytes_error)?.ok_or_else(|| self.short())
    }

    fn record(&mut self) -> Result<RecordReader<'a>, ProtocolError> {
        self.list.record().map_err(bytes_error)?.ok_or_else(|| self.short())
    }
}

struct Columns<'a> {
    clock_ms: Column<'a>,
    clock_count: Column<'a>,
    cases: Vec<CaseId>,
    case_of: Column<'a>,
    kind: Column<'a>,
    kind_version: Column<'a>,
    record: Column<'a>,
    field: Column<'a>,
    replaces: Column<'a>,
    context: Column<'a>,
    payload: Column<'a>,
    unknown: Column<'a>,
    last_ms: i64,
}

impl<'a> Columns<'a> {
    fn open(body: &'a [u8]) -> Result<Self, ProtocolError> {
        let mut record = RecordReader::new(body);
        let mut column = |tag, items, name| Column::open(&mut record, tag, items, name);
        let columns = Self {
            clock_ms: column(1, Type::Ivarint, "clock_ms")?,
            clock_count: column(2, Type::Uvarint, "clock_count")?,
            cases: read_cases(column(3, Type::Bytes, "cases")?)?,
            case_of: column(4, Type::Uvarint, "case")?,
            kind: column(5, Type::Uvarint, "kind")?,
            kind_version: column(6, Type::Uvarint, "kind_version")?,
            record: column(7, Type::Bytes, "record")?,
            field: column(8, Type::Uvarint, "field")?,
            replaces: column(9, Type::Record, "replaces")?,
            context: column(10, Type::Record, "context")?,
            payload: column(11, Type::Record, "payload")?,
            unknown: column(12, Type::Record, "unknown fields")?,
            last_ms: 0,
        };
        record.finish().map_err(bytes_error)?;
        Ok(columns)
    }

    fn next(&mut self, batch: &BatchHeader, dot: Dot) -> Result<Op, ProtocolError> {
        let range = |field, value| bytes_error(HeaderError::Range { field, value });
        let ms = self.last_ms.wrapping_add(self.clock_ms.ivarint()?);
        self.last_ms = ms;
        let count = self.clock_count.uvarint()?;
        let count = u16::try_from(count).map_err(|_| range("clock_count", count))?;
        let case = self.next_case()?;
        let kind = Kind::new(self.kind.uvarint()?);
        let version = self.kind_version.uvarint()?;
        let kind_version =
            NonZeroU64::new(version).ok_or_else(|| range("kind_version", version))?;
        let record = match self.record.bytes()?.split_first() {
            None => None,
            Some((&THERE, key)) => Some(key.to_vec()),
            Some(_) => {
                let rule = "must begin with 1 where it is there";
                return Err(ProtocolError::Value { what: WHAT, field: "record", rule });
            }
        };
        let replaces = self.replaces.record()?;
        let replaces = if replaces.whole().is_empty() {
            None
        } else {
            Some(Dot::decode(replaces).map_err(bytes_error)?)
        };
        let header = Header {
            organisation: batch.organisation,
            dot,
            clock: Hlc::new(ms, count),
            case,
            kind,
            kind_version,
            record,
            field: self.field.uvarint()?.checked_sub(1),
            replaces,
            context: read_context(self.context.record()?)?,
            unknown: Header::decode_unknown(self.unknown.record()?.whole()).map_err(bytes_error)?,
        };
        let payload = Payload::decode(self.payload.record()?.whole().to_vec());
        Ok(Op::new(header, payload.map_err(bytes_error)?, &batch.seed))
    }

    fn next_case(&mut self) -> Result<Option<CaseId>, ProtocolError> {
        let Some(index) = self.case_of.uvarint()?.checked_sub(1) else { return Ok(None) };
        let case = usize::try_from(index).ok().and_then(|index| self.cases.get(index));
        let rule = "must be one of the batch";
        case.copied().map(Some).ok_or(ProtocolError::Value { what: WHAT, field: "case", rule })
    }
}

fn read_cases(mut column: Column<'_>) -> Result<Vec<CaseId>, ProtocolError> {
    let mut cases = Vec::new();
    while let Some(bytes) = column.list.bytes().map_err(bytes_error)? {
        let rule = "must be UUIDs of version 7";
        let wrong = ProtocolError::Value { what: WHAT, field: "cases", rule };
        let id = bytes.try_into().ok().and_then(|bytes| CaseId::from_bytes(bytes).ok());
        cases.push(id.ok_or(wrong)?);
    }
    Ok(cases)
}

fn read_context(mut record: RecordReader<'_>) -> Result<Option<Context>, ProtocolError> {
    let list = record.list(1, Type::Record).map_err(bytes_error)?;
    let context = list.map(Context::decode).transpose().map_err(bytes_error)?;
    record.finish().map_err(bytes_error)?;
    Ok(context)
}

/// Reads the ops of a batch.
pub(super) fn decode(batch: &BatchHeader, body: &[u8]) -> Result<Vec<Op>, ProtocolError> {
    let mut columns = Columns::open(body)?;
    let mut ops = Vec::new();
    for index in 0..u64::from(batch.count) {
        let rule = "must fit in 64 bits";
        let wrong = ProtocolError::Value { what: WHAT, field: "sequence", rule };
        ops.push(columns.next(batch, batch.dot(index).ok_or(wrong)?)?);
    }
    // There is one encoding: columns that are longer, cases that are not used or stand in another
    // order and fields that nobody knows give other bytes.
    if encode(&ops)? == body {
        return Ok(ops);
    }
    let rule = "must be encoded as the format of batches says, with as many items as ops";
    Err(ProtocolError::Value { what: WHAT, field: "columns", rule })
}
