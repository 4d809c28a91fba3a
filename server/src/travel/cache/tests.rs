use std::cell::Cell;

use proptest::prelude::*;

use super::*;

const WIDE: Limits = Limits { bytes: 1 << 20, age_s: None };

/// A time that differs by direction, and a pair without a way.
fn cell(from: Key, to: Key) -> (u32, u32) {
    let [a, b] = [from[0] * 31 + from[1], to[0] * 31 + to[1]];
    if a % 7 == 3 && b % 5 == 1 { (u32::MAX, u32::MAX) } else { (a * 1_000 + b, a + b * 1_000) }
}

fn whole(keys: &[Key]) -> Table {
    let cells = || keys.iter().flat_map(|&from| keys.iter().map(move |&to| cell(from, to)));
    Table { seconds: cells().map(|c| c.0).collect(), metres: cells().map(|c| c.1).collect() }
}

/// Asks, and returns the table with the number of cells that were computed for it.
fn ask(cache: &mut Cache, keys: &[Key], now: i64, limits: Limits) -> (Table, usize) {
    let computed = Cell::new(0);
    let (table, _) = cache
        .table(keys, now, limits, &mut |from, to| {
            computed.set(computed.get() + from.len() * to.len());
            let cells = || from.iter().flat_map(|&f| to.iter().map(move |&t| (f, t)));
            let cells = || cells().map(|(f, t)| cell(keys[f], keys[t]));
            let (seconds, metres) =
                (cells().map(|c| c.0).collect(), cells().map(|c| c.1).collect());
            Ok(Table { seconds, metres })
        })
        .unwrap();
    (table, computed.get())
}

fn keys(numbers: impl IntoIterator<Item = u32>) -> Vec<Key> {
    numbers.into_iter().map(|n| [n, n % 3]).collect()
}

#[test]
fn the_same_places_again_compute_nothing() {
    let mut cache = Cache::default();
    let places = keys(0..10);
    assert_eq!(ask(&mut cache, &places, 0, WIDE), (whole(&places), 100));
    assert_eq!(ask(&mut cache, &places, 0, WIDE), (whole(&places), 0));
    let some = keys([7, 2, 2, 9]);
    assert_eq!(ask(&mut cache, &some, 0, WIDE), (whole(&some), 0));
}

#[test]
fn new_places_add_rows_and_columns_only() {
    let mut cache = Cache::default();
    ask(&mut cache, &keys(0..10), 0, WIDE);
    let more = keys(0..12);
    // Two rows of twelve, and two columns of the ten others.
    assert_eq!(ask(&mut cache, &more, 0, WIDE), (whole(&more), 2 * 12 + 10 * 2));
    assert_eq!(ask(&mut cache, &more, 0, WIDE).1, 0);
}

#[test]
fn a_place_that_is_asked_for_twice_is_computed_once() {
    let places = keys([4, 4, 4, 5]);
    assert_eq!(ask(&mut Cache::default(), &places, 0, WIDE), (whole(&places), 4));
    let none = Limits { bytes: 0, age_s: None };
    assert_eq!(ask(&mut Cache::default(), &places, 0, none), (whole(&places), 4));
    assert_eq!(ask(&mut Cache::default(), &[], 0, WIDE), (Table::default(), 0));
}

#[test]
fn it_never_grows_beyond_its_bound() {
    let tight = Limits { bytes: 10 * 10 * PAIR, age_s: None };
    let mut cache = Cache::default();
    ask(&mut cache, &keys(0..8), 0, tight);
    // No room for 3 more: the 6 that are not asked for go.
    assert_eq!(ask(&mut cache, &keys(6..11), 0, tight).1, 5 * 5 - 2 * 2);
    assert_eq!(cache.keys.len(), 5);
    let many = keys(0..11);
    assert_eq!(ask(&mut cache, &many, 0, tight), (whole(&many), 121));
    assert_eq!(cache.keys.len(), 5, "too many to be kept");
}

#[test]
fn old_places_are_asked_for_again() {
    let aged = Limits { age_s: Some(100), ..WIDE };
    let mut cache = Cache::default();
    ask(&mut cache, &keys(0..4), 1_000, aged);
    ask(&mut cache, &keys(0..6), 1_060, aged);
    assert_eq!(ask(&mut cache, &keys(0..6), 1_099, aged).1, 0);
    assert_eq!(ask(&mut cache, &keys(0..6), 1_100, aged).1, 36 - 4, "the first four are old");
    assert_eq!(ask(&mut cache, &keys(0..6), 900, aged).1, 36, "the clock was set back");
}

#[test]
fn a_failed_fetch_leaves_what_was_known() {
    let mut cache = Cache::default();
    ask(&mut cache, &keys(0..4), 0, WIDE);
    let failed = cache.table(&keys(0..6), 0, WIDE, &mut |_, _| Err(Error::Roads("no".into())));
    assert!(failed.is_err());
    assert_eq!(ask(&mut cache, &keys(0..4), 0, WIDE).1, 0);
    assert_eq!(ask(&mut cache, &keys(0..6), 0, WIDE), (whole(&keys(0..6)), 36 - 16));
}

#[test]
fn peeking_computes_nothing() {
    let mut cache = Cache::default();
    ask(&mut cache, &keys(0..4), 0, WIDE);
    let pair = keys([3, 1]);
    assert_eq!(cache.peek(&pair, 0, WIDE), Some(whole(&pair)));
    assert_eq!(cache.peek(&keys([3, 8]), 0, WIDE), None);
}

#[test]
fn the_file_brings_back_what_was_kept() {
    let mut cache = Cache::default();
    ask(&mut cache, &keys(0..5), 77, WIDE);
    let bytes = write(&cache, "http://x driving");
    assert_eq!(read(&bytes, "http://x driving").unwrap(), cache);
    assert_eq!(read(&bytes, "http://y driving").unwrap(), Cache::default(), "another server");
    for at in 0..bytes.len() {
        let mut bad = bytes.clone();
        bad[at] ^= 0x10;
        assert!(read(&bad, "http://x driving").is_err(), "byte {at}");
        assert!(read(&bytes[..at], "http://x driving").is_err(), "cut at {at}");
    }
}

proptest! {
    /// Whatever is asked for in whatever order and with whatever room: the answer is the same as
    /// without a cache.
    #[test]
    fn any_sequence_gives_what_computing_gives(
        requests in prop::collection::vec(
            (prop::collection::vec(0_u32..12, 0..9), 0_i64..50), 1..12),
        room in 0_usize..12,
        age in prop::option::of(1_i64..60),
    ) {
        let limits = Limits { bytes: room * room * PAIR, age_s: age };
        let (mut cache, mut now) = (Cache::default(), 0);
        for (numbers, later) in requests {
            now += later;
            let places = keys(numbers);
            prop_assert_eq!(ask(&mut cache, &places, now, limits).0, whole(&places));
            prop_assert!(cache.keys.len() <= room);
            cache = read(&write(&cache, "x"), "x").unwrap();
        }
    }
}
