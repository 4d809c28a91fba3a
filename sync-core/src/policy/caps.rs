//! How often a borrower may be approached within a span of days.
//!
//! Days are calendar days in the case's zone, the day asked for included, as Regulation F counts
//! its seven consecutive days (12 CFR 1006.14(b)(2)). So a cap holds for a whole local day.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::facts::{Attempt, CaseFacts, Channel};
use super::pack::Pack;
use super::verdict::{Reason, Rule};

/// Which earlier approaches count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counted {
    /// Visits, whether or not somebody was met.
    Visits,
    /// Visits at which the borrower was met.
    VisitsMet,
    /// Approaches on every channel but letters.
    Contacts,
}

impl Counted {
    const fn counts(self, attempt: &Attempt) -> bool {
        match self {
            Self::Visits => matches!(attempt.channel, Channel::Visit),
            Self::VisitsMet => matches!(attempt.channel, Channel::Visit) && attempt.met,
            Self::Contacts => !matches!(attempt.channel, Channel::Letter),
        }
    }

    const fn noun(self) -> &'static str {
        match self {
            Self::Visits => "visits",
            Self::VisitsMet => "visits at which the borrower was met",
            Self::Contacts => "contacts",
        }
    }
}

/// At most `at_most` approaches within any `days` consecutive local days, the new one included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cap {
    /// What is counted.
    pub count: Counted,
    /// How many.
    pub at_most: u32,
    /// Within how many days, at least one.
    pub days: u16,
}

pub(super) fn check(facts: &CaseFacts, date: Date, pack: &Pack) -> Vec<Reason> {
    pack.rules.caps.iter().filter_map(|cap| over(facts, date, pack, cap)).collect()
}

fn over(facts: &CaseFacts, date: Date, pack: &Pack, cap: &Cap) -> Option<Reason> {
    let back = i64::from(cap.days).saturating_sub(1).days();
    let first = date.saturating_sub(back);
    let earlier = facts
        .attempts
        .iter()
        .filter(|attempt| cap.count.counts(attempt))
        .filter(|attempt| (first..=date).contains(&facts.zone.date_at(attempt.at)))
        .count();
    let full = u32::try_from(earlier).map_or(true, |earlier| earlier >= cap.at_most);
    full.then(|| {
        Reason::new(
            Rule::Caps,
            pack,
            format!(
                "{earlier} {} from {first} to {date}; at most {} in {} days.",
                cap.count.noun(),
                cap.at_most,
                cap.days
            ),
        )
    })
}
