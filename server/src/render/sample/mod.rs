//! Plans for tests: of nothing, of one stop, and of a whole state.

mod state;

use jiff::{Timestamp, civil::date, tz::TimeZone};

use super::document::{CameBack, Cell, LeftOut, PlanDocument, Point, Route, Stop, Totals};

pub(super) use state::{roads, state};

/// A plan of nothing: no cases, no routes, no cells.
pub(super) fn empty() -> PlanDocument {
    PlanDocument {
        organisation: "First State Credit".into(),
        currency: "USD".into(),
        exponent: 2,
        time_zone: TimeZone::get("America/New_York").unwrap(),
        time_zone_name: "America/New_York".into(),
        date: date(2026, 3, 9),
        version: 3,
        created_at: "2026-03-08T21:30:00Z".parse().unwrap(),
        travel: "embedded roads, car".into(),
        search: "seed 7, 20,000 iterations".into(),
        credits: vec!["Roads © OpenStreetMap contributors (ODbL 1.0)".into()],
        notices: vec![],
        totals: Totals::default(),
        routes: vec![],
        left_out: vec![],
        cells: vec![],
        cases: 0,
        agents: 0,
        links: vec![],
        came_back: CameBack::default(),
        standing: String::new(),
        others: Vec::new(),
    }
}

/// One route with one stop, one cell, one case left out.
pub(super) fn one_stop() -> PlanDocument {
    let base = Point { lat: 39.15, lon: -75.5 };
    let door = Point { lat: 39.16, lon: -75.52 };
    let bend = Point { lat: 39.15, lon: -75.52 };
    let totals = Totals {
        prize_minor: 6_120,
        travel_cost_minor: 138,
        time_cost_minor: 1_100,
        fixed_cost_minor: 500,
        profit_minor: 4_382,
        metres: 4_600,
        drive_s: 1_440,
        service_s: 1_200,
        ..Totals::default()
    };
    PlanDocument {
        totals,
        cases: 2,
        agents: 1,
        notices: vec!["Accounts and addresses are paired at random (seed 20260309).".into()],
        routes: vec![Route {
            number: 1,
            agent_ref: "A-01".into(),
            agent_name: "Dana Reyes".into(),
            base,
            departs_at: at("08:00"),
            returns_at: at("08:44"),
            totals,
            breaks: vec![],
            stops: vec![Stop {
                number: 1,
                case_ref: "C-1001".into(),
                address: "12 Mill Road, Dover".into(),
                geocode_grade: None,
                at: door,
                arrive_at: at("08:12"),
                start_at: at("08:12"),
                leave_at: at("08:32"),
                leg_metres: 2_300,
                leg_s: 720,
                prize_minor: 6_120,
                marginal_minor: 4_882,
                amount_due_minor: 123_450,
                dpd: 64,
                language: Some("es".into()),
                also: Vec::new(),
                with_agent: None,
            }],
            legs: vec![vec![base, bend, door], vec![door, bend, base]],
            along_roads: true,
        }],
        left_out: vec![LeftOut {
            case_ref: "C-1002".into(),
            at: Point { lat: 39.155, lon: -75.51 },
            code: "money".into(),
            title: "Costs more than it brings".into(),
            sentence: "Visit worth 14.20, detour costs 18.90".into(),
            prize_minor: Some(1_420),
            cost_minor: Some(1_890),
        }],
        cells: vec![Cell {
            index: "872aa8c52ffffff".into(),
            boundary: vec![
                Point { lat: 39.15, lon: -75.52 },
                Point { lat: 39.15, lon: -75.5 },
                Point { lat: 39.17, lon: -75.5 },
                Point { lat: 39.17, lon: -75.52 },
            ],
            agent_ref: Some("A-01".into()),
            cases: 2,
            value_minor: 7_540,
        }],
        ..empty()
    }
}

fn at(local: &str) -> Timestamp {
    let hour = local[..2].parse().unwrap();
    let minute = local[3..].parse().unwrap();
    date(2026, 3, 9)
        .at(hour, minute, 0, 0)
        .to_zoned(TimeZone::get("America/New_York").unwrap())
        .unwrap()
        .timestamp()
}
