//! Weekdays and holidays.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::pack::Pack;
use super::verdict::{Reason, Rule};
use crate::model::Weekday;

/// Days without visits.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Days {
    /// Weekdays on which nobody visits.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub forbidden_weekdays: BTreeSet<Weekday>,
    /// Whether holidays are without visits.
    #[serde(default)]
    pub forbid_holidays: bool,
    /// The holidays, by date. A calendar is data: a shipped pack that needs one says that it is
    /// to be filled in.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub holidays: BTreeSet<Date>,
}

pub(super) fn check(date: Date, pack: &Pack) -> Option<Reason> {
    let days = pack.rules.days.as_ref()?;
    let weekday = Weekday::of(date);
    let what = if days.forbid_holidays && days.holidays.contains(&date) {
        "a holiday".to_owned()
    } else if days.forbidden_weekdays.contains(&weekday) {
        format!("a day ({}) without visits", weekday.label())
    } else {
        return None;
    };
    Some(Reason::new(Rule::Days, pack, format!("{date} is {what}; choose another day.")))
}
