//! Which plan a page shows: the one agents work by, or the one that is asked for.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use sync_core::model::PlanId;

use crate::app::App;
use crate::db::Id;
use crate::error::Error;

/// Most plans that are looked at, the newest first.
const MOST: i64 = 1_000;

/// Where a plan stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Agents work by it.
    Published,
    /// It was published, and another one of its day was after it.
    Replaced,
    /// Nobody works by it.
    NotPublished,
}

impl Standing {
    /// In words.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Replaced => "published, then replaced",
            Self::NotPublished => "not published",
        }
    }
}

/// A plan that can be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Its id.
    pub id: PlanId,
    /// Its day, YYYY-MM-DD.
    pub date: String,
    /// Its version among the plans of the day.
    pub version: i32,
    /// Where it stands.
    pub standing: Standing,
    /// Its stops.
    pub stops: usize,
    /// Place of its publication in the log; 0 without one.
    published_seq: i64,
    /// Place among all plans that were saved.
    serial: i64,
}

/// Plans by day, the latest day and version first.
///
/// # Errors
/// The database fails.
pub fn choices(app: &App) -> Result<Vec<Choice>, Error> {
    let rows = app.store.list_plans(app.org, i64::MAX, MOST)?;
    let ids: Vec<Id> = rows.iter().map(|(plan, _)| plan.plan_id).collect();
    let stops: HashMap<Id, i64> = app.store.stops_of(app.org, &ids)?.into_iter().collect();
    let mut last: BTreeMap<String, i64> = BTreeMap::new();
    for publication in rows.iter().filter_map(|(_, publication)| publication.as_ref()) {
        let seq = last.entry(publication.plan_date.clone()).or_default();
        *seq = (*seq).max(publication.server_seq);
    }
    let mut choices = rows
        .into_iter()
        .map(|(plan, publication)| {
            let published_seq = publication.map_or(0, |row| row.server_seq);
            let standing = match published_seq {
                0 => Standing::NotPublished,
                seq if last.get(&plan.plan_date) == Some(&seq) => Standing::Published,
                _ => Standing::Replaced,
            };
            let stops = stops.get(&plan.plan_id).copied().unwrap_or(0);
            Ok(Choice {
                id: plan.plan_id.try_into()?,
                date: plan.plan_date,
                version: plan.version,
                standing,
                stops: usize::try_from(stops).unwrap_or(0),
                published_seq,
                serial: plan.serial,
            })
        })
        .collect::<Result<Vec<_>, Error>>()?;
    choices.sort_by(|a, b| (&b.date, b.version).cmp(&(&a.date, a.version)));
    Ok(choices)
}

/// The plan to show of a day or of all days: that version of it; else the plan published last that has
/// visits; else the newest.
#[must_use]
pub fn choose<'a>(
    choices: &'a [Choice],
    date: Option<&str>,
    version: Option<i32>,
) -> Option<&'a Choice> {
    let of_day = || choices.iter().filter(|plan| date.is_none_or(|date| plan.date == date));
    if let Some(version) = version {
        return of_day().find(|plan| plan.version == version);
    }
    let published = of_day().filter(|plan| plan.standing == Standing::Published && plan.stops > 0);
    published
        .max_by_key(|plan| plan.published_seq)
        .or_else(|| of_day().max_by_key(|plan| plan.serial))
}

/// The plan that a command is about: that version of the day; without one the plan agents work by, else the newest.
///
/// # Errors
/// There is none, or the database fails.
pub fn chosen(app: &App, date: Option<Date>, version: Option<i32>) -> Result<PlanId, Error> {
    let date = date.map(|date| date.to_string());
    let choices = choices(app)?;
    let chosen = choose(&choices, date.as_deref(), version).map(|choice| choice.id);
    chosen.ok_or_else(|| match (date, version) {
        (Some(date), Some(version)) => {
            Error::Unknown(format!("there is no version {version} of a plan of {date}"))
        }
        (_, Some(version)) => Error::Unknown(format!("no plan has version {version}")),
        _ => Error::Before { missing: "the day is not planned", command: "plan --date DATE" },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(date: &str, version: i32, stops: usize, published_seq: i64, serial: i64) -> Choice {
        let standing = if published_seq > 0 { Standing::Published } else { Standing::NotPublished };
        let id = PlanId::from_parts(u64::try_from(serial).unwrap(), [0; 10]);
        Choice { id, date: date.into(), version, standing, stops, published_seq, serial }
    }

    #[test]
    fn the_day_that_matters_comes_first() {
        let chosen = |plans: &[Choice], date, version| {
            choose(plans, date, version).map(|plan| (plan.date.clone(), plan.version))
        };
        let is = |date: &str, version| Some((date.to_owned(), version));
        // A trial of a later day, and an empty plan that was published after the one with visits.
        let mut plans = vec![
            plan("2026-11-25", 1, 0, 0, 5),
            plan("2026-11-24", 1, 0, 9, 4),
            plan("2026-11-23", 2, 30, 0, 3),
            plan("2026-11-23", 1, 20, 7, 1),
            plan("2026-11-20", 1, 20, 3, 2),
        ];
        assert_eq!(chosen(&plans, None, None), is("2026-11-23", 1));
        assert_eq!(chosen(&plans, Some("2026-11-25"), None), is("2026-11-25", 1));
        assert_eq!(chosen(&plans, Some("2026-11-23"), None), is("2026-11-23", 1));
        assert_eq!(chosen(&plans, Some("2026-11-23"), Some(2)), is("2026-11-23", 2));
        assert_eq!(chosen(&plans, Some("2026-11-23"), Some(3)), None);
        assert_eq!(chosen(&plans, Some("2026-11-01"), None), None);
        // Nothing was published: the newest, whatever its day.
        for plan in &mut plans {
            (plan.published_seq, plan.standing) = (0, Standing::NotPublished);
        }
        assert_eq!(chosen(&plans, None, None), is("2026-11-25", 1));
        assert_eq!(chosen(&plans, Some("2026-11-23"), None), is("2026-11-23", 2));
        assert_eq!(chosen(&[], None, None), None);
    }
}
