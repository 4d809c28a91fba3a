//! Laws of normalisation and look-up.
#![expect(clippy::unwrap_used, reason = "tests")]

mod common;

use addresses::{
    Answer, Candidate, Grade, Index, OpenError, Record, Records, normalise, open, save,
};
use proptest::prelude::*;

use common::{county, house, street, town};

const STREETS: [&str; 8] = [
    "Main Street",
    "N Main St",
    "St. Marys Road",
    "Hauptstraße",
    "Müllerweg",
    "Calle de Alcalá",
    "2nd Avenue",
    "Dr. King Dr.",
];
const NUMBERS: [&str; 8] = ["1", "12", "12A", "12 1/2", "12-16", "14", "7;9", "W5"];
const CITIES: [&str; 4] = ["", "Ashby", "Burton", "St. Georges"];
const CODES: [&str; 3] = ["", "11111", "22222"];

/// Houses on a grid of about 300 m, so that some are far apart and some are not.
fn records() -> impl Strategy<Value = Records> {
    let one = (0..8_usize, 0..8_usize, 0..4_usize, 0..3_usize, 0..40_i32, 0..40_i32);
    prop::collection::vec(one, 1..25).prop_map(|all| {
        let houses = (1..).zip(all).map(|(id, (number, street, city, code, y, x))| {
            let at = (390_000_000 + 30_000 * y, -755_000_000 + 30_000 * x);
            house(id, at, [NUMBERS[number], STREETS[street], CITIES[city], CODES[code]])
        });
        Records {
            houses: houses.collect(),
            streets: vec![street(
                "Main Street",
                (390_000_000, -755_000_000),
                (390_020_000, -755_000_000),
            )],
            places: vec![town("Ashby", (390_200_000, -755_000_000))],
        }
    })
}

/// An address in one line, as somebody would write it from the record.
fn line(record: &Record) -> String {
    let number = record.number.split(';').next().unwrap();
    let mut text = format!("{number} {}", record.street);
    for part in [&record.city, &record.postcode].into_iter().flatten() {
        text += &format!(", {part}");
    }
    text
}

fn candidates(answer: &Answer) -> Vec<&Candidate> {
    match answer {
        Answer::Found { found } => vec![found],
        Answer::Ambiguous { candidates } => candidates.iter().collect(),
        Answer::NotFound { .. } => Vec::new(),
    }
}

/// Metres, roughly, at this latitude.
fn apart_m(found: &Candidate, record: &Record) -> f64 {
    let y = f64::from(found.lat_e7 - record.lat_e7) * 0.0111;
    let x = f64::from(found.lon_e7 - record.lon_e7) * 0.0087;
    (x * x + y * y).sqrt()
}

proptest! {
    #[test]
    fn normalisation_is_idempotent(text in "\\PC{0,40}") {
        let once = normalise(&text);
        prop_assert_eq!(normalise(&once), once);
    }

    #[test]
    fn normalisation_of_addresses_is_idempotent(text in "[A-Za-zÄÖÜäöüßéñ0-9 .,;#/½'&()-]{0,40}") {
        let once = normalise(&text);
        prop_assert_eq!(normalise(&once), once.clone());
        prop_assert_eq!(normalise(&text.to_uppercase()), normalise(&text.to_lowercase()));
    }

    #[test]
    fn every_house_is_found_by_its_own_address(records in records()) {
        let index = Index::build(records.clone());
        for record in &records.houses {
            let asked = line(record);
            let answer = index.find(&asked).answer;
            let houses: Vec<_> =
                candidates(&answer).into_iter().filter(|c| c.grade == Grade::House).collect();
            prop_assert!(!houses.is_empty(), "{}: {:?}", asked, answer);
            // Either it, or a better one of the very address, or it is in the list.
            let here = houses.iter().any(|c| apart_m(c, record) <= 210.0);
            let fully = houses.iter().any(|c| c.score == 100);
            let complete = record.city.is_some() && record.postcode.is_some();
            prop_assert!(here || (fully && !complete), "{}: {:?}", asked, answer);
        }
    }

    #[test]
    fn letter_case_and_order_of_parts_do_not_matter(records in records(), at in 0..25_usize) {
        let index = Index::build(records.clone());
        let asked = line(&records.houses[at % records.houses.len()]);
        let answer = index.find(&asked).answer;
        prop_assert_eq!(&index.find(&asked.to_uppercase()).answer, &answer);
        prop_assert_eq!(&index.find(&asked.to_lowercase()).answer, &answer);
        let mut parts: Vec<&str> = asked.split(", ").collect();
        parts.reverse();
        prop_assert_eq!(&index.find(&parts.join(", ")).answer, &answer);
    }

    #[test]
    fn the_order_of_the_records_does_not_matter(records in records(), seed in any::<u64>()) {
        let index = Index::build(records.clone());
        let mut shuffled = records.clone();
        shuffled.houses.sort_by_key(|r| (r.osm_id.unsigned_abs() ^ seed).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let other = Index::build(shuffled);
        for record in &records.houses {
            prop_assert_eq!(index.find(&line(record)), other.find(&line(record)));
        }
    }

    #[test]
    fn what_is_saved_comes_back(records in records()) {
        let tidy = records.tidy();
        prop_assert_eq!(tidy.clone().tidy(), tidy.clone());
        let saved = open(&save(&tidy, "of this")).unwrap();
        prop_assert_eq!(saved.records, tidy);
        prop_assert_eq!(saved.fingerprint, "of this");
    }

    #[test]
    fn no_text_breaks_a_look_up(text in "\\PC{0,60}") {
        let _ = Index::build(county()).find(&text);
    }

    #[test]
    fn a_damaged_file_is_refused(at in any::<prop::sample::Index>(), bit in 0..8_u32) {
        let mut bytes = save(&county().tidy(), "x");
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        prop_assert!(open(&bytes).is_err());
    }
}

#[test]
fn other_files_are_called_what_they_are() {
    let bytes = save(&county().tidy(), "x");
    assert_eq!(open(b"DSROADS\n").unwrap_err(), OpenError::NotAddresses);
    assert!(matches!(open(&bytes[..bytes.len() - 1]).unwrap_err(), OpenError::Truncated { .. }));
    let mut newer = bytes.clone();
    newer[8] = 9;
    assert_eq!(open(&newer).unwrap_err(), OpenError::OtherVersion { found: 9, expected: 1 });
    let mut longer = bytes;
    longer.push(0);
    assert_eq!(open(&longer).unwrap_err(), OpenError::Corrupted { what: "checksum" });
}
