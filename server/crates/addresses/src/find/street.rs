//! Candidates on the streets of one name.

use super::evidence::{Evidence, evidence};
use super::{Hit, Thing};
use crate::answer::{Grade, Note, What};
use crate::geo::{At, mean, nearest};
use crate::index::{Cluster, Facts, House, Index, Name, ix};
use crate::number::{HouseNumber, Match};
use crate::query::Reading;

/// How a name of the index came to be taken for the one asked for.
#[derive(Debug, Clone, Default)]
pub(super) struct Spelt {
    /// Points taken off the score.
    pub(super) penalty: u32,
    pub(super) note: Option<Note>,
}

/// Adds the houses that a reading may mean on the streets of a name, and the streets themselves where they lack the
/// number.
pub(super) fn hits(
    index: &Index,
    reading: &Reading,
    unit: Option<&str>,
    name: u32,
    spelt: &Spelt,
    hits: &mut Vec<Hit>,
) {
    let Some(streets) = index.names.get(ix(name)) else { return };
    for (at, cluster) in streets.clusters.iter().enumerate() {
        let houses = reading
            .number
            .as_ref()
            .map_or_else(Vec::new, |number| houses(index, reading, number, unit, cluster, streets));
        if !houses.is_empty() {
            hits.extend(houses.into_iter().map(|hit| judged(hit, name, reading, spelt)));
            continue;
        }
        if let Some(mut hit) = street(index, reading, cluster, streets) {
            hit.thing = Thing::Street { name, cluster: at };
            hits.push(judged(hit, name, reading, spelt));
        }
    }
}

/// Takes off what spelling and parts that were not understood cost.
fn judged(mut hit: Hit, name: u32, reading: &Reading, spelt: &Spelt) -> Hit {
    hit.name = Some(name);
    hit.score = hit.score.saturating_sub(spelt.penalty).max(1);
    hit.notes.extend(spelt.note.clone());
    if !reading.rest.is_empty() {
        hit.score = (hit.score * 85 / 100).max(1);
        hit.notes.push(Note::NotUnderstood { words: reading.rest.join(", ") });
    }
    hit
}

fn houses(
    index: &Index,
    reading: &Reading,
    number: &HouseNumber,
    unit: Option<&str>,
    cluster: &Cluster,
    streets: &Name,
) -> Vec<Hit> {
    let mut found: Vec<(Match, &House, Evidence)> = Vec::new();
    for house in cluster.houses.iter().filter_map(|&n| index.houses.get(ix(n))) {
        let Some(matched) = house.number.answers(number) else { continue };
        let near = |test: &dyn Fn(At) -> bool| test(house.at);
        if let Some(evidence) = evidence(index, &reading.area, house.facts, &near) {
            found.push((matched, house, evidence));
        }
    }
    // A number of its own is better than a range around it; of a range asked for the first house is taken.
    let best = found.iter().map(|(matched, ..)| *matched).min();
    found.retain(|(matched, ..)| Some(*matched) == best);
    if best == Some(Match::InRange) {
        let first = found.iter().map(|(_, house, _)| house.number.low).min();
        found.retain(|(_, house, _)| Some(house.number.low) == first);
    }
    if found.iter().any(|(_, house, _)| unit.is_some() && house.unit.as_deref() == unit) {
        found.retain(|(_, house, _)| house.unit.as_deref() == unit);
    }
    found
        .into_iter()
        .map(|(matched, house, evidence)| hit_of(index, matched, house, evidence, streets))
        .collect()
}

fn hit_of(index: &Index, matched: Match, house: &House, evidence: Evidence, streets: &Name) -> Hit {
    let Evidence { mut score, named, near, mut notes } = evidence;
    if matched == Match::InRange {
        score = score * 95 / 100;
        notes.push(Note::NumberInRange { map: house.number_shown.clone() });
    }
    let what = What {
        number: Some(house.number_shown.clone()),
        street: Some(streets.shown.clone()),
        unit: house.unit.clone(),
        ..index.what(house.facts)
    };
    let thing = Thing::House { number: house.number.text.clone() };
    Hit { thing, name: None, grade: Grade::House, at: house.at, score, named, near, what, notes }
}

/// The best agreement of a street: that of its houses, or of its own course where no house names a town.
fn area_of(index: &Index, reading: &Reading, cluster: &Cluster) -> Option<(Evidence, Facts)> {
    let houses = || cluster.houses.iter().filter_map(|&n| index.houses.get(ix(n)));
    let mut facts: Vec<Facts> = houses().map(|house| house.facts).collect();
    facts.sort_unstable();
    facts.dedup();
    if facts.iter().all(|facts| facts.city.is_none()) {
        facts.push(Facts::default());
    }
    let near = |test: &dyn Fn(At) -> bool| cluster.line(&index.houses).any(test);
    let judged = facts
        .into_iter()
        .filter_map(|facts| Some((evidence(index, &reading.area, facts, &near)?, facts)));
    // The first of the best: facts are sorted.
    judged.fold(None, |best: Option<(Evidence, Facts)>, next| match best {
        Some(best) if best.0.score >= next.0.score => Some(best),
        _ => Some(next),
    })
}

fn street(index: &Index, reading: &Reading, cluster: &Cluster, streets: &Name) -> Option<Hit> {
    let (Evidence { score, named, near, mut notes }, facts) = area_of(index, reading, cluster)?;
    let houses: Vec<&House> = cluster
        .houses
        .iter()
        .filter_map(|&n| index.houses.get(ix(n)))
        .filter(|house| facts.city.is_none() || house.facts.city == facts.city)
        .collect();
    let between = reading.number.as_ref().and_then(|number| between(number, &houses));
    let at = match &between {
        Some((at, ..)) => *at,
        None => middle(cluster, &houses, index)?,
    };
    notes.push(match (&reading.number, between) {
        (Some(_), between) => {
            Note::NumberUnknown { between: between.map(|(_, low, high)| (low, high)) }
        }
        (None, _) => Note::NoNumber,
    });
    let what = What { street: Some(streets.shown.clone()), ..index.what(facts) };
    let thing = Thing::Street { name: 0, cluster: 0 };
    Some(Hit { thing, name: None, grade: Grade::Street, at, score, named, near, what, notes })
}

/// A point of the street in the middle of its houses, or of itself.
fn middle(cluster: &Cluster, houses: &[&House], index: &Index) -> Option<At> {
    let of_houses = mean(houses.iter().map(|house| house.at));
    let line = || cluster.line(&index.houses);
    let centre = of_houses.or_else(|| mean(line()))?;
    nearest(centre, line())
}

/// The place of a number between the known ones on both sides of it, on its own side of the street if that has some.
fn between(asked: &HouseNumber, houses: &[&House]) -> Option<(At, String, String)> {
    let asked = asked.low?;
    let numbered = |same_side: bool| -> Vec<(u32, At)> {
        let known = houses.iter().filter_map(|house| Some((house.number.low?, house.at)));
        known.filter(|(n, _)| !same_side || n % 2 == asked % 2).collect()
    };
    [numbered(true), numbered(false)].into_iter().find_map(|known| {
        let low = known.iter().filter(|(n, _)| *n <= asked).max()?;
        let high = known.iter().filter(|(n, _)| *n >= asked).min()?;
        let share =
            if high.0 > low.0 { f64::from(asked - low.0) / f64::from(high.0 - low.0) } else { 0.0 };
        Some((low.1.towards(high.1, share), low.0.to_string(), high.0.to_string()))
    })
}
