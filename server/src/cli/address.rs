//! `doorstep roads find`: an address, as the import looks it up.

use addresses::{Answer, Candidate, Grade, Lookup};

use super::args::{AcceptGrade, Cli};
use super::commands::{open_settings, travel_of};
use super::screen::say;
use crate::error::Error;
use crate::travel::Addresses;
use crate::usecases::find_address::find_address;

/// Places of an ambiguous address that are shown.
const MOST_SHOWN: usize = 8;

/// The grade of the library for that of the command line.
pub(super) fn grade(accept: AcceptGrade) -> Grade {
    match accept {
        AcceptGrade::House => Grade::House,
        AcceptGrade::Street => Grade::Street,
        AcceptGrade::Place => Grade::Place,
    }
}

pub(super) fn find(cli: &Cli, address: &str, as_json: bool) -> Result<(), Error> {
    let (dir, settings) = open_settings(cli)?;
    let travel = travel_of(&dir, &settings)?;
    let found = find_address(&Addresses::of(&dir, &travel), address)?;
    if as_json {
        say(&json(&found)?);
        return Ok(());
    }
    for line in lines(&found) {
        say(&line);
    }
    Ok(())
}

fn json(value: &impl serde::Serialize) -> Result<String, Error> {
    serde_json::to_string_pretty(value).map_err(|e| Error::Invalid(format!("as JSON: {e}")))
}

/// An answer in lines for a terminal.
fn lines(found: &Lookup) -> Vec<String> {
    let mut lines = match &found.answer {
        Answer::Found { found } => candidate(found),
        Answer::Ambiguous { candidates } => {
            let head = format!("Ambiguous: {} places.", candidates.len());
            let more = candidates.len().saturating_sub(MOST_SHOWN);
            let more = (more > 0)
                .then(|| format!("and {more} more: give town or postcode (--json has all)"));
            let some = candidates.iter().take(MOST_SHOWN).flat_map(candidate);
            std::iter::once(head).chain(some).chain(more).collect()
        }
        Answer::NotFound { why, suggestions } => {
            let head = format!("Not found: {why}.");
            let similar = suggestions.iter().map(|similar| format!("  similar: {similar}"));
            std::iter::once(head).chain(similar).collect()
        }
    };
    lines.extend(found.unit_asked.as_ref().map(|unit| format!("  unit {unit} was set aside")));
    lines
}

fn candidate(found: &Candidate) -> Vec<String> {
    let Candidate { grade, score, what, notes, .. } = found;
    let mut lines = vec![
        format!("{what}"),
        format!("  {:.6}, {:.6}  {grade}, score {score}", found.lat(), found.lon()),
    ];
    lines.extend(notes.iter().map(|note| format!("  {note}")));
    lines
}

#[cfg(test)]
mod tests {
    use addresses::{Index, Record, RecordKind, Records};

    use super::*;

    #[test]
    fn each_answer_has_its_lines() {
        let house = |osm_id, lat_e7, city: &str| Record {
            kind: RecordKind::Node,
            osm_id,
            lat_e7,
            lon_e7: -755_000_000,
            number: "7".into(),
            street: "Elm Street".into(),
            unit: None,
            city: Some(city.into()),
            postcode: None,
            state: None,
        };
        let houses = vec![house(1, 390_000_000, "Ashby"), house(2, 392_000_000, "Burton")];
        let many = (0..11).map(|n| house(100 + i64::from(n), 400_000_000 + 10_000_000 * n, ""));
        let many = Index::build(Records { houses: many.collect(), ..Records::default() });
        let all = lines(&many.find("7 Elm Street"));
        assert_eq!(all.len(), 1 + 3 * MOST_SHOWN + 1, "{all:?}");
        assert_eq!(all.last().unwrap(), "and 3 more: give town or postcode (--json has all)");
        let index = Index::build(Records { houses, ..Records::default() });
        let said = |text| lines(&index.find(text)).join("\n");
        insta::assert_snapshot!(said("7 Elm St #2, Ashby"), @r"
        7 Elm Street, Ashby
          39.000000, -75.500000  house, score 100
          unit 2 was set aside
        ");
        insta::assert_snapshot!(said("7 elm street"), @r"
        Ambiguous: 2 places.
        7 Elm Street, Ashby
          39.000000, -75.500000  house, score 80
          no town or postcode given
        7 Elm Street, Burton
          39.200000, -75.500000  house, score 80
          no town or postcode given
        ");
        insta::assert_snapshot!(said("9 Elm Street, Ashby"), @r"
        Elm Street, Ashby
          39.000000, -75.500000  street, score 80
          the map lacks this number; placed in the middle of the street
        ");
        insta::assert_snapshot!(said("7 Elm Street, Carlow"), @r"
        Not found: the map has the street, but knows no town or postcode `carlow`.
          similar: 7 Elm Street, Ashby (house at 39.000000, -75.500000)
          similar: 7 Elm Street, Burton (house at 39.200000, -75.500000)
        ");
    }
}
