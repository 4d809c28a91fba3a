//! The status of a case as it is shown.

use super::{CaseState, RegisterKey};
use crate::kinds::{Content, StatusEdit};

impl CaseState {
    /// The status that is shown; `None` where nobody has written one, and the case is open.
    #[must_use]
    pub fn status(&self) -> Option<&StatusEdit> {
        match &self.register(&RegisterKey::STATUS)?.top()?.content {
            Content::Status(edit) => Some(edit),
            _ => None,
        }
    }
}
