//! Looks up one address.

use addresses::Lookup;

use crate::error::Error;
use crate::travel::Addresses;

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
