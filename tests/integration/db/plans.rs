//! What is computed: scores and territories are replaced, plans get versions.

use server::db::rows::{
    PlanLeftOutRow, PlanRouteRow, PlanRow, PlanStopRow, ScoreRow, TerritoryCellRow, TerritoryRow,
};
use server::db::{DbError, Id, PlanRows};
use tests::book::{Case, agents_csv, cases_csv};
use tests::database::Database;
use tests::installation::Installation;

use super::on_both;

on_both!(
    scores_are_replaced,
    territories_are_replaced,
    plans_of_a_day_are_counted_and_read_back,
    a_refused_stop_undoes_the_whole_plan,
    plans_made_at_the_same_time_get_different_versions,
    replacing_at_the_same_time_leaves_one_of_them,
);

/// Two cases and one agent.
fn with_book(database: &Database) -> Installation {
    let doorstep = Installation::new(database).unwrap();
    let cases = cases_csv(&[Case::new("C1"), Case::new("C2").at(39.2, -75.5)]);
    doorstep.import(&cases, &agents_csv(&[("K1", 39.16, -75.52)])).unwrap();
    doorstep
}

/// An id that is made up for a test.
fn id(byte: u8) -> Id {
    let mut bytes = [byte; 16];
    bytes[6] = 0x70;
    bytes[8] = 0x80;
    Id(bytes)
}

fn score(org_id: Id, case_id: Id, prize_micro: Option<i64>) -> ScoreRow {
    ScoreRow {
        org_id,
        case_id,
        scored_at: 5,
        tier: "high".into(),
        ability: "able".into(),
        treatment: "home_visit".into(),
        prize_micro,
        card: "card".into(),
        breakdown: "{\"a\":1}".into(),
    }
}

fn territory(org_id: Id, agent_id: Id, byte: u8) -> TerritoryRow {
    TerritoryRow {
        org_id,
        territory_id: id(byte),
        agent_id,
        cases: 2,
        workload_s: 1440,
        value_micro: 7,
    }
}

fn scores_are_replaced(database: &Database) {
    let doorstep = with_book(database);
    let (org, store) = (doorstep.app.org, &doorstep.app.store);
    let cases = store.cases(org).unwrap();
    let score = |case_id, prize_micro| score(org, case_id, prize_micro);
    let first = [score(cases[0].case_id, Some(i64::MAX)), score(cases[1].case_id, None)];
    store.replace_scores(org, &first).unwrap();
    assert_eq!(store.scores(org).unwrap(), first);
    let second = [score(cases[1].case_id, Some(-3))];
    store.replace_scores(org, &second).unwrap();
    assert_eq!(store.scores(org).unwrap(), second);
    // The old scores stay when the new ones cannot be written: the last names no case.
    let refused = store.replace_scores(org, &[first[0].clone(), score(id(9), None)]);
    assert!(matches!(refused, Err(DbError::Query(_))), "{refused:?}");
    assert_eq!(store.scores(org).unwrap(), second);
}

fn territories_are_replaced(database: &Database) {
    let doorstep = with_book(database);
    let (org, store) = (doorstep.app.org, &doorstep.app.store);
    let agent_id = store.agents(org).unwrap()[0].agent_id;
    let territory = |byte| territory(org, agent_id, byte);
    let cell = |cell, byte| TerritoryCellRow {
        org_id: org,
        cell,
        territory_id: id(byte),
        cases: 1,
        workload_s: 720,
        value_micro: 3,
    };
    let first = (vec![territory(1), territory(2)], vec![cell(10, 1), cell(i64::MAX, 2)]);
    store.replace_territories(org, &first.0, &first.1).unwrap();
    assert_eq!(store.territories(org).unwrap(), first);
    let second = (vec![territory(3)], vec![cell(10, 3)]);
    store.replace_territories(org, &second.0, &second.1).unwrap();
    assert_eq!(store.territories(org).unwrap(), second);
    // One cell belongs to one territory: the second owner is refused, and nothing is lost.
    let twice = store.replace_territories(org, &first.0, &[cell(10, 1), cell(10, 2)]);
    assert!(matches!(twice, Err(DbError::Query(_))), "{twice:?}");
    assert_eq!(store.territories(org).unwrap(), second);
}

/// A plan with one route, one stop and one case left out.
fn plan(doorstep: &Installation, plan_id: Id, date: &str) -> PlanRows {
    let (org_id, store) = (doorstep.app.org, &doorstep.app.store);
    let cases = store.cases(org_id).unwrap();
    let agent_id = store.agents(org_id).unwrap()[0].agent_id;
    PlanRows {
        plan: PlanRow {
            org_id,
            plan_id,
            plan_date: date.into(),
            version: 77,
            serial: 77,
            created_at: 1,
            travel: "great circle".into(),
            network: None,
            seed: i64::MAX,
            iterations: 3,
            schedule: "x".into(),
            prize_micro: 11,
            travel_cost_micro: 2,
            time_cost_micro: 3,
            fixed_cost_micro: 0,
            notices: "[]".into(),
            edited_from: None,
            edited_by: None,
            overtime_cost_micro: 4,
            pairing_micro: -5,
            unfairness_cost_micro: 6,
            overlap_cost_micro: 7,
        },
        routes: vec![route(org_id, plan_id, agent_id)],
        stops: vec![stop(org_id, plan_id, cases[0].case_id)],
        left_out: vec![PlanLeftOutRow {
            org_id,
            plan_id,
            case_id: cases[1].case_id,
            code: "money".into(),
            reason: "Costs 5.00 more than it brings – see § 1.".into(),
            prize_micro: None,
            cost_micro: Some(4),
            lat_e7: 392_000_000,
            lon_e7: -755_000_000,
        }],
    }
}

/// Its route.
fn route(org_id: Id, plan_id: Id, agent_id: Id) -> PlanRouteRow {
    PlanRouteRow {
        org_id,
        plan_id,
        route_no: 1,
        agent_id,
        departs_at: -1,
        returns_at: 9,
        base_lat_e7: 391_600_000,
        base_lon_e7: -755_200_000,
        end_lat_e7: 391_600_000,
        end_lon_e7: -755_200_000,
        metres: 5,
        drive_s: 6,
        service_s: 7,
        wait_s: 8,
        prize_micro: 11,
        travel_cost_micro: 2,
        time_cost_micro: 3,
        fixed_cost_micro: 0,
        overtime_s: 1,
        overtime_cost_micro: 4,
        pairing_micro: -5,
        breaks: "[{}]".into(),
    }
}

/// Its stop.
fn stop(org_id: Id, plan_id: Id, case_id: Id) -> PlanStopRow {
    PlanStopRow {
        org_id,
        plan_id,
        case_id,
        route_no: 1,
        stop_no: 1,
        arrive_at: 1,
        start_at: 2,
        leave_at: 3,
        leg_metres: 4,
        leg_s: 5,
        prize_micro: 11,
        marginal_micro: -1,
        lat_e7: 391_500_000,
        lon_e7: -755_000_000,
        address: "12 Elm St".into(),
        amount_due_minor: 100,
        dpd: 30,
        language: None,
        premium_micro: 8,
        crew_no: 1,
        part_no: 1,
    }
}

fn plans_of_a_day_are_counted_and_read_back(database: &Database) {
    let doorstep = with_book(database);
    let (org, store) = (doorstep.app.org, &doorstep.app.store);
    assert_eq!(store.latest_plan(org, None).unwrap(), None);
    for version in 1..=3_u8 {
        let mut rows = plan(&doorstep, id(version), "2026-11-23");
        rows.plan.created_at = i64::from(version);
        assert_eq!(store.insert_plan(&rows, None, None).unwrap(), i32::from(version));
        rows.plan.version = i32::from(version);
        rows.plan.serial = i64::from(version);
        assert_eq!(store.latest_plan(org, Some("2026-11-23")).unwrap(), Some(rows));
    }
    // Another day counts for itself. Saved last it is the newest of all, whatever a clock said.
    let mut other = plan(&doorstep, id(4), "2026-11-24");
    other.plan.created_at = 0;
    assert_eq!(store.insert_plan(&other, None, None).unwrap(), 1);
    let newest = store.latest_plan(org, None).unwrap().unwrap();
    assert_eq!((newest.plan.plan_id, newest.plan.version), (id(4), 1));
    (other.plan.version, other.plan.serial) = (1, 4);
    assert_eq!(store.latest_plan(org, Some("2026-11-24")).unwrap(), Some(other));
    assert_eq!(store.latest_plan(org, Some("2026-11-25")).unwrap(), None);
}

fn a_refused_stop_undoes_the_whole_plan(database: &Database) {
    let doorstep = with_book(database);
    let mut rows = plan(&doorstep, id(1), "2026-11-23");
    let mut twice = rows.stops[0].clone();
    twice.stop_no = 2;
    rows.stops.push(twice);
    let refused = doorstep.app.store.insert_plan(&rows, None, None);
    assert!(matches!(refused, Err(DbError::Query(_))), "{refused:?}");
    let mut raw = database.raw().unwrap();
    for table in ["plans", "plan_routes", "plan_stops", "plan_left_out"] {
        assert_eq!(raw.count(table).unwrap(), 0, "{table}");
    }
}

fn plans_made_at_the_same_time_get_different_versions(database: &Database) {
    let doorstep = with_book(database);
    let (org, store) = (doorstep.app.org, &doorstep.app.store);
    let mut versions: Vec<i32> = std::thread::scope(|scope| {
        let running: Vec<_> = (1..=4)
            .map(|n| {
                let rows = plan(&doorstep, id(n), "2026-11-23");
                scope.spawn(move || store.insert_plan(&rows, None, None).unwrap())
            })
            .collect();
        running.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    versions.sort_unstable();
    assert_eq!(versions, [1, 2, 3, 4]);
    assert_eq!(store.latest_plan(org, None).unwrap().unwrap().plan.version, 4);
}

/// Whoever comes last replaces all, and nobody is refused because another one replaces too.
fn replacing_at_the_same_time_leaves_one_of_them(database: &Database) {
    let doorstep = with_book(database);
    let (org, store) = (doorstep.app.org, &doorstep.app.store);
    let case_id = store.cases(org).unwrap()[0].case_id;
    let agent_id = store.agents(org).unwrap()[0].agent_id;
    std::thread::scope(|scope| {
        for n in 1..=4_u8 {
            let (score, territory) = (score(org, case_id, None), territory(org, agent_id, n));
            scope.spawn(move || {
                for _ in 0..3 {
                    store.replace_scores(org, std::slice::from_ref(&score)).unwrap();
                    store.replace_territories(org, std::slice::from_ref(&territory), &[]).unwrap();
                }
            });
        }
    });
    assert_eq!(store.scores(org).unwrap().len(), 1);
    assert_eq!(store.territories(org).unwrap().0.len(), 1);
}
