//! What a phone remembers of itself and of the exchange: one record of the store.

use crate::bytes::{BytesError, RecordReader, RecordWriter};
use crate::clock::Hlc;
use crate::op::{OpHash, Seed};
use crate::store::StoreError;

/// What a phone remembers of itself and of the exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct State {
    /// How many ops were written, and the chain head there.
    pub(super) sequence: u64,
    pub(super) head: OpHash,
    /// How many of them are in signed batches, and the chain head there.
    pub(super) sealed: u64,
    pub(super) sealed_head: OpHash,
    /// The seed of the ops that are not, and how many bytes they may become.
    pub(super) seed: Option<Seed>,
    pub(super) open_bytes: u64,
    /// The clock of the last op written or read.
    pub(super) clock: Hlc,
    /// The number of the last receipt.
    pub(super) receipts: u64,
    /// The count of the last hello.
    pub(super) hellos: u64,
    /// What the server had at the last hello, what it has said what became of, and what it will not
    /// lose.
    pub(super) known: u64,
    pub(super) acknowledged: u64,
    pub(super) durable: u64,
    /// The epoch of the server that sent all this.
    pub(super) epoch: u64,
    /// Server clock less own clock, in milliseconds; 0 where never measured.
    pub(super) offset_ms: i64,
    /// Where the stream goes on; none where it has to start over.
    pub(super) cursor: Option<String>,
    /// Whether that is within a sequence of pages; then what the server had at its beginning, and
    /// whether it starts over.
    pub(super) within: bool,
    pub(super) covered: u64,
    pub(super) starting: bool,
    /// How far the stream has come.
    pub(super) reached: u64,
}

impl State {
    pub(super) const fn new() -> Self {
        let none = OpHash::new([0; 32]);
        Self {
            sequence: 0,
            head: none,
            sealed: 0,
            sealed_head: none,
            seed: None,
            open_bytes: 0,
            clock: Hlc::FIRST,
            receipts: 0,
            hellos: 0,
            known: 0,
            acknowledged: 0,
            durable: 0,
            epoch: 0,
            offset_ms: 0,
            cursor: None,
            within: false,
            covered: 0,
            starting: false,
            reached: 0,
        }
    }

    /// Forgets where the stream was: the server is of another epoch.
    pub(super) fn start_over(&mut self) {
        (self.cursor, self.reached) = (None, 0);
        (self.within, self.starting) = (false, false);
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = RecordWriter::new();
        out.uvarint(1, self.sequence).bytes(2, self.head.as_bytes());
        out.uvarint(3, self.sealed).bytes(4, self.sealed_head.as_bytes());
        if let Some(seed) = &self.seed {
            out.bytes(5, seed.as_bytes());
        }
        out.uvarint(6, self.open_bytes);
        out.ivarint(7, self.clock.ms()).uvarint(8, u64::from(self.clock.count()));
        out.uvarint(9, self.receipts).uvarint(10, self.hellos);
        out.uvarint(11, self.acknowledged).uvarint(12, self.durable).uvarint(13, self.epoch);
        out.ivarint(14, self.offset_ms);
        if let Some(cursor) = &self.cursor {
            out.text(15, cursor);
        }
        out.uvarint(16, u64::from(self.within)).uvarint(17, self.covered);
        out.uvarint(18, u64::from(self.starting)).uvarint(19, self.reached);
        out.uvarint(20, self.known);
        out.finish()
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, StoreError> {
        let damaged = StoreError::Damaged { what: "the state of the phone" };
        match Self::read(bytes) {
            Ok(Some(state)) => Ok(state),
            Ok(None) | Err(_) => Err(damaged),
        }
    }

    fn read(bytes: &[u8]) -> Result<Option<Self>, BytesError> {
        let mut record = RecordReader::new(bytes);
        let zero = OpHash::new([0; 32]);
        let mut state = Self {
            sequence: record.uvarint(1)?.unwrap_or(0),
            head: record.array(2)?.map_or(zero, OpHash::new),
            sealed: record.uvarint(3)?.unwrap_or(0),
            sealed_head: record.array(4)?.map_or(zero, OpHash::new),
            seed: record.array(5)?.map(Seed::new),
            open_bytes: record.uvarint(6)?.unwrap_or(0),
            ..Self::new()
        };
        let ms = record.ivarint(7)?;
        let count = record.uvarint(8)?.and_then(|count| u16::try_from(count).ok());
        let Some((ms, count)) = ms.zip(count) else { return Ok(None) };
        state.clock = Hlc::new(ms, count);
        state.receipts = record.uvarint(9)?.unwrap_or(0);
        state.hellos = record.uvarint(10)?.unwrap_or(0);
        state.acknowledged = record.uvarint(11)?.unwrap_or(0);
        state.durable = record.uvarint(12)?.unwrap_or(0);
        state.epoch = record.uvarint(13)?.unwrap_or(0);
        state.offset_ms = record.ivarint(14)?.unwrap_or(0);
        state.cursor = record.text(15)?.map(str::to_owned);
        state.within = record.uvarint(16)? == Some(1);
        state.covered = record.uvarint(17)?.unwrap_or(0);
        state.starting = record.uvarint(18)? == Some(1);
        state.reached = record.uvarint(19)?.unwrap_or(0);
        state.known = record.uvarint(20)?.unwrap_or(0);
        record.finish()?;
        Ok(Some(state))
    }
}
