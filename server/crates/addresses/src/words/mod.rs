//! Words of street names that are written in several ways, as tables of one file per language.
//!
//! A row is the full word and its other spellings. A spelling may stand in several rows: `st` is street and
//! saint. Such a word keeps all its meanings, and a name is kept under each of them, so `Main Pl` finds
//! both Main Place and Main Plaza, and says so, instead of taking one.

mod de;
mod en;
mod es;

use std::collections::HashMap;
use std::sync::LazyLock;

/// A full word and its other spellings, all as [`crate::text::words`] writes them.
type Row = (&'static str, &'static [&'static str]);

/// What a table's words say of a street.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
    /// Street, avenue, plaza: may be left out in a question.
    Type,
    /// North, east: never left out, never misspelt into each other.
    Direction,
    /// Saint, first, mount.
    Other,
}

const TABLES: [(Sort, &[Row]); 9] = [
    (Sort::Type, en::TYPES),
    (Sort::Direction, en::DIRECTIONS),
    (Sort::Other, en::OTHERS),
    (Sort::Type, de::TYPES),
    (Sort::Direction, de::DIRECTIONS),
    (Sort::Other, de::OTHERS),
    (Sort::Type, es::TYPES),
    (Sort::Direction, es::DIRECTIONS),
    (Sort::Other, es::OTHERS),
];

/// Each spelling with its meanings, in the order of the tables.
static MEANINGS: LazyLock<HashMap<&str, Vec<(Sort, &str)>>> = LazyLock::new(|| {
    let mut all: HashMap<&str, Vec<(Sort, &str)>> = HashMap::new();
    for (sort, rows) in TABLES {
        for (full, others) in rows {
            for spelling in std::iter::once(full).chain(*others) {
                let meanings = all.entry(spelling).or_default();
                if meanings.iter().all(|(_, known)| known != full) {
                    meanings.push((sort, full));
                }
            }
        }
    }
    all
});

/// Words that a spelling may stand for, the likeliest first; none if no table has it.
pub(crate) fn meanings(word: &str) -> &'static [(Sort, &'static str)] {
    MEANINGS.get(word).map_or(&[], Vec::as_slice)
}

/// Whether a word can be of that sort.
pub(crate) fn is(word: &str, sort: Sort) -> bool {
    meanings(word).iter().any(|(known, _)| *known == sort)
}

/// Words before the name of a flat, floor or lot within a house.
const UNITS: &[&str] = &[
    // en
    "#",
    "apt",
    "apartment",
    "unit",
    "suite",
    "ste",
    "room",
    "rm",
    "floor",
    "fl",
    "flat",
    "lot",
    "trailer",
    "trlr",
    "bldg",
    "building", // de
    "wohnung",
    "whg",
    "etage",
    "stock",
    "og", // es
    "piso",
    "puerta",
    "pta",
    "apto",
    "apartamento",
    "depto",
    "dpto",
    "escalera",
    "esc",
    "planta",
];

/// Whether what follows is a flat or floor.
pub(crate) fn is_unit(word: &str) -> bool {
    UNITS.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_in_normal_form() {
        for (_, rows) in TABLES {
            for (full, others) in rows {
                for word in std::iter::once(full).chain(*others) {
                    assert_eq!(crate::text::words(word), [*word], "{word}");
                }
            }
        }
    }

    #[test]
    fn a_full_word_always_means_itself() {
        for (_, rows) in TABLES {
            for (full, _) in rows {
                assert!(meanings(full).iter().any(|(_, m)| m == full), "{full}");
            }
        }
    }

    #[test]
    fn both_ways_and_more_than_one_meaning() {
        let of = |word| meanings(word).iter().map(|(_, m)| *m).collect::<Vec<_>>();
        assert_eq!(of("rd"), ["road"]);
        assert_eq!(of("road"), ["road"]);
        assert_eq!(of("st"), ["street", "saint", "sankt"]);
        assert_eq!(of("loockerman"), Vec::<&str>::new());
    }
}
