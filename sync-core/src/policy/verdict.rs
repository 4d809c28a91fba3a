//! The answer of the rules, with reasons that can be logged and read out.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::pack::{Pack, PackRef};
use crate::model::Treatment;

/// Which rule spoke.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Hours of the day.
    Hours,
    /// Weekdays and holidays.
    Days,
    /// Visits and contacts within a span of days.
    Caps,
    /// Circumstances under which nobody collects at the door.
    StopTriggers,
    /// Facts too old to act on.
    Staleness,
    /// Days past due from which a visit may be made.
    MinimumDpd,
    /// The hours the borrower asked for.
    VisitWindow,
    /// No pack was given.
    NoPack,
    /// A pack that this program cannot read: nobody here knows what it allows.
    PackUnread,
}

impl Rule {
    /// The stable code used in logs and files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Hours => "hours",
            Self::Days => "days",
            Self::Caps => "caps",
            Self::StopTriggers => "stop_triggers",
            Self::Staleness => "staleness",
            Self::MinimumDpd => "minimum_dpd",
            Self::VisitWindow => "visit_window",
            Self::NoPack => "no_pack",
            Self::PackUnread => "pack_unread",
        }
    }
}

/// Why a visit is not allowed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// Which rule.
    pub rule: Rule,
    /// Of which pack; empty when no pack was given.
    pub pack: String,
    /// And of which version of it.
    pub version: u32,
    /// A sentence for the person who asked.
    pub sentence: String,
    /// What to do instead, where the rule says so.
    pub treatment: Option<Treatment>,
}

impl Reason {
    pub(crate) fn new(rule: Rule, pack: &Pack, sentence: String) -> Self {
        Self { rule, pack: pack.name.clone(), version: pack.version, sentence, treatment: None }
    }

    pub(crate) fn no_pack() -> Self {
        Self {
            rule: Rule::NoPack,
            pack: String::new(),
            version: 0,
            sentence: "No policy pack is in force, so no visit is allowed; install the house pack."
                .to_owned(),
            treatment: None,
        }
    }

    fn unread(pack: &PackRef) -> Self {
        Self {
            rule: Rule::PackUnread,
            pack: pack.name.clone(),
            version: pack.version,
            sentence: format!(
                "The policy pack {} is of a later program, so nobody here knows what it allows; update \
                 the app, and ask the office before a visit.",
                pack.name
            ),
            treatment: None,
        }
    }
}

/// Whether a visit is allowed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case", deny_unknown_fields)]
pub enum Verdict {
    /// No rule objects.
    Allowed {
        /// The packs that were asked.
        packs: Vec<PackRef>,
    },
    /// At least one rule objects.
    Blocked {
        /// Every objection, not only the first.
        reasons: Vec<Reason>,
        /// The first later instant that the rules that lift by time allow, if time alone helps.
        again_at: Option<Timestamp>,
        /// The packs that were asked.
        packs: Vec<PackRef>,
    },
}

impl Verdict {
    /// Whether no rule objects.
    #[must_use]
    pub const fn is_allowed(&self) -> bool {
        matches!(self, Self::Allowed { .. })
    }

    /// The same under packs that are in force and cannot be read here: they object, and time does
    /// not help.
    #[must_use]
    pub fn with_unread(self, unread: &[PackRef]) -> Self {
        if unread.is_empty() {
            return self;
        }
        let (mut reasons, mut packs) = match self {
            Self::Allowed { packs } => (Vec::new(), packs),
            Self::Blocked { reasons, packs, .. } => (reasons, packs),
        };
        reasons.extend(unread.iter().map(Reason::unread));
        packs.extend_from_slice(unread);
        Self::Blocked { reasons, again_at: None, packs }
    }

    /// Every objection; none when allowed.
    #[must_use]
    pub fn reasons(&self) -> &[Reason] {
        match self {
            Self::Allowed { .. } => &[],
            Self::Blocked { reasons, .. } => reasons,
        }
    }

    /// When to come again, if time alone helps.
    #[must_use]
    pub const fn again_at(&self) -> Option<Timestamp> {
        match self {
            Self::Allowed { .. } => None,
            Self::Blocked { again_at, .. } => *again_at,
        }
    }
}
