//! One case against the rules.

use serde::Serialize;
use sync_core::model::{CaseFlag, Flags, Tier, Treatment};

use super::rules::{RiskError, RiskRules};
use crate::bands::points_at;
use crate::case::CaseView;

/// Whether the borrower can pay, as far as is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ability {
    /// Nobody knows.
    Unknown,
    /// Not in any useful time: help, not collection.
    CannotPay,
    /// In parts.
    Limited,
    /// Well enough.
    Able,
}

impl Ability {
    /// The word used in reports and files.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::CannotPay => "cannot_pay",
            Self::Limited => "limited",
            Self::Able => "able",
        }
    }
}

/// What points are given for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Factor {
    /// Amount due.
    Due,
    /// Days past due.
    Dpd,
    /// Monthly ability against the amount due.
    Ability,
}

/// Points of one factor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Point {
    /// The factor.
    pub factor: Factor,
    /// Its value: minor units, days or basis points; `None` when unknown.
    pub value: Option<i64>,
    /// The points it gives.
    pub points: i32,
    /// The same in words.
    pub sentence: String,
}

/// What the rules say about a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Assessment {
    /// How much attention it needs.
    pub tier: Tier,
    /// Whether the borrower can pay.
    pub ability: Ability,
    /// What is done next. Only [`Treatment::HomeVisit`] is routed.
    pub treatment: Treatment,
    /// Why this treatment.
    pub sentence: String,
    /// The sum of the points.
    pub total: i32,
    /// Points by factor.
    pub points: Vec<Point>,
}

/// Tier, ability and treatment of a case, with reasons.
///
/// # Errors
/// [`RiskError`] when the rules do not hold together.
pub fn assess(case: &CaseView, rules: &RiskRules) -> Result<Assessment, RiskError> {
    rules.check()?;
    let ability = ability(case, rules);
    let points = points(case, rules, ability);
    let total = points.iter().fold(0_i32, |sum, point| sum.saturating_add(point.points));
    let tier = tier(case, rules, ability, total);
    let (treatment, sentence) = treatment(case, tier, ability);
    Ok(Assessment { tier, ability, treatment, sentence: sentence.to_owned(), total, points })
}

fn ability(case: &CaseView, rules: &RiskRules) -> Ability {
    match case.ability_bp() {
        None => Ability::Unknown,
        Some(bp) if bp < rules.cannot_pay_below_bp => Ability::CannotPay,
        Some(bp) if bp < rules.able_from_bp => Ability::Limited,
        Some(_) => Ability::Able,
    }
}

fn points(case: &CaseView, rules: &RiskRules, ability: Ability) -> Vec<Point> {
    let due = case.due.get();
    let dpd = i64::from(case.dpd);
    let bp = case.ability_bp();
    let ability_sentence = bp.map_or_else(
        || "It is not known what the borrower can pay.".to_owned(),
        |bp| {
            let (whole, part) = (bp / 100, bp % 100);
            format!("The borrower can pay {whole}.{part:02} % a month ({}).", ability.label())
        },
    );
    vec![
        Point {
            factor: Factor::Due,
            value: Some(due),
            points: points_at(&rules.due_minor, due),
            sentence: format!("{due} minor units are due."),
        },
        Point {
            factor: Factor::Dpd,
            value: Some(dpd),
            points: points_at(&rules.dpd, dpd),
            sentence: format!("{dpd} days overdue (bucket {}).", case.dpd.bucket().label()),
        },
        Point {
            factor: Factor::Ability,
            value: bp,
            points: bp.map_or(rules.ability_unknown, |bp| points_at(&rules.ability_bp, bp)),
            sentence: ability_sentence,
        },
    ]
}

fn tier(case: &CaseView, rules: &RiskRules, ability: Ability, total: i32) -> Tier {
    if case.due.get() <= 0 || case.dpd.get() == 0 || total < rules.medium_from {
        Tier::Low
    } else if total < rules.high_from || ability == Ability::CannotPay {
        // Who cannot pay is never high, whatever the amount: a visit would bring nothing but fear.
        Tier::Medium
    } else {
        Tier::High
    }
}

fn treatment(case: &CaseView, tier: Tier, ability: Ability) -> (Treatment, &'static str) {
    if let Some(by_flag) = by_flag(case.flags) {
        return by_flag;
    }
    if case.due.get() <= 0 || case.dpd.get() == 0 {
        return (Treatment::WatchList, "Nothing is overdue.");
    }
    if ability == Ability::CannotPay {
        return (
            Treatment::RemoteHelp,
            "The borrower cannot pay: offer an extension, instalments or a referral from afar.",
        );
    }
    match tier {
        Tier::High => (Treatment::HomeVisit, "High tier: may be visited at home."),
        Tier::Medium => (Treatment::LettersAndCalls, "Medium tier: letters and calls."),
        Tier::Low => (Treatment::WatchList, "Low tier: watched, never routed."),
    }
}

/// What circumstances demand before tier or money are looked at, the most binding first.
fn by_flag(flags: Flags) -> Option<(Treatment, &'static str)> {
    let order = [
        (CaseFlag::NoContact, Treatment::NoContact, "The borrower asked for no contact."),
        (CaseFlag::Bereaved, Treatment::BereavementPause, "A death in the household: pause."),
        (CaseFlag::Dispute, Treatment::DisputeReview, "The debt is contested: settle that first."),
        (CaseFlag::Hardship, Treatment::HardshipReview, "Hardship was reported: decide it first."),
        (
            CaseFlag::Vulnerable,
            Treatment::DedicatedAgent,
            "The borrower needs special care: one trained person, remote first.",
        ),
    ];
    order
        .into_iter()
        .find(|(flag, ..)| flags.contains(*flag))
        .map(|(_, treatment, sentence)| (treatment, sentence))
}
