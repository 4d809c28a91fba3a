//! H3 cells as the database keeps them.

use h3o::CellIndex;

/// The key of a cell: its 64 bits, of which the first is never set.
pub(crate) fn key(cell: CellIndex) -> i64 {
    i64::try_from(u64::from(cell)).unwrap_or(i64::MAX)
}

/// The cell of a key.
pub(crate) fn of(key: i64) -> Option<CellIndex> {
    u64::try_from(key).ok().and_then(|bits| CellIndex::try_from(bits).ok())
}
