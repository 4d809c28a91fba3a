//! Laws of any input: parts add up, nobody is alone in a row or a difference of rows, order is nothing.

use std::collections::{BTreeMap, BTreeSet};

use h3o::{CellIndex, Resolution};
use proptest::prelude::*;
use sync_core::kinds::{Met, PromiseState};
use sync_core::model::{BorrowerId, CaseId, Micro, Minor, Position, VisitId};

use super::*;
use crate::recovery::Costs;
use crate::territory::cell_of;

const DAY: i64 = 86_400_000_000;
const LEAST: i64 = 10;

#[derive(Debug, Clone)]
struct Book {
    cases: Vec<Case>,
    visits: Vec<Visit>,
    payments: Vec<Payment>,
    promises: Vec<Promise>,
    stops: Vec<Stop>,
    shifts: Vec<Shift>,
    territories: BTreeMap<CellIndex, String>,
    rates: Rates,
}

impl Book {
    fn input(&self) -> Input<'_> {
        Input {
            cases: &self.cases,
            visits: &self.visits,
            payments: &self.payments,
            promises: &self.promises,
            stops: &self.stops,
            shifts: &self.shifts,
            territories: &self.territories,
            resolution: Resolution::Eight,
            period: Period { from: 0, to: 20 * DAY },
            now: 60 * DAY,
            rates: self.rates,
        }
    }
}

fn id(n: usize) -> [u8; 10] {
    let mut bytes = [0; 10];
    bytes[..8].copy_from_slice(&(n as u64).to_be_bytes());
    bytes
}

/// Homes crowd in a few places and are strewn thinly around, as people are.
fn home() -> impl Strategy<Value = CellIndex> {
    (prop_oneof![3 => 0..4_u8, 1 => 4..60_u8], 0..3_u8).prop_map(|(north, east)| {
        let at =
            Position::from_degrees(39.0 + f64::from(north) * 0.008, -75.5 + f64::from(east) * 0.15);
        cell_of(at.unwrap(), Resolution::Eight)
    })
}

type Homes = Vec<(CellIndex, usize)>;
type Made = (prop::sample::Index, i64, usize, i64, i64, usize);
type Paid = (prop::sample::Index, i64, i64);

fn book() -> impl Strategy<Value = Book> {
    let cases = prop::collection::vec((home(), 0..60_usize), 1..90);
    let any_case = any::<prop::sample::Index>;
    let visit = (any_case(), 0..40 * DAY, 0..3_usize, 0..50_000_i64, 0..9_000_i64, 0..6_usize);
    let visits = prop::collection::vec(visit, 0..120);
    let payments = prop::collection::vec((any_case(), 0..60 * DAY, -5_000..900_000_i64), 0..80);
    let rates = (0..3_000_000_i64, 0..60_000_000_i64, 0..90_000_000_i64, 0..10_001_u32, 0..4_u8)
        .prop_map(|(c_km, c_h, per_shift, fee_bp, exponent)| Rates {
            costs: Costs {
                c_km: Micro::new(c_km),
                c_h: Micro::new(c_h),
                c_fix: Micro::new(1_234_567),
                c_evidence: Micro::new(345_678),
                fee_bp,
                ..Costs::default()
            },
            per_shift: Micro::new(per_shift),
            least_borrowers: LEAST,
            ..Rates::new(exponent)
        });
    (cases, visits, payments, rates, 0..4_usize).prop_map(
        |(homes, visits, payments, rates, beats)| made(homes, visits, payments, rates, beats),
    )
}

fn made(homes: Homes, visits: Vec<Made>, payments: Vec<Paid>, rates: Rates, beats: usize) -> Book {
    let cases: Vec<Case> = (0..)
        .zip(homes)
        .map(|(n, (cell, borrower))| Case {
            id: CaseId::from_parts(0, id(n)),
            borrower: BorrowerId::from_parts(0, id(borrower)),
            cell,
        })
        .collect();
    let mut cells: Vec<CellIndex> = cases.iter().map(|c| c.cell).collect();
    cells.sort_unstable();
    cells.dedup();
    let territories = cells
        .iter()
        .enumerate()
        .filter(|(n, _)| beats > 0 && n % 4 != 3)
        .map(|(n, cell)| (*cell, format!("A{}", n * beats / cells.len())))
        .collect();
    let case = |at: prop::sample::Index| cases[at.index(cases.len())].id;
    let visits: Vec<Visit> = (0..)
        .zip(visits)
        .map(|(n, (of, at, met, travel_m, travel_s, shift))| Visit {
            id: VisitId::from_parts(0, id(n)),
            case: case(of),
            at,
            met: Met::ALL[met],
            travel_m,
            travel_s,
            estimated: n % 5 == 0,
            service_s: 600,
            shift: (shift < 5).then_some(shift),
        })
        .collect();
    let payments = payments
        .into_iter()
        .map(|(of, at, net)| Payment { case: case(of), at, net: Minor::new(net), visit: None })
        .collect();
    Book {
        payments,
        promises: visits.iter().filter(|v| v.met == Met::Borrower).map(promise).collect(),
        stops: visits.iter().step_by(2).map(stop).collect(),
        shifts: (0..5).map(|n| Shift { return_m: 7_001 * n, return_s: 611 * n }).collect(),
        cases,
        visits,
        territories,
        rates,
    }
}

fn promise(visit: &Visit) -> Promise {
    Promise {
        case: visit.case,
        visit: Some(visit.id),
        made_at: visit.at,
        due_at: visit.at + 7 * DAY,
        amount: Minor::new(10_000 + visit.travel_m),
        state: PromiseState::Open,
    }
}

fn stop(visit: &Visit) -> Stop {
    Stop {
        case: visit.case,
        day: Period { from: visit.at - DAY, to: visit.at + i64::from(visit.estimated) },
        metres: visit.travel_m / 2,
        seconds: visit.travel_s,
        prize: Micro::new(visit.travel_m * 777),
    }
}

fn sum<'a>(rows: impl IntoIterator<Item = &'a Group>) -> Sums {
    let mut all = Sums::default();
    for row in rows {
        all.add(&row.figures.sums).unwrap();
    }
    all
}

proptest! {
    /// Cells add up to their region, regions to the total, parts of the cost to the cost.
    #[test]
    fn rows_add_up(book in book()) {
        let report = evaluate(&book.input()).unwrap();
        let Some(total) = report.total else {
            prop_assert!(report.cells.is_empty() && report.regions.is_empty());
            return Ok(());
        };
        prop_assert_eq!(sum(&report.regions), total.sums);
        for region in &report.regions {
            let inside = report.cells.iter().filter(|cell| cell.regions == region.regions);
            prop_assert_eq!(sum(inside), region.figures.sums);
        }
        let nets: i64 = report.cells.iter().map(|row| row.figures.net_minor).sum();
        prop_assert_eq!(nets, total.net_minor);
        prop_assert_eq!(total.net_minor, total.sums.recovered_minor - total.sums.cost_minor().unwrap());
    }

    /// The total is what the input says, counted another way.
    #[test]
    fn nothing_is_lost_or_counted_twice(book in book()) {
        let report = evaluate(&book.input()).unwrap();
        let Some(total) = report.total else { return Ok(()) };
        let period = Period { from: 0, to: 20 * DAY };
        let s = total.sums;
        let borrowers: BTreeSet<_> = book.cases.iter().map(|c| c.borrower).collect();
        let visits: Vec<_> = book.visits.iter().filter(|v| period.holds(v.at)).collect();
        let visited: BTreeSet<_> = visits.iter().map(|v| v.case).collect();
        prop_assert_eq!(s.cases, i64::try_from(book.cases.len()).unwrap());
        prop_assert_eq!(s.borrowers, i64::try_from(borrowers.len()).unwrap());
        prop_assert_eq!(s.visits, i64::try_from(visits.len()).unwrap());
        prop_assert_eq!(s.visits, s.met_borrower + s.met_somebody_else + s.met_nobody);
        prop_assert_eq!(s.cases_visited, i64::try_from(visited.len()).unwrap());
        prop_assert_eq!(s.driven_m, visits.iter().map(|v| v.travel_m).sum::<i64>());
        let used: BTreeSet<usize> = visits.iter().filter_map(|v| v.shift).collect();
        prop_assert_eq!(s.return_m, used.iter().map(|n| book.shifts[*n].return_m).sum::<i64>());
        let shift = Minor::from_micro(book.rates.per_shift, book.rates.exponent).unwrap().get();
        prop_assert_eq!(s.shift_cost_minor, shift * i64::try_from(used.len()).unwrap());
        // Every payment by looking at all visits, not by search.
        let mut recovered = 0;
        for payment in book.payments.iter().filter(|p| p.net.get() > 0) {
            let earlier = book.visits.iter().filter(|v| v.case == payment.case && v.at <= payment.at);
            let last = earlier.max_by_key(|v| (v.at, v.id));
            if last.is_some_and(|v| period.holds(v.at) && payment.at - v.at < 30 * DAY) {
                recovered += payment.net.get();
            }
        }
        prop_assert_eq!(s.recovered_minor, recovered);
    }

    /// No row, and no difference of a region and any of its cells, is about fewer than ten borrowers.
    #[test]
    fn nobody_is_alone(book in book()) {
        let report = evaluate(&book.input()).unwrap();
        for row in report.cells.iter().chain(&report.regions) {
            prop_assert!(row.figures.sums.borrowers >= LEAST, "{:?}", row);
        }
        // Each region belongs to one row, and each cell row lies within one region row: so each difference
        // is a union of cell rows, and those are large enough.
        let mut seen = BTreeSet::new();
        for region in report.regions.iter().flat_map(|row| &row.regions) {
            prop_assert!(seen.insert(region.clone()), "{:?} twice", region);
        }
        for cell in &report.cells {
            prop_assert!(report.regions.iter().any(|row| row.regions == cell.regions));
        }
        let mut names: Vec<_> = report.cells.iter().map(|r| (&r.regions, r.cell)).collect();
        let rows = names.len();
        names.sort();
        names.dedup();
        prop_assert_eq!(names.len(), rows, "two rows of one name");
    }

    #[test]
    fn order_does_not_matter(book in book()) {
        let mut turned = book.clone();
        turned.visits.reverse();
        turned.payments.reverse();
        turned.promises.reverse();
        turned.stops.reverse();
        prop_assert_eq!(evaluate(&book.input()), evaluate(&turned.input()));
    }
}
