//! The address file beside the road network: made with it, opened when an address is first asked for.

use std::path::PathBuf;
use std::sync::OnceLock;

use addresses::{Index, Place, PlaceKind, Record, RecordKind, Records, Street};

use super::Travel;
use crate::config::DataDir;
use crate::error::Error;

/// The addresses of a data directory. Most imports have coordinates, so the file is not read before it is needed.
#[derive(Debug)]
pub struct Addresses {
    path: PathBuf,
    /// What the roads were built from, in all the ways that address files have noted it.
    known: Vec<String>,
    index: OnceLock<Result<Option<Index>, String>>,
}

impl Addresses {
    /// Those built with the road network of `travel`.
    #[must_use]
    pub fn of(dir: &DataDir, travel: &Travel) -> Self {
        let known = travel.fingerprint().into_iter().chain(travel.extract.clone()).collect();
        Self { path: dir.addresses(), known, index: OnceLock::new() }
    }

    /// The index, or nothing if none was built.
    ///
    /// # Errors
    /// There is a file and it cannot be read, or it is of another extract than the roads.
    pub fn index(&self) -> Result<Option<&Index>, Error> {
        match self.index.get_or_init(|| self.open()) {
            Ok(index) => Ok(index.as_ref()),
            Err(cause) => Err(Error::Roads(format!(
                "{}: {cause}; build it again with `doorstep roads build --pbf FILE`",
                self.path.display()
            ))),
        }
    }

    fn open(&self) -> Result<Option<Index>, String> {
        if !self.path.exists() {
            return Ok(None);
        }
        let bytes = std::fs::read(&self.path).map_err(|error| error.to_string())?;
        let saved = addresses::open(&bytes).map_err(|error| error.to_string())?;
        if !self.known.is_empty() && !self.known.contains(&saved.fingerprint) {
            return Err("the addresses are of another extract than the roads".into());
        }
        Ok(Some(Index::build(saved.records)))
    }
}

/// Address objects, roads and places of an extract as records of the index.
#[must_use]
pub fn records(named: roads::Named) -> Records {
    let houses = named.addresses.into_iter().filter_map(|object| {
        Some(Record {
            kind: if object.is_way { RecordKind::Way } else { RecordKind::Node },
            osm_id: object.osm_id,
            lat_e7: object.lat_e7,
            lon_e7: object.lon_e7,
            number: object.house_number,
            street: object.street.or(object.place)?,
            unit: object.unit,
            city: object.city,
            postcode: object.postcode,
            state: object.state,
        })
    });
    let streets =
        named.roads.into_iter().map(|road| Street { name: road.name, points_e7: road.points_e7 });
    let places = named.places.into_iter().filter_map(|place| {
        let kind = PlaceKind::from_osm(&place.kind)?;
        Some(Place { name: place.name, kind, lat_e7: place.lat_e7, lon_e7: place.lon_e7 })
    });
    Records { houses: houses.collect(), streets: streets.collect(), places: places.collect() }
}
