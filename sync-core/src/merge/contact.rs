//! Contact fields as they are shown.

use super::{CaseState, RegisterKey};
use crate::kinds::{ContactField, ContactValue, Content};

impl CaseState {
    /// The value that is shown of a contact field; `None` where nobody has written one.
    #[must_use]
    pub fn contact(&self, field: ContactField) -> Option<&ContactValue> {
        match &self.register(&RegisterKey::contact(field))?.top()?.content {
            Content::Contact(value) => Some(value),
            _ => None,
        }
    }
}
