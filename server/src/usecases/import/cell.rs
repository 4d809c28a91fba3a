//! One row while it is read: cells become values, and what does not fit becomes a problem.

use std::collections::HashMap;
use std::fmt::Display;
use std::str::FromStr;

use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, tz::TimeZone};
use sync_core::model::Zone;

use super::report::{Problem, Report, Severity};
use super::table::Column;
use crate::config::clock_minutes;

/// A row under its columns.
#[derive(Debug)]
pub(super) struct Row<'a> {
    pub(super) file: &'a str,
    pub(super) line: u64,
    pub(super) columns: &'static [Column],
    pub(super) cells: &'a [String],
    pub(super) report: &'a mut Report,
}

impl Row<'_> {
    /// The text of a cell, empty if the column is absent.
    pub(super) fn text(&self, column: &str) -> &str {
        let at = self.columns.iter().position(|c| c.name == column);
        at.and_then(|at| self.cells.get(at)).map_or("", String::as_str)
    }

    /// What to do with a value that does not fit.
    fn correct(&self, column: &str) -> &'static str {
        let required = self.columns.iter().any(|c| c.name == column && c.required);
        if required { "correct it" } else { "correct it or leave it empty" }
    }

    /// Notes a problem of a cell.
    pub(super) fn bad(&mut self, column: &str, code: &'static str, cause: String, remedy: &str) {
        self.note(Severity::Error, column, code, cause, remedy);
    }

    /// Notes something odd that does not stop the import.
    pub(super) fn odd(&mut self, column: &str, code: &'static str, cause: String, remedy: &str) {
        self.note(Severity::Warning, column, code, cause, remedy);
    }

    fn note(
        &mut self,
        severity: Severity,
        column: &str,
        code: &'static str,
        cause: String,
        remedy: &str,
    ) {
        self.report.add(Problem {
            file: self.file.into(),
            row: self.line,
            column: column.into(),
            code,
            cause: bounded(cause),
            remedy: remedy.into(),
            severity,
        });
    }

    /// Text that must be there, of at most `most` characters.
    pub(super) fn required(&mut self, column: &'static str, most: usize) -> Option<String> {
        let text = self.text(column).to_owned();
        if text.is_empty() {
            self.bad(column, "missing", "is empty".into(), "fill it in");
            return None;
        }
        self.limited(column, text, most)
    }

    /// The lender's own key of the row, which may stand in one row only; `seen` has those above.
    pub(super) fn key(
        &mut self,
        column: &'static str,
        seen: &mut HashMap<String, u64>,
    ) -> Option<String> {
        let key = self.required(column, 100)?;
        if let Some(first) = seen.insert(key.clone(), self.line) {
            let cause = format!("{} already stands in row {first}", shown(&key));
            self.bad(column, "duplicate", cause, "keep one of the two rows");
        }
        Some(key)
    }

    /// Text that may be empty, of at most `most` characters.
    pub(super) fn optional(&mut self, column: &'static str, most: usize) -> Option<String> {
        let text = self.text(column).to_owned();
        if text.is_empty() { None } else { self.limited(column, text, most) }
    }

    fn limited(&mut self, column: &'static str, text: String, most: usize) -> Option<String> {
        if text.chars().count() > most {
            let cause = format!("{} characters", text.chars().count());
            self.bad(column, "too_long", cause, &format!("use at most {most}"));
            return None;
        }
        if text.chars().any(|c| c.is_control() || turns_text(c)) {
            self.bad(column, "control_character", shown(&text), "remove the control characters");
            return None;
        }
        Some(text)
    }

    /// A whole number from `least` to `most`; empty gives nothing.
    pub(super) fn whole(&mut self, column: &'static str, least: i64, most: i64) -> Option<i64> {
        let text = self.text(column).to_owned();
        if text.is_empty() {
            return None;
        }
        match text.parse::<i64>() {
            Ok(value) if (least..=most).contains(&value) => Some(value),
            Ok(_) => {
                self.bad(column, "out_of_range", shown(&text), &format!("use {least} to {most}"));
                None
            }
            Err(_) => {
                let remedy = if column.ends_with("_minor") {
                    "write whole minor units without separators: 1234.50 is 123450"
                } else {
                    "write a whole number"
                };
                self.bad(column, "not_a_number", shown(&text), remedy);
                None
            }
        }
    }

    /// A whole number that must be there.
    pub(super) fn required_whole(
        &mut self,
        column: &'static str,
        least: i64,
        most: i64,
    ) -> Option<i64> {
        if self.text(column).is_empty() {
            self.bad(column, "missing", "is empty".into(), "fill it in");
            return None;
        }
        self.whole(column, least, most)
    }

    /// `yes` or `no`; empty is no.
    pub(super) fn yes_no(&mut self, column: &'static str) -> bool {
        let text = self.text(column).to_lowercase();
        if !matches!(text.as_str(), "" | "yes" | "no") {
            self.bad(column, "not_in_table", shown(&text), "write yes or no");
        }
        text == "yes"
    }

    /// A value of a type that says itself what it expects; empty gives nothing.
    pub(super) fn parsed<T>(&mut self, column: &'static str, code: &'static str) -> Option<T>
    where
        T: FromStr<Err: Display>,
    {
        let text = self.text(column).to_owned();
        self.read(column, code, &text)
    }

    fn read<T>(&mut self, column: &'static str, code: &'static str, text: &str) -> Option<T>
    where
        T: FromStr<Err: Display>,
    {
        if text.is_empty() {
            return None;
        }
        match text.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                // What was typed may be endless; what is expected is said whole.
                let cause = match text.chars().count() > MOST_SHOWN {
                    true => error.to_string().replace(text, &short(text)),
                    false => error.to_string(),
                };
                let remedy = self.correct(column);
                self.bad(column, code, cause, remedy);
                None
            }
        }
    }

    /// As [`Row::parsed`], whatever the case of the letters.
    pub(super) fn parsed_lower<T>(&mut self, column: &'static str, code: &'static str) -> Option<T>
    where
        T: FromStr<Err: Display>,
    {
        let text = self.text(column).to_lowercase();
        self.read(column, code, &text)
    }

    /// Minutes of a local time `HH:MM`; empty gives nothing.
    pub(super) fn clock(&mut self, column: &'static str) -> Option<u16> {
        let text = self.text(column).to_owned();
        if text.is_empty() {
            return None;
        }
        match clock_minutes(&text) {
            Ok(minutes) => Some(minutes),
            Err(cause) => {
                let remedy = self.correct(column);
                self.bad(column, "not_a_time", cause, remedy);
                None
            }
        }
    }

    /// As [`Row::parsed`], of a value that must be there.
    pub(super) fn required_parsed<T>(
        &mut self,
        column: &'static str,
        code: &'static str,
    ) -> Option<T>
    where
        T: FromStr<Err: Display>,
    {
        if self.text(column).is_empty() {
            self.bad(column, "missing", "is empty".into(), "fill it in");
            return None;
        }
        let text = self.text(column).to_lowercase();
        self.read(column, code, &text)
    }

    /// An instant that is not in the future; empty gives nothing. A date stands for its noon in `zone`:
    /// today's is no later than `now`.
    pub(super) fn past(
        &mut self,
        column: &'static str,
        zone: &Zone,
        now: Timestamp,
    ) -> Option<Timestamp> {
        let at = self.instant(column, zone.time_zone())?;
        let date_only = self.text(column).len() == 10;
        let at = if date_only && zone.date_at(at) == zone.date_at(now) { at.min(now) } else { at };
        if at > now {
            self.bad(column, "future", "lies in the future".into(), "correct the date");
        }
        Some(at)
    }

    /// An instant from `2026-11-02` (noon in `zone`), `2026-11-02T14:30` (in `zone`) or
    /// `2026-11-02T14:30:00Z`; empty gives nothing.
    pub(super) fn instant(&mut self, column: &'static str, zone: &TimeZone) -> Option<Timestamp> {
        let text = self.text(column).to_owned();
        if text.is_empty() {
            return None;
        }
        let date = text.parse::<Date>().ok().filter(|_| text.len() == 10);
        let at = date
            .and_then(|date| date.at(12, 0, 0, 0).to_zoned(zone.clone()).ok())
            .map(|zoned| zoned.timestamp())
            .or_else(|| text.parse::<Timestamp>().ok())
            .or_else(|| {
                // A local time has no offset and no zone behind it: those are read above or not at all.
                let local = text.bytes().all(|b| b.is_ascii_digit() || b"-:T .".contains(&b));
                let local = (local && text.len() > 10).then(|| text.parse::<DateTime>().ok());
                Some(local.flatten()?.to_zoned(zone.clone()).ok()?.timestamp())
            });
        if at.is_none() {
            let remedy = "write it as 2026-11-02, 2026-11-02T14:30 or 2026-11-02T14:30:00Z";
            self.bad(column, "not_a_date", shown(&text), remedy);
        }
        at
    }
}

/// Characters that change the direction of the text after them: a reference could look like another.
fn turns_text(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Characters of a cell that a message repeats.
const MOST_SHOWN: usize = 40;
/// Characters of a cause; ours are shorter.
const LONGEST_CAUSE: usize = 1_000;

/// A cell's text for a message: quoted and not endless.
pub(super) fn shown(text: &str) -> String {
    format!("`{}`", short(text))
}

fn short(text: &str) -> String {
    let short: String = text.chars().filter(|c| !c.is_control()).take(MOST_SHOWN).collect();
    let dots = if text.chars().count() > MOST_SHOWN { "..." } else { "" };
    format!("{short}{dots}")
}

/// A cause that ends behind a word, and says so where it is cut.
fn bounded(cause: String) -> String {
    let Some((end, _)) = cause.char_indices().nth(LONGEST_CAUSE) else { return cause };
    let kept = cause.get(..end).unwrap_or_default();
    let word = kept.rfind(' ').map_or(kept, |at| kept.get(..at).unwrap_or(kept));
    format!("{word} ...")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_ends_behind_a_word() {
        assert_eq!(bounded("one two".into()), "one two");
        let cut = bounded("word ".repeat(300));
        assert!(cut.ends_with("word ...") && cut.len() <= LONGEST_CAUSE + 4, "{cut}");
        assert_eq!(shown(&"x".repeat(41)), format!("`{}...`", "x".repeat(40)));
    }
}
