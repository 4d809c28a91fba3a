//! How well what the map says of a house or street agrees with the area asked for.

use crate::answer::Note;
use crate::geo::At;
use crate::index::{Facts, Index, ix};
use crate::query::Area;

/// Says of a test whether a point of the house or street passes it.
pub(super) type Near<'a> = dyn Fn(&dyn Fn(At) -> bool) -> bool + 'a;

/// An agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Evidence {
    /// 1 to 100.
    pub(crate) score: u32,
    /// Whether the map itself names the town or postcode asked for. Otherwise the street of the same name in
    /// the next village is as good.
    pub(crate) named: bool,
    /// The town asked for, where the map names none and it is near.
    pub(crate) near: Option<u32>,
    pub(crate) notes: Vec<Note>,
}

/// One part of the area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    NotAsked,
    Same,
    /// Not on the map, but near what is.
    Near,
    /// Another one on the map, though near the one asked for.
    OtherNear,
    /// Not on the map, and nothing to tell.
    Silent,
    /// Not on the map, and not near, though the map has such things.
    Far,
    Other,
}

/// The agreement, or nothing if there is a contradiction.
pub(crate) fn evidence(
    index: &Index,
    area: &Area,
    facts: Facts,
    near: &Near<'_>,
) -> Option<Evidence> {
    let state_differs = !same_state(index, area, facts, near);
    let city = city(index, area, facts, near);
    let postcode = postcode(index, area, facts, near);
    let (mut score, named) = weigh(city, postcode)?;
    let what = index.what(facts);
    let mut notes = Vec::new();
    if (city, postcode) == (Part::NotAsked, Part::NotAsked) {
        notes.push(Note::NoTown);
    }
    if city == Part::Near || (city == Part::NotAsked && postcode == Part::Near) {
        notes.push(Note::TownByDistance);
    }
    if matches!(city, Part::Other | Part::OtherNear) {
        notes.extend(what.city.map(|map| Note::TownDiffers { map }));
    }
    if postcode == Part::Other {
        notes.extend(what.postcode.map(|map| Note::PostcodeDiffers { map }));
    }
    if postcode == Part::Far {
        notes.push(Note::PostcodeElsewhere { near: index.postcodes_around(&found(near)) });
    }
    if state_differs {
        // One slip of the pen, where the postcode says that it is here all the same.
        if postcode != Part::Same {
            return None;
        }
        let map = what.state.or_else(|| index.states_around(&found(near)).first().cloned());
        score = score.min(75);
        notes.extend(map.map(|map| Note::StateDiffers { map: map.to_uppercase() }));
    }
    let asked = area.cities.iter().copied().find(|&city| {
        let city = index.cities.get(ix(city));
        city.is_some_and(|city| near(&|at| city.reaches(at)))
    });
    Some(Evidence { score, named, near: asked.filter(|_| city == Part::Near), notes })
}

/// The points that a test is tried on, until one is enough.
fn found(near: &Near<'_>) -> Vec<At> {
    let points = std::cell::RefCell::new(Vec::new());
    near(&|at| {
        points.borrow_mut().push(at);
        false
    });
    points.into_inner()
}

/// Town and postcode weighed against each other. No number here is measured: they order what agrees better before what
/// agrees less, and only the order is used to choose.
fn weigh(city: Part, postcode: Part) -> Option<(u32, bool)> {
    use Part::{Far, Near, NotAsked, Other, OtherNear, Same, Silent};
    Some(match (city, postcode) {
        (Same, Same | NotAsked) | (NotAsked, Same) => (100, true),
        (Same, Near | Silent) => (97, true),
        (Near, Same) => (95, true),
        (Near, NotAsked | Near | Silent) => (90, false),
        (OtherNear, Same) => (90, true),
        (NotAsked, Near) => (85, false),
        (Same, Far) => (85, true),
        (Same, Other) => (80, true),
        (OtherNear, NotAsked | Near | Silent) => (80, false),
        (NotAsked, NotAsked) | (Near, Far) => (80, false),
        (Other | Silent, Same) => (75, true),
        (OtherNear, Far) => (70, false),
        _ => return None,
    })
}

/// A state asked for is the map's, or, where the map is silent, that of houses near.
fn same_state(index: &Index, area: &Area, facts: Facts, near: &Near<'_>) -> bool {
    let Some(asked) = &area.state else { return true };
    match facts.state.and_then(|state| index.states.get(ix(state))) {
        Some(state) => state == asked,
        None => near(&|at| index.may_be_in_state(at, asked)),
    }
}

fn city(index: &Index, area: &Area, facts: Facts, near: &Near<'_>) -> Part {
    if area.cities.is_empty() {
        return Part::NotAsked;
    }
    if facts.city.is_some_and(|city| area.cities.contains(&city)) {
        return Part::Same;
    }
    let asked = || area.cities.iter().filter_map(|&city| index.cities.get(ix(city)));
    let reached = near(&|at| asked().any(|city| city.reaches(at)));
    match (facts.city, reached) {
        (None, true) => Part::Near,
        (None, false) => Part::Silent,
        (Some(_), true) => Part::OtherNear,
        (Some(_), false) => Part::Other,
    }
}

fn postcode(index: &Index, area: &Area, facts: Facts, near: &Near<'_>) -> Part {
    let Some(code) = &area.postcode else { return Part::NotAsked };
    if facts.postcode.is_some() {
        return if facts.postcode == code.known { Part::Same } else { Part::Other };
    }
    if index.postcodes.is_empty() {
        return Part::Silent;
    }
    let known = code.known.and_then(|known| index.postcodes.get(ix(known)));
    let reached = known.is_some_and(|known| near(&|at| known.reaches(at)));
    if reached { Part::Near } else { Part::Far }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contradictions_need_something_that_outweighs_them() {
        use Part::{Far, Near, NotAsked, Other, OtherNear, Same, Silent};
        assert_eq!(weigh(Same, Same), Some((100, true)));
        // Town right, postcode wrong, or the other way round: perhaps a slip, and said as such.
        assert_eq!(weigh(Same, Other), Some((80, true)));
        assert_eq!(weigh(Other, Same), Some((75, true)));
        for (city, postcode) in [
            (Other, NotAsked),
            (Other, Near),
            (Other, Other),
            (OtherNear, Other),
            (Near, Other),
            (Silent, NotAsked),
            (Silent, Near),
            (NotAsked, Other),
            (NotAsked, Silent),
            (NotAsked, Far),
            (Other, Far),
        ] {
            assert_eq!(weigh(city, postcode), None, "{city:?} {postcode:?}");
        }
        // What the map names is better than what is merely near.
        assert!(weigh(Near, NotAsked) < weigh(Same, Silent));
        // Silence is no contradiction; a postcode that is known and elsewhere is half of one.
        assert!(weigh(Same, Far) < weigh(Same, Silent));
        assert!(weigh(Near, Far) < weigh(Near, Silent));
        assert_eq!(weigh(NotAsked, NotAsked), Some((80, false)));
    }
}
