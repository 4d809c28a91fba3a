//! Towns and postcodes: where they are, as far as anything says so.

use super::{Index, ix};
use crate::geo::{At, mean};
use crate::record::{Place, PlaceKind};
use crate::regions;
use crate::text::{normalise, parts};

/// A town, or several of one name.
#[derive(Debug)]
pub(crate) struct City {
    pub(crate) shown: String,
    pub(crate) key: String,
    /// Each with the metres that its houses may be away.
    pub(crate) centres: Vec<(At, f64)>,
}

/// A postcode.
#[derive(Debug)]
pub(crate) struct Postcode {
    pub(crate) shown: String,
    /// Its houses.
    pub(crate) points: Vec<At>,
}

/// Reach of a town that no place names, around the mean of its houses.
const UNNAMED_REACH_M: f64 = 5_000.0;
/// Centres of one name nearer than this are one town, mapped twice.
const SAME_TOWN_M: f64 = 5_000.0;
/// How far from a house with a postcode others may be taken to have it.
const POSTCODE_REACH_M: f64 = 2_500.0;

impl City {
    /// Whether a point is in reach of one of the centres.
    pub(crate) fn reaches(&self, at: At) -> bool {
        self.centres.iter().any(|(centre, reach)| centre.metres_to(at) <= *reach)
    }
}

impl Postcode {
    /// Whether a house nearby has it.
    pub(crate) fn reaches(&self, at: At) -> bool {
        self.points.iter().any(|point| point.metres_to(at) <= POSTCODE_REACH_M)
    }
}

/// The largest places first, so that a hamlet beside the town of its name is not another town.
pub(super) fn add_places(index: &mut Index, places: &[Place]) {
    let mut by_size: Vec<&Place> = places.iter().collect();
    by_size.sort_by_key(|place| place.kind);
    for place in by_size {
        let Some(city) = index.city_id(&place.name) else { continue };
        let at = At { lat: place.lat_e7, lon: place.lon_e7 };
        let Some(city) = index.cities.get_mut(ix(city)) else { continue };
        if city.centres.iter().all(|(centre, _)| centre.metres_to(at) > SAME_TOWN_M) {
            city.centres.push((at, PlaceKind::reach_m(place.kind)));
        }
    }
}

/// Centres of towns that only addresses name, and the houses of postcodes.
pub(super) fn finish(index: &mut Index) {
    let mut of_city: Vec<Vec<At>> = vec![Vec::new(); index.cities.len()];
    for house in &index.houses {
        if let Some(houses) = house.facts.city.and_then(|city| of_city.get_mut(ix(city))) {
            houses.push(house.at);
        }
        let postcode = house.facts.postcode;
        if let Some(code) = postcode.and_then(|code| index.postcodes.get_mut(ix(code))) {
            code.points.push(house.at);
        }
    }
    for (city, houses) in index.cities.iter_mut().zip(of_city) {
        if city.centres.is_empty() {
            city.centres.extend(mean(houses.into_iter()).map(|at| (at, UNNAMED_REACH_M)));
        }
    }
}

/// `Bear, Delaware` is Bear, and `City of Seaford` Seaford.
pub(super) fn without_state(shown: &str) -> String {
    let shown = shown.trim();
    let parts = parts(shown);
    let first = shown.split([',', ';', '\n', '(', '|']).next().unwrap_or(shown).trim();
    let rest_is_region = parts.iter().skip(1).all(|part| {
        let words: Vec<&str> = part.iter().map(|word| word.plain.as_str()).collect();
        let words = words.join(" ");
        regions::is_state(&words) || regions::is_country(&words)
    });
    let town = if parts.len() > 1 && rest_is_region { first } else { shown };
    for prefix in ["city of ", "town of ", "village of "] {
        let head = town.get(..prefix.len()).unwrap_or_default();
        if normalise(head) == prefix.trim_end() {
            return town.get(prefix.len()..).unwrap_or(town).trim().to_owned();
        }
    }
    town.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn towns_are_named_without_what_surrounds_them() {
        assert_eq!(without_state("Bear, Delaware"), "Bear");
        assert_eq!(without_state("City of Seaford"), "Seaford");
        assert_eq!(without_state(" Newark "), "Newark");
        assert_eq!(without_state("Halle (Saale)"), "Halle (Saale)");
    }
}
