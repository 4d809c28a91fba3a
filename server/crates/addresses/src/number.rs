//! House numbers: 12, 12A, 12 1/2, 12-16, W12.

use crate::text::{Word, words};
use crate::words::is_unit;

/// A range from low to high is taken for one only if it is not longer.
const LONGEST_RANGE: u32 = 200;

/// A house number in one spelling.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct HouseNumber {
    /// `12a`, `12 1/2`, `12-16`
    pub(crate) text: String,
    /// The number it starts with.
    pub(crate) low: Option<u32>,
    /// The end of a range.
    pub(crate) high: Option<u32>,
}

/// How a number on a map answers the one asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Match {
    /// It is the same.
    Same,
    /// One of the two is a range with the other in it.
    InRange,
}

impl HouseNumber {
    /// The number that words start with and how many of them it takes; one for each way to read them.
    pub(crate) fn at_start(words: &[Word]) -> Vec<(Self, usize)> {
        let Some(first) = words.first().filter(|word| is_number(&word.plain)) else {
            return Vec::new();
        };
        let mut found = vec![(Self::of(first.plain.clone()), 1)];
        if let Some(second) = words.get(1).map(|word| word.plain.as_str())
            && first.plain.bytes().all(|byte| byte.is_ascii_digit())
        {
            if second.contains('/') && is_number(second) {
                found.push((Self::of(format!("{} {second}", first.plain)), 2));
            }
            if second.chars().count() == 1 && second.chars().all(char::is_alphabetic) {
                found.push((Self::of(format!("{}{second}", first.plain)), 2));
            }
        }
        found
    }

    /// As [`HouseNumber::at_start`] of the words that they end with.
    pub(crate) fn at_end(words: &[Word]) -> Vec<(Self, usize)> {
        let mut found = Vec::new();
        for taken in [1, 2] {
            let start = words.len().saturating_sub(taken);
            let tail = words.get(start..).unwrap_or_default();
            found.extend(Self::at_start(tail).into_iter().filter(|(_, used)| *used == taken));
        }
        found
    }

    /// The numbers of a map's object, as several may stand in one text, and the unit that may stand with
    /// them. What does not start with a number, like `Suite 203`, has none.
    pub(crate) fn of_record(text: &str) -> (Vec<Self>, Option<String>) {
        let mut numbers: Vec<Self> = Vec::new();
        let mut unit = None;
        for part in crate::text::parts(text) {
            if let Some((number, used)) = Self::at_start(&part).into_iter().last() {
                numbers.push(number);
                unit = unit.or_else(|| unit_of(part.get(used..).unwrap_or_default()));
            } else {
                unit = unit.or_else(|| unit_of(&part));
            }
        }
        numbers.sort();
        numbers.dedup();
        (numbers, unit)
    }

    fn of(text: String) -> Self {
        let number = |text: &str| text.parse::<u32>().ok();
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let low = text.get(..digits).and_then(number);
        let range = text.split_once('-').and_then(|(a, b)| Some((number(a)?, number(b)?)));
        let range = range.filter(|(a, b)| a < b && b - a <= LONGEST_RANGE);
        Self { low, high: range.map(|(_, high)| high), text }
    }

    /// Only digits: neither a letter nor a range.
    pub(crate) fn plain(&self) -> Option<u32> {
        self.low.filter(|_| self.text.bytes().all(|byte| byte.is_ascii_digit()))
    }

    /// Whether a number on a map is the one asked for.
    pub(crate) fn answers(&self, asked: &Self) -> Option<Match> {
        if self.text == asked.text {
            return Some(Match::Same);
        }
        let within = |range: &Self, one: &Self| {
            let (low, high, one) = (range.low?, range.high?, one.plain()?);
            // A range from odd to odd has the odd side of the street.
            let step = if (high - low).is_multiple_of(2) { 2 } else { 1 };
            ((low..=high).contains(&one) && (one - low).is_multiple_of(step)).then_some(())
        };
        within(self, asked).or_else(|| within(asked, self)).map(|()| Match::InRange)
    }
}

/// Whether a word has a digit and is not the number of a street: `1st`.
pub(crate) fn is_number(word: &str) -> bool {
    let letters = word.trim_start_matches(|c: char| c.is_ascii_digit());
    let ordinal = letters.len() < word.len()
        && matches!(letters, "st" | "nd" | "rd" | "th" | "ra" | "ro" | "da" | "do");
    word.bytes().any(|byte| byte.is_ascii_digit()) && !ordinal
}

/// The flat that words name: `apt 4`, `# 12`.
pub(crate) fn unit_of(words: &[Word]) -> Option<String> {
    let at = words.iter().position(|word| is_unit(&word.plain))?;
    words.get(at + 1).map(|word| word.plain.clone())
}

/// A unit in one spelling: `Apt 4` and `#4` are `4`.
pub(crate) fn plain_unit(text: &str) -> Option<String> {
    let words: Vec<String> = words(text).into_iter().filter(|word| !is_unit(word)).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> HouseNumber {
        HouseNumber::of(text.to_owned())
    }

    #[test]
    fn spellings_of_a_number() {
        let of = |text| {
            let (numbers, unit) = HouseNumber::of_record(text);
            (numbers.into_iter().map(|n| n.text).collect::<Vec<_>>().join("|"), unit)
        };
        assert_eq!(of("12"), ("12".into(), None));
        assert_eq!(of(" 12 A "), ("12a".into(), None));
        assert_eq!(of("12½"), ("12 1/2".into(), None));
        assert_eq!(of("12 - 16"), ("12-16".into(), None));
        assert_eq!(of("12;14"), ("12|14".into(), None));
        assert_eq!(of("1505 #7"), ("1505".into(), Some("7".into())));
        assert_eq!(of("314 (Suite 302)"), ("314".into(), Some("302".into())));
        assert_eq!(of("Suite 203"), (String::new(), Some("203".into())));
        assert_eq!(of("???"), (String::new(), None));
        assert_eq!(of("W123"), ("w123".into(), None));
    }

    #[test]
    fn ranges_hold_their_side_of_the_street() {
        let range = number("12-16");
        assert_eq!(range.answers(&number("14")), Some(Match::InRange));
        assert_eq!(range.answers(&number("15")), None);
        assert_eq!(number("12-15").answers(&number("13")), Some(Match::InRange));
        assert_eq!(number("14").answers(&range), Some(Match::InRange));
        assert_eq!(range.answers(&range), Some(Match::Same));
        assert_eq!(number("12a").answers(&number("12")), None);
        // Hyphenated numbers of Queens, New York, are no ranges.
        assert_eq!(number("37-12").high, None);
    }

    #[test]
    fn street_numbers_are_no_house_numbers() {
        assert!(is_number("12a") && is_number("1/2") && is_number("w12"));
        assert!(!is_number("1st") && !is_number("22nd") && !is_number("main"));
    }
}
