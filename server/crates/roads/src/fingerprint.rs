//! Whether two networks were made of the same things.

use sha2::{Digest, Sha256};

use crate::profile::Profile;

/// SHA-256 over the profile's values and the extract's bytes, in hex. Hour bands are left
/// out: the network holds free-flow times and stays good when they change.
#[must_use]
pub fn fingerprint(pbf: &[u8], profile: &Profile) -> String {
    use std::fmt::Write as _;
    let mut hash = Sha256::new();
    // The debug form has every value in a fixed order: lists, sorted maps, numbers.
    let free_flow = Profile { hours: Vec::new(), ..profile.clone() };
    hash.update(format!("{free_flow:?}\0"));
    hash.update(pbf);
    let mut hex = String::with_capacity(64);
    for byte in hash.finalize() {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

/// A short mark of a fingerprint, kept in every place.
pub(crate) fn tag(fingerprint: &str) -> u32 {
    crc32fast::hash(fingerprint.as_bytes())
}
