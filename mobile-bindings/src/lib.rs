//! What a phone app calls: a thin face on sync-core.
