//! One candidate, or all that cannot be told apart.

use super::{Hit, Thing};
use crate::answer::{Answer, Candidate, Grade, Note, Reason, What};
use crate::index::Index;

/// Candidates of one address nearer than this are one place: a building and its entrance.
const SAME_HOUSE_M: f64 = 200.0;
/// Points of one town or postcode.
const SAME_PLACE_M: f64 = 3_000.0;

/// Takes the best grade, of it the best score. Whatever could be meant as well makes it ambiguous.
pub(super) fn decide(index: &Index, hits: Vec<Hit>) -> Answer {
    let merged = merge(index, hits);
    let Some(grade) = merged.iter().map(|hit| hit.grade).max() else {
        return Answer::NotFound { why: Reason::Unknown, suggestions: Vec::new() };
    };
    let best = merged.iter().filter(|hit| hit.grade == grade).map(|hit| hit.score).max();
    let top: Vec<Hit> = merged
        .iter()
        .filter(|hit| hit.grade == grade && Some(hit.score) == best)
        .cloned()
        .collect();
    let mut kept = top.clone();
    if grade == Grade::House {
        kept.extend(merged.into_iter().filter(|hit| top.iter().any(|house| rivals(hit, house))));
    }
    answer(index, kept)
}

/// Whether a street that lacks the number may be meant as well as a house that has it: the street agrees better with
/// the area, or as well where the map does not name the area. Maps have few house numbers; that
/// one Elm Street has a number 7 says nothing of the next one.
fn rivals(street: &Hit, house: &Hit) -> bool {
    street.grade == Grade::Street
        && (street.score > house.score || (!house.named && street.score >= house.score))
}

/// As [`decide`] of names that were not spelt as asked. None of them is better than another, whatever its grade: a slip
/// of the pen never makes a choice.
pub(super) fn decide_similar(index: &Index, hits: Vec<Hit>) -> Answer {
    let merged = merge(index, hits);
    let first = merged.first().and_then(|hit| hit.name);
    if merged.iter().all(|hit| hit.name == first) {
        decide(index, merged)
    } else {
        answer(index, merged)
    }
}

fn answer(index: &Index, mut hits: Vec<Hit>) -> Answer {
    hits.sort_by(|a, b| (b.grade, b.score, a.at, &a.what).cmp(&(a.grade, a.score, b.at, &b.what)));
    let mut candidates: Vec<Candidate> =
        hits.into_iter().map(|hit| candidate(index, hit)).collect();
    if candidates.len() == 1
        && let Some(found) = candidates.pop()
    {
        return Answer::Found { found };
    }
    Answer::Ambiguous { candidates }
}

fn candidate(index: &Index, mut hit: Hit) -> Candidate {
    if hit.what.city.is_none() {
        let asked = hit.near.and_then(|city| index.cities.get(crate::index::ix(city)));
        let near = asked.map(|city| city.shown.as_str()).or_else(|| index.nearest_town(hit.at));
        hit.what.near = near.map(ToOwned::to_owned);
    }
    hit.notes.sort();
    hit.notes.dedup();
    // Only what is shown: what is chosen goes by the grade before the score.
    let part = hit.notes.iter().map(lacking).min().unwrap_or(100);
    Candidate {
        lat_e7: hit.at.lat,
        lon_e7: hit.at.lon,
        grade: hit.grade,
        score: u8::try_from((hit.score * part / 100).clamp(1, 100)).unwrap_or(100),
        what: hit.what,
        notes: hit.notes,
    }
}

/// The share of the score that is left where the map lacks part of what was asked for.
fn lacking(note: &Note) -> u32 {
    match note {
        Note::StreetUnknown { .. } => 50,
        Note::NumberUnknown { .. } => 80,
        _ => 100,
    }
}

/// The same thing found in two ways, or mapped twice, once: as it was found best.
fn merge(index: &Index, mut hits: Vec<Hit>) -> Vec<Hit> {
    hits.sort_by(|a, b| {
        let known = |what: &What| {
            [&what.city, &what.postcode, &what.state].iter().filter(|part| part.is_some()).count()
        };
        (b.grade, b.score)
            .cmp(&(a.grade, a.score))
            .then_with(|| known(&b.what).cmp(&known(&a.what)))
            .then_with(|| (&a.what, a.at, &a.notes).cmp(&(&b.what, b.at, &b.notes)))
    });
    let mut kept: Vec<Hit> = Vec::with_capacity(hits.len());
    for hit in hits {
        if !kept.iter().any(|other| same(index, other, &hit)) {
            kept.push(hit);
        }
    }
    kept
}

fn same(index: &Index, a: &Hit, b: &Hit) -> bool {
    let near = |metres: f64| a.at.metres_to(b.at) <= metres;
    match (&a.thing, &b.thing) {
        (Thing::House { number: one }, Thing::House { number: other }) => {
            a.name == b.name && one == other && near(SAME_HOUSE_M)
        }
        (Thing::Street { name, cluster }, Thing::Street { name: other_name, cluster: other }) => {
            (name == other_name && cluster == other)
                || (same_key(index, *name, *other_name) && near(SAME_HOUSE_M))
        }
        (Thing::Place, Thing::Place) => a.what == b.what && near(SAME_PLACE_M),
        _ => false,
    }
}

fn same_key(index: &Index, a: u32, b: u32) -> bool {
    let key = |n: u32| index.names.get(crate::index::ix(n)).map(|name| &name.key);
    key(a) == key(b)
}
