//! Looks up one address.

use addresses::Lookup;

use crate::config::DataDir;
use crate::error::Error;
use crate::travel::Addresses;

/// How much an address file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Located {
    /// Houses.
    pub houses: usize,
    /// Pieces of named streets.
    pub streets: usize,
    /// Towns and parts of them.
    pub places: usize,
}

/// What the address file of a data directory holds; nothing where there is none.
///
/// # Errors
/// It cannot be read; the message says what to do.
pub fn count_addresses(dir: &DataDir) -> Result<Option<Located>, Error> {
    let path = dir.addresses();
    if !path.exists() {
        return Ok(None);
    }
    let bytes = std::fs::read(&path).map_err(|e| Error::io("read", &path, e))?;
    let saved = addresses::open(&bytes)
        .map_err(|error| Error::Roads(format!("{}: {error}", path.display())))?;
    let records = saved.records;
    Ok(Some(Located {
        houses: records.houses.len(),
        streets: records.streets.len(),
        places: records.places.len(),
    }))
}

/// What the address file says of an address in one line.
///
/// # Errors
/// There is no address file, or it cannot be read.
pub fn find_address(addresses: &Addresses, text: &str) -> Result<Lookup, Error> {
    let missing = "there is no address file";
    let index =
        addresses.index()?.ok_or(Error::Before { missing, command: "roads build --pbf FILE" })?;
    Ok(index.find(text))
}
