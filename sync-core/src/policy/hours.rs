//! Hours of the day in the case's zone.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::facts::CaseFacts;
use super::pack::Pack;
use super::verdict::{Reason, Rule};
use crate::model::{LocalWindow, TimeWindow, Weekday, join};

/// Allowed hours. Where the pack says nothing about hours, the whole day is allowed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// On days not named below.
    pub every_day: Vec<LocalWindow>,
    /// On single weekdays, instead.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub on: BTreeMap<Weekday, Vec<LocalWindow>>,
    /// On holidays of [`super::Days::holidays`], instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_holidays: Option<Vec<LocalWindow>>,
}

/// The local windows in force on a date; `None` when the pack has no rule about hours.
fn in_force(date: Date, pack: &Pack) -> Option<&[LocalWindow]> {
    let hours = pack.rules.hours.as_ref()?;
    if let Some(windows) = &hours.on_holidays
        && pack.rules.days.as_ref().is_some_and(|days| days.holidays.contains(&date))
    {
        return Some(windows);
    }
    Some(hours.on.get(&Weekday::of(date)).unwrap_or(&hours.every_day))
}

pub(super) fn check(facts: &CaseFacts, at: Timestamp, pack: &Pack) -> Option<Reason> {
    let local = facts.zone.time_zone().to_datetime(at);
    let windows = in_force(local.date(), pack)?;
    if windows.iter().any(|window| window.contains(at, &facts.zone)) {
        return None;
    }
    Some(Reason::new(
        Rule::Hours,
        pack,
        format!("It is {:.0} at the home; visits are allowed {}.", local.time(), listed(windows)),
    ))
}

/// Instants of a local day that the pack's hours allow.
pub(super) fn windows(facts: &CaseFacts, date: Date, pack: &Pack) -> Vec<TimeWindow> {
    let windows = in_force(date, pack).unwrap_or(&[LocalWindow::DAY]);
    join(windows.iter().flat_map(|window| window.on(date, &facts.zone)).collect())
}

/// The reason when hours and the borrower's own window leave no instant of the day.
pub(super) fn no_common_time(facts: &CaseFacts, date: Date, pack: &Pack) -> Reason {
    let allowed = listed(in_force(date, pack).unwrap_or(&[LocalWindow::DAY]));
    let own = facts
        .visit_window
        .map_or_else(String::new, |own| format!(", the borrower asked for {own}"));
    Reason::new(
        Rule::Hours,
        pack,
        format!("No time of {date} is left: visits are allowed {allowed}{own}."),
    )
}

fn listed(windows: &[LocalWindow]) -> String {
    if windows.is_empty() {
        return "at no hour of that day".to_owned();
    }
    windows.iter().map(LocalWindow::to_string).collect::<Vec<_>>().join(" and ")
}
