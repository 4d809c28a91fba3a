//! From the ways to read an address to one answer.

mod decide;
mod evidence;
mod place;
mod similar;
mod street;

use crate::answer::{Answer, Grade, Lookup, Note, Reason, What};
use crate::geo::At;
use crate::index::Index;
use crate::name::keys;
use crate::query::{Reading, Split, readings, readings_of_split};
use street::Spelt;

/// A candidate while it is weighed.
#[derive(Debug, Clone)]
struct Hit {
    thing: Thing,
    /// Name of the street in the index.
    name: Option<u32>,
    grade: Grade,
    at: At,
    score: u32,
    /// Whether the map names the area asked for, see [`evidence::Evidence`].
    named: bool,
    /// The town asked for, where the map names none and it is near.
    near: Option<u32>,
    what: What,
    notes: Vec<Note>,
}

/// What tells candidates apart beside their positions.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Thing {
    House { number: String },
    Street { name: u32, cluster: usize },
    Place,
}

impl Index {
    /// Looks up an address in one line, in any letter case; its parts between commas in any order.
    #[must_use]
    pub fn find(&self, text: &str) -> Lookup {
        let (readings, unit) = readings(self, text);
        let answer = self.answer(&readings, unit.as_deref());
        Lookup { answer, unit_asked: unit }
    }

    /// Looks up an address given by its parts.
    #[must_use]
    pub fn find_split(&self, split: &Split<'_>) -> Lookup {
        let (readings, unit) = readings_of_split(self, split);
        let answer = self.answer(&readings, unit.as_deref());
        Lookup { answer, unit_asked: unit }
    }

    fn answer(&self, readings: &[Reading], unit: Option<&str>) -> Answer {
        let said = |r: &Reading| !r.street.is_empty() || r.area.is_given() || !r.rest.is_empty();
        if !readings.iter().any(said) {
            return Answer::NotFound { why: Reason::Empty, suggestions: Vec::new() };
        }
        // `Lewes, DE 19958` is the town: neither a road that bears its name nor a slip for Lewes Avenue.
        let town_alone = readings.iter().any(|r| {
            r.area.is_known() && r.street.is_empty() && r.number.is_none() && r.rest.is_empty()
        });
        let exact = if town_alone { Vec::new() } else { self.exact(readings, unit) };
        if !exact.is_empty() {
            return decide::decide(self, exact);
        }
        let similar = if town_alone { Vec::new() } else { self.similar(readings, unit) };
        if !similar.is_empty() {
            return decide::decide_similar(self, similar);
        }
        let places = self.places(readings);
        if places.is_empty() { self.missing(readings) } else { decide::decide(self, places) }
    }

    /// Candidates on streets whose names are a slip of the pen away, or lack the direction. Which direction was
    /// meant is never guessed: of one street alone nothing is taken.
    fn similar(&self, readings: &[Reading], unit: Option<&str>) -> Vec<Hit> {
        let (mut similar, mut directed) = (Vec::new(), Vec::new());
        for reading in readings.iter().filter(|r| r.area.is_known() && !r.street.is_empty()) {
            // The town's name behind the street is the town, and not a street named after it.
            let a_town = !self.towns_named(&reading.street).is_empty()
                && (reading.number.is_none() || !reading.rest.is_empty());
            if !a_town {
                similar::similar_hits(self, reading, unit, &mut similar);
                similar::directed_hits(self, reading, unit, &mut directed);
            }
        }
        let first = directed.first().and_then(|hit: &Hit| hit.name);
        if !similar.is_empty() || directed.iter().any(|hit| hit.name != first) {
            similar.extend(directed);
        }
        similar
    }

    /// Candidates on streets of the very name. Words that were not understood may be a town that the map
    /// does not know, so they are passed over only where another part tells the area.
    fn exact(&self, readings: &[Reading], unit: Option<&str>) -> Vec<Hit> {
        let hits_of = |joined: bool| {
            let mut hits = Vec::new();
            for reading in readings.iter().filter(|reading| reading.joined == joined) {
                // A town's name behind an unknown street is the town, not a road that bears it.
                let a_street = || self.towns_named(&reading.street).is_empty();
                if reading.rest.is_empty() || (reading.area.is_known() && a_street()) {
                    for name in self.names_asked(reading) {
                        street::hits(self, reading, unit, name, &Spelt::default(), &mut hits);
                    }
                }
            }
            hits
        };
        let (mut hits, joined) = (hits_of(false), hits_of(true));
        // `90 E Main St` is 90E of Main Street only where the map has such a house.
        let plain = !hits.is_empty();
        hits.extend(joined.into_iter().filter(|hit| !plain || hit.grade == Grade::House));
        hits
    }

    fn names_asked(&self, reading: &Reading) -> Vec<u32> {
        let keys = keys(&reading.street);
        let mut names: Vec<u32> = keys.iter().flat_map(|key| self.names_of(key)).copied().collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Towns of the readings that leave the fewest words over.
    fn places(&self, readings: &[Reading]) -> Vec<Hit> {
        let known = || readings.iter().filter(|reading| reading.area.is_known());
        let fewest = known().map(place::left_over).min();
        let best: Vec<&Reading> =
            known().filter(|reading| Some(place::left_over(reading)) == fewest).collect();
        let named = best.iter().find(|reading| !reading.street.is_empty()).or(best.first());
        let similar = named.map_or_else(Vec::new, |reading| similar::suggestions(self, reading));
        let mut hits: Vec<Hit> = Vec::new();
        for reading in best {
            hits.extend(place::hits(self, reading, similar.clone()));
        }
        hits
    }

    /// Why there is nothing, and what is like it.
    fn missing(&self, readings: &[Reading]) -> Answer {
        let mut known = readings.iter().filter(|r| !self.names_asked(r).is_empty());
        // The reading that leaves the fewest words beside the street.
        let street = known.by_ref().min_by_key(|r| (r.rest.len(), usize::from(r.number.is_none())));
        let Some(street) = street else {
            let other_state = readings.iter().any(|r| place::in_other_state(self, r));
            let why = if other_state { Reason::OtherState } else { Reason::Unknown };
            let longest = readings.iter().max_by_key(|r| (r.number.is_some(), r.street.len()));
            let suggestions = longest.map_or_else(Vec::new, |r| similar::suggestions(self, r));
            return Answer::NotFound { why, suggestions };
        };
        let bare = Reading {
            number: street.number.clone(),
            street: street.street.clone(),
            ..Reading::default()
        };
        let elsewhere = match decide::decide(self, self.exact(&[bare], None)) {
            Answer::Found { found } => vec![found],
            Answer::Ambiguous { candidates } => candidates,
            Answer::NotFound { .. } => Vec::new(),
        };
        let mut suggestions: Vec<String> = Vec::new();
        for candidate in elsewhere.iter().map(ToString::to_string) {
            if !suggestions.contains(&candidate) && suggestions.len() < 3 {
                suggestions.push(candidate);
            }
        }
        let why = if street.rest.is_empty() {
            Reason::NotThere
        } else {
            Reason::TownUnknown { words: street.rest.join(", ") }
        };
        Answer::NotFound { why, suggestions }
    }
}
