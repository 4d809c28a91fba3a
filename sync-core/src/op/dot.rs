//! Who wrote, and which op.

use std::collections::BTreeMap;
use std::fmt;
use std::num::NonZeroU64;

use super::HeaderError;
use crate::bytes::{List, ListReader, RecordReader, RecordWriter};

/// The number a device got when it was enrolled; 0 is the office.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Actor(u32);

impl Actor {
    /// The server's own writes, imports and edits of office users.
    pub const OFFICE: Self = Self(0);

    /// The actor with that number.
    #[must_use]
    pub const fn new(number: u32) -> Self {
        Self(number)
    }

    /// Its number.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The name of an op: its actor, and which of the actor's ops it is, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dot {
    /// Who wrote it.
    pub actor: Actor,
    /// Its number among the actor's ops, from 1 and without gaps.
    pub sequence: NonZeroU64,
}

impl Dot {
    /// The record of a dot: 1 actor, 2 sequence, and never anything else.
    #[must_use]
    pub fn encode(self) -> Vec<u8> {
        let mut record = RecordWriter::new();
        record.uvarint(1, u64::from(self.actor.0)).uvarint(2, self.sequence.get());
        record.finish()
    }

    /// Reads such a record.
    ///
    /// # Errors
    /// [`HeaderError`] when it is not canonical, a field is missing or out of its range, or there
    /// are others.
    pub fn decode(mut record: RecordReader<'_>) -> Result<Self, HeaderError> {
        let dot = Self::read(&mut record, (1, 2))?;
        match record.finish()?.tags().next() {
            None => Ok(dot),
            Some(tag) => Err(HeaderError::Tag { tag }),
        }
    }

    /// The dot of which the parts have the tags `tags`.
    pub(super) fn read(
        record: &mut RecordReader<'_>,
        tags: (u64, u64),
    ) -> Result<Self, HeaderError> {
        let value = record.uvarint(tags.0)?.ok_or(HeaderError::Missing("actor"))?;
        let number = u32::try_from(value);
        let number = number.map_err(|_| HeaderError::Range { field: "actor", value })?;
        let value = record.uvarint(tags.1)?.ok_or(HeaderError::Missing("sequence"))?;
        let sequence = NonZeroU64::new(value);
        let sequence = sequence.ok_or(HeaderError::Range { field: "sequence", value })?;
        Ok(Self { actor: Actor(number), sequence })
    }
}

impl fmt::Display for Dot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.actor, self.sequence)
    }
}

/// What the writer of an op had read of a register: the highest sequence of each actor.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Context(BTreeMap<Actor, NonZeroU64>);

impl Context {
    /// The dots in the order of the actors, one for each.
    pub fn dots(&self) -> impl Iterator<Item = Dot> {
        self.0.iter().map(|(actor, sequence)| Dot { actor: *actor, sequence: *sequence })
    }

    pub(crate) fn encode(&self) -> List {
        List::records(self.dots().map(Dot::encode))
    }

    pub(crate) fn decode(mut list: ListReader<'_>) -> Result<Self, HeaderError> {
        let mut dots = BTreeMap::new();
        while let Some(record) = list.record()? {
            let dot = Dot::decode(record)?;
            if dots.last_key_value().is_some_and(|(last, _)| *last >= dot.actor) {
                return Err(HeaderError::ContextOrder { actor: dot.actor });
            }
            dots.insert(dot.actor, dot.sequence);
        }
        Ok(Self(dots))
    }
}

impl FromIterator<Dot> for Context {
    /// Of several dots of one actor the highest is taken.
    fn from_iter<T: IntoIterator<Item = Dot>>(dots: T) -> Self {
        let mut context = BTreeMap::new();
        for dot in dots {
            let highest = context.entry(dot.actor).or_insert(dot.sequence);
            *highest = dot.sequence.max(*highest);
        }
        Self(context)
    }
}
