//! Candidates for the town or postcode alone.

use super::{Hit, Thing};
use crate::answer::{Grade, Note, What};
use crate::geo::{At, mean, nearest};
use crate::index::{Facts, Index, ix};
use crate::query::{Reading, joined};

/// The towns that a reading names; where it names none, its postcode.
pub(super) fn hits(index: &Index, reading: &Reading, similar: Vec<String>) -> Vec<Hit> {
    let area = &reading.area;
    let known_state =
        area.state.as_ref().is_none_or(|s| index.states.is_empty() || index.states.contains(s));
    if !known_state {
        return Vec::new();
    }
    let mut notes = Vec::new();
    if !reading.street.is_empty() || reading.number.is_some() {
        notes.push(Note::StreetUnknown { similar });
    }
    if !reading.rest.is_empty() {
        notes.push(Note::NotUnderstood { words: reading.rest.join(", ") });
    }
    let score = if reading.rest.is_empty() { 100 } else { 85 };
    let mut found = Vec::new();
    let mut add = |at: At, facts: Facts| {
        let what = What { ..index.what(facts) };
        let (grade, notes) = (Grade::Place, notes.clone());
        let thing = Thing::Place;
        found.push(Hit { thing, name: None, grade, at, score, named: true, what, notes });
    };
    let code = area.postcode.as_ref().and_then(|code| code.known);
    let points = code.and_then(|code| index.postcodes.get(ix(code)));
    for &city in &area.cities {
        let facts = Facts { city: Some(city), ..Facts::default() };
        let centres = index.cities.get(ix(city)).map_or(&[][..], |city| &city.centres);
        // The postcode tells towns of one name apart.
        let in_code = |&&(centre, reach): &&(At, f64)| {
            points.is_some_and(|code| code.points.iter().any(|at| at.metres_to(centre) <= reach))
        };
        let some = centres.iter().any(|centre| in_code(&centre));
        for centre in centres.iter().filter(|centre| !some || in_code(centre)) {
            add(centre.0, facts);
        }
    }
    if area.cities.is_empty()
        && let Some(points) = points
    {
        let all = || points.points.iter().copied();
        if let Some(at) = mean(all()).and_then(|centre| nearest(centre, all())) {
            add(at, Facts { postcode: code, ..Facts::default() });
        }
    }
    found
}

/// How many words of a reading are neither its area nor its number: the fewer, the better it was understood.
pub(super) fn left_over(reading: &Reading) -> usize {
    let words = |text: &str| text.split(' ').filter(|word| !word.is_empty()).count();
    reading.rest.iter().map(|text| words(text)).sum::<usize>() + words(&joined(&reading.street))
}
