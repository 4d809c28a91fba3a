//! May I visit now?

use jiff::Timestamp;
use sync_core::model::{Dpd, LocalWindow};
use sync_core::policy::{Attempt, CaseFacts, Pack, Verdict, evaluate_all};

use crate::error::PhoneError;

/// What the phone knows about a case, in plain types.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct CaseOnPhone {
    /// IANA name of the zone of the home.
    pub time_zone: String,
    /// From when the borrower wants visits, local `HH:MM`; empty for no wish.
    pub visit_from: String,
    /// Until when, local `HH:MM`; empty for no wish.
    pub visit_to: String,
    /// Circumstances, separated by `;`; empty for none.
    pub flags: String,
    /// Earlier visits, milliseconds since 1970.
    pub visits_at_ms: Vec<i64>,
    /// When these facts were known to be true, milliseconds since 1970.
    pub facts_as_of_ms: i64,
    /// Days past due.
    pub dpd: u32,
}

/// One reason not to visit now.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ReasonToWait {
    /// Code of the rule.
    pub rule: String,
    /// Pack it stands in.
    pub pack: String,
    /// Version of the pack.
    pub version: u32,
    /// A sentence to show.
    pub sentence: String,
    /// What to do instead, where the rule says so.
    pub treatment: Option<String>,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct VisitAnswer {
    /// Whether a visit is allowed.
    pub allowed: bool,
    /// Every reason not to.
    pub reasons: Vec<ReasonToWait>,
    /// When to come again, milliseconds since 1970, if time alone helps.
    pub again_at_ms: Option<i64>,
    /// Age of the facts at the time asked, in milliseconds; show it with the answer.
    pub facts_age_ms: i64,
}

/// The house pack, for a phone that has not fetched packs yet.
#[must_use]
#[uniffi::export]
pub fn house_pack_json() -> String {
    Pack::HOUSE_JSON.to_owned()
}

/// Whether the rules allow a visit at `now_ms` (milliseconds since 1970, from the phone's clock).
///
/// The same code plans the day on the server. Without a pack nothing is allowed.
///
/// # Errors
/// [`PhoneError::BadInput`] naming the field, [`PhoneError::BadPack`] when a pack cannot be read.
#[uniffi::export]
pub fn may_visit_now(
    case: &CaseOnPhone,
    now_ms: i64,
    packs_json: &[String],
) -> Result<VisitAnswer, PhoneError> {
    let facts = facts(case)?;
    let at = instant("now_ms", now_ms)?;
    let packs: Result<Vec<Pack>, _> = packs_json.iter().map(|text| Pack::from_json(text)).collect();
    let packs = packs.map_err(|error| PhoneError::BadPack { detail: error.to_string() })?;
    let verdict = evaluate_all(&facts, at, &packs);
    let facts_age_ms = now_ms.saturating_sub(case.facts_as_of_ms).max(0);
    Ok(answer(&verdict, facts_age_ms))
}

fn facts(case: &CaseOnPhone) -> Result<CaseFacts, PhoneError> {
    let attempts: Result<Vec<Attempt>, PhoneError> = case
        .visits_at_ms
        .iter()
        // Whether somebody was met is not known here, so the stricter reading counts.
        .map(|at| Ok(Attempt::visit(instant("visits_at_ms", *at)?, true)))
        .collect();
    Ok(CaseFacts {
        zone: case.time_zone.parse().map_err(|e| PhoneError::input("time_zone", e))?,
        visit_window: window(case)?,
        flags: case.flags.parse().map_err(|e| PhoneError::input("flags", e))?,
        attempts: attempts?,
        facts_as_of: instant("facts_as_of_ms", case.facts_as_of_ms)?,
        dpd: Dpd::new(i64::from(case.dpd)).map_err(|e| PhoneError::input("dpd", e))?,
    })
}

fn window(case: &CaseOnPhone) -> Result<Option<LocalWindow>, PhoneError> {
    let or = |text: &str, default: &str| {
        if text.is_empty() { default.to_owned() } else { text.to_owned() }
    };
    if case.visit_from.is_empty() && case.visit_to.is_empty() {
        return Ok(None);
    }
    let text = format!("{}-{}", or(&case.visit_from, "00:00"), or(&case.visit_to, "24:00"));
    text.parse().map(Some).map_err(|e| PhoneError::input("visit_from, visit_to", e))
}

fn instant(field: &str, ms: i64) -> Result<Timestamp, PhoneError> {
    Timestamp::from_millisecond(ms).map_err(|_| {
        PhoneError::input(field, format!("{ms} is no time; give milliseconds since 1970"))
    })
}

pub(crate) fn answer(verdict: &Verdict, facts_age_ms: i64) -> VisitAnswer {
    VisitAnswer {
        allowed: verdict.is_allowed(),
        reasons: verdict
            .reasons()
            .iter()
            .map(|reason| ReasonToWait {
                rule: reason.rule.code().to_owned(),
                pack: reason.pack.clone(),
                version: reason.version,
                sentence: reason.sentence.clone(),
                treatment: reason.treatment.map(|treatment| treatment.label().to_owned()),
            })
            .collect(),
        again_at_ms: verdict.again_at().map(Timestamp::as_millisecond),
        facts_age_ms,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Monday 2 March 2026, 08:00:00 in Taipei.
    const EIGHT: i64 = 1_772_409_600_000;
    const HOUR: i64 = 3_600_000;
    const DAY: i64 = 24 * HOUR;

    fn case() -> CaseOnPhone {
        CaseOnPhone {
            time_zone: "Asia/Taipei".to_owned(),
            visit_from: String::new(),
            visit_to: String::new(),
            flags: String::new(),
            visits_at_ms: Vec::new(),
            facts_as_of_ms: EIGHT - HOUR,
            dpd: 60,
        }
    }

    fn ask(case: &CaseOnPhone, now_ms: i64) -> VisitAnswer {
        may_visit_now(case, now_ms, &[house_pack_json()]).unwrap()
    }

    #[test]
    fn the_day_starts_at_eight_and_ends_before_nine() {
        assert!(!ask(&case(), EIGHT - 1).allowed);
        assert!(ask(&case(), EIGHT).allowed);
        assert!(ask(&case(), EIGHT + 13 * HOUR - 1).allowed);
        let late = ask(&case(), EIGHT + 13 * HOUR);
        assert_eq!((late.allowed, late.again_at_ms), (false, Some(EIGHT + DAY)));
        assert_eq!(late.facts_age_ms, 14 * HOUR);
    }

    #[test]
    fn a_wish_with_one_end_is_a_wish() {
        let evening = CaseOnPhone { visit_from: "18:00".to_owned(), ..case() };
        let answer = ask(&evening, EIGHT);
        assert_eq!(answer.reasons[0].rule, "visit_window");
        assert_eq!(answer.again_at_ms, Some(EIGHT + 10 * HOUR));
    }

    #[test]
    fn a_flag_says_what_to_do_instead() {
        let ill = CaseOnPhone { flags: "vulnerable".to_owned(), ..case() };
        let answer = ask(&ill, EIGHT);
        assert_eq!(answer.reasons[0].treatment.as_deref(), Some("dedicated_agent"));
        assert_eq!(answer.again_at_ms, None);
    }

    #[test]
    fn visits_of_this_week_count() {
        let again = CaseOnPhone { visits_at_ms: vec![EIGHT - DAY], ..case() };
        assert_eq!(ask(&again, EIGHT).reasons[0].rule, "caps");
    }

    #[test]
    fn bad_input_names_its_field() {
        for (bad, field) in [
            (CaseOnPhone { time_zone: "Taipei".to_owned(), ..case() }, "time_zone"),
            (CaseOnPhone { flags: "ill".to_owned(), ..case() }, "flags"),
            (CaseOnPhone { visit_from: "8".to_owned(), ..case() }, "visit_from, visit_to"),
            (CaseOnPhone { facts_as_of_ms: i64::MAX, ..case() }, "facts_as_of_ms"),
            (CaseOnPhone { dpd: 99_999, ..case() }, "dpd"),
        ] {
            match may_visit_now(&bad, EIGHT, &[]) {
                Err(PhoneError::BadInput { field: found, .. }) => assert_eq!(found, field),
                other => panic!("{other:?}"),
            }
        }
        let bad_pack = may_visit_now(&case(), EIGHT, &["{}".to_owned()]);
        assert!(matches!(bad_pack, Err(PhoneError::BadPack { .. })));
        assert!(!may_visit_now(&case(), EIGHT, &[]).unwrap().allowed);
    }
}
