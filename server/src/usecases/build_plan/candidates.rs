//! Which cases may be visited that day, and why the others may not.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use sync_core::kinds::CaseStatus;
use sync_core::model::{Position, Seconds, Treatment};
use sync_core::policy::{Pack, Verdict, visit_windows_all};
use utoipa::ToSchema;

use super::reasons::{Code, LeftOutCase};
use super::stops::Also;
use super::under_way::Hold;
use crate::travel::{Placed, Spot, Travel};
use crate::usecases::book::BookCase;
use crate::usecases::score_cases::CaseScore;
use crate::usecases::score_table;

/// A case that may be visited and whose visit has a price.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    /// Index in the book.
    pub(super) case: usize,
    /// Further cases at the same stop.
    pub(super) also: Vec<Also>,
    /// Prize in micro-units, of all its cases.
    pub(super) prize: i64,
    /// When the door may be knocked at: first and last instant, seconds since 1970.
    pub(super) windows: Vec<(i64, i64)>,
    /// Where on the road network.
    pub(super) spot: Spot,
    /// The one agent who may go, as an index in the list of agents; anybody unless somebody locked it.
    pub(super) only: Option<usize>,
    /// What has to be kept of what was said.
    pub(super) hold: Hold,
    /// The money that it is expected to bring the agent to carry, minor units.
    pub(super) cash: i64,
    /// To be visited whatever it costs, if anybody can.
    pub(super) mandatory: bool,
    /// No visit: it holds an agent who is under way at the head of the route, where and when he or she is.
    pub(super) anchor: bool,
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
    /// Time at the door.
    pub(super) service: Seconds,
    /// Points of a home visit.
    pub(super) high_from: i32,
}

/// Sorts the book: status and treatment first, then the law, then the money, then the road.
pub(super) fn sort(
    cases: &[BookCase],
    scores: &[CaseScore],
    rules: &Rules<'_>,
    travel: &Travel,
) -> Sorted {
    let mut sorted = Sorted::default();
    for (at, (case, score)) in cases.iter().zip(scores).enumerate() {
        match judge(at, case, score, rules, travel) {
            Ok(candidate) => sorted.candidates.push(candidate),
            Err((code, sentence)) => sorted.left_out.push(LeftOutCase {
                case: at,
                code,
                sentence,
                prize: score.row.prize_micro,
                cost: None,
            }),
        }
    }
    sorted
}

pub(super) fn judge(
    at: usize,
    case: &BookCase,
    score: &CaseScore,
    rules: &Rules<'_>,
    travel: &Travel,
) -> Result<Candidate, (Code, String)> {
    let candidate = may_visit(at, case, score, rules, travel)?;
    if candidate.prize <= 0 && !candidate.mandatory {
        let sentence = "A visit is expected to bring less than it costs at the door alone.".into();
        return Err((Code::NoValue, sentence));
    }
    Ok(candidate)
}

/// As [`judge`], whatever the visit brings.
pub(super) fn may_visit(
    at: usize,
    case: &BookCase,
    score: &CaseScore,
    rules: &Rules<'_>,
    travel: &Travel,
) -> Result<Candidate, (Code, String)> {
    let windows = hours(case, score, rules)?;
    let prize = score.row.prize_micro.unwrap_or(0);
    let spot = place(case.at, travel)?;
    Ok(Candidate {
        case: at,
        also: Vec::new(),
        prize,
        windows,
        spot,
        only: None,
        hold: Hold::default(),
        cash: score.cash_minor,
        mandatory: case.is_mandatory(),
        anchor: false,
    })
}

/// When a visit may begin, as status, treatment and law have it.
fn hours(
    case: &BookCase,
    score: &CaseScore,
    rules: &Rules<'_>,
) -> Result<Vec<(i64, i64)>, (Code, String)> {
    status(case)?;
    treatment(case, score, rules)?;
    windows(case, rules)
}

/// Where on the road network a door is.
pub(super) fn place(at: Position, travel: &Travel) -> Result<Spot, (Code, String)> {
    Err(match travel.place(at) {
        Placed::At(spot) => return Ok(spot),
        Placed::Outside => {
            (Code::OutsideExtract, format!("{at} lies outside of the road extract."))
        }
        Placed::TooFar { metres } => {
            let sentence = format!("The nearest road is {metres} m away: check the coordinates.");
            (Code::NoRoad, sentence)
        }
        Placed::Island { metres } => {
            (Code::Island, format!("Its road, {metres} m away, is cut off from the network."))
        }
    })
}

/// Only open cases are visited.
fn status(case: &BookCase) -> Result<(), (Code, String)> {
    let sentence = match case.status {
        CaseStatus::Open => return Ok(()),
        CaseStatus::Paused => "The office paused the case: no contact for now.",
        CaseStatus::Closed => "The case is closed.",
        CaseStatus::LegalHandOff => "The case was handed to lawyers.",
    };
    Err((Code::Status, sentence.to_owned()))
}

/// Only home visits are routed; everything else has another treatment.
///
/// A visit that has to be made is made whatever tier and ability say; what protects the borrower stays.
fn treatment(case: &BookCase, score: &CaseScore, rules: &Rules<'_>) -> Result<(), (Code, String)> {
    let flagged = |sentence: &str| Err((Code::Flagged, sentence.to_owned()));
    let points = || score_table::points(score, rules.high_from);
    match score.assessment.treatment {
        Treatment::HomeVisit => Ok(()),
        Treatment::LettersAndCalls | Treatment::WatchList | Treatment::RemoteHelp
            if case.is_mandatory() =>
        {
            Ok(())
        }
        Treatment::LettersAndCalls => {
            let sentence = format!("Medium tier: {}; letters and calls come first.", points());
            Err((Code::TierMedium, sentence))
        }
        Treatment::WatchList => {
            Err((Code::TierLow, format!("Low tier: {}; watched, never routed.", points())))
        }
        Treatment::RemoteHelp => {
            let sentence = "The borrower cannot pay: remote help, not a visit.".to_owned();
            Err((Code::CannotPay, sentence))
        }
        Treatment::HardshipReview => flagged("Hardship was reported: that is decided first."),
        Treatment::DisputeReview => flagged("The debt is contested: that is settled first."),
        Treatment::BereavementPause => flagged("A death in the household: collection pauses."),
        Treatment::DedicatedAgent => {
            flagged("A vulnerable borrower: a dedicated agent, remote first.")
        }
        Treatment::NoContact => flagged("The borrower asked for no contact."),
    }
}

/// When a visit may start so that it also ends within the allowed hours.
fn windows(case: &BookCase, rules: &Rules<'_>) -> Result<Vec<(i64, i64)>, (Code, String)> {
    let facts = case.facts(rules.now);
    let allowed = visit_windows_all(&facts, rules.date, rules.packs)
        .map_err(|verdict| (Code::Policy, sentence(&verdict)))?;
    let starts: Vec<(i64, i64)> = allowed
        .iter()
        .filter_map(|w| Some((w.early().as_second(), w.latest_start(rules.service)?.as_second())))
        .collect();
    if starts.is_empty() {
        let minutes = rules.service.get() / 60;
        let sentence =
            format!("The hours asked for are shorter than a visit of {minutes} minutes.");
        return Err((Code::Policy, sentence));
    }
    Ok(starts)
}

/// A rule of a policy pack that keeps a case out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RuleHit {
    /// The stable code of the rule.
    pub rule: String,
    /// The pack it is of.
    pub pack: String,
    /// The version of that pack.
    pub version: u32,
    /// What it says.
    pub sentence: String,
}

/// The rules of a sentence that [`sentence`] made; none of any other.
pub(super) fn rules_of(mut text: &str) -> Vec<RuleHit> {
    let mut hits = Vec::new();
    while let Some((sentence, rest)) = text.split_once(" [") {
        let Some((tag, rest)) = rest.split_once(']') else { break };
        let read = || {
            let (rule, pack) = tag.split_once(", ")?;
            let (pack, version) = pack.rsplit_once(" v")?;
            let sentence = sentence.trim().to_owned();
            let (rule, pack) = (rule.to_owned(), pack.to_owned());
            Some(RuleHit { rule, pack, version: version.parse().ok()?, sentence })
        };
        hits.extend(read());
        text = rest;
    }
    hits
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_read_back_from_the_sentence() {
        let text =
            "No visits on Sundays. [day, house v3] Asked for 10:00 to 11:00. [hours, us-de v1]";
        let hits = rules_of(text);
        let read: Vec<(&str, &str, u32, &str)> =
            hits.iter().map(|hit| (&*hit.rule, &*hit.pack, hit.version, &*hit.sentence)).collect();
        assert_eq!(
            read,
            [
                ("day", "house", 3, "No visits on Sundays."),
                ("hours", "us-de", 1, "Asked for 10:00 to 11:00.")
            ]
        );
        assert_eq!(rules_of("Medium tier: 55 points; letters and calls come first."), []);
        assert_eq!(rules_of("An [odd] note."), []);
    }
}
