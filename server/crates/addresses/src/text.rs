//! Text without what writers differ in: letter case, accents, punctuation, compatibility forms.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// A word in its two foldings. They differ only where a letter has two dots.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Word {
    /// Accents dropped: `Müller` is `muller`.
    pub(crate) plain: String,
    /// As Germans write it without dots: `mueller`.
    pub(crate) wide: String,
}

impl Word {
    pub(crate) fn of(text: &str) -> Self {
        Self { plain: text.to_owned(), wide: text.to_owned() }
    }
}

/// The words of a text in lower case without accents and punctuation, joined by spaces.
///
/// ```
/// assert_eq!(addresses::normalise("Loockerman St., N.W."), "loockerman st nw");
/// assert_eq!(addresses::normalise("Straße des 17. Juni"), "strasse des 17 juni");
/// assert_eq!(addresses::normalise("12 ½, O'Neil-Weg"), "12 1/2 oneil weg");
/// ```
#[must_use]
pub fn normalise(text: &str) -> String {
    words(text).join(" ")
}

/// The words of a text.
pub(crate) fn words(text: &str) -> Vec<String> {
    parts(text).into_iter().flatten().map(|word| word.plain).collect()
}

/// The words of a text, by the parts between commas, semicolons, brackets and line breaks.
pub(crate) fn parts(text: &str) -> Vec<Vec<Word>> {
    let chars = fold(text);
    let mut splitter = Splitter { chars: &chars, at: 0, parts: vec![Vec::new()], word: None };
    while let Some(&c) = chars.get(splitter.at) {
        splitter.step(c);
    }
    splitter.end_word();
    splitter.parts.retain(|part| !part.is_empty());
    splitter.parts
}

/// Two dots above the letter before, kept until words are made.
const DOTS: char = '\u{308}';

/// Lower case in compatibility form; of all accents only the two dots on a, o and u are left.
fn fold(text: &str) -> Vec<char> {
    let mut folded: Vec<char> = Vec::with_capacity(text.len());
    // Twice, because the lower case of some letters has accents of its own.
    let apart = text.chars().flat_map(spelled_out).nfkd().flat_map(char::to_lowercase).nfkd();
    for c in apart {
        match c {
            DOTS if matches!(folded.last(), Some('a' | 'o' | 'u')) => folded.push(DOTS),
            _ if is_combining_mark(c) => {}
            'ß' => folded.extend(['s', 's']),
            'æ' => folded.extend(['a', 'e']),
            'œ' => folded.extend(['o', 'e']),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' | 'ð' => folded.push('d'),
            'ı' => folded.push('i'),
            '\u{2044}' => folded.push('/'),
            '\u{2010}'..='\u{2015}' | '\u{2212}' => folded.push('-'),
            '\u{2018}' | '\u{2019}' | '\u{2bc}' | '`' | '\u{b4}' => folded.push('\''),
            _ => folded.push(c),
        }
    }
    folded
}

/// A fraction in one character becomes a word of its own: `12½` is `12 1/2`.
fn spelled_out(c: char) -> impl Iterator<Item = char> {
    let fraction = matches!(c, '¼'..='¾' | '\u{2150}'..='\u{215f}');
    fraction.then_some(' ').into_iter().chain(Some(c))
}

struct Splitter<'a> {
    chars: &'a [char],
    at: usize,
    parts: Vec<Vec<Word>>,
    word: Option<Word>,
}

impl Splitter<'_> {
    /// Takes the character at `at`.
    fn step(&mut self, c: char) {
        self.at += 1;
        match c {
            DOTS => {
                if let Some(word) = &mut self.word {
                    word.wide.push('e');
                }
            }
            c if c.is_alphanumeric() => self.push(c),
            '\'' => {}
            '.' => self.full_stop(),
            '-' | '/' => self.dash(c),
            '#' | '&' => {
                self.end_word();
                self.add(Word::of(if c == '#' { "#" } else { "and" }));
            }
            ',' | ';' | '\n' | '|' | '(' | ')' => {
                self.end_word();
                self.parts.push(Vec::new());
            }
            _ => self.end_word(),
        }
    }

    fn push(&mut self, c: char) {
        let word = self.word.get_or_insert_with(|| Word::of(""));
        word.plain.push(c);
        word.wide.push(c);
    }

    fn add(&mut self, word: Word) {
        if let Some(part) = self.parts.last_mut() {
            part.push(word);
        }
    }

    fn end_word(&mut self) {
        if let Some(word) = self.word.take() {
            self.add(word);
        }
    }

    /// `N.W.` is one word, `St.Marys` are two.
    fn full_stop(&mut self) {
        let initial = |word: &Word| {
            word.plain.chars().count() < 2 && word.plain.chars().all(char::is_alphabetic)
        };
        let after_initial = self.word.as_ref().is_some_and(initial)
            || self.chars.get(self.at.wrapping_sub(3)) == Some(&'.');
        if !after_initial {
            self.end_word();
        }
    }

    /// Kept between digits, as in 12-16 and 1/2; dropped in 12-a; elsewhere between two words.
    fn dash(&mut self, dash: char) {
        let next = self.chars.get(self.at).copied();
        let ends_in_digit =
            |word: &Word| word.plain.chars().last().is_some_and(|c| c.is_ascii_digit());
        if self.word.as_ref().is_some_and(ends_in_digit) {
            let single = !self.chars.get(self.at + 1).is_some_and(|c| c.is_alphanumeric());
            match next {
                Some(c) if c.is_ascii_digit() => return self.push(dash),
                Some(c) if c.is_alphabetic() && single => return,
                _ => {}
            }
        }
        self.end_word();
        if dash == '-' {
            self.spaced_range();
        }
    }

    /// `12 - 16` is the range 12-16.
    fn spaced_range(&mut self) {
        let mut next = self.at;
        while self.chars.get(next) == Some(&' ') {
            next += 1;
        }
        let digit_follows = self.chars.get(next).is_some_and(char::is_ascii_digit);
        let Some(part) = self.parts.last_mut() else { return };
        let number = |word: &Word| word.plain.bytes().all(|b| b.is_ascii_digit());
        if digit_follows && part.last().is_some_and(number) {
            self.word = part.pop();
            self.at = next;
            self.push('-');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writers_differences_are_folded() {
        for (text, folded) in [
            ("  MAIN   street ", "main street"),
            ("Calle de Alcalá", "calle de alcala"),
            ("St.Marys Rd", "st marys rd"),
            ("12-A", "12a"),
            ("12 - 16 Elm", "12-16 elm"),
            ("12\u{2013}16", "12-16"),
            ("Ｍａｉｎ Ⅱ", "main ii"),
            ("U.S. Route 13", "us route 13"),
            ("A & B", "a and b"),
            ("9-Mile Road", "9 mile road"),
            ("#4", "# 4"),
            ("C/ Mayor", "c mayor"),
            ("", ""),
        ] {
            assert_eq!(normalise(text), folded, "{text}");
        }
    }

    #[test]
    fn two_dots_have_two_foldings() {
        let word = &parts("Müller")[0][0];
        assert_eq!((word.plain.as_str(), word.wide.as_str()), ("muller", "mueller"));
        let word = &parts("Agüero")[0][0];
        assert_eq!(word.plain, "aguero");
    }

    #[test]
    fn commas_part() {
        let words = |part: &Vec<Word>| part.iter().map(|w| w.plain.clone()).collect::<Vec<_>>();
        let parts: Vec<_> = parts("12 Elm St, Dover;DE").iter().map(words).collect();
        assert_eq!(parts, [vec!["12", "elm", "st"], vec!["dover"], vec!["de"]]);
    }
}
