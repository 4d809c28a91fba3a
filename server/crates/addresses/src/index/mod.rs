//! Records by the keys they are asked for.

mod areas;
mod around;
mod names;
mod tidy;

use std::collections::HashMap;

pub(crate) use areas::{City, Postcode};
pub(crate) use names::{Cluster, Name};

use crate::answer::What;
use crate::geo::At;
use crate::name::words_of;
use crate::number::{HouseNumber, plain_unit};
use crate::record::{Record, Records};
use crate::regions;
use crate::text::{Word, words};

/// A house as it is searched. A record with several numbers is several houses.
#[derive(Debug)]
pub(crate) struct House {
    pub(crate) at: At,
    pub(crate) number: HouseNumber,
    pub(crate) number_shown: String,
    pub(crate) unit: Option<String>,
    pub(crate) facts: Facts,
}

/// Where a record says it is, as indexes of the tables.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Facts {
    pub(crate) city: Option<u32>,
    pub(crate) postcode: Option<u32>,
    pub(crate) state: Option<u32>,
}

/// How much an index holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// Houses that can be found.
    pub houses: usize,
    /// Names of streets.
    pub streets: usize,
    /// Names of towns.
    pub cities: usize,
    /// Postcodes.
    pub postcodes: usize,
}

/// All addresses of an extract, ready to be asked.
///
/// ```
/// use addresses::{Answer, Grade, Index, Record, RecordKind, Records};
/// let house = Record {
///     kind: RecordKind::Node,
///     osm_id: 1,
///     lat_e7: 391_581_680,
///     lon_e7: -755_243_680,
///     number: "12".into(),
///     street: "Loockerman Street".into(),
///     unit: None,
///     city: Some("Dover".into()),
///     postcode: Some("19904".into()),
///     state: Some("DE".into()),
/// };
/// let index = Index::build(Records { houses: vec![house], ..Records::default() });
/// let Answer::Found { found } = index.find("12 Loockerman St., Dover").answer else { panic!() };
/// assert_eq!((found.grade, found.score, found.lat_e7), (Grade::House, 100, 391_581_680));
/// ```
#[derive(Debug, Default)]
pub struct Index {
    pub(crate) houses: Vec<House>,
    pub(crate) names: Vec<Name>,
    names_by_key: HashMap<String, Vec<u32>>,
    pub(crate) cities: Vec<City>,
    cities_by_key: HashMap<String, Vec<u32>>,
    pub(crate) postcodes: Vec<Postcode>,
    postcodes_by_code: HashMap<String, u32>,
    pub(crate) states: Vec<String>,
    around: around::Around,
}

impl Index {
    /// Builds the index. The order of the records does not matter, and records without a number or a street
    /// are left out.
    #[must_use]
    pub fn build(records: Records) -> Self {
        let records = records.tidy();
        let mut index = Self::default();
        areas::add_places(&mut index, &records.places);
        let mut names = names::Builder::default();
        for street in &records.streets {
            names.street(street);
        }
        for record in &records.houses {
            index.add_house(record, &mut names);
        }
        (index.names, index.names_by_key) = names.finish(&index.houses);
        areas::finish(&mut index);
        index.around = around::Around::of(&index.houses);
        index
    }

    fn add_house(&mut self, record: &Record, names: &mut names::Builder) {
        let (numbers, unit) = HouseNumber::of_record(&record.number);
        let unit = record.unit.as_deref().and_then(plain_unit).or(unit);
        let facts = Facts {
            city: record.city.as_deref().and_then(|city| self.city_id(city)),
            postcode: record.postcode.as_deref().and_then(|code| self.postcode_id(code)),
            state: record.state.as_deref().and_then(|state| self.state_id(state)),
        };
        for number in numbers {
            let house = id(self.houses.len());
            names.house(&record.street, house);
            self.houses.push(House {
                at: At { lat: record.lat_e7, lon: record.lon_e7 },
                number_shown: if record.number.contains([';', ',']) {
                    number.text.clone()
                } else {
                    record.number.trim().to_owned()
                },
                number,
                unit: unit.clone(),
                facts,
            });
        }
    }

    fn city_id(&mut self, shown: &str) -> Option<u32> {
        let shown = areas::without_state(shown);
        let words = words_of(&shown);
        let key = crate::name::key(&words);
        if key.is_empty() {
            return None;
        }
        let known = self.cities_by_key.get(&key).into_iter().flatten().copied();
        if let Some(city) = known.into_iter().find(|&n| self.cities[ix(n)].key == key) {
            return Some(city);
        }
        let city = id(self.cities.len());
        self.cities.push(City { shown, key, centres: Vec::new() });
        for key in crate::name::keys(&words) {
            self.cities_by_key.entry(key).or_default().push(city);
        }
        Some(city)
    }

    fn postcode_id(&mut self, shown: &str) -> Option<u32> {
        let code = regions::postcode(shown)?;
        let next = id(self.postcodes.len());
        let found = *self.postcodes_by_code.entry(code.clone()).or_insert(next);
        if found == next {
            self.postcodes.push(Postcode { shown: code.to_uppercase(), points: Vec::new() });
        }
        Some(found)
    }

    fn state_id(&mut self, shown: &str) -> Option<u32> {
        let state = regions::state(&words(shown).join(" "));
        if state.is_empty() {
            return None;
        }
        let known = self.states.iter().position(|known| *known == state);
        Some(id(known.unwrap_or_else(|| {
            self.states.push(state);
            self.states.len() - 1
        })))
    }

    /// Names of streets under a key.
    pub(crate) fn names_of(&self, key: &str) -> &[u32] {
        self.names_by_key.get(key).map_or(&[], Vec::as_slice)
    }

    /// Towns under a key.
    pub(crate) fn cities_of(&self, key: &str) -> &[u32] {
        self.cities_by_key.get(key).map_or(&[], Vec::as_slice)
    }

    /// Towns of that name, in every spelling.
    pub(crate) fn towns_named(&self, words: &[Word]) -> Vec<u32> {
        let keys = crate::name::keys(words);
        let mut found: Vec<u32> =
            keys.iter().flat_map(|key| self.cities_of(key)).copied().collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Whether a point where the map names no state may lie in one, by the houses near.
    pub(crate) fn may_be_in_state(&self, at: At, state: &str) -> bool {
        let near = self.states_around(&[at]);
        if near.is_empty() {
            return self.states.is_empty() || self.states.iter().any(|known| known == state);
        }
        near.iter().any(|known| known == state)
    }

    /// States of the houses near points, the most frequent first.
    pub(crate) fn states_around(&self, points: &[At]) -> Vec<String> {
        let found = self.around.states(points);
        found.into_iter().filter_map(|state| self.states.get(ix(state)).cloned()).collect()
    }

    /// Postcodes of the houses near points, the most frequent first, at most three.
    pub(crate) fn postcodes_around(&self, points: &[At]) -> Vec<String> {
        let found = self.around.postcodes(points).into_iter().take(3);
        found.filter_map(|code| Some(self.postcodes.get(ix(code))?.shown.clone())).collect()
    }

    /// The postcode written like that.
    pub(crate) fn postcode_of(&self, code: &str) -> Option<u32> {
        self.postcodes_by_code.get(code).copied()
    }

    /// How much it holds.
    #[must_use]
    pub fn counts(&self) -> Counts {
        Counts {
            houses: self.houses.len(),
            streets: self.names.len(),
            cities: self.cities.len(),
            postcodes: self.postcodes.len(),
        }
    }

    /// The town or village whose centre is nearest; hamlets and suburbs say little.
    pub(crate) fn nearest_town(&self, at: At) -> Option<&str> {
        let village = crate::record::PlaceKind::Village.reach_m();
        let centres = self.cities.iter().flat_map(|city| {
            let large = city.centres.iter().filter(move |(_, reach)| *reach >= village);
            large.map(|(centre, _)| (centre.metres_to(at), city.shown.as_str()))
        });
        centres.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, shown)| shown)
    }

    /// The parts of an address that facts say.
    pub(crate) fn what(&self, facts: Facts) -> What {
        let text = |n: Option<u32>, of: &dyn Fn(usize) -> Option<String>| of(ix(n?));
        What {
            city: text(facts.city, &|n| self.cities.get(n).map(|city| city.shown.clone())),
            postcode: text(facts.postcode, &|n| self.postcodes.get(n).map(|p| p.shown.clone())),
            state: text(facts.state, &|n| self.states.get(n).map(|state| state.to_uppercase())),
            ..What::default()
        }
    }
}

/// An index as a compact id; no extract has as many of anything as the bound.
pub(crate) fn id(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// A compact id as an index.
pub(crate) fn ix(id: u32) -> usize {
    id as usize
}
