//! Street names, each kept once.

use std::collections::HashMap;

use crate::num::{NONE, id, ix};

/// All names in one text, with the end of each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Names {
    pub(crate) text: String,
    pub(crate) ends: Vec<u32>,
}

impl Names {
    pub(crate) fn get(&self, name: u32) -> Option<&str> {
        let n = ix(name);
        let end = *self.ends.get(n)?;
        let start = n.checked_sub(1).and_then(|before| self.ends.get(before)).copied();
        self.text.get(ix(start.unwrap_or(0))..ix(end))
    }
}

/// Gives each name a number in the order they come.
#[derive(Debug, Default)]
pub(crate) struct Interner {
    pub(crate) names: Names,
    // Looked up only, never iterated.
    seen: HashMap<Box<str>, u32>,
}

impl Interner {
    pub(crate) fn put(&mut self, name: Option<&str>) -> u32 {
        let Some(name) = name else { return NONE };
        if let Some(&known) = self.seen.get(name) {
            return known;
        }
        let number = id(self.names.ends.len());
        self.names.text.push_str(name);
        self.names.ends.push(id(self.names.text.len()));
        self.seen.insert(name.into(), number);
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_kept_once() {
        let mut interner = Interner::default();
        let numbers =
            ["Elm Street", "", "Rue de l'Été", "Elm Street"].map(|n| interner.put(Some(n)));
        assert_eq!(numbers, [0, 1, 2, 0]);
        assert_eq!(interner.put(None), NONE);
        assert_eq!(interner.names.get(2), Some("Rue de l'Été"));
        assert_eq!(interner.names.get(1), Some(""));
        assert_eq!(interner.names.get(NONE), None);
    }
}
