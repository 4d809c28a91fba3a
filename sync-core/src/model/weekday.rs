//! Days of the week as they are written in files.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why a text is no weekday.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum WeekdayError {
    /// Not one of the seven words.
    #[error("weekday: `{0}` is unknown; use mon, tue, wed, thu, fri, sat, sun")]
    Unknown(String),
}

/// A day of the week; written `mon` to `sun`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weekday {
    /// Monday.
    Mon,
    /// Tuesday.
    Tue,
    /// Wednesday.
    Wed,
    /// Thursday.
    Thu,
    /// Friday.
    Fri,
    /// Saturday.
    Sat,
    /// Sunday.
    Sun,
}

impl Weekday {
    /// Monday to Sunday.
    pub const ALL: [Self; 7] =
        [Self::Mon, Self::Tue, Self::Wed, Self::Thu, Self::Fri, Self::Sat, Self::Sun];

    /// The weekday of a date.
    #[must_use]
    pub fn of(date: jiff::civil::Date) -> Self {
        use jiff::civil::Weekday as Civil;
        match date.weekday() {
            Civil::Monday => Self::Mon,
            Civil::Tuesday => Self::Tue,
            Civil::Wednesday => Self::Wed,
            Civil::Thursday => Self::Thu,
            Civil::Friday => Self::Fri,
            Civil::Saturday => Self::Sat,
            Civil::Sunday => Self::Sun,
        }
    }

    /// The three letters used in files.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Mon => "mon",
            Self::Tue => "tue",
            Self::Wed => "wed",
            Self::Thu => "thu",
            Self::Fri => "fri",
            Self::Sat => "sat",
            Self::Sun => "sun",
        }
    }
}

impl FromStr for Weekday {
    type Err = WeekdayError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|day| day.label() == text)
            .ok_or_else(|| WeekdayError::Unknown(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_its_own_labels() {
        for day in Weekday::ALL {
            assert_eq!(day.label().parse(), Ok(day));
        }
        assert!("Monday".parse::<Weekday>().is_err());
        assert_eq!(Weekday::of(jiff::civil::date(2026, 3, 2)), Weekday::Mon);
    }
}
