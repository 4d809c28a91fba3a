//! The saved form of records: a head, then a table of texts and the tables that refer to it.
//!
//! Head: 8 bytes of name, format version (u32), CRC-32 of the content (u32), bytes of the content (u64); all
//! numbers little-endian. The content begins with what it was made of. Keys are made anew when it is opened, so
//! that new tables of words need no new file.

use std::collections::HashMap;

use crate::error::OpenError;
use crate::record::{Place, PlaceKind, Record, RecordKind, Records, Street};

const MAGIC: [u8; 8] = *b"DSADDRS\n";
/// Raised whenever the tables change.
const FORMAT: u32 = 1;
const HEAD: usize = 24;
/// Stands for an absent text.
const NONE: u32 = u32::MAX;

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// Fingerprint of what the records were made of, as given to [`save`].
    pub fingerprint: String,
    /// The records.
    pub records: Records,
}

/// The bytes of a file of tidy records.
#[must_use]
pub fn save(records: &Records, fingerprint: &str) -> Vec<u8> {
    let mut texts = Texts::default();
    let mut tables = Out::default();
    tables.number(records.houses.len());
    for house in &records.houses {
        tables.bytes(&house.osm_id.to_le_bytes());
        tables.word(u32::from(house.kind == RecordKind::Way));
        tables.position(house.lat_e7, house.lon_e7);
        for text in [Some(&house.number), Some(&house.street), house.unit.as_ref()]
            .into_iter()
            .chain([house.city.as_ref(), house.postcode.as_ref(), house.state.as_ref()])
        {
            tables.word(text.map_or(NONE, |text| texts.of(text)));
        }
    }
    tables.number(records.streets.len());
    for street in &records.streets {
        tables.word(texts.of(&street.name));
        tables.number(street.points_e7.len());
        for &(lat, lon) in &street.points_e7 {
            tables.position(lat, lon);
        }
    }
    tables.number(records.places.len());
    for place in &records.places {
        tables.word(texts.of(&place.name));
        tables.word(place.kind.code());
        tables.position(place.lat_e7, place.lon_e7);
    }
    let mut body = Out::default();
    body.text(fingerprint);
    body.number(texts.list.len());
    for text in &texts.list {
        body.text(text);
    }
    body.bytes(&tables.0);
    let mut file = Out::default();
    file.bytes(&MAGIC);
    file.word(FORMAT);
    file.word(crc32fast::hash(&body.0));
    file.number(body.0.len());
    file.bytes(&body.0);
    file.0
}

/// Reads the bytes of a file.
///
/// # Errors
/// [`OpenError`] when this is another file, of another version, cut short or damaged.
pub fn open(bytes: &[u8]) -> Result<Saved, OpenError> {
    let mut from = In(content(bytes)?);
    let fingerprint = from.text()?.to_owned();
    let texts = from.list(|from| Ok(from.text()?.to_owned()))?;
    let text = |n: u32| texts.get(n as usize).cloned().ok_or(BAD_TEXT);
    let houses = from.list(|from| {
        let osm_id = i64::from_le_bytes(from.array()?);
        let kind = if from.word()? == 1 { RecordKind::Way } else { RecordKind::Node };
        let (lat_e7, lon_e7) = from.position()?;
        let (number, street) = (text(from.word()?)?, text(from.word()?)?);
        let mut maybe = || match from.word()? {
            NONE => Ok(None),
            n => text(n).map(Some),
        };
        let (unit, city, postcode, state) = (maybe()?, maybe()?, maybe()?, maybe()?);
        Ok(Record { kind, osm_id, lat_e7, lon_e7, number, street, unit, city, postcode, state })
    })?;
    let streets = from.list(|from| {
        let name = text(from.word()?)?;
        Ok(Street { name, points_e7: from.list(In::position)? })
    })?;
    let places = from.list(|from| {
        let name = text(from.word()?)?;
        let kind = PlaceKind::from_code(from.word()?);
        let kind = kind.ok_or(OpenError::Corrupted { what: "kind of a place" })?;
        let (lat_e7, lon_e7) = from.position()?;
        Ok(Place { name, kind, lat_e7, lon_e7 })
    })?;
    Ok(Saved { fingerprint, records: Records { houses, streets, places } })
}

const SHORT: OpenError = OpenError::Corrupted { what: "a table ends early" };
const BAD_TEXT: OpenError = OpenError::Corrupted { what: "a text that is not there" };

/// The content behind a head that fits it.
fn content(bytes: &[u8]) -> Result<&[u8], OpenError> {
    let (head, body) = bytes.split_at_checked(HEAD).ok_or(OpenError::NotAddresses)?;
    let mut head = In(head);
    if head.array()? != MAGIC {
        return Err(OpenError::NotAddresses);
    }
    let found = head.word()?;
    if found != FORMAT {
        return Err(OpenError::OtherVersion { found, expected: FORMAT });
    }
    let sum = head.word()?;
    let expected = u64::from_le_bytes(head.array()?);
    let found = u64::try_from(body.len()).unwrap_or(u64::MAX);
    if found < expected {
        return Err(OpenError::Truncated { found, expected });
    }
    if found > expected || crc32fast::hash(body) != sum {
        return Err(OpenError::Corrupted { what: "checksum" });
    }
    Ok(body)
}

/// Each text once.
#[derive(Default)]
struct Texts<'a> {
    list: Vec<&'a str>,
    numbers: HashMap<&'a str, u32>,
}

impl<'a> Texts<'a> {
    fn of(&mut self, text: &'a str) -> u32 {
        *self.numbers.entry(text).or_insert_with(|| {
            self.list.push(text);
            u32::try_from(self.list.len() - 1).unwrap_or(NONE)
        })
    }
}

#[derive(Default)]
struct Out(Vec<u8>);

impl Out {
    fn bytes(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    fn word(&mut self, word: u32) {
        self.bytes(&word.to_le_bytes());
    }

    fn number(&mut self, number: usize) {
        self.bytes(&u64::try_from(number).unwrap_or(u64::MAX).to_le_bytes());
    }

    fn position(&mut self, lat: i32, lon: i32) {
        self.bytes(&lat.to_le_bytes());
        self.bytes(&lon.to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.number(text.len());
        self.bytes(text.as_bytes());
    }
}

struct In<'a>(&'a [u8]);

impl<'a> In<'a> {
    fn take(&mut self, bytes: usize) -> Result<&'a [u8], OpenError> {
        let (head, tail) = self.0.split_at_checked(bytes).ok_or(SHORT)?;
        self.0 = tail;
        Ok(head)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], OpenError> {
        self.take(N)?.first_chunk().copied().ok_or(SHORT)
    }

    fn word(&mut self) -> Result<u32, OpenError> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    fn count(&mut self) -> Result<usize, OpenError> {
        usize::try_from(u64::from_le_bytes(self.array()?)).map_err(|_| SHORT)
    }

    fn position(&mut self) -> Result<(i32, i32), OpenError> {
        Ok((i32::from_le_bytes(self.array()?), i32::from_le_bytes(self.array()?)))
    }

    fn text(&mut self) -> Result<&'a str, OpenError> {
        let count = self.count()?;
        let bytes = self.take(count)?;
        std::str::from_utf8(bytes).map_err(|_| OpenError::Corrupted { what: "a text" })
    }

    /// A list, of which no entry is shorter than four bytes: a count beyond that is damage, not memory to take.
    fn list<T>(
        &mut self,
        mut entry: impl FnMut(&mut Self) -> Result<T, OpenError>,
    ) -> Result<Vec<T>, OpenError> {
        let count = self.count()?;
        if count > self.0.len() / 4 {
            return Err(SHORT);
        }
        (0..count).map(|_| entry(self)).collect()
    }
}
