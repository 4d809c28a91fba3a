use std::collections::BTreeMap;

use h3o::{CellIndex, Resolution};
use sync_core::kinds::{Met, PromiseState};
use sync_core::model::{BorrowerId, CaseId, Metres, Micro, Minor, Position, VisitId};

use super::*;
use crate::recovery::Costs;
use crate::territory::cell_of;

const DAY: i64 = 86_400_000_000;

fn case_id(n: u8) -> CaseId {
    CaseId::from_parts(0, [n; 10])
}

fn visit_id(n: u8) -> VisitId {
    VisitId::from_parts(0, [n; 10])
}

fn cell(lat: f64) -> CellIndex {
    cell_of(Position::from_degrees(lat, -75.52).unwrap(), Resolution::Eight)
}

fn case(n: u8, cell: CellIndex) -> Case {
    Case { id: case_id(n), borrower: BorrowerId::from_parts(0, [n; 10]), cell }
}

fn visit(n: u8, case: u8, at: i64, met: Met) -> Visit {
    Visit {
        id: visit_id(n),
        case: case_id(case),
        at,
        met,
        travel_m: 3_000,
        travel_s: 360,
        estimated: false,
        service_s: 540,
        shift: Some(0),
    }
}

fn payment(case: u8, at: i64, net: i64) -> Payment {
    Payment { case: case_id(case), at, net: Minor::new(net), visit: None }
}

/// 0.50 a kilometre, 20 an hour, 1 a visit, 0.25 for evidence, 30 a shift, a fee of 10 %.
fn rates() -> Rates {
    Rates {
        costs: Costs {
            c_km: Micro::new(500_000),
            c_h: Micro::new(20_000_000),
            c_fix: Micro::new(1_000_000),
            c_evidence: Micro::new(250_000),
            fee_bp: 1_000,
            ..Costs::default()
        },
        per_shift: Micro::new(30_000_000),
        least_borrowers: 1,
        ..Rates::new(2)
    }
}

fn input(cases: &[Case], rates: Rates) -> Input<'_> {
    static NOBODY: BTreeMap<CellIndex, String> = BTreeMap::new();
    Input {
        cases,
        visits: &[],
        payments: &[],
        promises: &[],
        stops: &[],
        shifts: &[],
        territories: &NOBODY,
        resolution: Resolution::Eight,
        period: Period { from: 0, to: 10 * DAY },
        now: 100 * DAY,
        rates,
    }
}

#[test]
fn a_day_by_hand() {
    let home = cell(39.16);
    let cases: Vec<Case> = (1..=4).map(|n| case(n, home)).collect();
    let visits = [
        visit(1, 1, 1_000, Met::Borrower),
        visit(2, 2, 2_000, Met::Nobody),
        visit(3, 3, 3_000, Met::Borrower),
    ];
    let payments = [
        payment(1, DAY, 5_005),      // for visit 1
        payment(2, 31 * DAY, 9_999), // 31 days later: for none, and not in the period
        payment(4, 2 * DAY, 700),    // never visited
        payment(3, 4_000, 0),        // reversed
    ];
    let stops = [1, 2, 4].map(|n| Stop {
        case: case_id(n),
        day: Period { from: 0, to: DAY },
        metres: 2_500,
        seconds: 300,
        prize: Micro::new(12_345_000),
    });
    let shifts = [Shift { return_m: 1_000, return_s: 100 }];
    let report = evaluate(&Input {
        visits: &visits,
        payments: &payments,
        stops: &stops,
        shifts: &shifts,
        ..input(&cases, rates())
    })
    .unwrap();
    let total = report.total.unwrap();
    let s = total.sums;
    assert_eq!((s.cases, s.borrowers, s.cases_visited, s.visits), (4, 4, 3, 3));
    assert_eq!((s.met_borrower, s.met_nobody, s.met_somebody_else), (2, 1, 0));
    assert_eq!((s.recovered_minor, s.paying_visits, report.uncredited_minor), (5_005, 1, 700));
    // Ways back of 1,000 m and 100 s fall to the three visits as 334, 333, 333 and 34, 33, 33.
    // 3,334 m at 0.50 a km: 166.7 cents, 167; twice 3,333 m: 166.65, 167.
    assert_eq!(s.distance_cost_minor, 501);
    // 360 + 540 + 34 s at 20 an hour: 934 / 3,600 x 2,000 = 518.9, 519; twice 933: 518.3, 518.
    assert_eq!(s.time_cost_minor, 519 + 518 + 518);
    assert_eq!((s.visit_cost_minor, s.evidence_cost_minor, s.shift_cost_minor), (300, 75, 3_000));
    // 10 % of 50.05: 5.005, so 5.01.
    assert_eq!(s.fee_cost_minor, 501);
    assert_eq!(total.cost_minor, 501 + 1_555 + 300 + 75 + 3_000 + 501);
    assert_eq!(total.net_minor, 5_005 - 5_932);
    assert_eq!((s.driven_m, s.return_m, s.driven_s, s.return_s), (9_000, 1_000, 1_080, 100));
    assert_eq!((s.planned_stops, s.planned_made, s.planned_m, s.planned_s), (3, 2, 7_500, 900));
    assert_eq!(s.planned_prize_minor, 3 * 1_235, "12.345 is rounded at each stop");
    let rates: BTreeMap<_, _> = total.rates().into_iter().collect();
    assert_eq!(rates["coverage"], Rate { part: 3, whole: 4 });
    assert_eq!(rates["intensity"].value(), Some(0.75));
    assert_eq!(rates["contact_rate"], Rate { part: 2, whole: 3 });
    assert_eq!(rates["cost_to_collect"], Rate { part: 5_932, whole: 5_005 });
    assert_eq!(rates["plan_adherence"], Rate { part: 2, whole: 3 });
    assert_eq!(rates["kept_rate"].value(), None, "nothing was promised");
    let averages: BTreeMap<_, _> = total.averages().into_iter().collect();
    // 5,932 / 3 = 1,977.3; 5,005 / 3 = 1,668.3; -927 / 3 = -309.
    assert_eq!(averages["cost_per_visit_minor"], Some(1_977));
    assert_eq!(averages["recovered_per_visit_minor"], Some(1_668));
    assert_eq!(averages["net_per_visit_minor"], Some(-309));
    // B = (50.05 - 5.01) / 3 = 15.013333; less 1.25 and 540 s at 20 an hour, 3.00: 10.763333;
    // 2 (0.50 + 20 / 30) = 2.333333 a km: 4.612857 km.
    assert_eq!(total.break_even, Some(Metres::new(4_613).unwrap()));
    assert_eq!(total.advice, Advice::NotEnoughVisits);
}

#[test]
fn the_last_visit_before_a_payment_gets_it() {
    let (north, south) = (cell(39.16), cell(39.10));
    let cases = [case(1, north), case(2, south)];
    let visits = [
        visit(1, 1, DAY, Met::Nobody),
        visit(2, 1, 3 * DAY, Met::Borrower),
        visit(3, 1, 20 * DAY, Met::Borrower), // after the period: takes, and is not counted
    ];
    let paid = |payments: &[Payment]| {
        let shifts = [Shift::default()];
        let report = evaluate(&Input {
            visits: &visits,
            payments,
            shifts: &shifts,
            ..input(&cases, rates())
        });
        let sums = report.unwrap().total.unwrap().sums;
        (sums.recovered_minor, sums.paying_visits, sums.visits)
    };
    assert_eq!(paid(&[payment(1, DAY - 1, 100)]), (0, 0, 2), "before any visit");
    assert_eq!(paid(&[payment(1, DAY, 100), payment(1, 2 * DAY, 50)]), (150, 1, 2));
    assert_eq!(paid(&[payment(1, 2 * DAY, 100), payment(1, 4 * DAY, 50)]), (150, 2, 2));
    assert_eq!(paid(&[payment(1, 20 * DAY, 100)]), (0, 0, 2), "a later visit takes it");
    assert_eq!(paid(&[payment(2, 4 * DAY, 100)]), (0, 0, 2), "another case");
    let named = Payment { visit: Some(visit_id(1)), ..payment(1, 4 * DAY, 100) };
    assert_eq!(paid(&[named, payment(1, 4 * DAY, 7)]), (107, 2, 2), "the visit it was taken at");
    let late = Payment { visit: Some(visit_id(1)), ..payment(1, 31 * DAY, 100) };
    assert_eq!(paid(&[late]), (0, 0, 2), "the window holds for it too");
}

#[test]
fn what_is_dated_later_than_now_is_not_counted() {
    let cases = [case(1, cell(39.16))];
    let visits = [visit(1, 1, DAY, Met::Borrower), visit(2, 1, 4 * DAY, Met::Borrower)];
    let payments = [payment(1, 2 * DAY, 100), payment(1, 3 * DAY + 1, 70)];
    let promise = |n: u8, made_at: i64| Promise {
        case: case_id(1),
        visit: Some(visit_id(n)),
        made_at,
        due_at: 9 * DAY,
        amount: Minor::new(50),
        state: PromiseState::Open,
    };
    let promises = [promise(1, DAY), promise(1, 4 * DAY)];
    let shifts = [Shift::default()];
    let sums = |now| {
        let input = Input {
            visits: &visits,
            payments: &payments,
            promises: &promises,
            shifts: &shifts,
            now,
            ..input(&cases, rates())
        };
        evaluate(&input).unwrap().total.unwrap().sums
    };
    let s = sums(3 * DAY);
    assert_eq!((s.visits, s.recovered_minor, s.promises), (1, 100, 1));
    let s = sums(10 * DAY);
    assert_eq!((s.visits, s.recovered_minor, s.promises), (2, 170, 2));
}

#[test]
fn promises_are_judged_by_the_payments() {
    let cases = [case(1, cell(39.16))];
    let visits = [visit(1, 1, 0, Met::Borrower)];
    let promise = |due: i64, amount: i64, state| Promise {
        case: case_id(1),
        visit: Some(visit_id(1)),
        made_at: 0,
        due_at: due * DAY,
        amount: Minor::new(amount),
        state,
    };
    let promises = [
        promise(5, 100, PromiseState::Open), // 60, and of the 90 less 11 40: kept
        promise(9, 80, PromiseState::Open),  // the other 39: part
        promise(200, 70, PromiseState::Open), // not due yet
        promise(5, 1_000, PromiseState::Cancelled),
        promise(9, 30, PromiseState::Broken),
        // Made elsewhere: not counted, but its 11 are taken.
        Promise { visit: None, ..promise(5, 11, PromiseState::Kept) },
    ];
    let payments = [payment(1, DAY, 60), payment(1, 2 * DAY, 90)];
    let shifts = [Shift::default()];
    let report = evaluate(&Input {
        visits: &visits,
        payments: &payments,
        promises: &promises,
        shifts: &shifts,
        ..input(&cases, rates())
    });
    let s = report.unwrap().total.unwrap().sums;
    assert_eq!((s.promises, s.promised_minor), (5, 1_280));
    assert_eq!((s.promises_due, s.promises_due_minor), (3, 210));
    assert_eq!((s.promises_kept, s.promises_kept_minor), (1, 139));
}

/// Twelve borrowers in one cell, three in its neighbour under the same parent, one far away.
#[test]
fn small_cells_go_up_and_what_is_left_joins_the_smallest() {
    let home = cell(39.16);
    let parent = home.parent(Resolution::Seven).unwrap();
    let sister = parent.children(Resolution::Eight).find(|c| *c != home).unwrap();
    let far = cell(38.60);
    let mut cases: Vec<Case> = (0..12).map(|n| case(n, home)).collect();
    cases.extend((12..15).map(|n| case(n, sister)));
    cases.push(case(15, far));
    let report = evaluate(&input(&cases, Rates { least_borrowers: 10, ..rates() })).unwrap();
    let borrowers =
        |rows: &[Group]| rows.iter().map(|g| g.figures.sums.borrowers).collect::<Vec<_>>();
    assert_eq!(borrowers(&report.regions), [16], "one far away joins the other area");
    assert_eq!(report.regions[0].regions.len(), 2);
    assert_eq!(borrowers(&report.cells), [16], "four are too few for a row of their own");
    assert_eq!(report.cells[0].cell, None);
    // With ten in the neighbour each has a row of its own, and the one left joins the smaller.
    cases.extend((20..27).map(|n| case(n, sister)));
    let report = evaluate(&input(&cases, Rates { least_borrowers: 10, ..rates() })).unwrap();
    assert_eq!(borrowers(&report.cells), [12, 11]);
    assert_eq!((report.cells[0].cell, report.cells[0].rest), (Some(home), false));
    assert_eq!((report.cells[1].cell, report.cells[1].rest), (None, true));
    // Ten in cells that are small alone: their parent.
    let near: Vec<Case> = (0..10)
        .zip(parent.children(Resolution::Eight).chain(parent.children(Resolution::Eight)))
        .map(|(n, cell)| case(n, cell))
        .collect();
    let report = evaluate(&input(&near, Rates { least_borrowers: 10, ..rates() })).unwrap();
    assert_eq!((report.cells[0].cell, report.cells[0].rest), (Some(parent), false));
    // Fewer than ten in all: nothing is shown.
    let few = evaluate(&input(&near[..9], Rates { least_borrowers: 10, ..rates() })).unwrap();
    assert_eq!((few.total, few.cells.len(), few.regions.len()), (None, 0, 0));
}

#[test]
fn advice_needs_visits_and_certainty() {
    let (poor, rich) = (cell(39.16), cell(39.10));
    let cases = [case(1, poor), case(2, rich)];
    let advice = |poor_visits: u8, paid: i64, payers: u8, now: i64| {
        let mut visits: Vec<Visit> =
            (0..poor_visits).map(|n| visit(n, 1, i64::from(n) * 1_000, Met::Nobody)).collect();
        visits.extend((0..60).map(|n| visit(200 - n, 2, i64::from(n) * 1_000, Met::Borrower)));
        let payments: Vec<Payment> =
            (0..payers).map(|n| payment(2, i64::from(n) * 1_000, paid)).collect();
        let shifts = [Shift::default()];
        let report = evaluate(&Input {
            visits: &visits,
            payments: &payments,
            shifts: &shifts,
            now,
            ..input(&cases, rates())
        });
        let cells = report.unwrap().cells;
        let of = |cell| cells.iter().find(|g| g.cell == Some(cell)).unwrap().figures.advice;
        (of(poor), of(rich))
    };
    // A visit costs about 7.75. All of 60 visits bring 100: sure. 29 visits without a payment: too few.
    assert_eq!(advice(29, 10_000, 60, 100 * DAY), (Advice::NotEnoughVisits, Advice::CoversCost));
    // 60 without one: Wilson allows 6.0 %, of 90 after the fee 5.42: below the cost.
    assert_eq!(advice(60, 10_000, 60, 100 * DAY).0, Advice::DoNotVisit);
    // Of payments of 1,000 the same 6.0 % would be 54: nobody can tell yet.
    assert_eq!(advice(60, 100_000, 60, 100 * DAY).0, Advice::Unclear);
    // The windows are open: nothing can be said.
    assert_eq!(advice(60, 10_000, 60, 5 * DAY), (Advice::NotEnoughVisits, Advice::NotEnoughVisits));
    // Nobody paid anywhere: what a payment would bring is not known.
    assert_eq!(advice(60, 0, 0, 100 * DAY), (Advice::Unclear, Advice::Unclear));
}

#[test]
fn what_does_not_hang_together_is_refused() {
    let cases = [case(1, cell(39.16))];
    let lost = [visit(1, 9, 0, Met::Nobody)];
    let with = |visits: &[Visit]| {
        let shifts = [Shift::default()];
        evaluate(&Input { visits, shifts: &shifts, ..input(&cases, rates()) }).unwrap_err()
    };
    assert_eq!(with(&lost), EconomicsError::UnknownCase);
    assert_eq!(
        with(&[Visit { shift: Some(3), ..visit(1, 1, 0, Met::Nobody) }]),
        EconomicsError::UnknownShift(3)
    );
    assert_eq!(
        with(&[Visit { travel_s: i64::MAX, ..visit(1, 1, 0, Met::Nobody) }]),
        EconomicsError::Overflow
    );
    let coarse = [Case { cell: cell(39.16).parent(Resolution::Seven).unwrap(), ..cases[0] }];
    let error = evaluate(&input(&coarse, rates())).unwrap_err();
    assert_eq!(error, EconomicsError::Resolution(coarse[0].cell));
}
