//! Candidates for the town or postcode alone.

use super::{Hit, Thing};
use crate::answer::{Grade, Note, What};
use crate::geo::{At, mean, nearest};
use crate::index::{Facts, Index, ix};
use crate::query::{Reading, joined};

/// The towns that a reading names; where it names none, its postcode.
pub(super) fn hits(index: &Index, reading: &Reading, similar: Vec<String>) -> Vec<Hit> {
    let area = &reading.area;
    let mut notes = Vec::new();
    if !reading.street.is_empty() || reading.number.is_some() {
        notes.push(Note::StreetUnknown { similar });
    }
    if !reading.rest.is_empty() {
        notes.push(Note::NotUnderstood { words: reading.rest.join(", ") });
    }
    let mut found = Vec::new();
    let code = area.postcode.as_ref().and_then(|code| code.known);
    let points = code.and_then(|code| index.postcodes.get(ix(code)));
    let mut add = |at: At, facts: Facts, in_code: bool| {
        if area.state.as_ref().is_some_and(|state| !index.may_be_in_state(at, state)) {
            return;
        }
        let (what, mut notes) = (What { ..index.what(facts) }, notes.clone());
        let mut score = if reading.rest.is_empty() { 100 } else { 85 };
        if area.postcode.is_some() && !in_code && !index.postcodes.is_empty() {
            score = score * 80 / 100;
            notes.push(Note::PostcodeElsewhere { near: index.postcodes_around(&[at]) });
        }
        let (grade, thing) = (Grade::Place, Thing::Place);
        let hit = Hit { thing, name: None, grade, at, score, named: true, near: None, what, notes };
        found.push(hit);
    };
    for &city in &area.cities {
        let facts = Facts { city: Some(city), ..Facts::default() };
        let centres = index.cities.get(ix(city)).map_or(&[][..], |city| &city.centres);
        // The postcode tells towns of one name apart.
        let in_code = |&&(centre, reach): &&(At, f64)| {
            points.is_some_and(|code| code.points.iter().any(|at| at.metres_to(centre) <= reach))
        };
        let some = centres.iter().any(|centre| in_code(&centre));
        for centre in centres.iter().filter(|centre| !some || in_code(centre)) {
            add(centre.0, facts, some);
        }
    }
    if area.cities.is_empty()
        && let Some(points) = points
    {
        let all = || points.points.iter().copied();
        if let Some(at) = mean(all()).and_then(|centre| nearest(centre, all())) {
            add(at, Facts { postcode: code, ..Facts::default() }, true);
        }
    }
    found
}

/// Whether a reading names a town that the map has in other states only.
pub(super) fn in_other_state(index: &Index, reading: &Reading) -> bool {
    let Some(state) = &reading.area.state else { return false };
    let cities = reading.area.cities.iter().filter_map(|&city| index.cities.get(ix(city)));
    let mut centres = cities.flat_map(|city| &city.centres).peekable();
    centres.peek().is_some() && centres.all(|(centre, _)| !index.may_be_in_state(*centre, state))
}

/// How many words of a reading are neither its area nor its number: the fewer, the better it was understood.
pub(super) fn left_over(reading: &Reading) -> usize {
    let words = |text: &str| text.split(' ').filter(|word| !word.is_empty()).count();
    reading.rest.iter().map(|text| words(text)).sum::<usize>() + words(&joined(&reading.street))
}
