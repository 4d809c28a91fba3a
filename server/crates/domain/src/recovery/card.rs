//! The score card: log-odds points by factor, as data.

use serde::{Deserialize, Serialize};

use super::value::RecoveryError;
use crate::bands::{Band, BandError, check_order, check_rising, points_at};
use crate::case::CaseView;
use crate::number::float;

/// What a factor adds to the log-odds of paying, and to the effect of a visit on them.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Effect {
    /// Added whether or not somebody visits.
    pub base: f64,
    /// Added when somebody visits.
    pub visit: f64,
}

const fn effect(base: f64, visit: f64) -> Effect {
    Effect { base, visit }
}

/// A score card. Every table is `from` a value up to the next row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// Name and version, kept with each score.
    pub name: String,
    /// Within how many days a payment counts.
    pub window_days: u32,
    /// Log-odds at which every score starts.
    pub intercept: Effect,
    /// By days past due.
    pub dpd: Vec<Band<Effect>>,
    /// By days since the last payment.
    pub last_payment_days: Vec<Band<Effect>>,
    /// Where there never was a payment.
    pub never_paid: Effect,
    /// By amount due in minor units.
    pub due_minor: Vec<Band<Effect>>,
    /// Where no telephone number is known.
    pub no_phone: Effect,
    /// By visits in the last 30 days.
    pub attempts: Vec<Band<Effect>>,
    /// Added to the effect of a visit, by ability in basis points a month; must not fall.
    pub ability_visit: Vec<Band<f64>>,
    /// Ability in basis points a month that is assumed where it is unknown.
    pub unknown_ability_bp: u32,
    /// Mean days to a payment after a visit.
    pub days_to_pay_visited: u32,
    /// Mean days to a payment without one; not less than with one.
    pub days_to_pay_alone: u32,
    /// What each further visit within 30 days is worth of the one before, 0 to 1.
    pub rho: f64,
}

impl Default for Card {
    /// The lender's prior `card-1`.
    ///
    /// Chances without a visit lie near the share that did not default next month in the public
    /// book of UCI "Default of Credit Card Clients" (60 %, 31 %, 24 % at one, two, three months
    /// overdue; mean chance 0.40 against 0.42, Brier score 0.223). That book holds no visits:
    /// what a visit adds is judgement.
    fn default() -> Self {
        Self {
            name: "card-1".to_owned(),
            window_days: 30,
            intercept: effect(-1.0, 0.6),
            dpd: vec![
                Band::new(0, effect(2.0, -0.4)),
                Band::new(1, effect(1.7, -0.3)),
                Band::new(30, effect(1.2, 0.0)),
                Band::new(60, effect(0.1, 0.1)),
                Band::new(90, effect(-0.2, 0.1)),
                Band::new(120, effect(-0.5, 0.0)),
                Band::new(180, effect(-1.0, -0.2)),
            ],
            last_payment_days: vec![
                Band::new(0, effect(0.2, 0.0)),
                Band::new(36, effect(0.0, 0.0)),
                Band::new(66, effect(-0.3, 0.0)),
                Band::new(126, effect(-0.6, -0.1)),
            ],
            never_paid: effect(-0.9, -0.1),
            due_minor: vec![
                Band::new(0, effect(0.3, 0.0)),
                Band::new(100_000, effect(0.0, 0.0)),
                Band::new(10_000_000, effect(-0.1, 0.0)),
            ],
            no_phone: effect(-0.2, 0.2),
            attempts: vec![
                Band::new(0, effect(0.0, 0.0)),
                Band::new(1, effect(-0.1, 0.0)),
                Band::new(2, effect(-0.3, 0.0)),
            ],
            ability_visit: vec![
                Band::new(0, -0.3),
                Band::new(200, 0.0),
                Band::new(500, 0.1),
                Band::new(2_000, 0.2),
            ],
            unknown_ability_bp: 300,
            days_to_pay_visited: 10,
            days_to_pay_alone: 18,
            rho: 0.8,
        }
    }
}

/// What points are given for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CardFactor {
    /// Where every score starts.
    Intercept,
    /// Days past due.
    Dpd,
    /// Days since the last payment.
    LastPayment,
    /// Amount due.
    Due,
    /// Whether a telephone number is known.
    Phone,
    /// Visits in the last 30 days.
    Attempts,
    /// Monthly ability against the amount due.
    Ability,
}

/// Log-odds points of one factor.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CardPoint {
    /// The factor.
    pub factor: CardFactor,
    /// Its value: days, minor units, count or basis points; `None` when unknown or not a number.
    pub value: Option<i64>,
    /// What it adds.
    pub effect: Effect,
    /// The same in words.
    pub sentence: String,
}

impl Card {
    /// Whether the card holds together.
    ///
    /// # Errors
    /// [`RecoveryError`] naming the field.
    pub fn check(&self) -> Result<(), RecoveryError> {
        for (field, bands) in [
            ("dpd", &self.dpd),
            ("last_payment_days", &self.last_payment_days),
            ("due_minor", &self.due_minor),
            ("attempts", &self.attempts),
        ] {
            check_order(field, bands)?;
            finite(field, bands.iter().map(|band| band.points))?;
        }
        finite("intercept", [self.intercept])?;
        finite("never_paid", [self.never_paid])?;
        finite("no_phone", [self.no_phone])?;
        finite("ability_visit", self.ability_visit.iter().map(|band| effect(0.0, band.points)))?;
        check_rising("ability_visit", &self.ability_visit)?;
        if !(0.0..=1.0).contains(&self.rho) {
            return Err(RecoveryError::Value { field: "rho", problem: "must lie from 0 to 1" });
        }
        if self.window_days == 0 {
            return Err(RecoveryError::Value {
                field: "window_days",
                problem: "must be at least 1",
            });
        }
        if self.days_to_pay_alone < self.days_to_pay_visited {
            return Err(RecoveryError::Value {
                field: "days_to_pay_alone",
                problem: "must not be less than days_to_pay_visited",
            });
        }
        Ok(())
    }

    /// The monthly ability in minor units, and in basis points of the amount due.
    pub(super) fn ability(&self, case: &CaseView) -> (f64, i64) {
        match (case.ability_per_month, case.ability_bp()) {
            (Some(ability), Some(bp)) => (float(ability.get().max(0)), bp),
            _ => {
                let bp = i64::from(self.unknown_ability_bp);
                (float(case.due.get().max(0)) * float(bp) / 10_000.0, bp)
            }
        }
    }

    /// Points by factor, in a fixed order.
    pub(super) fn points(&self, case: &CaseView) -> Vec<CardPoint> {
        let dpd = i64::from(case.dpd);
        let due = case.due.get();
        let attempts = i64::from(case.attempts_30d);
        let paid = case.last_payment.map(|payment| i64::from(payment.days_ago));
        let (_, bp) = self.ability(case);
        let point = |factor, value, effect, sentence| CardPoint { factor, value, effect, sentence };
        vec![
            point(CardFactor::Intercept, None, self.intercept, format!("Card {}.", self.name)),
            point(
                CardFactor::Dpd,
                Some(dpd),
                points_at(&self.dpd, dpd),
                format!("{dpd} days overdue (bucket {}).", case.dpd.bucket().label()),
            ),
            point(
                CardFactor::LastPayment,
                paid,
                paid.map_or(self.never_paid, |days| points_at(&self.last_payment_days, days)),
                paid.map_or_else(
                    || "No payment is known.".to_owned(),
                    |days| format!("Last payment {days} days ago."),
                ),
            ),
            point(
                CardFactor::Due,
                Some(due),
                points_at(&self.due_minor, due),
                format!("{due} minor units are due."),
            ),
            point(
                CardFactor::Phone,
                None,
                if case.has_phone { Effect::default() } else { self.no_phone },
                if case.has_phone { "A telephone is known." } else { "No telephone is known." }
                    .to_owned(),
            ),
            point(
                CardFactor::Attempts,
                Some(attempts),
                points_at(&self.attempts, attempts),
                format!("{attempts} visits in the last 30 days."),
            ),
            point(
                CardFactor::Ability,
                case.ability_bp(),
                effect(0.0, points_at(&self.ability_visit, bp)),
                ability_sentence(case.ability_bp(), bp),
            ),
        ]
    }
}

fn ability_sentence(known: Option<i64>, used: i64) -> String {
    let (whole, part) = (used / 100, used % 100);
    let source = if known.is_some() { "can pay" } else { "is taken to be able to pay" };
    format!("The borrower {source} {whole}.{part:02} % of the amount due a month.")
}

fn finite(
    field: &'static str,
    effects: impl IntoIterator<Item = Effect>,
) -> Result<(), RecoveryError> {
    if effects.into_iter().all(|e| e.base.is_finite() && e.visit.is_finite()) {
        return Ok(());
    }
    Err(RecoveryError::Bands(BandError::NotFinite(field)))
}
