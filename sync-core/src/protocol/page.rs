//! Pages of the stream: frames one after the other, the last of them saying how to go on.

use super::fields::Fields;
use super::frame::Frame;
use super::{ProtocolError, squeeze};
use crate::bytes::{BytesError, Reader, RecordWriter, put_bytes};

/// The most bytes of a page before compression: 16 MiB.
pub const MAX_PAGE_BYTES: u64 = 1 << 24;

/// The type of the frame `end`.
const END: u64 = 9;

const WHAT: &str = "page";

/// The last frame of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// What to ask for next.
    pub cursor: String,
    /// Whether there is more already.
    pub more: bool,
    /// The server's clock, in milliseconds since 1970 UTC.
    pub clock_ms: i64,
    /// How far the stream has come.
    pub reached: u64,
    /// The epoch of the server: a page of another one than the device knows is not taken.
    pub epoch: u64,
}

/// Writes a page, compressed.
///
/// # Errors
/// [`ProtocolError::TooLarge`] for more than [`MAX_PAGE_BYTES`] before compression.
pub fn encode_frames(frames: &[Frame], end: &End) -> Result<Vec<u8>, ProtocolError> {
    let mut page = Vec::new();
    for frame in frames {
        put_bytes(&mut page, &frame.encode());
    }
    let mut out = RecordWriter::new();
    out.uvarint(1, END).text(2, &end.cursor).uvarint(3, u64::from(end.more));
    out.ivarint(4, end.clock_ms).uvarint(5, end.reached).uvarint(6, end.epoch);
    put_bytes(&mut page, &out.finish());
    if u64::try_from(page.len()).map_or(true, |length| length > MAX_PAGE_BYTES) {
        return Err(ProtocolError::TooLarge { what: WHAT, allowed: MAX_PAGE_BYTES });
    }
    squeeze::compress(WHAT, &page)
}

/// Reads a page. A page without an end is cut, and nothing of it is to be taken.
///
/// # Errors
/// [`ProtocolError`] when the bytes are no whole page.
pub fn decode_frames(bytes: &[u8]) -> Result<(Vec<Frame>, End), ProtocolError> {
    let page = squeeze::decompress(WHAT, bytes, MAX_PAGE_BYTES)?;
    let mut reader = Reader::new(&page);
    let mut frames = Vec::new();
    while !reader.rest().is_empty() {
        let frame = reader.bytes().map_err(|error| match error {
            BytesError::Cut { .. } => ProtocolError::Cut { what: WHAT },
            error => ProtocolError::Bytes { what: WHAT, error },
        })?;
        let mut fields = Fields::of("frame", frame);
        let kind = fields.uvarint(1, "type")?;
        if kind != END {
            frames.push(Frame::decode(kind, fields)?);
            continue;
        }
        let end = End {
            cursor: fields.text(2, "cursor")?,
            more: fields.flag(3, "more")?,
            clock_ms: fields.ivarint(4, "server clock")?,
            reached: fields.uvarint(5, "reached")?,
            epoch: fields.uvarint(6, "epoch")?,
        };
        fields.finish()?;
        return match reader.finish() {
            Ok(()) => Ok((frames, end)),
            Err(_) => Err(ProtocolError::Trailing { what: WHAT }),
        };
    }
    Err(ProtocolError::Cut { what: WHAT })
}
