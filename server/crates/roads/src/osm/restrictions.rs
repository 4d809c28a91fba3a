//! Turn restrictions, as the data has them.
//!
//! Tagging: <https://wiki.openstreetmap.org/wiki/Relation:restriction>.

use super::wire::{Field, fields, packed, signed};

/// A relation of type `restriction` with its members by role.
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

/// The restrictions of a block in plain form; `None` where it is damaged.
pub(super) fn in_block(content: &[u8]) -> Option<Vec<Restriction>> {
    let (mut strings, mut groups) = (Vec::new(), Vec::new());
    fields(content, |number, field| match (number, field) {
        (1, Field::Bytes(table)) => strings = texts(table),
        (2, Field::Bytes(group)) => groups.push(group),
        _ => {}
    })?;
    let mut found = Vec::new();
    for group in groups {
        let mut relations = Vec::new();
        fields(group, |number, field| {
            if let (4, Field::Bytes(relation)) = (number, field) {
                relations.push(relation);
            }
        })?;
        for relation in relations {
            found.extend(restriction(relation, &strings)?);
        }
    }
    Some(found)
}

fn texts(table: &[u8]) -> Vec<&[u8]> {
    let mut texts = Vec::new();
    let whole = fields(table, |number, field| {
        if let (1, Field::Bytes(text)) = (number, field) {
            texts.push(text);
        }
    });
    if whole.is_some() { texts } else { Vec::new() }
}

/// The relation if it is a restriction; `None` where it is damaged.
fn restriction(relation: &[u8], strings: &[&[u8]]) -> Option<Option<Restriction>> {
    // Keys, values, roles, ids and types of members.
    let mut lists: [&[u8]; 5] = [&[]; 5];
    fields(relation, |number, field| {
        let at = [2, 3, 8, 9, 10].iter().position(|&n| n == number);
        if let (Some(at), Field::Bytes(bytes)) = (at, field) {
            lists[at] = bytes;
        }
    })?;
    let [keys, values, roles, ids, kinds] = lists.map(packed);
    let text = |index: u64| {
        let bytes = strings.get(usize::try_from(index).ok()?)?;
        std::str::from_utf8(bytes).ok()
    };
    let mut result = Restriction::default();
    for (key, value) in keys?.into_iter().zip(values?) {
        if let (Some(key), Some(value)) = (text(key), text(value)) {
            result.tags.push((key.into(), value.into()));
        }
    }
    if result.tag("type") != Some("restriction") {
        return Some(None);
    }
    let mut id = 0_i64;
    for ((role, delta), kind) in roles?.into_iter().zip(ids?).zip(kinds?) {
        id = id.wrapping_add(signed(delta));
        match (text(role), kind) {
            (Some("from"), 1) => result.from.push(id),
            (Some("to"), 1) => result.to.push(id),
            (Some("via"), 0) => result.via_nodes.push(id),
            (Some("via"), 1) => result.via_ways.push(id),
            _ => {}
        }
    }
    Some(Some(result))
}
