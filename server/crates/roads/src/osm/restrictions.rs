//! Turn restrictions, as the data has them.
//!
//! Tagging: <https://wiki.openstreetmap.org/wiki/Relation:restriction>.

use super::block::Block;
use super::wire::{Detail, Numbers, fields, lists};

/// A relation of type `restriction`, or `restriction:` and a mode, with its members by role.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Restriction {
    pub(crate) tags: Vec<(Box<str>, Box<str>)>,
    pub(crate) from: Vec<i64>,
    pub(crate) to: Vec<i64>,
    pub(crate) via_nodes: Vec<i64>,
    pub(crate) via_ways: Vec<i64>,
}

impl Restriction {
    pub(crate) fn tag(&self, key: &str) -> Option<&str> {
        self.tags.iter().find(|(k, _)| &**k == key).map(|(_, value)| &**value)
    }
}

/// The relation if it is a restriction.
pub(super) fn restriction(
    block: &Block<'_>,
    relation: &[u8],
) -> Result<Option<Restriction>, Detail> {
    // Keys, values, roles, ids and types of members.
    let mut parts = [Numbers::default(); 5];
    fields(relation, |number, field| lists([2, 3, 8, 9, 10], &mut parts, (number, field)))?;
    let [mut keys, mut values, mut roles, mut ids, mut kinds] = parts;
    let text = |index: u64| u32::try_from(index).ok().and_then(|index| block.text(index));
    let mut result = Restriction::default();
    loop {
        match (keys.next()?, values.next()?) {
            (Some(key), Some(value)) => {
                if let (Some(key), Some(value)) = (text(key), text(value)) {
                    result.tags.push((key.into(), value.into()));
                }
            }
            (None, None) => break,
            _ => return Err("keys and values that differ in number"),
        }
    }
    let kind = result.tag("type").and_then(|kind| kind.strip_prefix("restriction"));
    if !kind.is_some_and(|mode| mode.is_empty() || mode.starts_with(':')) {
        return Ok(None);
    }
    let mut id = 0_i64;
    loop {
        let (role, kind) = match (roles.next()?, ids.after(id)?, kinds.next()?) {
            (Some(role), Some(next), Some(kind)) => {
                id = next;
                (role, kind)
            }
            (None, None, None) => return Ok(Some(result)),
            _ => return Err("members of a relation that differ in number"),
        };
        match (text(role), kind) {
            (Some("from"), 1) => result.from.push(id),
            (Some("to"), 1) => result.to.push(id),
            (Some("via"), 0) => result.via_nodes.push(id),
            (Some("via"), 1) => result.via_ways.push(id),
            _ => {}
        }
    }
}
