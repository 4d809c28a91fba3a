//! One register of whatever kind.

use super::{Family, LastWriter, MultiValue, RegisterKey, TagSet, Written};
use crate::kinds::Content;
use crate::op::{Context, Dot};

/// What the writer of an op has read of a register: two fields of the header.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// Last-writer registers: the op that is shown; none where the register is empty.
    pub replaces: Option<Dot>,
    /// Multi-value registers: the clock of all values. Sets: the clock of the tag. Last-writer
    /// registers: all heads, where there are several.
    pub context: Option<Context>,
}

/// A register: one field of one record.
///
/// It is a function of the set of ops it has taken: order and repetition do not matter. Its live ops
/// are enough to build it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Register {
    /// Dispositions, promises, status.
    LastWriter(LastWriter),
    /// Contact fields.
    MultiValue(MultiValue),
    /// Tags.
    Tags(TagSet),
}

impl Register {
    /// A register without ops, of the kind that `key` has.
    #[must_use]
    pub fn empty(key: &RegisterKey) -> Self {
        match key.family {
            Family::Disposition | Family::Promise | Family::Status => {
                Self::LastWriter(LastWriter::default())
            }
            Family::Contact => Self::MultiValue(MultiValue::default()),
            Family::Tags => Self::Tags(TagSet::default()),
        }
    }

    /// A register from its live ops, or from any ops of it.
    #[must_use]
    pub fn rebuild<'a>(key: &RegisterKey, ops: impl IntoIterator<Item = &'a Written>) -> Self {
        let mut register = Self::empty(key);
        for op in ops {
            register.apply(op);
        }
        register
    }

    /// Takes an op of this register; which one that is says [`RegisterKey::of`].
    pub fn apply(&mut self, op: &Written) {
        match self {
            Self::LastWriter(register) => register.apply(op),
            Self::MultiValue(register) => register.apply(op),
            Self::Tags(register) => register.apply(op),
        }
    }

    /// Whether it is as it was before the first op.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::LastWriter(register) => register.live().next().is_none(),
            Self::MultiValue(register) => register.values().next().is_none(),
            Self::Tags(register) => register.live().next().is_none(),
        }
    }

    /// The ops from which the register can be built again: heads, values or additions, and the few
    /// replaced ops that alone know what else is replaced. Sorted by dot.
    #[must_use]
    pub fn live_ops(&self) -> Vec<&Written> {
        let mut live: Vec<_> = match self {
            Self::LastWriter(register) => register.live().collect(),
            Self::MultiValue(register) => register.values().collect(),
            Self::Tags(register) => register.live().collect(),
        };
        live.sort_by_key(|op| op.dot());
        live
    }

    /// The dots of [`Self::live_ops`].
    #[must_use]
    pub fn live(&self) -> Vec<Dot> {
        self.live_ops().into_iter().map(Written::dot).collect()
    }

    /// The op whose value is shown; none of tags, of which there are several.
    #[must_use]
    pub fn top(&self) -> Option<&Written> {
        match self {
            Self::LastWriter(register) => register.shown(),
            Self::MultiValue(register) => register.shown(),
            Self::Tags(_) => None,
        }
    }

    /// The ops whose values are shown: at most one, or the last addition of each tag.
    #[must_use]
    pub fn shown(&self) -> Vec<&Written> {
        match self {
            Self::Tags(register) => register.shown().map(|(_, op)| op).collect(),
            _ => self.top().into_iter().collect(),
        }
    }

    /// The ops whose values are neither shown nor replaced, sorted by dot. Settled ones are among
    /// them: whoever lists conflicts leaves those out.
    #[must_use]
    pub fn rivals(&self) -> Vec<&Written> {
        let top = self.top().map(Written::dot);
        let others = |op: &&Written| Some(op.dot()) != top;
        match self {
            Self::LastWriter(register) => register.heads().filter(others).collect(),
            Self::MultiValue(register) => register.values().filter(others).collect(),
            Self::Tags(_) => Vec::new(),
        }
    }

    /// The dots of [`Self::rivals`].
    #[must_use]
    pub fn conflicts(&self) -> Vec<Dot> {
        self.rivals().into_iter().map(Written::dot).collect()
    }

    /// What the header of an op with `content` has to say, written by somebody who sees this state.
    #[must_use]
    pub fn reading(&self, content: &Content) -> Reading {
        match (self, content) {
            (Self::LastWriter(register), _) => register.reading(),
            (Self::MultiValue(register), _) => register.reading(),
            (Self::Tags(set), Content::TagAdded(tag) | Content::TagRemoved(tag)) => {
                set.reading(tag)
            }
            (Self::Tags(_), _) => Reading::default(),
        }
    }
}
