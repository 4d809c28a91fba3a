//! Scores as a table for people: what `score` writes to `scores.csv`.

use sync_core::model::{Micro, Minor};

use super::score_cases::CaseScore;
use crate::app::App;
use crate::render::text_cell;

const HEADER: [&str; 13] = [
    "case_ref",
    "tier",
    "points",
    "points_by_factor",
    "ability",
    "treatment",
    "p_pays_unvisited",
    "p_pays_visited",
    "recoverable_minor",
    "benefit_minor",
    "prize_minor",
    "break_even_m",
    "reason",
];

/// One line per case. Cases that are not ranked by money have no figures of money.
pub(crate) fn csv(app: &App, scores: &[CaseScore]) -> String {
    let exponent = app.settings.organisation.currency.exponent();
    let minor = |micro: Micro| {
        Minor::from_micro(micro, exponent).map_or_else(|_| String::new(), |m| m.get().to_string())
    };
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail.
    let _ = writer.write_record(HEADER);
    for score in scores {
        let a = &score.assessment;
        let value = score.value.recovery().filter(|_| score.row.prize_micro.is_some());
        let figure = |of: fn(&domain::recovery::Recovery) -> Micro| {
            value.map_or_else(String::new, |recovery| minor(of(recovery)))
        };
        let chance = |of: fn(&domain::recovery::Recovery) -> f64| {
            value.map_or_else(String::new, |recovery| format!("{:.4}", of(recovery)))
        };
        let distance = value.and_then(|recovery| recovery.break_even);
        let _ = writer.write_record([
            text_cell(&score.case_ref).as_ref(),
            a.tier.label(),
            &a.total.to_string(),
            &by_factor(score),
            a.ability.label(),
            a.treatment.label(),
            &chance(|r| r.p0),
            &chance(|r| r.p1),
            &figure(|r| r.recoverable),
            &figure(|r| r.benefit),
            &figure(|r| r.prize),
            &distance.map_or_else(String::new, |metres| metres.get().to_string()),
            &a.sentence,
        ]);
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

/// `due 20, days overdue 30, ability 20`.
fn by_factor(score: &CaseScore) -> String {
    use domain::risk::Factor;
    let word = |factor| match factor {
        Factor::Due => "due",
        Factor::Dpd => "days overdue",
        Factor::Ability => "ability",
    };
    let parts: Vec<String> = score
        .assessment
        .points
        .iter()
        .map(|point| format!("{} {}", word(point.factor), point.points))
        .collect();
    parts.join(", ")
}

/// `65 of the 70 points of a home visit (due 10, days overdue 35, ability 20)`.
pub(crate) fn points(score: &CaseScore, high_from: i32) -> String {
    let total = score.assessment.total;
    format!("{total} of the {high_from} points of a home visit ({})", by_factor(score))
}
