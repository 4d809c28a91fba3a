//! States and countries at the end of an address.

/// States of the USA by abbreviation, as [`crate::text::words`] writes them.
const STATES: &[(&str, &str)] = &[
    ("al", "alabama"),
    ("ak", "alaska"),
    ("az", "arizona"),
    ("ar", "arkansas"),
    ("ca", "california"),
    ("co", "colorado"),
    ("ct", "connecticut"),
    ("de", "delaware"),
    ("dc", "district of columbia"),
    ("fl", "florida"),
    ("ga", "georgia"),
    ("hi", "hawaii"),
    ("id", "idaho"),
    ("il", "illinois"),
    ("in", "indiana"),
    ("ia", "iowa"),
    ("ks", "kansas"),
    ("ky", "kentucky"),
    ("la", "louisiana"),
    ("me", "maine"),
    ("md", "maryland"),
    ("ma", "massachusetts"),
    ("mi", "michigan"),
    ("mn", "minnesota"),
    ("ms", "mississippi"),
    ("mo", "missouri"),
    ("mt", "montana"),
    ("ne", "nebraska"),
    ("nv", "nevada"),
    ("nh", "new hampshire"),
    ("nj", "new jersey"),
    ("nm", "new mexico"),
    ("ny", "new york"),
    ("nc", "north carolina"),
    ("nd", "north dakota"),
    ("oh", "ohio"),
    ("ok", "oklahoma"),
    ("or", "oregon"),
    ("pa", "pennsylvania"),
    ("pr", "puerto rico"),
    ("ri", "rhode island"),
    ("sc", "south carolina"),
    ("sd", "south dakota"),
    ("tn", "tennessee"),
    ("tx", "texas"),
    ("ut", "utah"),
    ("vt", "vermont"),
    ("va", "virginia"),
    ("wa", "washington"),
    ("wv", "west virginia"),
    ("wi", "wisconsin"),
    ("wy", "wyoming"),
];

/// Countries, which say nothing that an extract does not know.
const COUNTRIES: &[&str] = &[
    "us",
    "usa",
    "united states",
    "united states of america",
    "deutschland",
    "germany",
    "espana",
    "spain",
    "mexico",
    "osterreich",
    "oesterreich",
    "austria",
];

/// A state in one spelling: its abbreviation if it has one here, else its words.
pub(crate) fn state(words: &str) -> String {
    let known = STATES.iter().find(|(short, long)| *short == words || *long == words);
    known.map_or_else(|| words.to_owned(), |(short, _)| (*short).to_owned())
}

/// Whether words are a state of the tables.
pub(crate) fn is_state(words: &str) -> bool {
    STATES.iter().any(|(short, long)| *short == words || *long == words)
}

/// Whether words are a country.
pub(crate) fn is_country(words: &str) -> bool {
    COUNTRIES.contains(&words)
}

/// A postcode in one spelling. The last four digits of an American one lead to a side of a street, which
/// maps do not have.
pub(crate) fn postcode(text: &str) -> Option<String> {
    let words = crate::text::words(text).join("");
    let short = words.split_once('-').filter(|(five, four)| {
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        five.len() == 5 && four.len() == 4 && digits(five) && digits(four)
    });
    let code = short.map_or(words.as_str(), |(five, _)| five);
    (!code.is_empty()).then(|| code.to_owned())
}

/// Whether a text can be a postcode that no record has.
pub(crate) fn may_be_postcode(code: &str) -> bool {
    (4..=6).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling() {
        assert_eq!(state("delaware"), "de");
        assert_eq!(state("de"), "de");
        assert_eq!(state("bayern"), "bayern");
        assert_eq!(postcode("19904-1234").as_deref(), Some("19904"));
        assert_eq!(postcode("sw1a 1aa").as_deref(), Some("sw1a1aa"));
        assert_eq!(postcode(" "), None);
        assert!(may_be_postcode("10115") && !may_be_postcode("12a45"));
    }
}
