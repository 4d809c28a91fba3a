//! Who may use a way or pass a node.

use super::Profile;
use crate::tags::{Along, Tags, names};

/// What the access tags say, mildest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Access {
    Open,
    /// Slowed, so that it is used for its own sake and not to pass through.
    Restricted,
    /// The vehicle is pushed.
    Push,
    Denied,
}

impl Profile {
    /// What the most specific access tag says of one direction, if there is one.
    pub(super) fn access_along(&self, tags: &Tags, along: Along) -> Option<Access> {
        let value = self.access_keys.iter().rev().find_map(|key| tags.along(key, along))?;
        Some(self.meaning(value))
    }

    /// What the most specific access tag says, if there is one.
    pub(super) fn access(&self, tags: &Tags) -> Option<Access> {
        let value = self.access_keys.iter().rev().find_map(|key| tags.get(key))?;
        Some(self.meaning(value))
    }

    /// Of several values (`no;destination`) the mildest counts: it names those for whom the
    /// others do not hold. A value that is not listed says nothing.
    fn meaning(&self, value: &str) -> Access {
        let dismount = self.push.as_ref().map_or(&[][..], |push| &push.dismount);
        let lists = [
            (&self.access.open[..], Access::Open),
            (&self.access.restricted, Access::Restricted),
            (dismount, Access::Push),
            (&self.access.denied, Access::Denied),
        ];
        let said = lists.into_iter().filter(|(list, _)| names(value, list));
        said.map(|(_, access)| access).min().unwrap_or(Access::Open)
    }

    /// Speed of a kind of road; `None` when it is closed to the vehicle unless opened by a
    /// tag that is not there.
    pub(super) fn kind_kmh(&self, kind: &str, tags: &Tags) -> Option<f64> {
        let opened = self.opened_kmh.get(kind).filter(|_| self.is_opened(tags));
        opened.or_else(|| self.highway_kmh.get(kind)).copied()
    }

    fn is_opened(&self, tags: &Tags) -> bool {
        let value = self.opening_keys.iter().rev().find_map(|key| tags.get(key));
        let lists = [&self.access.open, &self.access.restricted];
        value.is_some_and(|value| lists.iter().any(|list| names(value, list)))
    }

    /// Whether a tag closes the way whatever else is said.
    pub(super) fn is_closed(&self, tags: &Tags) -> bool {
        self.closed.iter().any(|(key, values)| tags.is_any(key, values))
    }

    /// Whether the vehicle may be pushed against a one-way street.
    pub(super) fn may_push_against(&self, tags: &Tags) -> bool {
        self.push.as_ref().is_some_and(|push| {
            let denied = |key: &String| tags.is_any(key, &self.access.denied);
            push.against_oneway && !push.walk_keys.iter().any(denied)
        })
    }
}
