//! Compression within limits: zstd (RFC 8878).

use std::io::{ErrorKind, Read};

use zstd::stream::read::Decoder;

use super::ProtocolError;

/// Level of compression: beyond it, bodies of this size get hardly smaller.
const LEVEL: i32 = 9;

/// What every decoder must be able to hold according to RFC 8878: 2^23 bytes.
const WINDOW_LOG: u32 = 23;

/// Compresses `bytes`.
pub(super) fn compress(what: &'static str, bytes: &[u8]) -> Result<Vec<u8>, ProtocolError> {
    // Fails only without memory.
    zstd::bulk::compress(bytes, LEVEL).map_err(|_| ProtocolError::Compression { what })
}

/// Unpacks one zstd frame, and stops as soon as it is more than `most` bytes.
pub(super) fn decompress(
    what: &'static str,
    bytes: &[u8],
    most: u64,
) -> Result<Vec<u8>, ProtocolError> {
    let broken = ProtocolError::Compression { what };
    let mut decoder = Decoder::with_buffer(bytes).map_err(|_| broken.clone())?.single_frame();
    decoder.window_log_max(WINDOW_LOG).map_err(|_| broken.clone())?;
    let mut out = Vec::new();
    let read = decoder.by_ref().take(most.saturating_add(1)).read_to_end(&mut out);
    read.map_err(|error| match error.kind() {
        ErrorKind::UnexpectedEof => ProtocolError::Cut { what },
        _ => broken,
    })?;
    if u64::try_from(out.len()).map_or(true, |length| length > most) {
        return Err(ProtocolError::TooLarge { what, allowed: most });
    }
    if decoder.finish().is_empty() { Ok(out) } else { Err(ProtocolError::Trailing { what }) }
}
