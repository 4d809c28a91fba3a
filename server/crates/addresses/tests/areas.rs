//! State, postcode and town of an address against what the map has there.
#![expect(clippy::panic, reason = "tests")]

mod common;

use addresses::{Answer, Candidate, Grade, Index, Note, Place, PlaceKind, Reason, Records};
use common::{ASHBY, BURTON, beside, county, house, street};

/// The county, of which only some houses name their state.
fn with_states() -> Records {
    let mut records = county();
    for record in &mut records.houses {
        record.state = [2, 9].contains(&record.osm_id).then(|| "DE".to_owned());
    }
    records.houses.push(house(60, beside(BURTON, 3000, 0), ["1", "Far Road", "", ""]));
    if let Some(far) = records.houses.last_mut() {
        far.state = Some("MD".into());
    }
    records
}

#[track_caller]
fn found(index: &Index, text: &str) -> Candidate {
    match index.find(text).answer {
        Answer::Found { found } => found,
        other => panic!("{text}: {other:?}"),
    }
}

#[track_caller]
fn missing(index: &Index, text: &str) -> Reason {
    match index.find(text).answer {
        Answer::NotFound { why, .. } => why,
        other => panic!("{text}: {other:?}"),
    }
}

/// The house itself names no state; those beside it do.
#[test]
fn another_state_is_no_house_of_this_one() {
    let index = Index::build(with_states());
    let right = found(&index, "10 Main St, Ashby, DE 11111");
    assert_eq!((right.grade, right.score, right.notes.len()), (Grade::House, 100, 0));
    for text in ["10 Main St, Ashby, NJ", "10 Main St, Ashby, NJ 07102", "10 Main St, Ashby, MD"] {
        assert_eq!(missing(&index, text), Reason::NotThere, "{text}");
    }
    // The postcode says that it is here: a slip of the pen, and said.
    let slip = found(&index, "10 Main St, Ashby, MD 11111");
    assert_eq!((slip.grade, slip.score), (Grade::House, 75));
    assert_eq!(slip.notes, [Note::StateDiffers { map: "DE".into() }]);
    assert!(slip.is_doubtful());
}

#[test]
fn a_town_of_another_state_is_another_town() {
    let index = Index::build(with_states());
    for text in ["Ashby, NJ", "3 Nowhere Road, Ashby, NJ", "Ashby, MD"] {
        assert_eq!(missing(&index, text), Reason::OtherState, "{text}");
    }
    assert_eq!(found(&index, "Ashby, DE").score, 100);
}

#[test]
fn a_postcode_that_is_not_near_is_said() {
    let index = Index::build(county());
    // Loockerman Street's houses have none; 22222 is Burton's, 99999 nobody's.
    for code in ["99999", "22222"] {
        let far = found(&index, &format!("7 Loockerman St, Ashby {code}"));
        assert_eq!((far.grade, far.score), (Grade::House, 85), "{code}");
        assert_eq!(far.notes, [Note::PostcodeElsewhere { near: vec!["11111".into()] }]);
        assert!(far.is_doubtful());
    }
    assert!(!found(&index, "7 Loockerman St, Ashby 11111").is_doubtful());
    let town = found(&index, "Ashby 99999");
    assert_eq!((town.grade, town.score), (Grade::Place, 80));
    assert_eq!(town.notes, [Note::PostcodeElsewhere { near: vec!["11111".into()] }]);
    // A map without postcodes contradicts none.
    let mut bare = county();
    bare.houses.iter_mut().for_each(|house| house.postcode = None);
    assert!(!found(&Index::build(bare), "7 Loockerman St, Ashby 99999").is_doubtful());
}

/// `Ashby, 11111` was read as a slip for Ashby Avenue.
#[test]
fn a_town_is_not_the_street_named_after_it() {
    let mut records = county();
    records.streets.push(street("Ashby Avenue", beside(ASHBY, 10, 0), beside(ASHBY, 10, 40)));
    records.streets.push(street("Ashby", beside(ASHBY, 15, 0), beside(ASHBY, 15, 40)));
    records.streets.push(street("Ashby Road", beside(ASHBY, 20, 0), beside(ASHBY, 20, 40)));
    let index = Index::build(records);
    for text in ["Ashby, 11111", "Ashby 11111", "ashby 11111 USA"] {
        let town = found(&index, text);
        assert_eq!((town.grade, town.score, town.what.street), (Grade::Place, 100, None), "{text}");
    }
    let unknown = found(&index, "1181 Paddock Rd, Ashby 11111");
    assert_eq!((unknown.grade, unknown.score), (Grade::Place, 50));
    assert!(matches!(unknown.notes.first(), Some(Note::StreetUnknown { .. })), "{unknown:?}");
    // Asked for as a street it is one.
    assert_eq!(found(&index, "3 Ashby Ave, Ashby").grade, Grade::Street);
}

#[test]
fn a_letter_that_is_a_direction_is_no_letter_of_the_number() {
    let mut records = county();
    records.houses.push(house(70, beside(ASHBY, 5, 5), ["90", "East Main Street", "Ashby", ""]));
    let index = Index::build(records.clone());
    let east = found(&index, "90 E Main St");
    assert_eq!(east.what.street.as_deref(), Some("East Main Street"));
    records.houses.push(house(71, beside(BURTON, 0, 15), ["90E", "Main Street", "Burton", ""]));
    let Answer::Ambiguous { candidates } = Index::build(records).find("90 E Main St").answer else {
        panic!("there is a house 90E, too")
    };
    assert_eq!(candidates.len(), 2);
}

#[test]
fn near_is_the_place_asked_for() {
    let mut records = county();
    let (lat_e7, lon_e7) = beside(BURTON, 75, 0);
    records.places.push(Place {
        name: "Cross Keys".into(),
        kind: PlaceKind::Hamlet,
        lat_e7,
        lon_e7,
    });
    let index = Index::build(records);
    let birch = found(&index, "Birch Ave, Cross Keys");
    assert_eq!(birch.what.near.as_deref(), Some("Cross Keys"));
    assert_eq!(found(&index, "Birch Ave, Burton").what.near.as_deref(), Some("Burton"));
}

#[test]
fn the_score_goes_with_the_grade() {
    let index = Index::build(county());
    for (text, grade, score) in [
        ("10 Main St, Ashby", Grade::House, 100),
        ("15 Main St, Ashby", Grade::Street, 80),
        ("Main St, Ashby", Grade::Street, 100),
        ("15 Nowhere St, Ashby", Grade::Place, 50),
        ("Ashby", Grade::Place, 100),
    ] {
        let found = found(&index, text);
        assert_eq!((found.grade, found.score), (grade, score), "{text}");
    }
}
