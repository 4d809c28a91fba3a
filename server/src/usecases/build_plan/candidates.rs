//! Which cases may be visited that day, and why the others may not.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;
use sync_core::model::{TimeWindow, Treatment};
use sync_core::policy::{Pack, Verdict, visit_windows_all};

use super::reasons::{Code, LeftOutCase};
use crate::db::Id;
use crate::db::rows::ScoreRow;
use crate::travel::{Placed, Spot, Travel};
use crate::usecases::book::BookCase;

/// A case that may be visited and whose visit has a price.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    /// Index in the book.
    pub(super) case: usize,
    /// Prize in micro-units.
    pub(super) prize: i64,
    /// When the door may be knocked at: first and last instant, seconds since 1970.
    pub(super) windows: Vec<(i64, i64)>,
    /// Where on the road network.
    pub(super) spot: Spot,
}

/// The book, sorted into candidates and cases left out.
#[derive(Debug, Default)]
pub(super) struct Sorted {
    pub(super) candidates: Vec<Candidate>,
    pub(super) left_out: Vec<LeftOutCase>,
}

/// What sorting needs to know.
#[derive(Debug)]
pub(super) struct Rules<'a> {
    pub(super) packs: &'a [Pack],
    pub(super) date: Date,
    pub(super) now: Timestamp,
    pub(super) service_s: i64,
}

/// Sorts the book: treatment first, then the law, then the money, then the road.
pub(super) fn sort(
    cases: &[BookCase],
    scores: &HashMap<Id, ScoreRow>,
    rules: &Rules<'_>,
    travel: &Travel,
) -> Sorted {
    let mut sorted = Sorted::default();
    for (at, case) in cases.iter().enumerate() {
        let score = scores.get(&case.row.case_id);
        match judge(at, case, score, rules, travel) {
            Ok(candidate) => sorted.candidates.push(candidate),
            Err((code, sentence)) => sorted.left_out.push(LeftOutCase {
                case: at,
                code,
                sentence,
                prize: score.and_then(|s| s.prize_micro),
                cost: None,
            }),
        }
    }
    sorted
}

fn judge(
    at: usize,
    case: &BookCase,
    score: Option<&ScoreRow>,
    rules: &Rules<'_>,
    travel: &Travel,
) -> Result<Candidate, (Code, String)> {
    let score = score.ok_or_else(|| {
        (Code::NotScored, "It came into the book after the last `doorstep score`.".to_owned())
    })?;
    treatment(score)?;
    let windows = windows(case, rules)?;
    let prize = score.prize_micro.unwrap_or(0);
    if prize <= 0 {
        let sentence = "A visit is expected to bring less than it costs at the door alone.".into();
        return Err((Code::NoValue, sentence));
    }
    let spot = match travel.place(case.at) {
        Placed::At(spot) => spot,
        Placed::Outside => {
            let sentence = format!("{} lies outside of the road extract.", case.at);
            return Err((Code::OutsideExtract, sentence));
        }
        Placed::TooFar { metres } => {
            let sentence = format!("The nearest road is {metres} m away: check the coordinates.");
            return Err((Code::NoRoad, sentence));
        }
        Placed::Island => {
            let sentence = "Its road is cut off from the network.".to_owned();
            return Err((Code::Island, sentence));
        }
    };
    Ok(Candidate { case: at, prize, windows, spot })
}

/// Only home visits are routed; everything else has another treatment.
fn treatment(score: &ScoreRow) -> Result<(), (Code, String)> {
    let say = |code, sentence: &str| Err((code, sentence.to_owned()));
    let known = [
        Treatment::LettersAndCalls,
        Treatment::WatchList,
        Treatment::RemoteHelp,
        Treatment::HardshipReview,
        Treatment::DisputeReview,
        Treatment::BereavementPause,
        Treatment::DedicatedAgent,
        Treatment::NoContact,
    ];
    if score.treatment == Treatment::HomeVisit.label() {
        return Ok(());
    }
    match known.into_iter().find(|treatment| treatment.label() == score.treatment) {
        Some(Treatment::LettersAndCalls) => {
            say(Code::TierMedium, "Medium tier: letters and calls come first.")
        }
        Some(Treatment::WatchList) => say(Code::TierLow, "Low tier: watched, never routed."),
        Some(Treatment::RemoteHelp) => {
            say(Code::CannotPay, "The borrower cannot pay: remote help, not a visit.")
        }
        Some(Treatment::HardshipReview) => {
            say(Code::Flagged, "Hardship was reported: that is decided first.")
        }
        Some(Treatment::DisputeReview) => {
            say(Code::Flagged, "The debt is contested: that is settled first.")
        }
        Some(Treatment::BereavementPause) => {
            say(Code::Flagged, "A death in the household: collection pauses.")
        }
        Some(Treatment::DedicatedAgent) => {
            say(Code::Flagged, "A vulnerable borrower: a dedicated agent, remote first.")
        }
        Some(Treatment::NoContact) => say(Code::Flagged, "The borrower asked for no contact."),
        _ => say(Code::NotScored, "Its score is of another version: run `doorstep score`."),
    }
}

/// When a visit may start so that it also ends within the allowed hours.
fn windows(case: &BookCase, rules: &Rules<'_>) -> Result<Vec<(i64, i64)>, (Code, String)> {
    let facts = case.facts(rules.now);
    let allowed = visit_windows_all(&facts, rules.date, rules.packs)
        .map_err(|verdict| (Code::Policy, sentence(&verdict)))?;
    let starts: Vec<(i64, i64)> = allowed
        .iter()
        .map(|w: &TimeWindow| (w.early().as_second(), w.late().as_second() - rules.service_s))
        .filter(|(early, late)| early <= late)
        .collect();
    if starts.is_empty() {
        let minutes = rules.service_s / 60;
        let sentence =
            format!("The hours asked for are shorter than a visit of {minutes} minutes.");
        return Err((Code::Policy, sentence));
    }
    Ok(starts)
}

/// Every objection of a verdict with its rule, pack and version.
fn sentence(verdict: &Verdict) -> String {
    let reasons: Vec<String> = verdict
        .reasons()
        .iter()
        .map(|r| format!("{} [{}, {} v{}]", r.sentence, r.rule.code(), r.pack, r.version))
        .collect();
    reasons.join(" ")
}
