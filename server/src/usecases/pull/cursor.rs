//! How far a device has come in its stream. The server keeps nothing of it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sync_core::bytes::{BytesError, RecordReader, RecordWriter};

use crate::db::pull::Section;
use crate::usecases::log::{i64_of, u64_of};
use crate::usecases::refusal::Refusal;

/// The sections in their order; a cursor has the number of one.
const SECTIONS: [Section; 7] = [
    Section::Recalls,
    Section::Withdrawn,
    Section::Plans,
    Section::Packs,
    Section::Granted,
    Section::Ops,
    Section::Facts,
];

/// A place in the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cursor {
    /// Epoch of the server.
    pub(super) epoch: u64,
    /// The device has everything up to this `server_seq`.
    pub(super) from: i64,
    /// Within a sequence of pages.
    pub(super) within: Option<Within>,
    /// Which policy packs it has; 0 for none.
    pub(super) packs: u64,
}

/// A place within a sequence of pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Within {
    /// Up to where the sequence goes.
    pub(super) to: i64,
    /// The section.
    pub(super) section: Section,
    /// The key of the last row sent of it.
    pub(super) after: i64,
}

impl Cursor {
    /// As text.
    pub(super) fn encode(&self) -> String {
        let mut record = RecordWriter::new();
        record.uvarint(1, self.epoch).uvarint(2, u64_of(self.from)).uvarint(3, self.packs);
        if let Some(within) = &self.within {
            let section = SECTIONS.iter().position(|section| *section == within.section);
            let section = section.and_then(|at| u64::try_from(at).ok()).unwrap_or(0);
            record.uvarint(4, u64_of(within.to)).uvarint(5, section);
            record.uvarint(6, u64_of(within.after));
        }
        URL_SAFE_NO_PAD.encode(record.finish())
    }

    /// Reads a cursor.
    pub(super) fn decode(text: &str) -> Result<Self, Refusal> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| Refusal::Cursor)?;
        Self::read(&bytes).ok().flatten().ok_or(Refusal::Cursor)
    }

    fn read(bytes: &[u8]) -> Result<Option<Self>, BytesError> {
        let mut record = RecordReader::new(bytes);
        let (epoch, from, packs) = (record.uvarint(1)?, record.uvarint(2)?, record.uvarint(3)?);
        let (to, section, after) = (record.uvarint(4)?, record.uvarint(5)?, record.uvarint(6)?);
        if record.finish()?.tags().next().is_some() {
            return Ok(None);
        }
        let (Some(epoch), Some(from), Some(packs)) = (epoch, from, packs) else { return Ok(None) };
        let within = match (to, section, after) {
            (None, None, None) => None,
            (Some(to), Some(section), Some(after)) => {
                let section = usize::try_from(section).ok().and_then(|at| SECTIONS.get(at));
                let Some(section) = section else { return Ok(None) };
                Some(Within { to: i64_of(to), section: *section, after: i64_of(after) })
            }
            _ => return Ok(None),
        };
        Ok(Some(Self { epoch, from: i64_of(from), within, packs }))
    }
}

/// The section that comes after.
pub(super) fn following(section: Section) -> Option<Section> {
    let at = SECTIONS.iter().position(|known| *known == section)?;
    SECTIONS.get(at + 1).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written() {
        let mut cursor = Cursor { epoch: 3, from: 17, within: None, packs: u64::MAX };
        assert_eq!(Cursor::decode(&cursor.encode()), Ok(cursor));
        for section in SECTIONS {
            cursor.within = Some(Within { to: 40, section, after: 29 });
            assert_eq!(Cursor::decode(&cursor.encode()), Ok(cursor));
        }
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        let cursor = Cursor { epoch: 3, from: 17, within: None, packs: 1 }.encode();
        let longer = format!("{cursor}AAAA");
        for text in ["", "=", "AA", "not base64 at all", &cursor[4..], &longer] {
            assert_eq!(Cursor::decode(text), Err(Refusal::Cursor), "{text}");
        }
    }
}
