use super::*;
use crate::model::{CaseFlag, Dpd, Flags, Seconds, Treatment, Zone};
use jiff::civil::date;
use proptest::prelude::*;

fn ts(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn facts(zone: &str, as_of: &str) -> CaseFacts {
    CaseFacts {
        zone: zone.parse().unwrap(),
        visit_window: None,
        flags: Flags::NONE,
        attempts: Vec::new(),
        facts_as_of: ts(as_of),
        dpd: Dpd::new(60).unwrap(),
    }
}

fn house() -> Pack {
    Pack::house().unwrap()
}

fn rules(verdict: &Verdict) -> Vec<Rule> {
    verdict.reasons().iter().map(|reason| reason.rule).collect()
}

#[test]
fn house_hours_start_inclusive_and_end_exclusive() {
    for (zone, at, allowed, again) in [
        ("Asia/Kolkata", "2026-03-02T02:29:59Z", false, Some("2026-03-02T02:30:00Z")),
        ("Asia/Kolkata", "2026-03-02T02:30:00Z", true, None),
        ("Asia/Kolkata", "2026-03-02T15:29:59.999Z", true, None),
        ("Asia/Kolkata", "2026-03-02T15:30:00Z", false, Some("2026-03-03T02:30:00Z")),
        // The clocks of New York go forward on 8 March and back on 1 November.
        ("America/New_York", "2026-03-08T11:59:59Z", false, Some("2026-03-08T12:00:00Z")),
        ("America/New_York", "2026-03-08T12:00:00Z", true, None),
        ("America/New_York", "2026-03-09T01:00:00Z", false, Some("2026-03-09T12:00:00Z")),
        ("America/New_York", "2026-11-01T12:59:59Z", false, Some("2026-11-01T13:00:00Z")),
        ("America/New_York", "2026-11-02T01:59:59Z", true, None),
        ("America/New_York", "2026-11-02T02:00:00Z", false, Some("2026-11-02T13:00:00Z")),
    ] {
        let verdict = evaluate(&facts(zone, at), ts(at), &house());
        assert_eq!(verdict.is_allowed(), allowed, "{zone} {at}");
        assert_eq!(verdict.again_at(), again.map(ts), "{zone} {at}");
    }
}

#[test]
fn a_reason_names_rule_pack_and_version() {
    let verdict =
        evaluate(&facts("UTC", "2026-03-02T00:00Z"), ts("2026-03-02T07:59:59Z"), &house());
    let [reason] = verdict.reasons() else { panic!("{verdict:?}") };
    assert_eq!((reason.rule.code(), reason.pack.as_str(), reason.version), ("hours", "house", 1));
    assert_eq!(reason.sentence, "It is 07:59:59 at the home; visits are allowed 08:00-21:00.");
}

#[test]
fn each_flag_stops_visits_and_says_what_to_do() {
    for (flag, treatment) in [
        (CaseFlag::Vulnerable, Treatment::DedicatedAgent),
        (CaseFlag::Dispute, Treatment::DisputeReview),
        (CaseFlag::Bereaved, Treatment::BereavementPause),
        (CaseFlag::Hardship, Treatment::HardshipReview),
        (CaseFlag::NoContact, Treatment::NoContact),
    ] {
        let mut facts = facts("UTC", "2026-03-02T00:00Z");
        facts.flags = Flags::NONE.with(flag);
        let verdict = evaluate(&facts, ts("2026-03-02T12:00Z"), &house());
        assert_eq!(rules(&verdict), [Rule::StopTriggers]);
        assert_eq!(verdict.reasons()[0].treatment, Some(treatment));
        assert_eq!(verdict.again_at(), None);
        assert!(visit_windows(&facts, date(2026, 3, 2), &house()).is_err());
    }
}

#[test]
fn caps_count_local_days() {
    // 23:30 on 1 March in New York is 2 March in UTC: the local date counts.
    let mut facts = facts("America/New_York", "2026-03-07T12:00Z");
    facts.attempts = vec![Attempt::visit(ts("2026-03-02T04:30Z"), false)];
    let verdict = evaluate(&facts, ts("2026-03-07T17:00Z"), &house());
    assert_eq!(rules(&verdict), [Rule::Caps]);
    // Seven days from 1 March end with 7 March; on the 8th clocks have gone forward.
    assert_eq!(verdict.again_at(), Some(ts("2026-03-08T12:00Z")));
    assert!(evaluate(&facts, ts("2026-03-08T12:00Z"), &house()).is_allowed());
}

#[test]
fn the_fourth_visit_of_the_month_waits() {
    let mut facts = facts("UTC", "2026-03-25T00:00Z");
    facts.attempts = ["2026-03-01T10:00Z", "2026-03-09T10:00Z", "2026-03-17T10:00Z"]
        .map(|at| Attempt::visit(ts(at), true))
        .to_vec();
    let verdict = evaluate(&facts, ts("2026-03-25T10:00Z"), &house());
    assert_eq!(
        verdict.reasons()[0].sentence,
        "3 visits from 2026-02-24 to 2026-03-25; at most 3 in 30 days."
    );
    assert_eq!(verdict.again_at(), Some(ts("2026-03-31T08:00Z")));
}

#[test]
fn calls_do_not_count_as_visits() {
    let mut facts = facts("UTC", "2026-03-25T00:00Z");
    facts.attempts =
        vec![Attempt { at: ts("2026-03-24T10:00Z"), channel: Channel::Call, met: true }];
    assert!(evaluate(&facts, ts("2026-03-25T10:00Z"), &house()).is_allowed());
    let mut strict = house();
    strict.rules.caps = vec![Cap { count: Counted::Contacts, at_most: 1, days: 2 }];
    assert!(!evaluate(&facts, ts("2026-03-25T10:00Z"), &strict).is_allowed());
}

#[test]
fn weekdays_and_holidays_are_left_out() {
    let mut pack = house();
    pack.rules.days = Some(Days {
        forbidden_weekdays: [crate::model::Weekday::Sun].into(),
        forbid_holidays: true,
        holidays: [date(2026, 3, 2)].into(),
    });
    let facts = facts("UTC", "2026-03-01T00:00Z");
    let verdict = evaluate(&facts, ts("2026-03-01T12:00Z"), &pack);
    assert_eq!(rules(&verdict), [Rule::Days]);
    assert_eq!(verdict.again_at(), Some(ts("2026-03-03T08:00Z")));
}

#[test]
fn old_facts_and_young_debts_block_without_a_time() {
    let mut old = facts("UTC", "2026-03-01T00:00Z");
    assert!(evaluate(&old, ts("2026-03-08T20:00Z"), &house()).again_at().is_none());
    assert_eq!(rules(&evaluate(&old, ts("2026-03-08T20:00Z"), &house())), [Rule::Staleness]);
    // A plan is made ahead and does not ask how old the facts will be.
    assert!(visit_windows(&old, date(2026, 3, 20), &house()).is_ok());
    old.dpd = Dpd::new(0).unwrap();
    assert_eq!(rules(&evaluate(&old, ts("2026-03-01T20:00Z"), &house())), [Rule::MinimumDpd]);
}

#[test]
fn the_borrowers_own_hours_narrow_the_day() {
    let mut facts = facts("Asia/Kolkata", "2026-03-01T00:00Z");
    facts.visit_window = Some("18:00-22:00".parse().unwrap());
    let windows = visit_windows(&facts, date(2026, 3, 2), &house()).unwrap();
    assert_eq!(
        windows,
        [TimeWindow::new(ts("2026-03-02T12:30Z"), ts("2026-03-02T15:30Z")).unwrap()]
    );
    facts.visit_window = Some("21:00-23:00".parse().unwrap());
    let verdict = visit_windows(&facts, date(2026, 3, 2), &house()).unwrap_err();
    assert!(verdict.reasons()[0].sentence.contains("21:00-23:00"), "{verdict:?}");
    assert_eq!(verdict.again_at(), None);
}

#[test]
fn without_a_pack_nothing_is_allowed() {
    let facts = facts("UTC", "2026-03-01T00:00Z");
    assert_eq!(rules(&evaluate_all(&facts, ts("2026-03-01T12:00Z"), &[])), [Rule::NoPack]);
    assert!(visit_windows_all(&facts, date(2026, 3, 1), &[]).is_err());
}

#[test]
fn unknown_fields_of_a_pack_are_named() {
    let text = include_str!("packs/house-1.json").replace("minimum_dpd", "minimal_dpd");
    let error = Pack::from_json(&text).unwrap_err().to_string();
    assert!(error.contains("minimal_dpd") && error.contains("minimum_dpd"), "{error}");
    let text = include_str!("packs/house-1.json").replace("\"days\": 30", "\"days\": 0");
    assert!(matches!(Pack::from_json(&text), Err(PackError::Value { field: "caps.days", .. })));
    assert!(Pack::shipped("atlantis").unwrap_err().to_string().contains("house"));
}

#[test]
fn every_shipped_pack_reads_and_says_what_it_is() {
    for name in Pack::shipped_names() {
        let pack = Pack::shipped(name).unwrap();
        assert_eq!(pack.name, name);
        assert!(pack.about.contains("No legal advice"), "{name}");
        assert!(!pack.sources.is_empty() && !pack.not_verified.is_empty(), "{name}");
        assert_eq!(Pack::from_json(&serde_json::to_string(&pack).unwrap()), Ok(pack));
    }
}

#[test]
fn shipped_packs_narrow_the_house_where_they_are_stricter() {
    // Saturday 7 and Sunday 8 March 2026.
    for (name, day, window) in [
        ("au-accc", 7, Some(("09:00", "21:00"))),
        ("th-dca-2015", 6, Some(("08:00", "20:00"))),
        ("th-dca-2015", 7, Some(("08:00", "18:00"))),
        ("in-rbi-2026-draft", 7, Some(("08:00", "19:00"))),
        ("id-pojk22-2023", 7, Some(("08:00", "20:00"))),
        ("id-pojk22-2023", 8, None),
        // Wider hours than the house's do not widen them.
        ("ph-sec-mc18-2019", 8, Some(("08:00", "21:00"))),
        ("uk-conc7", 8, Some(("08:00", "21:00"))),
    ] {
        let packs = [house(), Pack::shipped(name).unwrap()];
        let facts = facts("UTC", "2026-03-01T00:00Z");
        let found = visit_windows_all(&facts, date(2026, 3, day), &packs).ok();
        let expected = window.map(|(from, to)| {
            let at = |time: &str| ts(&format!("2026-03-{day:02}T{time}Z"));
            vec![TimeWindow::new(at(from), at(to)).unwrap()]
        });
        assert_eq!(found, expected, "{name} {day}");
    }
}

#[test]
fn massachusetts_counts_only_visits_that_met_somebody() {
    let pack = Pack::shipped("us-ma").unwrap();
    let mut facts = facts("America/New_York", "2026-03-20T00:00Z");
    facts.attempts = vec![Attempt::visit(ts("2026-03-10T15:00Z"), false)];
    assert!(evaluate(&facts, ts("2026-03-20T15:00Z"), &pack).is_allowed());
    facts.attempts[0].met = true;
    let verdict = evaluate(&facts, ts("2026-03-20T15:00Z"), &pack);
    // Thirty days from 10 March end with 8 April.
    assert_eq!(verdict.again_at(), Some(ts("2026-04-09T12:00Z")));
}

#[test]
fn a_verdict_survives_json() {
    let facts = facts("UTC", "2026-03-01T00:00Z");
    for at in ["2026-03-01T12:00Z", "2026-03-01T22:00Z"] {
        let verdict = evaluate(&facts, ts(at), &house());
        let json = serde_json::to_string(&verdict).unwrap();
        assert_eq!(serde_json::from_str::<Verdict>(&json).unwrap(), verdict);
    }
}

fn any_zone() -> impl Strategy<Value = Zone> {
    prop::sample::select(vec!["America/New_York", "Asia/Kolkata", "Asia/Taipei", "Asia/Beirut"])
        .prop_map(|name| name.parse().unwrap())
}

/// Instants around both changes of clocks of 2026.
fn any_instant() -> impl Strategy<Value = Timestamp> {
    prop_oneof![1_772_700_000_i64..1_773_300_000, 1_793_000_000_i64..1_793_800_000]
        .prop_map(|second| Timestamp::from_second(second).unwrap())
}

fn any_window() -> impl Strategy<Value = LocalWindow> {
    (0_u16..1439, 1_u16..1440)
        .prop_map(|(from, length)| LocalWindow::new(from, (from + length).min(1440)).unwrap())
}

prop_compose! {
    fn any_pack()(
        every_day in prop::collection::vec(any_window(), 0..3),
        sunday in prop::option::of(prop::collection::vec(any_window(), 0..2)),
        no_monday in any::<bool>(),
        at_most in 0_u32..3,
        days in 1_u16..9,
    ) -> Pack {
        let mut pack = house();
        let on = sunday.map(|windows| (crate::model::Weekday::Sun, windows)).into_iter().collect();
        pack.rules.hours = Some(Hours { every_day, on, on_holidays: None });
        pack.rules.days = Some(Days {
            forbidden_weekdays: no_monday.then_some(crate::model::Weekday::Mon).into_iter().collect(),
            ..Days::default()
        });
        pack.rules.caps = vec![Cap { count: Counted::Visits, at_most, days }];
        pack.rules.facts_max_age_s = None;
        pack
    }
}

prop_compose! {
    fn any_facts()(
        zone in any_zone(),
        visit_window in prop::option::of(any_window()),
        visits in prop::collection::vec(any_instant(), 0..3),
    ) -> CaseFacts {
        CaseFacts {
            zone,
            visit_window,
            attempts: visits.into_iter().map(|at| Attempt::visit(at, true)).collect(),
            ..facts("UTC", "2026-01-01T00:00Z")
        }
    }
}

proptest! {
    #[test]
    fn allowed_exactly_inside_the_windows_of_the_day(facts in any_facts(), pack in any_pack(), at in any_instant()) {
        let windows = visit_windows(&facts, facts.zone.date_at(at), &pack).unwrap_or_default();
        let inside = windows.iter().any(|window| window.contains(at));
        prop_assert_eq!(evaluate(&facts, at, &pack).is_allowed(), inside);
    }

    #[test]
    fn several_packs_are_never_laxer_than_one(facts in any_facts(), one in any_pack(), two in any_pack(), at in any_instant()) {
        let both = evaluate_all(&facts, at, &[one.clone(), two.clone()]).is_allowed();
        let each = evaluate(&facts, at, &one).is_allowed() && evaluate(&facts, at, &two).is_allowed();
        prop_assert_eq!(both, each);
        let day = facts.zone.date_at(at);
        for window in visit_windows_all(&facts, day, &[one.clone(), two.clone()]).unwrap_or_default() {
            for pack in [&one, &two] {
                prop_assert!(evaluate(&facts, window.early(), pack).is_allowed());
            }
        }
    }

    #[test]
    fn again_at_is_later_and_allowed_and_the_first(facts in any_facts(), pack in any_pack(), at in any_instant(), part in 0.0_f64..1.0) {
        if let Some(again) = evaluate(&facts, at, &pack).again_at() {
            prop_assert!(again > at);
            prop_assert!(evaluate(&facts, again, &pack).is_allowed());
            #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "a share of a span of days")]
            let between = ((again.as_second() - at.as_second()) as f64 * part) as i64;
            let earlier = Timestamp::from_second(at.as_second() + between).unwrap();
            prop_assert!(earlier >= again || !evaluate(&facts, earlier, &pack).is_allowed());
        }
    }

    #[test]
    fn facts_grow_stale_only_with_time(age in 0_i64..2_000_000, limit in 0_i64..1_000_000) {
        let facts = facts("UTC", "2026-03-01T12:00Z");
        let mut pack = house();
        pack.rules.hours = None;
        pack.rules.facts_max_age_s = Some(Seconds::new(limit).unwrap());
        let at = Timestamp::from_second(facts.facts_as_of.as_second() + age).unwrap();
        prop_assert_eq!(evaluate(&facts, at, &pack).is_allowed(), age <= limit);
    }
}
