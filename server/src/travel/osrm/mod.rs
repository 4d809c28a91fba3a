//! A server with OSRM's HTTP API: <https://project-osrm.org/docs/v5.24.0/api/>.

mod answer;
mod client;
#[cfg(test)]
pub(crate) mod tests;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

use sync_core::model::Position;
use ureq::http::StatusCode;
use url::Url;

use self::answer::{Block, Fault};
use self::client::Client;
pub(super) use self::client::{Pause, Waiting};
use super::cache::Key;
use super::great_circle::whole;
use super::provider::{Placed, Provider, Spot, Table, Way};
use crate::config::TravelSettings;
use crate::error::Error;
use crate::progress::Progress;

/// Bytes of an answer that are not cells, and bytes a cell, a place or a second of a way may take.
const LEAST_BYTES: u64 = 1 << 20;
const CELL_BYTES: u64 = 64;
const PLACE_BYTES: u64 = 1_024;
const LONGEST_ROUTE: u64 = 64 << 20;

/// One server and one of its profiles.
#[derive(Debug)]
pub(super) struct Osrm {
    client: Client,
    profile: String,
    max_table: usize,
    max_snap_m: f64,
    /// Metres from a position to its road, infinite where there is none at all.
    located: Mutex<HashMap<Key, f64>>,
}

impl Osrm {
    pub(super) fn new(url: &Url, settings: &TravelSettings, waiting: Waiting) -> Self {
        Self {
            client: Client::new(url, settings.timeout_s, settings.retries, waiting),
            profile: settings.osrm_profile.clone(),
            max_table: usize::try_from(settings.max_table).unwrap_or(usize::MAX).max(1),
            max_snap_m: f64::from(settings.max_snap_m),
            located: Mutex::default(),
        }
    }

    /// Server and profile: what tables are kept under.
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.client.base(), self.profile)
    }

    fn service(&self, name: &str) -> String {
        format!("{name}/v1/{}", self.profile)
    }

    fn ask(&self, name: &str, rest: &str, limit: u64) -> Result<(StatusCode, Vec<u8>), Error> {
        self.client.get(&self.service(name), rest, limit)
    }

    fn failed(&self, name: &str, fault: &Fault) -> Error {
        let why = match fault {
            Fault::Strange(why) => why.clone(),
            Fault::Refused { code, message } if code == "TooBig" => format!(
                "it refuses so large a table ({message}): lower max_table, {} now, or start the \
                 server with a larger --max-table-size",
                self.max_table
            ),
            Fault::Refused { code, message } => format!("it says {code}: {message}"),
        };
        self.client.failed(&self.service(name), &why)
    }

    fn block(&self, from: &[&Spot], to: &[&Spot]) -> Result<Block, Error> {
        let same = from.len() > 1
            && from.len() == to.len()
            && from.iter().zip(to).all(|(from, to)| from.at == to.at);
        let mut rest = String::new();
        if same {
            coordinates(&mut rest, from.iter().map(|spot| spot.at));
            rest.push('?');
        } else {
            coordinates(&mut rest, from.iter().chain(to).map(|spot| spot.at));
            rest.push_str("?sources=");
            numbers(&mut rest, 0..from.len());
            rest.push_str("&destinations=");
            numbers(&mut rest, from.len()..from.len() + to.len());
            rest.push('&');
        }
        rest.push_str("annotations=duration,distance&generate_hints=false");
        let (status, body) = self.ask("table", &rest, limit(from.len(), to.len()))?;
        let block = answer::block(status, &body, from.len(), to.len())
            .map_err(|fault| self.failed("table", &fault))?;
        let mut cells = from.iter().flat_map(|a| to.iter().map(move |b| a.at == b.at));
        let away = |(same, seconds): (bool, &u32)| same && (2..u32::MAX).contains(seconds);
        if cells.by_ref().zip(&block.table.seconds).any(away) {
            let fault = Fault::Strange("it needs time from a place to itself".into());
            return Err(self.failed("table", &fault));
        }
        Ok(block)
    }

    /// Metres from each position to its road. A position without any road makes the server refuse
    /// the whole request: then the halves are asked for.
    fn distances(&self, at: &[Position]) -> Result<Vec<f64>, Error> {
        let mut rest = String::new();
        // A table has two places at least.
        let first = at.first().copied();
        coordinates(&mut rest, first.into_iter().chain(at.iter().copied()));
        rest.push_str("?sources=0&destinations=");
        numbers(&mut rest, 1..at.len() + 1);
        rest.push_str("&annotations=duration&generate_hints=false");
        let (status, body) = self.ask("table", &rest, limit(1, at.len()))?;
        match answer::distances(status, &body, at.len()) {
            Ok(metres) => Ok(metres),
            Err(Fault::Refused { code, .. }) if code == "NoSegment" && at.len() == 1 => {
                Ok(vec![f64::INFINITY])
            }
            Err(Fault::Refused { code, .. }) if code == "NoSegment" => {
                let (left, right) = at.split_at(at.len() / 2);
                let mut metres = self.distances(left)?;
                metres.extend(self.distances(right)?);
                Ok(metres)
            }
            Err(fault) => Err(self.failed("table", &fault)),
        }
    }

    fn is_far(&self, metres: f64) -> bool {
        metres > self.max_snap_m
    }
}

impl Provider for Osrm {
    fn describe(&self) -> String {
        format!("OSRM at {}, profile {}", self.client.base(), self.profile)
    }

    fn credit(&self) -> Option<String> {
        // OSRM serves OpenStreetMap data whoever runs it.
        Some(roads::CREDIT.to_owned())
    }

    fn key(&self, spot: &Spot) -> Option<Key> {
        Some(key(spot.at))
    }

    fn snap_m(&self, spot: &Spot) -> Option<f64> {
        let located = self.located.lock().unwrap_or_else(PoisonError::into_inner);
        located.get(&key(spot.at)).copied().filter(|metres| metres.is_finite())
    }

    fn locate(&self, at: &[Position], progress: &dyn Progress) -> Result<(), Error> {
        let mut unknown: Vec<Position> = {
            let located = self.located.lock().unwrap_or_else(PoisonError::into_inner);
            at.iter().copied().filter(|at| !located.contains_key(&key(*at))).collect()
        };
        unknown.sort_unstable();
        unknown.dedup();
        progress.begin("finding roads", Some(unknown.len() as u64));
        for (number, some) in unknown.chunks(self.max_table).enumerate() {
            let metres = self.distances(some)?;
            let mut located = self.located.lock().unwrap_or_else(PoisonError::into_inner);
            located.extend(some.iter().copied().map(key).zip(metres));
            progress.at((number * self.max_table + some.len()) as u64);
        }
        Ok(())
    }

    /// A position that was not asked for before is taken to be near a road; tables and ways look.
    fn place(&self, at: Position) -> Placed {
        let located = self.located.lock().unwrap_or_else(PoisonError::into_inner);
        match located.get(&key(at)) {
            Some(metres) if metres.is_infinite() => Placed::Outside,
            Some(metres) if self.is_far(*metres) => Placed::TooFar { metres: whole(*metres) },
            _ => Placed::At(Spot { at, road: None }),
        }
    }

    /// In blocks of what the server allows.
    fn table(&self, from: &[&Spot], to: &[&Spot], progress: &dyn Progress) -> Result<Table, Error> {
        let cells = from.len() * to.len();
        let mut table = Table { seconds: vec![u32::MAX; cells], metres: vec![u32::MAX; cells] };
        let blocks = from.len().div_ceil(self.max_table) * to.len().div_ceil(self.max_table);
        progress.begin("travel times of OSRM", Some(blocks as u64));
        let mut done = 0;
        for (top, rows) in from.chunks(self.max_table).enumerate() {
            for (left, columns) in to.chunks(self.max_table).enumerate() {
                let block = self.block(rows, columns)?;
                let corner = top * self.max_table * to.len() + left * self.max_table;
                for (row, origin) in rows.iter().enumerate() {
                    for (column, end) in columns.iter().enumerate() {
                        let far = self.is_far(block.from_m[row]) || self.is_far(block.to_m[column]);
                        // From a place to itself there is a way even where no road is near.
                        if !far || origin.at == end.at {
                            let at = row * columns.len() + column;
                            let into = corner + row * to.len() + column;
                            table.seconds[into] = block.table.seconds[at];
                            table.metres[into] = block.table.metres[at];
                        }
                    }
                }
                done += 1;
                progress.at(done);
            }
        }
        Ok(table)
    }

    fn way(&self, from: &Spot, to: &Spot) -> Result<Option<Way>, Error> {
        let mut rest = String::new();
        coordinates(&mut rest, [from.at, to.at].into_iter());
        rest.push_str("?overview=full&geometries=geojson&steps=false&generate_hints=false");
        let (status, body) = self.ask("route", &rest, LONGEST_ROUTE)?;
        match answer::way(status, &body) {
            Ok((way, ends)) => Ok(Some(way).filter(|_| !ends.iter().any(|m| self.is_far(*m)))),
            Err(Fault::Refused { code, .. }) if code == "NoRoute" => Ok(None),
            Err(fault) => Err(self.failed("route", &fault)),
        }
    }
}

/// Most bytes of the answer to a table.
fn limit(from: usize, to: usize) -> u64 {
    let (from, to) = (from as u64, to as u64);
    LEAST_BYTES + from.saturating_mul(to) * CELL_BYTES + (from + to) * PLACE_BYTES
}

fn key(at: Position) -> Key {
    [at.lat_e7().cast_unsigned(), at.lon_e7().cast_unsigned()]
}

/// `longitude,latitude;...` to about ten centimetres.
fn coordinates(text: &mut String, at: impl Iterator<Item = Position>) {
    for (number, at) in at.enumerate() {
        let between = if number == 0 { "" } else { ";" };
        // Writing to a string cannot fail.
        let _ = write!(text, "{between}{:.6},{:.6}", at.lon(), at.lat());
    }
}

fn numbers(text: &mut String, range: std::ops::Range<usize>) {
    for (number, value) in range.enumerate() {
        let between = if number == 0 { "" } else { ";" };
        let _ = write!(text, "{between}{value}");
    }
}
