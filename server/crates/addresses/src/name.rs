//! Names of streets and towns: the keys they are found under, and how alike two of them are.

use crate::text::{Word, parts};
use crate::words::{Sort, is, meanings};

/// Most keys of one name: a name of many words with several meanings each has more, and loses the unlikeliest.
const MOST_KEYS: usize = 32;

/// The words of a name; commas in it part nothing.
pub(crate) fn words_of(name: &str) -> Vec<Word> {
    parts(name).into_iter().flatten().collect()
}

/// German writes the type of a street at the end of its name: `Hauptstr.` is `Haupt` and `Straße`.
fn compounds_split(words: &[Word]) -> Vec<Word> {
    let mut split = Vec::with_capacity(words.len());
    for word in words {
        let stem = |text: &str| {
            let stem = text.strip_suffix("strasse").or_else(|| text.strip_suffix("str"))?;
            (stem.chars().count() >= 3).then(|| stem.to_owned())
        };
        match (stem(&word.plain), stem(&word.wide)) {
            (Some(plain), Some(wide)) => split.extend([Word { plain, wide }, Word::of("strasse")]),
            _ => split.push(word.clone()),
        }
    }
    split
}

/// All keys of a name: one for each choice of meanings and foldings of its words, likeliest first.
pub(crate) fn keys(words: &[Word]) -> Vec<String> {
    let mut keys = vec![String::new()];
    for (at, word) in compounds_split(words).iter().enumerate() {
        let choices = choices(word, at);
        let mut longer = Vec::with_capacity(keys.len() * choices.len());
        for key in &keys {
            for choice in &choices {
                let space = if key.is_empty() { "" } else { " " };
                longer.push(format!("{key}{space}{choice}"));
            }
        }
        longer.truncate(MOST_KEYS);
        keys = longer;
    }
    if keys.first().is_some_and(String::is_empty) {
        keys.clear();
    }
    keys
}

/// The likeliest key: one spelling for all of a name's.
pub(crate) fn key(words: &[Word]) -> String {
    keys(words).into_iter().next().unwrap_or_default()
}

fn choices(word: &Word, at: usize) -> Vec<String> {
    let mut choices: Vec<String> = Vec::new();
    for text in [&word.plain, &word.wide] {
        let known = meanings(text);
        if known.is_empty() && !choices.contains(text) {
            choices.push(text.clone());
        }
        for (_, meaning) in known {
            if choices.iter().all(|choice| choice != meaning) {
                choices.push((*meaning).to_owned());
            }
        }
    }
    // Who starts with a type means something else by it: `St Marys St`, `Dr King Dr`.
    if at == 0 && choices.len() > 1 && choices.first().is_some_and(|first| is(first, Sort::Type)) {
        choices.sort_by_key(|choice| is(choice, Sort::Type));
    }
    choices
}

/// How far a misspelt name is from a known one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Slip {
    /// Letters to change, add, drop or exchange.
    pub(crate) letters: usize,
    /// Whether the name asked for leaves the type out: `Loockerman` for Loockerman Street.
    pub(crate) no_type: bool,
}

/// The slip that makes a known name of the one asked for, both as keys; nothing if they are too far apart. Words
/// of the tables, and words with digits, are never taken for each other: North is not South, 8th is not 9th.
pub(crate) fn slip(asked: &str, known: &str) -> Option<Slip> {
    let asked: Vec<&str> = asked.split(' ').collect();
    let known: Vec<&str> = known.split(' ').collect();
    if asked.len() == known.len() {
        let letters = letters(&asked, &known)?;
        return Some(Slip { letters, no_type: false });
    }
    let (last, rest) = known.split_last()?;
    if rest.len() == asked.len() && is(last, Sort::Type) {
        return Some(Slip { letters: letters(&asked, rest)?, no_type: true });
    }
    let (first, rest) = known.split_first()?;
    if rest.len() == asked.len() && is(first, Sort::Type) {
        return Some(Slip { letters: letters(&asked, rest)?, no_type: true });
    }
    None
}

/// Letters between two names of as many words; at most two in all.
fn letters(asked: &[&str], known: &[&str]) -> Option<usize> {
    let mut all = 0;
    for (a, b) in asked.iter().zip(known) {
        if a == b {
            continue;
        }
        let fixed = |word: &str| {
            !meanings(word).is_empty() || word.bytes().any(|byte| byte.is_ascii_digit())
        };
        let (long, short) = (a.chars().count(), b.chars().count());
        let allowed = match long.max(short) {
            0..=3 => 0,
            4..=7 => 1,
            _ => 2,
        };
        if fixed(a) || fixed(b) || long.abs_diff(short) > allowed {
            return None;
        }
        let distance = strsim::osa_distance(a, b);
        if distance > allowed {
            return None;
        }
        all += distance;
    }
    (all <= 2).then_some(all)
}

/// How alike two keys are, 0 to 1, for suggestions only: by letters, or because one is the other and a word more.
pub(crate) fn likeness(a: &str, b: &str) -> f64 {
    let within = |a: &str, b: &str| a.split(' ').all(|word| b.split(' ').any(|w| w == word));
    // A name with a direction more or less, but not every Street for `Street`.
    let a_name = |text: &str| text.split(' ').any(|word| meanings(word).is_empty());
    let one_more = (within(a, b) && a_name(a)) || (within(b, a) && a_name(b));
    let shared = if one_more { 0.95 } else { 0.0 };
    // Texts of such different lengths are not alike by letters: it saves the measuring of most.
    if a.len().min(b.len()) * 2 < a.len().max(b.len()) {
        return shared;
    }
    shared.max(strsim::normalized_damerau_levenshtein(a, b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shared(a: &str, b: &str) -> bool {
        let (a, b) = (keys(&words_of(a)), keys(&words_of(b)));
        a.iter().any(|key| b.contains(key))
    }

    #[test]
    fn spellings_of_a_name_share_a_key() {
        for (a, b) in [
            ("Loockerman St.", "LOOCKERMAN STREET"),
            ("N Main St", "North Main Street"),
            ("Hauptstr.", "Hauptstraße"),
            ("Haupt Strasse", "Hauptstraße"),
            ("St. Georges", "Saint Georges"),
            ("Dr. King Dr", "Doctor King Drive"),
            ("Av. de América", "Avenida de America"),
            ("C/ Mayor", "Calle Mayor"),
            ("Müllerweg", "Muellerweg"),
            ("Müllerweg", "Mullerweg"),
            ("First Ave", "1st Avenue"),
            ("Pl. Mayor", "Plaza Mayor"),
        ] {
            assert!(shared(a, b), "{a} and {b}");
        }
        assert!(!shared("Main Place", "Main Plaza"));
        assert!(!shared("North Main Street", "South Main Street"));
        assert!(!shared("Mullerweg", "Muellerweg"), "only the dots tell that these are one");
    }

    #[test]
    fn the_likeliest_key_knows_the_place_of_a_word() {
        assert_eq!(key(&words_of("St Marys St")), "saint marys street");
        assert_eq!(key(&words_of("Dr King Dr")), "doctor king drive");
        assert_eq!(keys(&words_of("")), Vec::<String>::new());
    }

    #[test]
    fn slips_are_small_and_never_in_words_of_the_tables() {
        let slip = |a, b| slip(a, b).map(|slip| (slip.letters, slip.no_type));
        assert_eq!(slip("lockerman street", "loockerman street"), Some((1, false)));
        assert_eq!(slip("lokcerman street", "loockerman street"), Some((2, false)));
        assert_eq!(slip("loockerman", "loockerman street"), Some((0, true)));
        assert_eq!(slip("mayor", "calle mayor"), Some((0, true)));
        for (a, b) in [
            ("north main street", "south main street"),
            ("8th street", "9th street"),
            ("elm street", "elk street"),
            ("main street", "main avenue"),
            ("main street north", "main street"),
            ("loockerman", "north loockerman street"),
        ] {
            assert_eq!(slip(a, b), None, "{a}, {b}");
        }
    }
}
