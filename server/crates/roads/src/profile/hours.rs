//! Slower and faster hours.
//!
//! The road network holds free-flow times; what an hour of the day does to them is worked
//! out afterwards, band by band along the way, so that leaving later never means arriving
//! earlier.

use serde::{Deserialize, Serialize};

use super::Profile;
use super::check::between;
use crate::error::ProfileError;

const MINUTES_PER_DAY: usize = 24 * 60;
const MINUTES_PER_WEEK: usize = 7 * MINUTES_PER_DAY;
const SECONDS_PER_WEEK: u32 = 7 * 24 * 3600;
/// Factors are counted in whole millionths, so that sums are exact.
const WHOLE: u64 = 1_000_000;
/// Smallest and largest factor.
const RANGE: (f64, f64) = (0.05, 3.0);
const DAYS: [&str; 7] = ["mo", "tu", "we", "th", "fr", "sa", "su"];

/// Hours of certain days at which speeds differ from free flow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HourBand {
    /// Local time of the beginning, `HH:MM`.
    pub from: String,
    /// Local time of the end, `HH:MM` up to `24:00`; on the next day when not after `from`.
    pub to: String,
    /// Days on which it begins: `mo-fr`, `sa,su`.
    pub days: String,
    /// Share of the free-flow speed, 0.05 to 3.
    pub factor: f64,
}

/// Free-flow times into times at an hour of the week: a profile's bands and a tenant's own
/// factor together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpeedFactors {
    /// Second of the week at which each piece begins, and the speed in millionths of free
    /// flow; the first begins at 0.
    pieces: Vec<(u32, u64)>,
    /// Millionths of free-flow seconds covered in a whole week.
    week: u64,
}

impl Profile {
    /// How long free-flow times take at an hour of the week, with a tenant's own factor
    /// for all speeds (0.9: ten percent slower).
    ///
    /// # Errors
    /// [`ProfileError`] names `speed_factor`, or the key of the band that is wrong.
    ///
    /// ```
    /// let factors = roads::Profile::car().speed_factors(0.5)?;
    /// assert_eq!(factors.seconds_at(600, 0), 1200);
    /// # Ok::<(), roads::ProfileError>(())
    /// ```
    pub fn speed_factors(&self, speed_factor: f64) -> Result<SpeedFactors, ProfileError> {
        SpeedFactors::new(&self.hours, speed_factor)
    }
}

impl SpeedFactors {
    /// From bands that do not overlap, and a factor for all hours.
    ///
    /// # Errors
    /// [`ProfileError`] names `speed_factor`, or the key of the band that is wrong.
    pub fn new(hours: &[HourBand], speed_factor: f64) -> Result<Self, ProfileError> {
        between("speed_factor", speed_factor, RANGE)?;
        let bands = by_minute(hours)?;
        let mut pieces: Vec<(u32, u64)> = Vec::new();
        for (band, second) in bands.iter().zip((0_u32..).step_by(60)) {
            let factor = band.and_then(|band| hours.get(band)).map_or(1.0, |band| band.factor);
            let millionths = millionths(factor * speed_factor);
            if pieces.last().is_none_or(|&(_, before)| before != millionths) {
                pieces.push((second, millionths));
            }
        }
        let ends = pieces.iter().skip(1).map(|piece| piece.0).chain([SECONDS_PER_WEEK]);
        let covered = |(&(start, speed), end): (&(u32, u64), u32)| u64::from(end - start) * speed;
        let week = pieces.iter().zip(ends).map(covered).sum();
        Ok(Self { pieces, week })
    }

    /// Seconds that a way of so many free-flow seconds takes when it begins at a second of
    /// the week, counted from Monday 0:00 local time. [`UNREACHABLE`] stays what it is.
    ///
    /// [`UNREACHABLE`]: crate::UNREACHABLE
    #[must_use]
    pub fn seconds_at(&self, free_flow_s: u32, second_of_week: u32) -> u32 {
        if free_flow_s == crate::UNREACHABLE || self.week == 0 {
            return free_flow_s;
        }
        let work = u64::from(free_flow_s) * WHOLE;
        let mut left = work % self.week;
        let mut seconds = work / self.week * u64::from(SECONDS_PER_WEEK);
        let mut now = second_of_week % SECONDS_PER_WEEK;
        let mut piece = self.pieces.partition_point(|&(start, _)| start <= now) - 1;
        loop {
            let (_, speed) = self.pieces[piece];
            let next = self.pieces.get(piece + 1).map_or(SECONDS_PER_WEEK, |&(start, _)| start);
            let room = u64::from(next - now) * speed;
            if left <= room {
                seconds += (left + speed / 2) / speed;
                return u32::try_from(seconds).unwrap_or(u32::MAX).min(crate::UNREACHABLE - 1);
            }
            left -= room;
            seconds += u64::from(next - now);
            (piece, now) = if next == SECONDS_PER_WEEK { (0, 0) } else { (piece + 1, next) };
        }
    }
}

/// The band of every minute of the week, if it has one.
pub(super) fn by_minute(hours: &[HourBand]) -> Result<Vec<Option<usize>>, ProfileError> {
    let mut minutes = vec![None; MINUTES_PER_WEEK];
    for (number, band) in hours.iter().enumerate() {
        let key = |name: &str| format!("hours[{number}].{name}");
        between(&key("factor"), band.factor, RANGE)?;
        let from = minute(&band.from).filter(|&m| m < MINUTES_PER_DAY);
        let from =
            from.ok_or_else(|| time(key("from"), &band.from, "a time from 00:00 to 23:59"))?;
        let to = minute(&band.to);
        let to = to.ok_or_else(|| time(key("to"), &band.to, "a time from 00:00 to 24:00"))?;
        if from == to {
            return Err(time(key("to"), &band.to, "another time than `from`"));
        }
        let length = if to > from { to - from } else { to + MINUTES_PER_DAY - from };
        for day in days(&band.days).ok_or_else(|| {
            time(key("days"), &band.days, "days like \"mo-fr\" or \"sa,su\", each once")
        })? {
            let start = day * MINUTES_PER_DAY + from;
            for at in (start..start + length).map(|at| at % MINUTES_PER_WEEK) {
                if let Some(other) = minutes[at].replace(number) {
                    return Err(ProfileError::Overlap {
                        key: format!("hours[{number}]"),
                        other: format!("hours[{other}]"),
                        at: clock(at),
                    });
                }
            }
        }
    }
    Ok(minutes)
}

fn time(key: String, value: &str, expected: &'static str) -> ProfileError {
    ProfileError::Hours { key, value: value.to_owned(), expected }
}

/// Minutes of `HH:MM`, up to `24:00`.
fn minute(text: &str) -> Option<usize> {
    let (hours, minutes) = text.split_once(':')?;
    let number = |text: &str| {
        let two = text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
        if two { text.parse::<usize>().ok() } else { None }
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    let total = hours * 60 + minutes;
    (minutes < 60 && total <= MINUTES_PER_DAY).then_some(total)
}

/// Days of `mo-fr` or `sa,su`, Monday 0; `None` when a day is unknown or there twice.
fn days(text: &str) -> Option<Vec<usize>> {
    let day = |name: &str| DAYS.iter().position(|day| name.trim().eq_ignore_ascii_case(day));
    let mut found = Vec::new();
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last) = (day(first)?, day(last)?);
        let many = (last + 7 - first) % 7 + 1;
        found.extend((first..first + many).map(|day| day % 7));
    }
    let mut sorted = found.clone();
    sorted.sort_unstable();
    sorted.dedup();
    (sorted.len() == found.len()).then_some(sorted)
}

fn clock(minute_of_week: usize) -> String {
    let (day, minute) = (minute_of_week / MINUTES_PER_DAY, minute_of_week % MINUTES_PER_DAY);
    let day = DAYS.get(day).copied().unwrap_or_default();
    format!("{day} {:02}:{:02}", minute / 60, minute % 60)
}

fn millionths(factor: f64) -> u64 {
    u64::from(crate::num::round_u32(factor * 1e6)).max(1)
}
