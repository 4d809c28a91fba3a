//! The economics as the API says them.

use std::collections::BTreeMap;

use domain::economics::Figures;
use serde::Serialize;
use sync_core::model::Metres;
use utoipa::ToSchema;

use super::NOT_IDENTIFIABLE;
use super::document::{EconomicsDocument, EconomicsRow};

/// The economics of a period. Money is in minor units of `currency`.
#[derive(Debug, Serialize, ToSchema)]
pub struct EconomicsAnswer {
    /// What the rows are: `cell` or `region`.
    pub by: String,
    /// The first day of visits; absent: since the beginning.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The last day.
    pub to: String,
    /// The zone of the days.
    pub time_zone: String,
    /// ISO 4217 code.
    pub currency: String,
    /// Digits behind the decimal point of the currency.
    pub exponent: u8,
    /// Days after a visit within which a payment counts for it.
    pub outcome_window_days: u32,
    /// Fewest borrowers of a row.
    pub least_borrowers: i64,
    /// H3 resolution from which cells roll up.
    pub resolution: u8,
    /// The rows; they do not overlap and add up to the total.
    pub rows: Vec<EconomicsAnswerRow>,
    /// All rows together; absent with too few borrowers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<EconomicsAnswerRow>,
    /// Payments in the period that count for no visit.
    pub uncredited_minor: i64,
    /// What must be known to read the figures.
    pub notices: Vec<String>,
    /// Sources that must be named where the figures are shown.
    pub credits: Vec<String>,
}

/// One row.
#[derive(Debug, Serialize, ToSchema)]
pub struct EconomicsAnswerRow {
    /// Agents' keys, or cells of resolution 5; none of the total.
    pub regions: Vec<String>,
    /// The cell as its hex string.
    pub cell: Option<String>,
    /// Whether parts of it have rows of their own.
    pub rest: bool,
    /// Counts, sums of money, metres and seconds; they add up.
    pub sums: BTreeMap<&'static str, i64>,
    /// All parts of the cost.
    pub cost_minor: i64,
    /// Recovered less cost.
    pub net_minor: i64,
    /// Shares and ratios; null where they have no meaning.
    pub rates: BTreeMap<&'static str, Option<f64>>,
    /// Amounts per visit; null without one.
    pub averages: BTreeMap<&'static str, Option<i64>>,
    /// 95 % interval of the contact rate.
    pub contact_interval: Option<[f64; 2]>,
    /// 95 % interval of what is recovered per visit.
    pub recovered_per_visit_interval_minor: Option<[i64; 2]>,
    /// One-way distance from which a visit of its own no longer pays.
    pub break_even_m: Option<i64>,
    /// `not_enough_visits`, `do_not_visit`, `covers_cost` or `unclear`.
    pub advice: &'static str,
    /// Always `not_identifiable`: there is no held-out arm.
    pub incremental_recovery: &'static str,
}

/// The answer to a question for economics.
#[must_use]
pub fn economics_answer(document: &EconomicsDocument) -> EconomicsAnswer {
    EconomicsAnswer {
        by: document.by.label().into(),
        from: document.from.map(|from| from.to_string()),
        to: document.to.to_string(),
        time_zone: document.time_zone_name.clone(),
        currency: document.currency.clone(),
        exponent: document.exponent,
        outcome_window_days: document.window_days,
        least_borrowers: document.least_borrowers,
        resolution: document.resolution,
        rows: document.rows.iter().map(|row| answer_row(Some(row), &row.figures)).collect(),
        total: document.total.as_ref().map(|total| answer_row(None, total)),
        uncredited_minor: document.uncredited_minor,
        notices: document.notices.clone(),
        credits: document.credits.clone(),
    }
}

/// One row, or the total.
pub(super) fn answer_row(row: Option<&EconomicsRow>, figures: &Figures) -> EconomicsAnswerRow {
    let four = |value: f64| (value * 1e4).round() / 1e4;
    EconomicsAnswerRow {
        regions: row.map(|row| row.regions.clone()).unwrap_or_default(),
        cell: row.and_then(|row| row.cell.clone()),
        rest: row.is_some_and(|row| row.rest),
        sums: figures.sums.entries().into_iter().collect(),
        cost_minor: figures.cost_minor,
        net_minor: figures.net_minor,
        rates: figures.rates().into_iter().map(|(n, rate)| (n, rate.value().map(four))).collect(),
        averages: figures.averages().into_iter().collect(),
        contact_interval: figures.contact_interval.map(|i| [four(i.low), four(i.high)]),
        recovered_per_visit_interval_minor: figures
            .recovered_interval
            .map(|(low, high)| [low, high]),
        break_even_m: figures.break_even.map(Metres::get),
        advice: figures.advice.label(),
        incremental_recovery: NOT_IDENTIFIABLE,
    }
}
