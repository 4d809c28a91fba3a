//! A made-up period for tests of the renderers.

use std::collections::BTreeMap;

use domain::economics::{Case, Figures, Input, Payment, Period, Rates, Shift, Visit, evaluate};
use domain::recovery::Costs;
use domain::territory::cell_of;
use h3o::{CellIndex, Resolution};
use sync_core::kinds::Met;
use sync_core::model::{BorrowerId, CaseId, Micro, Minor, Position, VisitId};

use super::document::{By, EconomicsDocument, EconomicsRow};
use crate::render::Point;

/// Ten borrowers in one cell, two visits of one shift, one payment of 50.05.
pub(in crate::render) fn document() -> EconomicsDocument {
    let home = Position::from_degrees(39.16, -75.52).unwrap();
    let cell = cell_of(home, Resolution::Eight);
    let (figures, uncredited_minor) = figures(cell);
    let shape = |points: &[(f64, f64)]| {
        points.iter().map(|(lat, lon)| Point { lat: *lat, lon: *lon }).collect::<Vec<_>>()
    };
    // Clockwise, with a hole that is counter-clockwise: both the wrong way round.
    let border =
        shape(&[(39.0, -75.0), (39.4, -75.0), (39.4, -74.6), (39.0, -74.6), (39.0, -75.0)]);
    let hole = shape(&[(39.1, -74.9), (39.1, -74.8), (39.2, -74.8), (39.1, -74.9)]);
    EconomicsDocument {
        organisation: "Test".into(),
        currency: "USD".into(),
        exponent: 2,
        time_zone_name: "America/New_York".into(),
        by: By::Cell,
        from: Some(jiff::civil::date(2026, 11, 1)),
        to: jiff::civil::date(2026, 11, 30),
        window_days: 30,
        least_borrowers: 10,
        resolution: 8,
        rows: vec![EconomicsRow {
            regions: vec!["=A1".into(), "852aad57fffffff".into()],
            cell: Some(cell.to_string()),
            rest: false,
            figures,
            shape: vec![vec![border, hole]],
        }],
        total: Some(figures),
        uncredited_minor,
        warnings: vec!["Synthetic.".into()],
        notices: vec!["Synthetic.".into()],
        credits: vec!["OpenStreetMap".into()],
    }
}

fn figures(cell: CellIndex) -> (Figures, i64) {
    let cases: Vec<Case> = (0..10)
        .map(|n| Case {
            id: CaseId::from_parts(0, [n; 10]),
            borrower: BorrowerId::from_parts(0, [n; 10]),
            cell,
        })
        .collect();
    let visit = |n: u8, met| Visit {
        id: VisitId::from_parts(0, [n; 10]),
        case: cases[usize::from(n)].id,
        at: i64::from(n),
        met,
        travel_m: 3_000,
        travel_s: 360,
        estimated: n == 1,
        service_s: 540,
        shift: Some(0),
    };
    let payment =
        |n: usize, net| Payment { case: cases[n].id, at: 5, net: Minor::new(net), visit: None };
    let report = evaluate(&Input {
        cases: &cases,
        visits: &[visit(0, Met::Borrower), visit(1, Met::Nobody)],
        payments: &[payment(0, 5_005), payment(7, 700)],
        promises: &[],
        stops: &[],
        shifts: &[Shift { return_m: 1_000, return_s: 100 }],
        territories: &BTreeMap::new(),
        resolution: Resolution::Eight,
        period: Period { from: 0, to: 10 },
        now: 10,
        rates: Rates {
            costs: Costs {
                c_km: Micro::new(500_000),
                c_h: Micro::new(20_000_000),
                ..Costs::default()
            },
            per_shift: Micro::new(30_000_000),
            ..Rates::new(2)
        },
    });
    let report = report.unwrap();
    (report.total.unwrap(), report.uncredited_minor)
}
