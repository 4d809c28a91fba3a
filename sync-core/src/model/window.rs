//! Spans of time: UTC instants, and minutes of a local day.
//!
//! All spans are half-open: the start belongs to them, the end does not.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::units::Seconds;
use super::zone::Zone;

/// Why a span of time could not be made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum WindowError {
    /// The end lies before the start.
    #[error("window: it ends at {late} before it starts at {early}; swap them")]
    Reversed {
        /// The start given.
        early: Timestamp,
        /// The end given.
        late: Timestamp,
    },
    /// Not `HH:MM-HH:MM` within one day, start before end.
    #[error(
        "local window: `{0}` is not HH:MM-HH:MM with the start before the end; split a window at midnight in two"
    )]
    Local(String),
}

/// A span of instants; `early` belongs to it, `late` does not.
///
/// ```
/// use sync_core::model::TimeWindow;
/// let window = TimeWindow::new("2026-03-02T08:00Z".parse()?, "2026-03-02T21:00Z".parse()?)?;
/// assert!(window.contains("2026-03-02T08:00Z".parse()?));
/// assert!(!window.contains("2026-03-02T21:00Z".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "RawWindow", into = "RawWindow")]
pub struct TimeWindow {
    early: Timestamp,
    late: Timestamp,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWindow {
    early: Timestamp,
    late: Timestamp,
}

impl TimeWindow {
    /// The span from `early` up to `late`.
    ///
    /// # Errors
    /// [`WindowError::Reversed`] when `late` lies before `early`.
    pub fn new(early: Timestamp, late: Timestamp) -> Result<Self, WindowError> {
        if late < early {
            return Err(WindowError::Reversed { early, late });
        }
        Ok(Self { early, late })
    }

    /// The first instant.
    #[must_use]
    pub const fn early(self) -> Timestamp {
        self.early
    }

    /// The first instant after the span.
    #[must_use]
    pub const fn late(self) -> Timestamp {
        self.late
    }

    /// Whether `at` lies in the span.
    #[must_use]
    pub fn contains(self, at: Timestamp) -> bool {
        self.early <= at && at < self.late
    }

    /// What two spans share; `None` when that is no instant at all.
    #[must_use]
    pub fn intersect(self, other: Self) -> Option<Self> {
        let early = self.early.max(other.early);
        let late = self.late.min(other.late);
        (early < late).then_some(Self { early, late })
    }

    /// The latest start of something that takes `duration` and must end by `late`.
    #[must_use]
    pub fn latest_start(self, duration: Seconds) -> Option<Timestamp> {
        let start = self.late.as_second().checked_sub(duration.get())?;
        Timestamp::from_second(start).ok().filter(|start| *start >= self.early)
    }
}

impl TryFrom<RawWindow> for TimeWindow {
    type Error = WindowError;

    fn try_from(raw: RawWindow) -> Result<Self, Self::Error> {
        Self::new(raw.early, raw.late)
    }
}

impl From<TimeWindow> for RawWindow {
    fn from(window: TimeWindow) -> Self {
        Self { early: window.early, late: window.late }
    }
}

/// Sorts spans and joins those that touch.
pub(crate) fn join(mut windows: Vec<TimeWindow>) -> Vec<TimeWindow> {
    windows.sort_unstable();
    let mut joined: Vec<TimeWindow> = Vec::with_capacity(windows.len());
    for window in windows {
        match joined.last_mut() {
            Some(last) if window.early <= last.late => last.late = last.late.max(window.late),
            _ => joined.push(window),
        }
    }
    joined
}

/// What two lists of spans share.
pub(crate) fn intersect(left: &[TimeWindow], right: &[TimeWindow]) -> Vec<TimeWindow> {
    join(left.iter().flat_map(|l| right.iter().filter_map(|r| l.intersect(*r))).collect())
}

const DAY_MIN: u16 = 24 * 60;
/// More than any zone is away from UTC, in seconds.
const WIDEST_OFFSET_S: i64 = 30 * 3600;

/// Minutes of a local day, `08:00-21:00`; the end does not belong to it and may be `24:00`.
///
/// ```
/// use sync_core::model::LocalWindow;
/// let hours: LocalWindow = "08:00-21:00".parse()?;
/// assert!(hours.contains_minute(8 * 60) && !hours.contains_minute(21 * 60));
/// # Ok::<(), sync_core::model::WindowError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LocalWindow {
    from_min: u16,
    to_min: u16,
}

impl LocalWindow {
    /// The whole local day.
    pub const DAY: Self = Self { from_min: 0, to_min: DAY_MIN };

    /// From minute `from_min` of the day up to minute `to_min` (at most 1440).
    ///
    /// # Errors
    /// [`WindowError::Local`] when the start is not before the end or the end is after midnight.
    pub fn new(from_min: u16, to_min: u16) -> Result<Self, WindowError> {
        let window = Self { from_min, to_min };
        if from_min < to_min && to_min <= DAY_MIN {
            Ok(window)
        } else {
            Err(WindowError::Local(window.to_string()))
        }
    }

    /// First minute of the day.
    #[must_use]
    pub const fn from_min(self) -> u16 {
        self.from_min
    }

    /// First minute after it.
    #[must_use]
    pub const fn to_min(self) -> u16 {
        self.to_min
    }

    /// Whether a minute of the day lies in it.
    #[must_use]
    pub const fn contains_minute(self, minute: u16) -> bool {
        self.from_min <= minute && minute < self.to_min
    }

    /// Whether the clock on the wall shows a time in it at `at`.
    #[must_use]
    pub fn contains(self, at: Timestamp, zone: &Zone) -> bool {
        self.contains_minute(minute_of_day(zone.time_zone().to_datetime(at)))
    }

    /// The instants of local day `date` at which the clock on the wall shows a time in it.
    ///
    /// Where clocks are set forward the missing part is missing; where they are set back a window
    /// over the change may come as two spans. Empty for dates outside of what can be represented.
    #[must_use]
    pub fn on(self, date: Date, zone: &Zone) -> Vec<TimeWindow> {
        let Ok(midnight) = Offset::UTC.to_timestamp(DateTime::from_parts(date, Time::midnight()))
        else {
            return Vec::new();
        };
        // The wall clock read as if it were UTC; a span of constant offset then is a shift.
        let wall_from = midnight.as_second() + i64::from(self.from_min) * 60;
        let wall_to = midnight.as_second() + i64::from(self.to_min) * 60;
        let (Ok(start), Ok(end)) = (
            Timestamp::from_second(wall_from - WIDEST_OFFSET_S),
            Timestamp::from_second(wall_to + WIDEST_OFFSET_S),
        ) else {
            return Vec::new();
        };
        let mut spans = Vec::new();
        let (mut from, mut offset) = (start, zone.time_zone().to_offset(start));
        for change in zone.time_zone().following(start).take_while(|c| c.timestamp() < end) {
            spans.push((from, change.timestamp(), offset));
            (from, offset) = (change.timestamp(), change.offset());
        }
        spans.push((from, end, offset));
        join(
            spans
                .into_iter()
                .filter_map(|(from, to, offset)| {
                    let shift = i64::from(offset.seconds());
                    let early = Timestamp::from_second(wall_from - shift).ok()?;
                    let late = Timestamp::from_second(wall_to - shift).ok()?;
                    TimeWindow { early, late }.intersect(TimeWindow { early: from, late: to })
                })
                .collect(),
        )
    }
}

fn minute_of_day(local: DateTime) -> u16 {
    // Hours are 0 to 23 and minutes 0 to 59, so the conversion holds.
    u16::try_from(i32::from(local.hour()) * 60 + i32::from(local.minute())).unwrap_or(0)
}

impl fmt::Display for LocalWindow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (from, to) = (self.from_min, self.to_min);
        write!(f, "{:02}:{:02}-{:02}:{:02}", from / 60, from % 60, to / 60, to % 60)
    }
}

impl FromStr for LocalWindow {
    type Err = WindowError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || WindowError::Local(text.to_owned());
        let (from, to) = text.split_once('-').ok_or_else(error)?;
        let from = minutes(from).ok_or_else(error)?;
        let to = minutes(to).ok_or_else(error)?;
        Self::new(from, to).map_err(|_| error())
    }
}

/// Minutes of `HH:MM`, `24:00` included.
fn minutes(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let two_digits = |part: &str| {
        (part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit()))
            .then(|| part.parse::<u16>().ok())
            .flatten()
    };
    let (hour, minute) = (two_digits(hour)?, two_digits(minute)?);
    (hour <= 24 && minute < 60).then_some(hour * 60 + minute)
}

impl TryFrom<String> for LocalWindow {
    type Error = WindowError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<LocalWindow> for String {
    fn from(window: LocalWindow) -> Self {
        window.to_string()
    }
}

#[cfg(test)]
#[path = "window_tests.rs"]
mod tests;
