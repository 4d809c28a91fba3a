//! The answer to a push.

use super::ProtocolError;
use super::fields::Fields;
use crate::bytes::{List, RecordReader, RecordWriter};

/// What became of the ops of a device, said after the commit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PushAnswer {
    /// The highest sequence stored without a gap.
    pub acknowledged: u64,
    /// The highest sequence covered by a backup or older than 35 days: up to it batches need not
    /// be kept.
    pub durable: u64,
    /// The epoch of the server.
    pub epoch: u64,
    /// Ops of this batch that are kept aside: sequence and code. Codes may be of later programs.
    pub kept_aside: Vec<(u64, String)>,
    /// Ops of this batch that are flagged: sequence and code, one pair for each code.
    pub flagged: Vec<(u64, String)>,
    /// How many seconds to wait before the next request.
    pub wait_s: Option<u64>,
}

impl PushAnswer {
    /// The bytes of the answer.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = RecordWriter::new();
        out.uvarint(1, self.acknowledged).uvarint(2, self.durable).uvarint(3, self.epoch);
        out.list(4, &codes(&self.kept_aside)).list(5, &codes(&self.flagged));
        if let Some(wait) = self.wait_s {
            out.uvarint(6, wait);
        }
        out.finish()
    }

    /// Reads the answer.
    ///
    /// # Errors
    /// [`ProtocolError`] when the bytes are none.
    pub fn decode(bytes: &[u8]) -> Result<Self, ProtocolError> {
        let mut fields = Fields::of("answer to a push", bytes);
        let answer = Self {
            acknowledged: fields.uvarint(1, "acknowledged")?,
            durable: fields.uvarint(2, "durable")?,
            epoch: fields.uvarint(3, "epoch")?,
            kept_aside: fields.records(4, read_code)?,
            flagged: fields.records(5, read_code)?,
            wait_s: fields.opt_uvarint(6)?,
        };
        fields.finish()?;
        Ok(answer)
    }
}

fn codes(codes: &[(u64, String)]) -> List {
    List::records(codes.iter().map(|(sequence, code)| {
        let mut record = RecordWriter::new();
        record.uvarint(1, *sequence).text(2, code);
        record.finish()
    }))
}

fn read_code(record: RecordReader<'_>) -> Result<(u64, String), ProtocolError> {
    let mut fields = Fields::new("answer to a push", record);
    let code = (fields.uvarint(1, "sequence")?, fields.text(2, "code")?);
    fields.finish()?;
    Ok(code)
}
