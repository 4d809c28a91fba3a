//! Scores the book: tier, ability to pay, treatment, and what a visit is worth.

use domain::recovery::{Costs, Recovery, RecoveryError, Valuation, value_visit, visit_cost};
use domain::risk::{Assessment, assess};
use domain::{CaseView, LastPayment};
use jiff::Timestamp;
use serde_json::json;
use sync_core::model::{Metres, Micro, Minor, Seconds, Tier, Treatment};
use sync_core::policy::Attempt;

use super::book::{BookCase, load_cases};
use super::score_table;
use crate::app::App;
use crate::config::Settings;
use crate::db::Id;
use crate::db::rows::ScoreRow;
use crate::error::Error;
use crate::progress::Progress;

/// What scoring found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scored {
    /// Cases scored.
    pub cases: usize,
    /// Cases of high, medium and low tier.
    pub tiers: [usize; 3],
    /// Cases by treatment, most first.
    pub treatments: Vec<(&'static str, usize)>,
    /// Cases for a home visit whose prize is above the cost of the time at the door.
    pub worth_a_visit: usize,
    /// Sum of those prizes.
    pub prize: Micro,
}

/// One scored case, before it becomes a row.
#[derive(Debug)]
pub(crate) struct CaseScore {
    pub(crate) case_ref: String,
    pub(crate) assessment: Assessment,
    pub(crate) value: Valuation,
    /// The money that a visit is expected to bring, minor units, rounded up.
    pub(crate) cash_minor: i64,
    pub(crate) row: ScoreRow,
}

/// Scores every case as of now, replaces the old scores and writes `scores.csv`.
///
/// # Errors
/// No book, settings that make no sense, amounts that do not fit, a full disk, or the database.
pub fn score_cases(app: &App, progress: &dyn Progress) -> Result<Scored, Error> {
    let cases = load_cases(app)?;
    if cases.is_empty() {
        return Err(Error::Before {
            missing: "there are no cases",
            command: "import --cases cases.csv --agents agents.csv",
        });
    }
    let scores = score_book(app, &cases, progress)?;
    let scored = summary(&scores, time_at_door(&app.settings)?)?;
    app.dir.write(&app.dir.scores(), score_table::csv(app, &scores).as_bytes())?;
    let rows: Vec<ScoreRow> = scores.into_iter().map(|score| score.row).collect();
    app.store.replace_scores(app.org, &rows)?;
    Ok(scored)
}

/// Scores of all cases as of now, in the order of the book.
pub(crate) fn score_book(
    app: &App,
    cases: &[BookCase],
    progress: &dyn Progress,
) -> Result<Vec<CaseScore>, Error> {
    score_with(app, &app.settings, cases, progress)
}

/// As [`score_book`], by settings that need not be those of the installation.
pub(crate) fn score_with(
    app: &App,
    settings: &Settings,
    cases: &[BookCase],
    progress: &dyn Progress,
) -> Result<Vec<CaseScore>, Error> {
    let now = app.ids.clock().now();
    let costs = visit_costs(settings)?;
    progress.total(cases.len() as u64);
    (1..)
        .zip(cases)
        .map(|(done, case)| {
            progress.at(done);
            score((app.org, settings), case, &costs, now)
        })
        .collect()
}

fn summary(scores: &[CaseScore], at_door: Micro) -> Result<Scored, Error> {
    let mut scored = Scored { cases: scores.len(), ..Scored::default() };
    let mut treatments: Vec<(Treatment, usize)> = Vec::new();
    for score in scores {
        let treatment = score.assessment.treatment;
        scored.tiers[match score.assessment.tier {
            Tier::High => 0,
            Tier::Medium => 1,
            Tier::Low => 2,
        }] += 1;
        match treatments.iter_mut().find(|(known, _)| *known == treatment) {
            Some((_, count)) => *count += 1,
            None => treatments.push((treatment, 1)),
        }
        if let Some(prize) = score.row.prize_micro.filter(|prize| *prize > at_door.get())
            && treatment == Treatment::HomeVisit
        {
            scored.worth_a_visit += 1;
            scored.prize = scored
                .prize
                .checked_add(Micro::new(prize))
                .map_err(|e| Error::Invalid(format!("sum of prizes: {e}")))?;
        }
    }
    treatments.sort_by_key(|(treatment, count)| (std::cmp::Reverse(*count), *treatment));
    scored.treatments = treatments.iter().map(|(t, n)| (t.label(), *n)).collect();
    Ok(scored)
}

fn score(
    (org, settings): (Id, &Settings),
    case: &BookCase,
    costs: &Costs,
    now: Timestamp,
) -> Result<CaseScore, Error> {
    let of_case = |what: String| Error::Invalid(format!("case {}: {what}", case.row.case_ref));
    let view = view(case, now);
    let assessment = assess(&view, &settings.risk).map_err(|e| of_case(e.to_string()))?;
    let value = value_visit(
        &view,
        settings.organisation.currency,
        &settings.score_card,
        costs,
        service(settings),
    )
    .map_err(|e| of_case(e.to_string()))?;
    // Who cannot pay is not ranked by money either.
    let helped = assessment.treatment == Treatment::RemoteHelp;
    let prize = value.recovery().filter(|_| !helped).map(|recovery| recovery.prize.get());
    let exponent = settings.organisation.currency.exponent();
    let cash_minor = value.recovery().map_or(0, |recovery| expected_minor(recovery, exponent));
    let row = ScoreRow {
        org_id: org,
        case_id: case.row.case_id,
        scored_at: now.as_microsecond(),
        tier: assessment.tier.label().into(),
        ability: assessment.ability.label().into(),
        treatment: assessment.treatment.label().into(),
        prize_micro: prize,
        card: settings.score_card.name.clone(),
        breakdown: json!({ "risk": assessment, "recovery": value }).to_string(),
    };
    Ok(CaseScore { case_ref: case.row.case_ref.clone(), assessment, value, cash_minor, row })
}

/// What is paid after a visit by its chance: p1 R, rounded up to whole minor units.
fn expected_minor(recovery: &Recovery, exponent: u8) -> i64 {
    let most = Minor::from_micro(recovery.recoverable, exponent).map_or(0, Minor::get).max(0);
    expected(most, recovery.p1)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "amounts below 2^53 minor units, times a chance"
)]
fn expected(most: i64, chance: f64) -> i64 {
    ((most as f64) * chance).ceil() as i64
}

fn view(case: &BookCase, now: Timestamp) -> CaseView {
    let row = &case.row;
    let last_payment = row.last_payment_at.and_then(|at| {
        let seconds = now.as_second() - at.div_euclid(1_000_000);
        let days_ago = u32::try_from((seconds / 86_400).max(0)).ok()?;
        Some(LastPayment { days_ago, amount: Minor::new(row.last_payment_minor.unwrap_or(0)) })
    });
    CaseView {
        due: Minor::new(row.amount_due_minor),
        dpd: case.dpd,
        ability_per_month: row.ability_minor.map(Minor::new),
        last_payment,
        has_phone: case.has_phone,
        attempts_30d: attempts_30d(case, now),
        flags: case.flags,
    }
}

/// Visits of the last 30 days.
fn attempts_30d(case: &BookCase, now: Timestamp) -> u32 {
    let since = now.as_second() - 30 * 86_400;
    let counted = |attempt: &&Attempt| attempt.at <= now && attempt.at.as_second() > since;
    u32::try_from(case.attempts.iter().filter(counted).count()).unwrap_or(u32::MAX)
}

/// Time at the door.
pub(crate) fn service(settings: &Settings) -> Seconds {
    Seconds::new(i64::from(settings.visit.service_minutes) * 60).unwrap_or(Seconds::ZERO)
}

/// Cost of the time at a door.
fn time_at_door(settings: &Settings) -> Result<Micro, Error> {
    let wrong = |e: RecoveryError| Error::Invalid(format!("doorstep.toml [costs]: {e}"));
    let costs = visit_costs(settings)?;
    let whole = visit_cost(&costs, Metres::ZERO, service(settings)).map_err(wrong)?;
    let fixed = costs.at_the_door().map_err(wrong)?;
    whole.checked_sub(fixed).map_err(|e| Error::Invalid(format!("doorstep.toml [costs]: {e}")))
}

/// The settings' costs in the letters of the formulas.
pub(crate) fn visit_costs(settings: &Settings) -> Result<Costs, Error> {
    let c = &settings.costs;
    let costs = Costs {
        c_km: Micro::new(c.per_km.micro()),
        c_h: Micro::new(c.per_hour.micro()),
        c_fix: Micro::new(c.per_visit.micro()),
        c_evidence: Micro::new(c.per_evidence.micro()),
        fee_bp: basis_points(c.agency_fee),
        r_bp: basis_points(c.discount_rate),
        v_km_h: whole(settings.planning.fallback_speed_km_h).max(1),
    };
    costs.check().map_err(|e| Error::Invalid(format!("doorstep.toml [costs]: {e}")))?;
    Ok(costs)
}

fn basis_points(share: f64) -> u32 {
    whole(share * 10_000.0)
}

/// Rounds a number that the settings' check has bounded to 0 to 100,000.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the range of u32 first"
)]
fn whole(value: f64) -> u32 {
    value.round().clamp(0.0, 1e9) as u32
}
