//! A day with more candidates than one matrix holds: territories first, then all routes together.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use server::db::PlanRows;
use tests::book::{Case, cases_csv};
use tests::database::Database;
use tests::installation::Installation;

use crate::db::on_both;

on_both!(a_divided_day_loses_little_and_forgets_nobody);

const CASES: u32 = 240;
const AGENTS: u32 = 6;

/// Homes on a grid of 15 by 16, a kilometre apart, in an order that has nothing to do with where they are; what
/// is due differs by up to threefold.
fn book() -> String {
    let home = |n: u32| {
        let at = n * 97 % CASES;
        let (east, north) = (f64::from(at % 15), f64::from(at / 15));
        Case::new(&format!("C{n:03}"))
            .at(39.10 + 0.009 * north, -75.60 + 0.0116 * east)
            .due(700_000 + 6_000 * i64::from(n * 53 % CASES))
    };
    cases_csv(&(0..CASES).map(home).collect::<Vec<_>>())
}

fn agents() -> String {
    let mut text = "agent_ref,base_lat,base_lon,shift_start,shift_end,days,max_visits\n".to_owned();
    for n in 0..AGENTS {
        let (east, north) = (f64::from(n % 2), f64::from(n / 2));
        let (lat, lon) = (39.12 + 0.045 * north, -75.57 + 0.09 * east);
        writeln!(text, "A{n},{lat:.4},{lon:.4},09:00,17:00,mon,14").unwrap();
    }
    text
}

fn planned(office: &mut Installation, largest: u32) -> PlanRows {
    office.app.settings.planning.largest_matrix = largest;
    office.app.settings.planning.iterations = 3_000;
    let plan = office.plan().unwrap().id;
    office.app.store.plan(office.app.org, plan.into()).unwrap().unwrap()
}

fn profit(plan: &PlanRows) -> i64 {
    let p = &plan.plan;
    p.prize_micro - p.travel_cost_micro - p.time_cost_micro - p.fixed_cost_micro
}

fn a_divided_day_loses_little_and_forgets_nobody(database: &Database) {
    let mut office = Installation::new(database).unwrap();
    office.import(&book(), &agents()).unwrap();
    office.score().unwrap();
    office.territories().unwrap();
    let whole = planned(&mut office, 2_500);
    let divided = planned(&mut office, 100);
    assert_eq!(whole.stops.len(), 84, "all agents have all their visits");
    assert!(
        profit(&divided) * 100 >= profit(&whole) * 99,
        "{} of {}",
        profit(&divided),
        profit(&whole)
    );
    let mut seen = BTreeSet::new();
    let cases = divided.stops.iter().map(|s| s.case_id);
    for case in cases.chain(divided.left_out.iter().map(|out| out.case_id)) {
        assert!(seen.insert(case), "twice");
    }
    assert_eq!(seen.len(), CASES as usize);
    let codes: BTreeSet<&str> = divided.left_out.iter().map(|out| out.code.as_str()).collect();
    assert_eq!(codes, BTreeSet::from(["max_visits"]));
}
