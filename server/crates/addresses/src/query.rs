//! An address asked for, and all ways to read it. Which one was meant is decided by what the map has.

use crate::index::Index;
use crate::number::{HouseNumber, is_number};
use crate::regions::{self, is_country, is_state, may_be_postcode};
use crate::text::{Word, parts};
use crate::words::is_unit;

/// An address by its parts; what is not known is empty.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Split<'a> {
    /// House number.
    pub number: &'a str,
    /// Street.
    pub street: &'a str,
    /// Flat or suite.
    pub unit: &'a str,
    /// Town.
    pub city: &'a str,
    /// Postcode.
    pub postcode: &'a str,
    /// State or province.
    pub state: &'a str,
}

/// The area an address says it is in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Area {
    pub(crate) cities: Vec<u32>,
    pub(crate) postcode: Option<Code>,
    pub(crate) state: Option<String>,
    country: bool,
}

/// A postcode asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Code {
    text: String,
    /// The one of the index, if it has it.
    pub(crate) known: Option<u32>,
}

impl Area {
    /// Whether it says a town or postcode of the index.
    pub(crate) fn is_known(&self) -> bool {
        !self.cities.is_empty() || self.postcode.as_ref().is_some_and(|code| code.known.is_some())
    }

    /// Whether it says a town or postcode at all.
    pub(crate) fn is_given(&self) -> bool {
        !self.cities.is_empty() || self.postcode.is_some()
    }

    /// Both together; of two postcodes or states the first is kept.
    fn and(&self, other: &Self) -> Self {
        let mut both = self.clone();
        both.cities.extend(other.cities.iter().filter(|city| !self.cities.contains(city)));
        both.postcode = both.postcode.or_else(|| other.postcode.clone());
        both.state = both.state.or_else(|| other.state.clone());
        both
    }
}

/// One way to read an address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Reading {
    pub(crate) number: Option<HouseNumber>,
    pub(crate) street: Vec<Word>,
    pub(crate) area: Area,
    /// Parts that are neither street nor area.
    pub(crate) rest: Vec<String>,
    /// Whether the number was put together of a number and a letter that stood by itself.
    pub(crate) joined: bool,
}

/// Most ways to read the parts around a street that are tried.
const MOST_AREAS: usize = 16;

/// All ways to read a free text, and the unit in it.
pub(crate) fn readings(index: &Index, text: &str) -> (Vec<Reading>, Option<String>) {
    let whole = parts(text);
    let (shorter, unit) = without_units(&whole);
    let mut all = read(index, &shorter);
    if unit.is_some() {
        // A street may be called `Suite A Road`.
        all.extend(read(index, &whole));
    }
    (all, unit)
}

/// The ways to read an address given by its parts.
pub(crate) fn readings_of_split(
    index: &Index,
    split: &Split<'_>,
) -> (Vec<Reading>, Option<String>) {
    let words = |text: &str| parts(text).into_iter().flatten().collect::<Vec<Word>>();
    let (city, street) = (words(split.city), words(split.street));
    let cities = index.towns_named(&city);
    let rest = if cities.is_empty() && !city.is_empty() { vec![joined(&city)] } else { Vec::new() };
    let postcode = regions::postcode(split.postcode)
        .map(|text| Code { known: index.postcode_of(&text), text });
    let state = Some(regions::state(&joined(&words(split.state)))).filter(|s| !s.is_empty());
    let area = Area { cities, postcode, state, country: false };
    let unit = crate::number::plain_unit(split.unit);
    let numbers = HouseNumber::at_start(&words(split.number));
    let reading = Reading { street, area, rest, ..Reading::default() };
    if numbers.is_empty() {
        return (vec![reading], unit);
    }
    let with = |(number, _)| Reading { number: Some(number), ..reading.clone() };
    (numbers.into_iter().map(with).collect(), unit)
}

/// A flat is a word for it and the word behind, at the end of a part or as all of it.
fn without_units(whole: &[Vec<Word>]) -> (Vec<Vec<Word>>, Option<String>) {
    let mut unit = None;
    let mut shorter = Vec::with_capacity(whole.len());
    for part in whole {
        let mut left: Vec<Word> = Vec::with_capacity(part.len());
        let mut words = part.iter().peekable();
        while let Some(word) = words.next() {
            let named = words.peek().filter(|next| {
                let name = next.plain.as_str();
                let short = name.bytes().any(|byte| byte.is_ascii_digit()) || name.len() == 1;
                // `FL 33101` is Florida, not a floor.
                short && is_unit(&word.plain) && !(is_state(&word.plain) && may_be_postcode(name))
            });
            match named {
                Some(name) if unit.is_none() => {
                    unit = Some(name.plain.clone());
                    words.next();
                }
                _ => left.push(word.clone()),
            }
        }
        if !left.is_empty() {
            shorter.push(left);
        }
    }
    (shorter, unit)
}

fn read(index: &Index, parts: &[Vec<Word>]) -> Vec<Reading> {
    let tails: Vec<Vec<(usize, Area)>> = parts.iter().map(|part| tails(index, part)).collect();
    let mut all = Vec::new();
    for street in 0..=parts.len() {
        for (area, rest, number) in surroundings(parts, &tails, street) {
            let Some(part) = parts.get(street) else {
                all.push(Reading { area, rest, number, ..Reading::default() });
                continue;
            };
            for (head, own) in tails.get(street).into_iter().flatten() {
                let head = part.get(..*head).unwrap_or_default();
                if head.is_empty() {
                    continue;
                }
                let area = own.and(&area);
                for (found, street, joined) in number_and_street(head) {
                    all.push(Reading {
                        joined,
                        number: found.or_else(|| number.clone()),
                        street: street.to_vec(),
                        area: area.clone(),
                        rest: rest.clone(),
                    });
                }
            }
        }
    }
    all
}

type Surrounding = (Area, Vec<String>, Option<HouseNumber>);

/// What the parts beside the street's say: areas, a number that stands alone, and what is left.
fn surroundings(
    parts: &[Vec<Word>],
    tails: &[Vec<(usize, Area)>],
    street: usize,
) -> Vec<Surrounding> {
    let mut all: Vec<Surrounding> = vec![(Area::default(), Vec::new(), None)];
    for (at, (part, tails)) in parts.iter().zip(tails).enumerate() {
        if at == street {
            continue;
        }
        let shortest = tails.iter().map(|(head, _)| *head).min().unwrap_or(part.len());
        let head = part.get(..shortest).unwrap_or_default();
        let alone = HouseNumber::at_start(head).into_iter().find(|(_, used)| *used == head.len());
        let mut next = Vec::new();
        for (area, rest, number) in &all {
            for (_, own) in tails.iter().filter(|(head, _)| *head == shortest) {
                let (mut rest, mut number) = (rest.clone(), number.clone());
                match (&alone, &number) {
                    (Some((found, _)), None) => number = Some(found.clone()),
                    _ if head.is_empty() => {}
                    _ => rest.push(joined(head)),
                }
                next.push((area.and(own), rest, number));
            }
        }
        next.truncate(MOST_AREAS);
        all = next;
    }
    all
}

/// A number before or behind the street, or none.
fn number_and_street(head: &[Word]) -> Vec<(Option<HouseNumber>, &[Word], bool)> {
    let mut found = vec![(None, head, false)];
    // A fraction behind a number is always its own: no street begins with one.
    let joined = |number: &HouseNumber, used: usize| used > 1 && !number.text.contains('/');
    for (number, used) in HouseNumber::at_start(head) {
        let joined = joined(&number, used);
        found.push((Some(number), head.get(used..).unwrap_or_default(), joined));
    }
    for (number, used) in HouseNumber::at_end(head) {
        let before = head.get(..head.len() - used).unwrap_or_default();
        found.push((Some(number), before, false));
    }
    found
}

/// All ways to read the end of a part as an area, with the number of words before it.
fn tails(index: &Index, part: &[Word]) -> Vec<(usize, Area)> {
    let mut found = vec![(part.len(), Area::default())];
    let mut next = 0;
    while let Some((end, area)) = found.get(next).cloned() {
        next += 1;
        for length in 1..=end.min(5) {
            let words = part.get(end - length..end).unwrap_or_default();
            for item in items(index, words, &area) {
                if !found.contains(&(end - length, item.clone())) {
                    found.push((end - length, item));
                }
            }
        }
    }
    found
}

/// The areas that words add to an area: each of its parts once.
fn items(index: &Index, words: &[Word], area: &Area) -> Vec<Area> {
    let text = joined(words);
    let mut found = Vec::new();
    if !area.country && is_country(&text) {
        found.push(Area { country: true, ..area.clone() });
    }
    let state = regions::state(&text);
    if area.state.is_none() && (is_state(&text) || index.states.contains(&state)) {
        found.push(Area { state: Some(state), ..area.clone() });
    }
    if area.postcode.is_none()
        && words.len() <= 2
        && words.iter().any(|word| is_number(&word.plain))
        && let Some(text) = regions::postcode(&text)
    {
        let known = index.postcode_of(&text);
        if known.is_some() || (words.len() == 1 && may_be_postcode(&text)) {
            found.push(Area { postcode: Some(Code { text, known }), ..area.clone() });
        }
    }
    if area.cities.is_empty() {
        let cities = index.towns_named(words);
        if !cities.is_empty() {
            found.push(Area { cities, ..area.clone() });
        }
    }
    found
}

pub(crate) fn joined(words: &[Word]) -> String {
    words.iter().map(|word| word.plain.as_str()).collect::<Vec<_>>().join(" ")
}
