//! Kinds 7 and 8: tags.

use super::fields::{Fields, PayloadError};

/// The longest tag, in bytes of UTF-8; the shortest has one.
pub const MAX_TAG_BYTES: usize = 64;

pub(super) fn read(fields: &mut Fields<'_>) -> Result<String, PayloadError> {
    let field = "tag";
    let tag = fields.required_text(1, field)?;
    if (1..=MAX_TAG_BYTES).contains(&tag.len()) {
        Ok(tag)
    } else {
        Err(PayloadError::Value { field, rule: "must have 1 to 64 bytes" })
    }
}
