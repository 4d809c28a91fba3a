//! Settings of one installation: `doorstep.toml` in the data directory.

mod amount;
mod data_dir;
mod plan;
mod replanning;
mod template;
mod travel;

use domain::recovery::Card;
use domain::risk::RiskRules;
use jiff::civil::Time;
use serde::Deserialize;
use sync_core::model::{Currency, OrgId, Weekday, Zone};

pub use amount::Amount;
pub use data_dir::{DataDir, InstanceLock};
pub use plan::{BreakSetting, HomeSetting, PlanSettings};
pub use replanning::{ChangedAgent, Replanning};
pub use template::{ITERATIONS, NewOrganisation, write_settings};
pub use travel::{Fallback, ProviderName, TravelSettings};

/// The whole file. Unknown names are refused.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Whose data these are.
    pub organisation: Organisation,
    /// What a visit costs.
    pub costs: Costs,
    /// What happens at a door.
    pub visit: Visit,
    /// The day of an agent who brings no own times.
    pub shift: Shift,
    /// Which rules hold.
    pub policy: Policy,
    /// How plans are searched.
    pub planning: Planning,
    /// Breaks, overtime and smaller terms of plans; optional in the file.
    #[serde(default)]
    pub plan: PlanSettings,
    /// Where times and distances come from; optional in the file.
    #[serde(default)]
    pub travel: TravelSettings,
    /// What a change in the middle of the day is weighed by; optional in the file.
    #[serde(default)]
    pub replanning: Replanning,
    /// When a promise is kept; optional in the file.
    #[serde(default)]
    pub promises: Promises,
    /// Thresholds of the tiers; optional in the file.
    #[serde(default)]
    pub risk: RiskRules,
    /// What must be said wherever the data are shown; optional in the file.
    #[serde(default)]
    pub data: Data,
    /// The score card of a visit's worth; optional in the file.
    #[serde(default)]
    pub score_card: Card,
}

/// Section `[organisation]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organisation {
    /// Key of all its rows in the database.
    pub id: OrgId,
    /// Name on plans and sheets.
    pub name: String,
    /// ISO 4217 code.
    pub currency: Currency,
    /// IANA zone of its working day.
    pub time_zone: Zone,
}

/// Section `[costs]`, in units of the currency.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Costs {
    /// Paid hour of an agent.
    pub per_hour: Amount,
    /// Kilometre driven.
    pub per_km: Amount,
    /// Each visit, whatever comes of it.
    pub per_visit: Amount,
    /// Evidence of each visit (photo, signature, storage).
    pub per_evidence: Amount,
    /// Each agent sent out that day.
    pub per_shift: Amount,
    /// Share of what is recovered that goes to an agency, 0 to 1.
    pub agency_fee: f64,
    /// Interest a year at which later money is worth less, for example 0.12.
    pub discount_rate: f64,
}

/// Section `[visit]`.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Visit {
    /// Minutes at the door.
    pub service_minutes: u32,
    /// Minutes more for each further case of the borrower at the same door.
    #[serde(default = "further_case_minutes")]
    pub further_case_minutes: u32,
}

const fn further_case_minutes() -> u32 {
    3
}

/// Section `[shift]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shift {
    /// Local start, `HH:MM`.
    pub start: String,
    /// Local end, `HH:MM`.
    pub end: String,
    /// Working days, `mon;tue;wed`.
    pub days: String,
    /// Most visits a day.
    pub max_visits: u32,
}

/// Section `[policy]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Names of policy packs; the strictest rule of all of them holds.
    pub packs: Vec<String>,
}

/// Section `[planning]`.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Planning {
    /// Seed of the search; the same seed and iterations give the same plan.
    pub seed: u64,
    /// Length of the search.
    pub iterations: u64,
    /// Most candidates searched at once; of more, each territory is first searched by itself.
    #[serde(default = "largest_matrix")]
    pub largest_matrix: u32,
    /// Speed and detour of the last-resort estimate where no road network is built.
    pub fallback_speed_km_h: f64,
    /// Road kilometres per kilometre as the crow flies, where no road network is built.
    pub fallback_circuity: f64,
}

/// 2,500 squared at 8 bytes is 50 MB.
const fn largest_matrix() -> u32 {
    2_500
}

/// Section `[promises]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Promises {
    /// Days after its own within which a payment still fulfils a promise.
    pub grace_days: u16,
    /// Percent of a promise that may be missing when it counts as kept.
    pub tolerance_percent: u8,
}

impl Default for Promises {
    fn default() -> Self {
        Self { grace_days: 3, tolerance_percent: 5 }
    }
}

/// Section `[data]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Data {
    /// Sources that must be named beside the data.
    #[serde(default)]
    pub credits: Vec<String>,
    /// Warnings on top of every plan.
    #[serde(default)]
    pub notices: Vec<String>,
}

/// Why `doorstep.toml` cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// Not TOML, or a name or value that does not fit; the message carries line and name.
    #[error(
        "{path} cannot be used: {message}\nMend that line, or make a fresh file with `doorstep init` in another directory and copy your values over."
    )]
    Parse {
        /// The file.
        path: String,
        /// Line, name and cause.
        message: String,
    },
    /// A value out of range.
    #[error("{path}: [{section}] {field}: {problem}")]
    Value {
        /// The file.
        path: String,
        /// Section of the file.
        section: &'static str,
        /// Name in that section.
        field: &'static str,
        /// What is wrong and what is allowed.
        problem: String,
    },
}

impl Settings {
    /// Reads the text of `doorstep.toml`; `path` is for messages.
    ///
    /// # Errors
    /// Names the line, or the section and field, that does not fit.
    pub fn parse(text: &str, path: &str) -> Result<Self, SettingsError> {
        let settings: Self = toml::from_str(text).map_err(|error| SettingsError::Parse {
            path: path.to_owned(),
            message: error.to_string().trim_end().to_owned(),
        })?;
        settings.check(path)?;
        Ok(settings)
    }

    /// Whether the values make sense together; `path` is for messages.
    ///
    /// # Errors
    /// Names the section and field that does not fit.
    pub fn check(&self, path: &str) -> Result<(), SettingsError> {
        let bad = |section, field, problem: String| SettingsError::Value {
            path: path.to_owned(),
            section,
            field,
            problem,
        };
        let share = |section, field, value: f64, most: f64| {
            if value.is_finite() && (0.0..=most).contains(&value) {
                Ok(())
            } else {
                Err(bad(
                    section,
                    field,
                    format!("{value} must lie between 0 and {most}; 25 % is 0.25"),
                ))
            }
        };
        share("costs", "agency_fee", self.costs.agency_fee, 1.0)?;
        share("costs", "discount_rate", self.costs.discount_rate, 10.0)?;
        share("planning", "fallback_circuity", self.planning.fallback_circuity, 10.0)?;
        share("planning", "fallback_speed_km_h", self.planning.fallback_speed_km_h, 200.0)?;
        if self.planning.fallback_speed_km_h < 1.0 || self.planning.fallback_circuity < 1.0 {
            return Err(bad(
                "planning",
                "fallback_speed_km_h",
                "speed and circuity must be at least 1".into(),
            ));
        }
        for (field, amount, parts) in
            [("per_km", self.costs.per_km, 1_000), ("per_hour", self.costs.per_hour, 3_600)]
        {
            // The planner counts whole micro-units a metre and a second.
            if let Some(problem) = plan::counted_in(amount, parts) {
                return Err(bad("costs", field, problem));
            }
        }
        if !(1..=480).contains(&self.visit.service_minutes) {
            return Err(bad("visit", "service_minutes", "must be 1 to 480".into()));
        }
        if self.visit.further_case_minutes > 480 {
            return Err(bad("visit", "further_case_minutes", "must be 0 to 480".into()));
        }
        if !(1..=500).contains(&self.shift.max_visits) {
            return Err(bad("shift", "max_visits", "must be 1 to 500".into()));
        }
        if !(1..=1_000_000_000).contains(&self.planning.iterations) {
            return Err(bad("planning", "iterations", "must be 1 to 1,000,000,000".into()));
        }
        if !(100..=10_000).contains(&self.planning.largest_matrix) {
            return Err(bad("planning", "largest_matrix", "must be 100 to 10,000".into()));
        }
        let start =
            clock_minutes(&self.shift.start).map_err(|problem| bad("shift", "start", problem))?;
        let end = clock_minutes(&self.shift.end).map_err(|problem| bad("shift", "end", problem))?;
        if start >= end {
            return Err(bad("shift", "end", format!("{} is not after start", self.shift.end)));
        }
        parse_days(&self.shift.days).map_err(|problem| bad("shift", "days", problem))?;
        if self.promises.grace_days > 60 {
            return Err(bad("promises", "grace_days", "must be 0 to 60".into()));
        }
        if self.promises.tolerance_percent > 50 {
            return Err(bad("promises", "tolerance_percent", "must be 0 to 50".into()));
        }
        if let Some((field, problem)) = self.plan.fault() {
            return Err(bad("plan", field, problem));
        }
        if let Some((field, problem)) = self.travel.fault() {
            return Err(bad("travel", field, problem));
        }
        if self.policy.packs.is_empty() {
            return Err(bad("policy", "packs", "name at least one, such as \"house\"".into()));
        }
        Ok(())
    }
}

/// Minutes of a local clock time `HH:MM`.
///
/// # Errors
/// A sentence with the text and the form expected.
pub fn clock_minutes(text: &str) -> Result<u16, String> {
    let time = (text.len() == 5).then(|| Time::strptime("%H:%M", text).ok()).flatten();
    let time = time.ok_or_else(|| format!("`{text}` is not a time; write HH:MM, as in 09:30"))?;
    let minutes = i32::from(time.hour()) * 60 + i32::from(time.minute());
    u16::try_from(minutes).map_err(|_| format!("`{text}` is not a time of day"))
}

/// Working days from `mon;tue;wed`, in the order of the week.
///
/// # Errors
/// A sentence with the word that is no day.
pub fn parse_days(text: &str) -> Result<Vec<Weekday>, String> {
    let mut days = Vec::new();
    for word in text.split(';').map(str::trim).filter(|word| !word.is_empty()) {
        let day: Weekday = word
            .to_ascii_lowercase()
            .parse()
            .map_err(|_| format!("`{word}` is not a day; write mon;tue;wed;thu;fri;sat;sun"))?;
        if !days.contains(&day) {
            days.push(day);
        }
    }
    if days.is_empty() {
        return Err("no working day; write for example mon;tue;wed;thu;fri".into());
    }
    days.sort_unstable();
    Ok(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> String {
        template::sample()
    }

    #[test]
    fn the_written_file_reads_back() {
        let text = sample();
        let settings = Settings::parse(&text, "doorstep.toml").unwrap();
        assert_eq!(settings.organisation.currency.exponent(), 2);
        assert_eq!(settings.policy.packs, ["house"]);
        assert_eq!(settings.risk, RiskRules::default(), "the file shows the defaults");
        assert_eq!(settings.promises, Promises::default(), "the file shows the defaults");
        assert_eq!(settings.travel, TravelSettings::default(), "the file shows the defaults");
        assert_eq!(settings.plan, PlanSettings::default(), "the file shows the defaults");
        assert_eq!(settings.replanning, Replanning::default(), "the file shows the defaults");
        let start = text.find("[promises]").unwrap();
        let older = format!("{}{}", &text[..start], &text[text.find("# Points and").unwrap()..]);
        let settings = Settings::parse(&older, "doorstep.toml").unwrap();
        assert_eq!(settings.promises, Promises::default(), "files of before have no such section");
    }

    #[test]
    fn an_unknown_name_is_an_error_that_says_which() {
        let text = sample().replace("per_km =", "per_mile =");
        let error = Settings::parse(&text, "doorstep.toml").unwrap_err().to_string();
        assert!(error.contains("per_mile") && error.contains("line"), "{error}");
    }

    #[test]
    fn values_out_of_range_name_section_and_field() {
        for (from, to, field) in [
            ("agency_fee = 0.0", "agency_fee = 1.5", "[costs] agency_fee"),
            ("start = \"09:00\"", "start = \"9am\"", "[shift] start"),
            ("end = \"17:00\"", "end = \"08:00\"", "[shift] end"),
            ("mon;tue", "mon;xue", "[shift] days"),
            ("service_minutes = 12", "service_minutes = 0", "[visit] service_minutes"),
            ("grace_days = 3", "grace_days = 61", "[promises] grace_days"),
            ("tolerance_percent = 5", "tolerance_percent = 51", "[promises] tolerance_percent"),
            ("provider = \"embedded\"", "provider = \"osrm\"", "[travel] osrm_url"),
            ("speed_factor = 1.0", "speed_factor = 9.0", "[travel] speed_factor"),
            ("overtime_hours = 0.0", "overtime_hours = 9.0", "[plan] overtime_hours"),
        ] {
            let text = sample();
            assert!(text.contains(from), "template lost `{from}`");
            let error =
                Settings::parse(&text.replace(from, to), "doorstep.toml").unwrap_err().to_string();
            assert!(error.contains(field), "{error}");
        }
        let text = sample().replace("per_km = 0.50", "per_km = -1.0");
        let error = Settings::parse(&text, "doorstep.toml").unwrap_err().to_string();
        assert!(error.contains("per_km") && error.contains("-1"), "{error}");
    }

    #[test]
    fn clock_times_are_strict() {
        assert_eq!(clock_minutes("09:30"), Ok(570));
        for bad in ["9:30", "24:00", "12:60", "noon", ""] {
            assert!(clock_minutes(bad).is_err(), "{bad}");
        }
    }
}
