//! Streets whose names are a slip of the pen away, within the area asked for.

use super::Hit;
use super::street::{Spelt, hits};
use crate::answer::Note;
use crate::index::{Index, Name};
use crate::name::{key, keys, likeness, slip};
use crate::query::Reading;
use crate::words::{Sort, is};

/// Suggestions given at most.
const SUGGESTED: usize = 3;
/// Names less alike are not suggested.
const ALIKE: f64 = 0.6;

/// Adds candidates on all streets of the area that the name may have been meant for.
pub(super) fn similar_hits(
    index: &Index,
    reading: &Reading,
    unit: Option<&str>,
    found: &mut Vec<Hit>,
) {
    let asked = keys(&reading.street);
    for (n, name) in (0..).zip(&index.names) {
        let Some(slip) = asked.iter().filter_map(|asked| slip(asked, &name.key)).min() else {
            continue;
        };
        let letters = u32::try_from(slip.letters).unwrap_or(2);
        let penalty = 10 * letters + if slip.no_type { 5 } else { 0 };
        let note = Some(Note::Spelling { map: name.shown.clone() });
        hits(index, reading, unit, n, &Spelt { penalty, note }, found);
    }
}

/// Adds candidates on all streets of the area that have the very name and a direction beside, where none was
/// asked for.
pub(super) fn directed_hits(
    index: &Index,
    reading: &Reading,
    unit: Option<&str>,
    found: &mut Vec<Hit>,
) {
    let bare = |key: &str| {
        let rest: Vec<&str> = key.split(' ').filter(|word| !is(word, Sort::Direction)).collect();
        rest.join(" ")
    };
    // `St` is street and saint: the key that has the place of the word right comes first.
    let asked: Vec<String> =
        keys(&reading.street).into_iter().filter(|key| bare(key) == *key).collect();
    for (n, name) in (0..).zip(&index.names) {
        let without = bare(&name.key);
        if without.len() < name.key.len() && asked.contains(&without) {
            let note = Some(Note::Spelling { map: name.shown.clone() });
            hits(index, reading, unit, n, &Spelt { penalty: 10, note }, found);
        }
    }
}

/// The most similar names in the area, or anywhere if it is not known.
pub(super) fn suggestions(index: &Index, reading: &Reading) -> Vec<String> {
    let asked = key(&reading.street);
    if asked.is_empty() {
        return Vec::new();
    }
    let anywhere = !reading.area.is_known();
    let mut alike: Vec<(f64, u32, &Name)> = (0..)
        .zip(&index.names)
        .map(|(n, name)| (likeness(&asked, &name.key), n, name))
        .filter(|(likeness, ..)| *likeness >= ALIKE)
        .collect();
    alike.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let in_area = |n: u32| {
        let mut found = Vec::new();
        let bare = Reading { number: None, rest: Vec::new(), ..reading.clone() };
        hits(index, &bare, None, n, &Spelt::default(), &mut found);
        !found.is_empty()
    };
    let fitting = alike.into_iter().filter(|(_, n, _)| anywhere || in_area(*n));
    fitting.take(SUGGESTED).map(|(.., name)| name.shown.clone()).collect()
}
