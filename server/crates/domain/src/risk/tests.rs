use super::*;
use crate::bands::{Band, BandError};
use crate::case::CaseView;
use proptest::prelude::*;
use sync_core::model::{CaseFlag, Dpd, Flags, Minor, Tier, Treatment};

fn case(due: i64, dpd: i64, ability: Option<i64>) -> CaseView {
    CaseView {
        due: Minor::new(due),
        dpd: Dpd::new(dpd).unwrap(),
        ability_per_month: ability.map(Minor::new),
        last_payment: None,
        has_phone: true,
        attempts_30d: 0,
        flags: Flags::NONE,
    }
}

#[test]
fn tiers_and_treatments_at_the_edges() {
    for (due, dpd, ability, tier, treatment) in [
        // 20 (due) + 30 (dpd) + 10 (limited) = 60: ten short of high.
        (500_000, 60, Some(10_000), Tier::Medium, Treatment::LettersAndCalls),
        // 20 + 30 + 20 (able) = 70.
        (500_000, 60, Some(25_000), Tier::High, Treatment::HomeVisit),
        // 30 + 30 + 10 = 70.
        (2_000_000, 60, Some(40_000), Tier::High, Treatment::HomeVisit),
        // The same with an ability of 1.99 % a month: help, not a visit.
        (2_000_000, 60, Some(39_999), Tier::Medium, Treatment::RemoteHelp),
        // 30 + 30 + 10 (unknown) = 70.
        (2_000_000, 60, None, Tier::High, Treatment::HomeVisit),
        // 0 + 15 + 20 = 35.
        (99_999, 30, Some(99_999), Tier::Medium, Treatment::LettersAndCalls),
        // 0 + 5 + 20 = 25.
        (99_999, 29, Some(99_999), Tier::Low, Treatment::WatchList),
        (9_000_000, 0, Some(9_000_000), Tier::Low, Treatment::WatchList),
        (0, 90, Some(1), Tier::Low, Treatment::WatchList),
        (-5, 90, Some(1), Tier::Low, Treatment::WatchList),
    ] {
        let found = assess(&case(due, dpd, ability), &RiskRules::default()).unwrap();
        assert_eq!((found.tier, found.treatment), (tier, treatment), "{due} {dpd} {ability:?}");
        assert_eq!(found.total, found.points.iter().map(|p| p.points).sum::<i32>());
    }
}

#[test]
fn circumstances_come_before_money() {
    for (flag, treatment) in [
        (CaseFlag::Vulnerable, Treatment::DedicatedAgent),
        (CaseFlag::Dispute, Treatment::DisputeReview),
        (CaseFlag::Bereaved, Treatment::BereavementPause),
        (CaseFlag::Hardship, Treatment::HardshipReview),
        (CaseFlag::NoContact, Treatment::NoContact),
    ] {
        let mut case = case(9_000_000, 90, Some(9_000_000));
        case.flags = Flags::NONE.with(flag);
        assert_eq!(assess(&case, &RiskRules::default()).unwrap().treatment, treatment);
    }
}

#[test]
fn rules_are_read_with_defaults_and_unknown_fields_refused() {
    let rules: RiskRules = serde_json::from_str(r#"{"high_from": 80}"#).unwrap();
    assert_eq!(rules, RiskRules { high_from: 80, ..RiskRules::default() });
    let error = serde_json::from_str::<RiskRules>(r#"{"high": 80}"#).unwrap_err().to_string();
    assert!(error.contains("`high`") && error.contains("high_from"), "{error}");
}

#[test]
fn rules_that_punish_poverty_are_refused() {
    let rules = RiskRules {
        ability_bp: vec![Band::new(0, 20), Band::new(500, 10)],
        ..RiskRules::default()
    };
    assert_eq!(
        assess(&case(1, 1, None), &rules),
        Err(RiskError::Bands(BandError::Falling("ability_bp")))
    );
    let rules = RiskRules { medium_from: 70, ..RiskRules::default() };
    assert!(matches!(rules.check(), Err(RiskError::Tiers { .. })));
    let rules = RiskRules { cannot_pay_below_bp: 501, ..RiskRules::default() };
    assert!(matches!(rules.check(), Err(RiskError::Abilities { .. })));
}

proptest! {
    #[test]
    fn less_ability_never_raises_the_tier(
        due in 0_i64..100_000_000, dpd in 0_i64..400, low in 0_i64..10_000_000, more in 0_i64..10_000_000,
    ) {
        let rules = RiskRules::default();
        let poor = assess(&case(due, dpd, Some(low)), &rules).unwrap();
        let rich = assess(&case(due, dpd, Some(low + more)), &rules).unwrap();
        prop_assert!(poor.tier <= rich.tier);
        prop_assert!(poor.total <= rich.total);
        let visited = |a: &Assessment| a.treatment == Treatment::HomeVisit;
        prop_assert!(!visited(&poor) || visited(&rich));
    }

    #[test]
    fn only_high_cases_without_flags_that_can_pay_are_visited(
        due in -1_000_i64..100_000_000, dpd in 0_i64..400, ability in prop::option::of(0_i64..10_000_000), flag in prop::option::of(0_usize..5),
    ) {
        let mut case = case(due, dpd, ability);
        case.flags = flag.map(|index| CaseFlag::ALL[index]).into_iter().collect();
        let found = assess(&case, &RiskRules::default()).unwrap();
        if found.treatment == Treatment::HomeVisit {
            prop_assert_eq!(found.tier, Tier::High);
            prop_assert!(found.ability != Ability::CannotPay && flag.is_none());
        }
    }
}
