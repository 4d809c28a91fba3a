//! Addresses instead of coordinates. What is not certain is told with what it may be, and refused.

use std::fmt;

use addresses::{Answer, Candidate, Grade, Index};
use sync_core::model::Position;

use super::cell::Row;
use crate::error::Error;
use crate::travel::Addresses;

/// Candidates named in one problem.
const NAMED: usize = 4;
/// Coordinates farther from the house of their address are told, in metres.
const ELSEWHERE_M: f64 = 500.0;

/// How an import looks up addresses.
#[derive(Debug, Clone, Copy)]
pub struct Finder<'a> {
    /// Where.
    pub addresses: &'a Addresses,
    /// The worst grade that is taken.
    pub accept: Grade,
}

/// What became of the addresses that were looked up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LookedUp {
    /// Taken: the house.
    pub house: usize,
    /// Taken: some point of the street.
    pub street: usize,
    /// Taken: some point of the town.
    pub place: usize,
    /// Refused: several places.
    pub ambiguous: usize,
    /// Refused: nothing.
    pub not_found: usize,
    /// Refused: the street or town only.
    pub too_rough: usize,
}

impl LookedUp {
    /// How many were looked up.
    #[must_use]
    pub fn all(&self) -> usize {
        self.house + self.street + self.place + self.refused()
    }

    /// How many were not taken.
    #[must_use]
    pub fn refused(&self) -> usize {
        self.ambiguous + self.not_found + self.too_rough
    }

    fn take(&mut self, grade: Grade) {
        match grade {
            Grade::House => self.house += 1,
            Grade::Street => self.street += 1,
            Grade::Place => self.place += 1,
        }
    }
}

impl fmt::Display for LookedUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [
            (self.house, "to the house"),
            (self.street, "to the street"),
            (self.place, "to the place"),
            (self.ambiguous, "ambiguous"),
            (self.not_found, "not found"),
            (self.too_rough, "not good enough"),
        ];
        let said = parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}"));
        let looked = if self.all() == 1 { "1 address" } else { "addresses" };
        write!(f, "{looked} looked up: {}", said.collect::<Vec<_>>().join(", "))
    }
}

/// The position of an address. `None` after a problem was noted.
pub(super) fn find(
    row: &mut Row<'_>,
    column: &'static str,
    finder: Option<&Finder<'_>>,
) -> Result<Option<(Position, Grade)>, Error> {
    // The index takes as long an address as the column does.
    let Some(text) = row.optional(column, 300) else { return Ok(None) };
    let Some((index, finder)) = opened(finder)? else {
        row.bad(
            column,
            "no_address_file",
            "there is no file to look addresses up in".into(),
            "run `doorstep roads build --pbf FILE` first, or fill in the coordinates",
        );
        return Ok(None);
    };
    Ok(match index.find(&text).answer {
        Answer::Found { found } => take(row, column, finder, &text, &found),
        Answer::Ambiguous { candidates } => {
            row.report.looked_up.ambiguous += 1;
            let cause = format!("{} may be {}", quoted(&text), list(&candidates));
            let remedy = "write the address in full, with town and postcode, or fill in the coordinates of the one that is meant";
            row.bad(column, "address_ambiguous", cause, remedy);
            None
        }
        Answer::NotFound { why, suggestions } => {
            row.report.looked_up.not_found += 1;
            let mut cause = format!("{} was not found: {why}", quoted(&text));
            if !suggestions.is_empty() {
                cause += &format!("; similar: {}", suggestions.join("; "));
            }
            row.bad(column, "address_not_found", cause, "correct it, or fill in the coordinates");
            None
        }
    })
}

fn opened<'a>(finder: Option<&Finder<'a>>) -> Result<Option<(&'a Index, Finder<'a>)>, Error> {
    let Some(finder) = finder else { return Ok(None) };
    Ok(finder.addresses.index()?.map(|index| (index, *finder)))
}

/// Takes what was found if it is good enough.
fn take(
    row: &mut Row<'_>,
    column: &'static str,
    finder: Finder<'_>,
    text: &str,
    found: &Candidate,
) -> Option<(Position, Grade)> {
    let notes: Vec<String> = found.notes.iter().map(ToString::to_string).collect();
    let told = format!("{} is known as {found}: {}", quoted(text), notes.join("; "));
    let told = told.trim_end_matches(": ").to_owned();
    let grade = found.grade;
    if grade < finder.accept {
        row.report.looked_up.too_rough += 1;
        let remedy = format!(
            "correct it, fill in the coordinates, or take all that are known to the {grade} with --accept-grade {grade}"
        );
        row.bad(column, "address_rough", told, &remedy);
        return None;
    }
    let position = match Position::from_e7(found.lat_e7, found.lon_e7) {
        Ok(position) => position,
        Err(error) => {
            let remedy = "build the roads again from a sound extract, or fill in the coordinates";
            row.bad(column, "not_a_position", error.to_string(), remedy);
            return None;
        }
    };
    row.report.looked_up.take(grade);
    if grade != Grade::House {
        row.odd(
            column,
            "address_rough",
            told,
            "taken as --accept-grade says; the agent has to look for the door",
        );
    } else if found.is_doubtful() {
        row.odd(column, "address_doubtful", told, "check it, and write it as the map has it");
    }
    Some((position, grade))
}

/// Tells of coordinates that are far from the house of their address. They are taken all the same.
pub(super) fn compare(
    row: &mut Row<'_>,
    column: &'static str,
    at: Position,
    finder: Option<&Finder<'_>>,
) -> Result<(), Error> {
    let text = row.text(column).to_owned();
    if text.is_empty() {
        return Ok(());
    }
    let Some((index, _)) = opened(finder)? else { return Ok(()) };
    let Answer::Found { found } = index.find(&text).answer else { return Ok(()) };
    let metres = distance_m(at, &found);
    if found.grade == Grade::House && !found.is_doubtful() && metres > ELSEWHERE_M {
        let cause =
            format!("{} is known as {found}, {:.1} km away", quoted(&text), metres / 1000.0);
        let remedy = "the coordinates are taken; check which of the two is right";
        row.odd(column, "address_elsewhere", cause, remedy);
    }
    Ok(())
}

fn distance_m(at: Position, found: &Candidate) -> f64 {
    use geo::{Distance as _, Haversine, Point};
    Haversine.distance(Point::new(at.lon(), at.lat()), Point::new(found.lon(), found.lat()))
}

fn list(candidates: &[Candidate]) -> String {
    let mut text: Vec<String> = candidates.iter().take(NAMED).map(ToString::to_string).collect();
    if candidates.len() > NAMED {
        text.push(format!("{} more", candidates.len() - NAMED));
    }
    text.join(" or ")
}

/// An address for a message: longer than other cells, because it is all that tells which one it is.
fn quoted(text: &str) -> String {
    let short: String = text.chars().take(80).collect();
    let dots = if text.chars().count() > 80 { "..." } else { "" };
    format!("`{short}{dots}`")
}
