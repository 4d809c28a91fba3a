//! Look-ups in a made-up county whose answers are plain to see.
#![expect(clippy::panic, reason = "tests")]

mod common;

use addresses::{Answer, Candidate, Grade, Index, Note, Reason, Split};
use common::{ASHBY, BURTON, beside, county, house, street, town};

fn index() -> Index {
    Index::build(county())
}

#[track_caller]
fn found(text: &str) -> Candidate {
    match index().find(text).answer {
        Answer::Found { found } => found,
        other => panic!("{text}: {other:?}"),
    }
}

#[track_caller]
fn ambiguous(text: &str) -> Vec<Candidate> {
    match index().find(text).answer {
        Answer::Ambiguous { candidates } => candidates,
        other => panic!("{text}: {other:?}"),
    }
}

#[track_caller]
fn missing(text: &str) -> (Reason, Vec<String>) {
    match index().find(text).answer {
        Answer::NotFound { why, suggestions } => (why, suggestions),
        other => panic!("{text}: {other:?}"),
    }
}

#[track_caller]
fn at(found: &Candidate, at: (i32, i32)) {
    assert_eq!((found.lat_e7, found.lon_e7), at, "{found}");
}

#[test]
fn a_house_is_found_however_it_is_written() {
    for text in [
        "10 Main Street, Ashby",
        "10 main st. ashby",
        "ASHBY, 10 MAIN STREET",
        "10 Main St, Ashby 11111",
        "10 Main St Ashby 11111-1234 USA",
        "11111 Ashby, Main Street 10",
        "Main Street, 10, 11111",
        "10 Main St Apt 4, Ashby",
        "10 Main St #4, Ashby",
        "Apt 4, 10 Main St, Ashby",
    ] {
        let found = found(text);
        assert_eq!((found.grade, found.score), (Grade::House, 100), "{text}: {found:?}");
        at(&found, beside(ASHBY, 0, 10));
        assert!(found.notes.is_empty(), "{text}: {found:?}");
    }
    assert_eq!(index().find("10 Main St Apt 4b, Ashby").unit_asked.as_deref(), Some("4b"));
    at(&found("14 a Main St, Ashby"), beside(ASHBY, 0, 14));
    at(&found("3 St Marys St, Burton"), beside(BURTON, 40, 1));
}

#[test]
fn parts_that_are_known_need_not_be_parsed() {
    let split = Split { number: "10", street: "Main St", city: "burton", ..Split::default() };
    let Answer::Found { found } = index().find_split(&split).answer else { panic!() };
    at(&found, beside(BURTON, 0, 10));
    let nowhere = Split { city: "Carlow", ..split };
    let Answer::NotFound { why, .. } = index().find_split(&nowhere).answer else { panic!() };
    assert_eq!(why, Reason::TownUnknown { words: "carlow".into() });
}

#[test]
fn one_address_in_two_towns_is_ambiguous_without_its_town() {
    let both = ambiguous("10 Main Street");
    assert_eq!(both.iter().map(|c| c.grade).collect::<Vec<_>>(), [Grade::House, Grade::House]);
    let towns: Vec<_> = both.iter().map(|c| c.what.city.as_deref().unwrap()).collect();
    assert_eq!(towns, ["Ashby", "Burton"]);
}

/// One Elm Street has a house 5 on the map. The other may have one, too.
#[test]
fn a_number_missing_on_the_other_street_decides_nothing() {
    let both = ambiguous("5 Elm Street");
    assert_eq!(both.iter().map(|c| c.grade).collect::<Vec<_>>(), [Grade::House, Grade::Street]);
    let found = found("5 Elm Street, Ashby");
    assert_eq!((found.grade, found.score), (Grade::House, 90));
    assert_eq!(found.notes, [Note::TownByDistance]);
    assert!(!found.is_doubtful());
}

#[test]
fn the_only_street_of_a_name_needs_no_town_but_says_so() {
    let found = found("7 Loockerman Street");
    assert_eq!((found.grade, found.score), (Grade::House, 80));
    assert_eq!(found.notes, [Note::NoTown]);
    assert!(found.is_doubtful());
}

#[test]
fn a_town_that_is_not_there_is_never_another() {
    let (why, suggestions) = missing("10 Main Street, Springfield");
    assert_eq!(why, Reason::TownUnknown { words: "springfield".into() });
    assert_eq!(suggestions.len(), 2, "{suggestions:?}");
    assert!(suggestions[0].contains("Ashby"), "{suggestions:?}");
    missing("10 Main Street Springfield");
    let (why, _) = missing("10 Main Street, 99999");
    assert_eq!(why, Reason::NotThere);
}

#[test]
fn a_contradiction_is_refused_or_said() {
    let other_code = found("10 Main Street, Ashby, 99999");
    assert_eq!(other_code.score, 80);
    assert_eq!(other_code.notes, [Note::PostcodeDiffers { map: "11111".into() }]);
    // Burton's Main Street without a 20, or Ashby's 20 under that postcode: neither is better.
    let grades: Vec<_> =
        ambiguous("20 Main Street, Burton, 11111").iter().map(|c| c.grade).collect();
    assert_eq!(grades, [Grade::House, Grade::Street]);
    let extra = found("Blue Hall, 10 Main Street, Ashby");
    assert_eq!(extra.notes, [Note::NotUnderstood { words: "blue hall".into() }]);
    assert!(extra.is_doubtful() && extra.score < 100);
}

#[test]
fn a_missing_number_is_placed_between_its_neighbours() {
    let found = found("15 Main Street, Ashby");
    assert_eq!(found.grade, Grade::Street);
    let between = Some(("14".to_owned(), "20".to_owned()));
    assert_eq!(found.notes, [Note::NumberUnknown { between }]);
    assert_eq!(
        (found.lat_e7, found.lon_e7),
        (ASHBY.0, -754_980_500),
        "a sixth of the way from 14 to 20"
    );
    let beyond = self::found("400 Main Street, Ashby");
    assert_eq!(beyond.notes, [Note::NumberUnknown { between: None }]);
    // 14A is not 14.
    assert_eq!(self::found("14 Main Street, Ashby").grade, Grade::Street);
}

#[test]
fn a_street_without_number_is_a_street() {
    let found = found("Birch Ave, Burton");
    assert_eq!(
        (found.grade, &found.notes[..]),
        (Grade::Street, &[Note::TownByDistance, Note::NoNumber][..])
    );
    at(&found, beside(BURTON, 70, 0));
}

#[test]
fn ranges_are_said() {
    let found = found("14 Hauptstr., Burton");
    assert_eq!((found.grade, found.score), (Grade::House, 95));
    assert_eq!(found.notes, [Note::NumberInRange { map: "12-16".into() }]);
    assert_eq!(self::found("Hauptstrasse 12-16, Burton").score, 100);
    assert_eq!(self::found("Haupt Str. 13, Burton").grade, Grade::Street);
}

#[test]
fn a_slip_of_the_pen_costs_score_and_needs_a_town() {
    let slip = found("7 Lockerman Street, Ashby");
    assert_eq!((slip.grade, slip.score), (Grade::House, 90));
    assert_eq!(slip.notes, [Note::Spelling { map: "Loockerman Street".into() }]);
    let no_type = found("7 Loockerman, Ashby");
    assert_eq!((no_type.grade, no_type.score), (Grade::House, 95));
    let (why, suggestions) = missing("7 Lockerman Street");
    assert_eq!((why, suggestions), (Reason::Unknown, vec!["Loockerman Street".to_owned()]));
}

/// Quay Road and Quay Lane: to leave the type out is no choice between them.
#[test]
fn what_is_not_certain_stays_ambiguous() {
    assert_eq!(ambiguous("1 Quay, Ashby").len(), 2);
    assert_eq!(ambiguous("1 Qway, Ashby").len(), 2);
    let mut records = county();
    records.houses.push(house(20, beside(ASHBY, 40, 30), ["9", "Birken Street", "Ashby", ""]));
    records.houses.push(house(21, beside(ASHBY, 50, 30), ["8", "Birkes Street", "Ashby", ""]));
    let Answer::Ambiguous { candidates } = Index::build(records).find("9 Birkex St, Ashby").answer
    else {
        panic!("the house of one must not outweigh the street of the other")
    };
    assert_eq!(candidates.len(), 2);
}

/// Directions and types are never a slip of each other; such a street is only suggested. A direction that is left out
/// is one of several.
#[test]
fn a_direction_is_never_guessed_or_exchanged() {
    at(&found("33 N Oak St, Ashby"), beside(ASHBY, 95, 1));
    let both = ambiguous("33 Oak Street, Ashby");
    let streets: Vec<_> = both.iter().map(|c| c.what.street.as_deref().unwrap()).collect();
    assert_eq!(streets, ["North Oak Street", "South Oak Street"]);
    for text in ["33 East Oak Street, Ashby", "33 North Oak Avenue, Ashby"] {
        let found = found(text);
        assert_eq!((found.grade, found.score), (Grade::Place, 50), "{text}");
        let Some(Note::StreetUnknown { similar }) = found.notes.first() else {
            panic!("{found:?}")
        };
        assert!(similar.iter().any(|name| name.ends_with("Oak Street")), "{similar:?}");
    }
    // The only one is not taken for it either: the other may be off the map.
    let mut records = county();
    records.houses.push(house(20, beside(ASHBY, 40, 30), ["9", "West Birken Street", "Ashby", ""]));
    let Answer::Found { found } = Index::build(records).find("9 Birken St, Ashby").answer else {
        panic!()
    };
    assert_eq!(found.grade, Grade::Place);
}

#[test]
fn a_town_alone_is_a_place() {
    let place = found("Burton");
    assert_eq!((place.grade, place.notes.len()), (Grade::Place, 0));
    at(&place, BURTON);
    assert_eq!(found("11111").grade, Grade::Place);
    let unknown = found("99 Nowhere Road, Burton");
    assert_eq!(unknown.grade, Grade::Place);
    assert!(unknown.is_doubtful());
    assert_eq!(missing("").0, Reason::Empty);
    assert_eq!(missing(" ,;").0, Reason::Empty);
    assert_eq!(missing("gibberish").0, Reason::Unknown);
}

#[test]
fn two_towns_of_one_name_are_listed() {
    let mut records = county();
    records.places.push(town("Ashby", beside(ASHBY, 5000, 0)));
    let index = Index::build(records);
    let Answer::Ambiguous { candidates } = index.find("Ashby").answer else { panic!() };
    assert_eq!(candidates.len(), 2);
    // The postcode tells them apart.
    assert!(matches!(index.find("Ashby 11111").answer, Answer::Found { .. }));
}

#[test]
fn a_state_is_compared_where_the_map_has_one() {
    let mut records = county();
    for record in &mut records.houses {
        record.state = Some(if record.osm_id == 4 { "Maryland" } else { "DE" }.into());
    }
    let index = Index::build(records);
    for (text, expected) in [("10 Main St, DE", "Ashby"), ("10 Main St, MD", "Burton")] {
        let Answer::Found { found } = index.find(text).answer else { panic!("{text}") };
        assert_eq!(found.what.city.as_deref(), Some(expected));
    }
    let delaware = index.find("10 Main St, Ashby, Delaware 11111").answer;
    assert!(matches!(delaware, Answer::Found { found } if found.score == 100));
    assert!(matches!(index.find("10 Main St, NY").answer, Answer::NotFound { .. }));
}

/// `Main Pl` may be Main Place or Main Plaza.
#[test]
fn an_abbreviation_of_two_words_does_not_choose() {
    let mut records = county();
    records.houses.push(house(30, beside(ASHBY, 10, 5), ["2", "Main Place", "Ashby", ""]));
    records.houses.push(house(31, beside(ASHBY, 14, 5), ["2", "Main Plaza", "Ashby", ""]));
    let index = Index::build(records);
    let Answer::Ambiguous { candidates } = index.find("2 Main Pl, Ashby").answer else { panic!() };
    assert_eq!(candidates.len(), 2);
    let plaza = index.find("2 Main Plaza, Ashby").answer;
    assert!(matches!(plaza, Answer::Found { found } if found.score == 100));
}

#[test]
fn a_house_mapped_twice_is_one_and_the_flat_tells() {
    let mut records = county();
    let mut flat = house(40, beside(ASHBY, 2, 10), ["10", "Main Street", "Ashby", "11111"]);
    flat.unit = Some("Apt 4".into());
    records.houses.push(flat);
    let index = Index::build(records);
    let Answer::Found { found } = index.find("10 Main Street #4, Ashby").answer else { panic!() };
    at(&found, beside(ASHBY, 2, 10));
    assert!(matches!(index.find("10 Main Street, Ashby").answer, Answer::Found { .. }));
}

#[test]
fn a_long_street_without_houses_in_the_town_asked_for() {
    let mut records = county();
    records.streets.push(street("Long Road", beside(ASHBY, -200, 0), beside(BURTON, 200, 0)));
    let Answer::Found { found } = Index::build(records).find("Long Rd, Ashby").answer else {
        panic!()
    };
    assert_eq!(found.grade, Grade::Street);
}
