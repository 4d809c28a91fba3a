use super::*;
use crate::bands::{Band, BandError};
use crate::case::{CaseView, LastPayment};
use proptest::prelude::*;
use sync_core::model::{CaseFlag, Currency, Dpd, Flags, Metres, Micro, Minor, Seconds};

fn twd() -> Currency {
    "TWD".parse().unwrap()
}

fn costs() -> Costs {
    Costs {
        c_km: Micro::new(9_000_000),
        c_h: Micro::new(220_000_000),
        c_fix: Micro::new(30_000_000),
        ..Costs::default()
    }
}

fn case(due: i64, dpd: i64, ability: Option<i64>) -> CaseView {
    CaseView {
        due: Minor::new(due),
        dpd: Dpd::new(dpd).unwrap(),
        ability_per_month: ability.map(Minor::new),
        last_payment: Some(LastPayment { days_ago: 50, amount: Minor::new(1_000) }),
        has_phone: true,
        attempts_30d: 0,
        flags: Flags::NONE,
    }
}

fn priced(case: &CaseView, card: &Card, costs: &Costs) -> Recovery {
    match value_visit(case, twd(), card, costs, Seconds::from(600)).unwrap() {
        Valuation::Priced(recovery) => recovery,
        Valuation::Bypassed { .. } => panic!("bypassed"),
    }
}

#[test]
fn the_sum_by_hand() {
    // Every table empty: log-odds 0 without, ln 3 with a visit, so p0 = 1/2 and p1 = 3/4.
    let card = Card {
        intercept: Effect { base: 0.0, visit: libm::log(3.0) },
        dpd: Vec::new(),
        last_payment_days: Vec::new(),
        due_minor: Vec::new(),
        attempts: Vec::new(),
        ability_visit: Vec::new(),
        ..Card::default()
    };
    let costs = Costs { r_bp: 0, fee_bp: 2_000, ..costs() };
    let mut case = case(1_000_000, 60, Some(100_000));
    case.attempts_30d = 1;
    let found = priced(&case, &card, &costs);
    // R = min(10,000.00, 1,000.00); B = 0.8 * 0.25 * 1,000 * 0.8 = 160; prize = 160 - 30 = 130.
    assert_eq!(found.recoverable, Micro::new(1_000_000_000));
    assert_eq!(found.benefit, Micro::new(160_000_000));
    assert_eq!(found.prize, Micro::new(130_000_000));
    assert_eq!(found.visit_number, 2);
    // d* = (160 - 30 - 220 / 6) / (2 (9 + 220 / 30)) = 93.3333 / 32.6667 = 2.857 km.
    assert_eq!(found.break_even, Some(Metres::from(2_857)));
}

#[test]
fn cost_of_a_visit_by_hand() {
    // 30 + 9 * 3 + 220 (3 / 30 + 600 / 3600) = 30 + 27 + 22 + 36.666667.
    let cost = visit_cost(&costs(), Metres::from(3_000), Seconds::from(600)).unwrap();
    assert_eq!(cost, Micro::new(115_666_667));
}

#[test]
fn distance_that_costs_nothing_has_no_limit() {
    let free = Costs::default();
    assert_eq!(break_even(Micro::new(5), &free, Seconds::ZERO), Ok(None));
    let far = break_even(Micro::new(-5), &costs(), Seconds::ZERO);
    assert_eq!(far, Ok(Some(Metres::ZERO)));
}

#[test]
fn who_would_pay_anyway_gains_little() {
    let sure = priced(&case(3_000_000, 1, Some(200_000)), &Card::default(), &costs());
    let unsure = priced(&case(3_000_000, 60, Some(200_000)), &Card::default(), &costs());
    assert!(sure.p0 > 0.6 && unsure.p0 < 0.4, "{} {}", sure.p0, unsure.p0);
    assert!(sure.benefit.get() * 2 < unsure.benefit.get());
}

#[test]
fn circumstances_have_no_price() {
    for flag in CaseFlag::ALL {
        let mut case = case(3_000_000, 60, Some(200_000));
        case.flags = Flags::NONE.with(flag);
        let value = value_visit(&case, twd(), &Card::default(), &costs(), Seconds::ZERO).unwrap();
        assert!(matches!(value, Valuation::Bypassed { flag: found, .. } if found == flag));
        assert!(value.recovery().is_none());
    }
}

#[test]
fn cards_and_costs_that_make_no_sense_are_refused() {
    let punish =
        Card { ability_visit: vec![Band::new(0, 0.3), Band::new(200, 0.0)], ..Card::default() };
    assert_eq!(punish.check(), Err(RecoveryError::Bands(BandError::Falling("ability_visit"))));
    let nan = Card { intercept: Effect { base: f64::NAN, visit: 0.0 }, ..Card::default() };
    assert!(nan.check().is_err());
    assert!(Card { rho: 1.1, ..Card::default() }.check().is_err());
    assert!(Card { days_to_pay_alone: 9, ..Card::default() }.check().is_err());
    assert!(Costs { v_km_h: 0, ..costs() }.check().is_err());
    let error = Costs { c_km: Micro::new(-1), ..costs() }.check().unwrap_err();
    assert_eq!(error.to_string(), "c_km must not be negative; correct it");
}

#[test]
fn the_card_is_data() {
    let json = serde_json::to_string(&Card::default()).unwrap();
    assert_eq!(serde_json::from_str::<Card>(&json).unwrap(), Card::default());
    assert!(serde_json::from_str::<Costs>(r#"{"c_hour": 1}"#).is_err());
}

#[test]
fn a_huge_debt_overflows_into_an_error() {
    let case = case(i64::MAX, 60, Some(i64::MAX));
    let value = value_visit(&case, twd(), &Card::default(), &costs(), Seconds::ZERO);
    assert!(matches!(value, Err(RecoveryError::Overflow(_))), "{value:?}");
}

proptest! {
    #[test]
    fn less_ability_never_raises_the_prize(
        due in 1_i64..100_000_000, dpd in 0_i64..400, low in 0_i64..10_000_000, more in 0_i64..10_000_000,
        phone in any::<bool>(), attempts in 0_u32..5, paid in prop::option::of(0_u32..400),
    ) {
        let with = |ability| CaseView {
            has_phone: phone,
            attempts_30d: attempts,
            last_payment: paid.map(|days_ago| LastPayment { days_ago, amount: Minor::new(1) }),
            ..case(due, dpd, Some(ability))
        };
        let poor = priced(&with(low), &Card::default(), &costs());
        let rich = priced(&with(low + more), &Card::default(), &costs());
        prop_assert!(poor.prize <= rich.prize);
    }

    #[test]
    fn parts_make_the_whole(due in 1_i64..100_000_000, dpd in 0_i64..400, ability in prop::option::of(0_i64..10_000_000)) {
        let found = priced(&case(due, dpd, ability), &Card::default(), &costs());
        let base: f64 = found.points.iter().map(|p| p.effect.base).sum();
        prop_assert!((libm::log(found.p0 / (1.0 - found.p0)) - base).abs() < 1e-9);
        prop_assert!(found.p1 >= found.p0 && found.benefit >= Micro::ZERO);
        prop_assert_eq!(found.prize.get(), found.benefit.get() - 30_000_000);
        prop_assert!(found.recoverable.get() <= due * 10_000);
    }

    #[test]
    fn each_further_visit_is_worth_less(due in 1_i64..100_000_000, ability in 0_i64..10_000_000, attempts in 0_u32..6) {
        let card = Card { attempts: Vec::new(), ..Card::default() };
        let first = CaseView { attempts_30d: attempts, ..case(due, 60, Some(ability)) };
        let next = CaseView { attempts_30d: attempts + 1, ..first };
        prop_assert!(priced(&next, &card, &costs()).benefit <= priced(&first, &card, &costs()).benefit);
    }
}
