//! Tables that were computed before: what is asked again is not computed again, and new places only
//! add rows and columns.
//!
//! Everything kept is of one network or server; [`Cache::table`] knows nothing of either. Whether a
//! table is kept changes how long an answer takes, never the answer.

mod file;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

pub(super) use file::{read, write};

use super::provider::Table;
use crate::error::Error;

/// What tells a place from others of the same network.
pub(crate) type Key = [u32; 2];

/// In `seconds`: not known yet. No way takes so long.
const UNKNOWN: u32 = u32::MAX - 1;
/// Bytes that a pair of places takes.
const PAIR: usize = 8;

/// Times between the places kept, row-major.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Cache {
    keys: Vec<Key>,
    /// When each place was added, in seconds since 1970.
    added: Vec<i64>,
    table: Table,
}

/// How much is kept, and for how long.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Most bytes of times and lengths.
    pub(super) bytes: usize,
    /// Seconds after which a place is forgotten.
    pub(super) age_s: Option<i64>,
}

/// Computes a part of a table: positions in the keys asked for, of origins and of destinations.
pub(super) type Fetch<'a> = dyn FnMut(&[usize], &[usize]) -> Result<Table, Error> + 'a;

impl Cache {
    /// From every place to every place, with whatever is not known fetched and kept. Says whether
    /// anything was added.
    ///
    /// # Errors
    /// Those of `fetch`; what was known before stays.
    pub(super) fn table(
        &mut self,
        keys: &[Key],
        now: i64,
        limits: Limits,
        fetch: &mut Fetch<'_>,
    ) -> Result<(Table, bool), Error> {
        let distinct = Distinct::of(keys);
        let count = distinct.first.len();
        if !fits(count, limits.bytes) {
            let table = fetch(&distinct.first, &distinct.first)?;
            let repeated = count < keys.len();
            return Ok((if repeated { gather(&table, count, &distinct.of) } else { table }, false));
        }
        self.forget(now, limits.age_s);
        let rows = self.rows_of(&distinct, keys, now, limits.bytes);
        let (known, missing) = self.known(&rows);
        if !missing.is_empty() {
            let all: Vec<usize> = (0..count).collect();
            self.fill(&missing, &all, &rows, &distinct, fetch)?;
            if !known.is_empty() {
                self.fill(&known, &missing, &rows, &distinct, fetch)?;
            }
        }
        let places: Vec<usize> = distinct.of.iter().map(|&at| rows[at]).collect();
        Ok((gather(&self.table, self.keys.len(), &places), !missing.is_empty()))
    }

    /// The table where all of it is known already.
    pub(super) fn peek(&mut self, keys: &[Key], now: i64, limits: Limits) -> Option<Table> {
        self.forget(now, limits.age_s);
        let at: HashMap<Key, usize> = self.keys.iter().copied().zip(0..).collect();
        let rows = keys.iter().map(|key| at.get(key).copied()).collect::<Option<Vec<usize>>>()?;
        let table = gather(&self.table, self.keys.len(), &rows);
        (!table.seconds.contains(&UNKNOWN)).then_some(table)
    }

    /// Drops places that are older than allowed, or from the future.
    fn forget(&mut self, now: i64, age_s: Option<i64>) {
        let Some(most) = age_s else { return };
        let fresh = |added: &i64| (0..most).contains(&now.saturating_sub(*added));
        if !self.added.iter().all(fresh) {
            let keep: Vec<usize> =
                (0..self.keys.len()).filter(|&at| fresh(&self.added[at])).collect();
            self.keep(&keep);
        }
    }

    /// The row of each distinct place; new places get one. Where there is no room, everything that
    /// is not asked for now goes.
    fn rows_of(&mut self, distinct: &Distinct, keys: &[Key], now: i64, bytes: usize) -> Vec<usize> {
        let wanted: HashMap<Key, usize> =
            distinct.first.iter().map(|&at| keys[at]).zip(0..).collect();
        let inside = self.keys.iter().filter(|key| wanted.contains_key(*key)).count();
        let new = wanted.len() - inside;
        if !fits(self.keys.len() + new, bytes) {
            let keep: Vec<usize> =
                (0..self.keys.len()).filter(|&at| wanted.contains_key(&self.keys[at])).collect();
            self.keep(&keep);
        }
        let mut at: HashMap<Key, usize> = self.keys.iter().copied().zip(0..).collect();
        let before = self.keys.len();
        for key in distinct.first.iter().map(|&at| keys[at]) {
            at.entry(key).or_insert_with(|| {
                self.keys.push(key);
                self.added.push(now);
                self.keys.len() - 1
            });
        }
        self.widen(before);
        distinct.first.iter().map(|&first| at[&keys[first]]).collect()
    }

    /// Makes room for the places added behind the first `before`.
    fn widen(&mut self, before: usize) {
        let now = self.keys.len();
        if now == before {
            return;
        }
        let wider = |old: &[u32]| {
            let mut new = vec![UNKNOWN; now * now];
            for (from, to) in old.chunks(before.max(1)).zip(new.chunks_mut(now)) {
                to[..before].copy_from_slice(from);
            }
            new
        };
        self.table =
            Table { seconds: wider(&self.table.seconds), metres: wider(&self.table.metres) };
    }

    /// Keeps these rows and columns, in this order.
    fn keep(&mut self, rows: &[usize]) {
        self.table = gather(&self.table, self.keys.len(), rows);
        self.keys = rows.iter().map(|&at| self.keys[at]).collect();
        self.added = rows.iter().map(|&at| self.added[at]).collect();
    }

    /// Splits the places asked for into some between which all is known, and the others.
    fn known(&self, rows: &[usize]) -> (Vec<usize>, Vec<usize>) {
        let width = self.keys.len();
        let (mut known, mut missing): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
        for (at, &row) in rows.iter().enumerate() {
            let there = |&other: &usize| {
                let other = rows[other];
                self.table.seconds[row * width + other] != UNKNOWN
                    && self.table.seconds[other * width + row] != UNKNOWN
            };
            let own = self.table.seconds[row * width + row] != UNKNOWN;
            if own && known.iter().all(there) { known.push(at) } else { missing.push(at) }
        }
        (known, missing)
    }

    /// Fetches a block and puts it in; `from` and `to` count in the distinct places.
    fn fill(
        &mut self,
        from: &[usize],
        to: &[usize],
        rows: &[usize],
        distinct: &Distinct,
        fetch: &mut Fetch<'_>,
    ) -> Result<(), Error> {
        let first = |list: &[usize]| list.iter().map(|&at| distinct.first[at]).collect::<Vec<_>>();
        let block = fetch(&first(from), &first(to))?;
        let width = self.keys.len();
        let lines = block.seconds.chunks(to.len()).zip(block.metres.chunks(to.len()));
        for (&from, (seconds, metres)) in from.iter().zip(lines) {
            let row = rows[from] * width;
            for ((&to, &s), &m) in to.iter().zip(seconds).zip(metres) {
                self.table.seconds[row + rows[to]] = s;
                self.table.metres[row + rows[to]] = m;
            }
        }
        Ok(())
    }
}

/// The rows and columns at these places of a table so wide.
fn gather(from: &Table, width: usize, places: &[usize]) -> Table {
    let cells = places.len() * places.len();
    let (mut seconds, mut metres) = (Vec::with_capacity(cells), Vec::with_capacity(cells));
    for row in places {
        let range = row * width..(row + 1) * width;
        let (s, m) = (&from.seconds[range.clone()], &from.metres[range]);
        seconds.extend(places.iter().map(|&at| s[at]));
        metres.extend(places.iter().map(|&at| m[at]));
    }
    Table { seconds, metres }
}

/// Whether the table of so many places keeps within so many bytes.
fn fits(places: usize, bytes: usize) -> bool {
    places.saturating_mul(places).saturating_mul(PAIR) <= bytes
}

/// The places of a request without repetitions: several cases may share a door.
struct Distinct {
    /// Where in the request each distinct place stands first.
    first: Vec<usize>,
    /// Which distinct place each one of the request is.
    of: Vec<usize>,
}

impl Distinct {
    fn of(keys: &[Key]) -> Self {
        let (mut first, mut known) = (Vec::new(), HashMap::with_capacity(keys.len()));
        let number = |(at, key): (usize, &Key)| {
            *known.entry(*key).or_insert_with(|| {
                first.push(at);
                first.len() - 1
            })
        };
        let of = keys.iter().enumerate().map(number).collect();
        Self { first, of }
    }
}
