//! Section `[plan]`: breaks, overtime, and what is weighed beside prizes, way and time.

use serde::Deserialize;

use sync_core::model::Weekday;

use super::{Amount, clock_minutes, parse_days};

/// Section `[plan]`; every name may be left out.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PlanSettings {
    /// Breaks of every agent, in the order in which they are taken.
    pub breaks: Vec<BreakSetting>,
    /// Paid hours of a day without overtime; the agent's own shift unless given.
    pub regular_hours: Option<f64>,
    /// Hours at most that a day may last beyond the agent's shift.
    pub overtime_hours: f64,
    /// Price of an hour of overtime on top of the usual one, in units of the currency.
    pub overtime_per_hour: Amount,
    /// Price of an hour beyond an agent's fair share of all paid hours.
    pub unfairness_per_hour: Amount,
    /// Price of each further agent who stops in the same H3 cell.
    pub overlap: Amount,
    /// Resolution of those cells, 0 to 15; that of the territories unless given, 8 without territories.
    pub overlap_resolution: Option<u8>,
    /// Price of a visit by another agent than the one who was there last and is on duty.
    pub continuity: Amount,
    /// Price of a visit by another agent than those of `agent_preferred` who are on duty.
    pub preferred: Amount,
    /// When somebody is at home, by hour and weekday.
    pub home: Vec<HomeSetting>,
    /// The chance of finding somebody that prizes count with, and that holds at all other hours.
    pub home_chance: f64,
    /// Certificates without which nobody visits anybody.
    pub certificates_needed: Vec<String>,
}

/// One of `[[plan.breaks]]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BreakSetting {
    /// The earliest beginning, local `HH:MM`.
    pub from: String,
    /// The latest beginning, local `HH:MM`.
    pub to: String,
    /// How long.
    pub minutes: u32,
    /// Whether the minutes are paid and count for overtime.
    #[serde(default)]
    pub paid: bool,
}

/// One of `[[plan.home]]`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HomeSetting {
    /// First minute, `HH:MM` in the zone of the home.
    pub from: String,
    /// The minute after the last one.
    pub to: String,
    /// Days of the week, `mon;tue`; all unless given.
    #[serde(default)]
    pub days: Option<String>,
    /// The chance of finding somebody then.
    pub chance: f64,
}

impl HomeSetting {
    /// First minute of the day and the one after the last.
    ///
    /// # Errors
    /// Names the part that is no time, or out of order.
    pub fn window(&self) -> Result<(u16, u16), String> {
        let (from, to) = (part("from", &self.from)?, part("to", &self.to)?);
        if from >= to {
            return Err(format!("to: {} is not after from", self.to));
        }
        Ok((from, to))
    }

    /// The days of the week it is about.
    ///
    /// # Errors
    /// Names what is no day.
    pub fn weekdays(&self) -> Result<Vec<Weekday>, String> {
        let all = "mon;tue;wed;thu;fri;sat;sun";
        let days = parse_days(self.days.as_deref().unwrap_or(all));
        days.map_err(|problem| format!("days: {problem}"))
    }
}

impl Default for PlanSettings {
    fn default() -> Self {
        Self {
            breaks: Vec::new(),
            regular_hours: None,
            overtime_hours: 0.0,
            overtime_per_hour: Amount::default(),
            unfairness_per_hour: Amount::default(),
            overlap: Amount::default(),
            overlap_resolution: None,
            continuity: Amount::default(),
            preferred: Amount::default(),
            home: Vec::new(),
            home_chance: 0.5,
            certificates_needed: Vec::new(),
        }
    }
}

/// Most hours of overtime and of a regular day.
const MOST_OVERTIME: f64 = 8.0;
const MOST_REGULAR: f64 = 24.0;
/// Longest break.
const LONGEST_BREAK: u32 = 240;

impl BreakSetting {
    /// First and last minute of the day at which it may begin.
    ///
    /// # Errors
    /// Names the part that is no time, or out of order.
    pub fn window(&self) -> Result<(u16, u16), String> {
        let (from, to) = (part("from", &self.from)?, part("to", &self.to)?);
        if from > to {
            return Err(format!("to: {} is before from", self.to));
        }
        Ok((from, to))
    }
}

fn part(name: &str, text: &str) -> Result<u16, String> {
    clock_minutes(text).map_err(|problem| format!("{name}: {problem}"))
}

impl PlanSettings {
    /// The first name whose value cannot be used, and why.
    pub(super) fn fault(&self) -> Option<(&'static str, String)> {
        let hours = |field, value: f64, most: f64| {
            let fits = value.is_finite() && (0.0..=most).contains(&value);
            (!fits).then(|| (field, format!("{value} must lie between 0 and {most} hours")))
        };
        self.break_fault()
            .map(|problem| ("breaks", problem))
            .or_else(|| hours("overtime_hours", self.overtime_hours, MOST_OVERTIME))
            .or_else(|| hours("regular_hours", self.regular_hours?, MOST_REGULAR))
            .or_else(|| Some(("overtime_per_hour", by_the_second(self.overtime_per_hour)?)))
            .or_else(|| Some(("unfairness_per_hour", by_the_second(self.unfairness_per_hour)?)))
            .or_else(|| {
                let resolution = self.overlap_resolution.filter(|resolution| *resolution > 15)?;
                Some(("overlap_resolution", format!("{resolution} must lie between 0 and 15")))
            })
            .or_else(|| {
                let fits = self.home_chance > 0.0 && self.home_chance <= 1.0;
                let problem = format!("{} must be above 0 and at most 1", self.home_chance);
                (!fits).then_some(("home_chance", problem))
            })
            .or_else(|| self.home_fault().map(|problem| ("home", problem)))
            .or_else(|| {
                let fits = |name: &&String| {
                    let word = |b: u8| {
                        b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-'
                    };
                    (1..=40).contains(&name.len()) && name.bytes().all(word)
                };
                let name = self.certificates_needed.iter().find(|name| !fits(name))?;
                let problem = format!(
                    "`{name}` is no name of a certificate: write small letters, digits, _ and -"
                );
                Some(("certificates_needed", problem))
            })
    }

    fn home_fault(&self) -> Option<String> {
        let mut known: Vec<(Weekday, (u16, u16))> = Vec::new();
        for (at, band) in self.home.iter().enumerate() {
            let said = |problem: String| Some(format!("[{at}] {problem}"));
            let (window, days) = match (band.window(), band.weekdays()) {
                (Ok(window), Ok(days)) => (window, days),
                (Err(problem), _) | (_, Err(problem)) => return said(problem),
            };
            if !(0.0..=1.0).contains(&band.chance) {
                return said(format!("chance: {} must lie between 0 and 1", band.chance));
            }
            for day in days {
                let meets = |(other, span): &(Weekday, (u16, u16))| {
                    *other == day && window.0 < span.1 && span.0 < window.1
                };
                if known.iter().any(meets) {
                    return said("has hours in common with one above on the same day".into());
                }
                known.push((day, window));
            }
        }
        None
    }

    fn break_fault(&self) -> Option<String> {
        let mut before = (0, 0);
        for (at, pause) in self.breaks.iter().enumerate() {
            let said = |problem: String| Some(format!("[{at}] {problem}"));
            let window = match pause.window() {
                Ok(window) => window,
                Err(problem) => return said(problem),
            };
            if window.0 < before.0 || window.1 < before.1 {
                return said(
                    "begins or ends before the one above: write them in their order".into(),
                );
            }
            if !(1..=LONGEST_BREAK).contains(&pause.minutes) {
                return said(format!(
                    "minutes: {} must lie between 1 and {LONGEST_BREAK}",
                    pause.minutes
                ));
            }
            before = window;
        }
        None
    }
}

/// Why an hourly amount cannot be counted in whole micro-units a second.
pub(super) fn by_the_second(amount: Amount) -> Option<String> {
    counted_in(amount, 3_600)
}

/// Why an amount cannot be counted in so many parts: each is a whole number of micro-units.
pub(super) fn counted_in(amount: Amount, parts: i64) -> Option<String> {
    let counted = (amount.micro() + parts / 2) / parts * parts;
    ((counted - amount.micro()).abs() * 100 > amount.micro()).then(|| {
        "is too small: counted by the metre or second it would be off by more than 1 %; write 0 or a \
         larger amount"
            .into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> Option<(&'static str, String)> {
        toml::from_str::<PlanSettings>(text).unwrap().fault()
    }

    #[test]
    fn an_empty_section_changes_nothing() {
        assert_eq!(toml::from_str::<PlanSettings>("").unwrap(), PlanSettings::default());
        assert_eq!(fault(""), None);
    }

    #[test]
    fn breaks_are_read_in_their_order() {
        let text = "breaks = [{ from = \"10:00\", to = \"10:30\", minutes = 15, paid = true },\n\
                    { from = \"12:00\", to = \"13:30\", minutes = 30 }]";
        let read = toml::from_str::<PlanSettings>(text).unwrap();
        assert_eq!(read.fault(), None);
        assert_eq!(read.breaks[1].window(), Ok((720, 810)));
        assert!(read.breaks[0].paid && !read.breaks[1].paid);
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        let pause = |from: &str, to: &str, minutes: u32| {
            format!("{{ from = \"{from}\", to = \"{to}\", minutes = {minutes} }}")
        };
        let home = |from: &str, to: &str, rest: &str| {
            format!("home = [{{ from = \"{from}\", to = \"{to}\", {rest} }}]")
        };
        let breaks = |list: &[String]| format!("breaks = [{}]", list.join(", "));
        for (text, field, word) in [
            (breaks(&[pause("noon", "13:00", 30)]), "breaks", "[0] from: `noon`"),
            (breaks(&[pause("13:00", "12:00", 30)]), "breaks", "[0] to: 12:00"),
            (breaks(&[pause("12:00", "13:00", 0)]), "breaks", "[0] minutes"),
            (
                breaks(&[pause("12:00", "13:00", 30), pause("11:00", "14:00", 30)]),
                "breaks",
                "[1] begins",
            ),
            ("overtime_hours = 9.0".into(), "overtime_hours", "8 hours"),
            ("overtime_hours = -1.0".into(), "overtime_hours", "-1"),
            ("regular_hours = nan".into(), "regular_hours", "NaN"),
            ("overtime_per_hour = 0.001".into(), "overtime_per_hour", "too small"),
            ("unfairness_per_hour = 0.001".into(), "unfairness_per_hour", "too small"),
            ("overlap_resolution = 16".into(), "overlap_resolution", "15"),
            ("home_chance = 0.0".into(), "home_chance", "above 0"),
            (home("17:00", "20:00", "chance = 1.5"), "home", "[0] chance: 1.5"),
            (home("17:00", "17:00", "chance = 0.5"), "home", "[0] to: 17:00"),
            (home("17:00", "20:00", "chance = 0.5, days = \"noon\""), "home", "[0] days"),
            (
                home(
                    "17:00",
                    "20:00",
                    "chance = 0.5 }, { from = \"19:59\", to = \"21:00\", days = \"sun\", chance = 0.9",
                ),
                "home",
                "[1] has hours in common",
            ),
            ("certificates_needed = [\"a:b\"]".into(), "certificates_needed", "a:b"),
        ] {
            let (named, problem) = fault(&text).unwrap();
            assert_eq!(named, field, "{text}");
            assert!(problem.contains(word), "{text}: {problem}");
        }
    }

    #[test]
    fn unknown_names_and_bad_amounts_are_refused() {
        for text in ["lunch = 1", "overlap = -1.0", "breaks = [{ from = \"12:00\" }]"] {
            assert!(toml::from_str::<PlanSettings>(text).is_err(), "{text}");
        }
    }
}
