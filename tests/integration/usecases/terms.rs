//! Terms of plans beside prizes, way and time: kept, added up, and put back when a plan is looked at again.

use server::config::{Amount, PlanSettings};
use server::db::PlanRows;
use server::progress::Silent;
use server::usecases::build_plan::{
    CaseExplanation, Edit, EditedPlan, Editor, Verb, WhatIf, edit_plan, explain_case, what_if,
};
use server::usecases::compare_plans::compare_plans;
use server::usecases::import::{Source, import_visits};
use server::usecases::lists::case_named;
use sync_core::model::PlanId;
use tests::book::{Case, cases_csv};
use tests::database::Database;
use tests::installation::{DAY, Installation};

use crate::db::on_both;

on_both!(smaller_terms_are_kept_and_add_up, a_borrower_keeps_an_agent_where_that_is_worth_it,);

/// Two agents with three visits each.
const AGENTS: &str = "agent_ref,base_lat,base_lon,shift_start,shift_end,days,max_visits\n\
    A1,39.1600,-75.5200,09:00,17:00,mon,3\n\
    A2,39.2000,-75.5600,09:00,17:00,mon,3\n";

fn amount(units: f64) -> Amount {
    Amount::try_from(units).unwrap()
}

/// Eight cases that pay.
fn book() -> String {
    let near = |n: u32| {
        let (north, east) = (f64::from(n % 4), f64::from(n / 4));
        Case::new(&format!("C{n}"))
            .at(39.155 + 0.012 * north, -75.53 - 0.02 * east)
            .due(600_000 + 90_000 * i64::from(n))
    };
    cases_csv(&(0..8).map(near).collect::<Vec<_>>())
}

/// An office with a book.
fn office(database: &Database, plan: PlanSettings, cases: &str, agents: &str) -> Installation {
    let mut office = Installation::new(database).unwrap();
    office.app.settings.plan = plan;
    office.import(cases, agents).unwrap();
    office.score().unwrap();
    office.territories().unwrap();
    office
}

/// A planned day.
struct Planned {
    office: Installation,
    plan: PlanId,
    rows: PlanRows,
}

impl Planned {
    fn of(office: Installation) -> Self {
        let plan = office.plan().unwrap().id;
        let rows = rows(&office, plan);
        Self { office, plan, rows }
    }

    fn explain(&self, plan: PlanId, case_ref: &str) -> CaseExplanation {
        let case = case_named(&self.office.app, case_ref).unwrap();
        explain_case(&self.office.app, &self.office.travel, plan, case).unwrap()
    }

    fn edit(&self, verb: Verb, case: &str) -> EditedPlan {
        let by = Editor { name: "ann".into(), user: None };
        let edit = Edit { verb, case: case.into(), agent: None, with: None, position: None };
        let (app, travel) = (&self.office.app, &self.office.travel);
        edit_plan(app, travel, self.plan, &[edit], &by, &Silent).unwrap()
    }

    fn name(&self, case: server::db::Id) -> String {
        let refs = self.office.app.store.case_refs(self.office.app.org, &[case]).unwrap();
        refs[0].1.clone()
    }

    /// Key of the agent who visits a case.
    fn agent_of(&self, case_ref: &str) -> Option<String> {
        let stop = self.rows.stops.iter().find(|stop| self.name(stop.case_id) == case_ref)?;
        let route = self.rows.routes.iter().find(|route| route.route_no == stop.route_no)?;
        let agents = self.office.app.store.agents(self.office.app.org).unwrap();
        let agent = agents.into_iter().find(|agent| agent.agent_id == route.agent_id)?;
        Some(agent.agent_ref)
    }
}

fn rows(office: &Installation, plan: PlanId) -> PlanRows {
    office.app.store.plan(office.app.org, plan.into()).unwrap().unwrap()
}

fn smaller_terms_are_kept_and_add_up(database: &Database) {
    let terms = PlanSettings {
        regular_hours: Some(0.5),
        overtime_hours: 1.0,
        overtime_per_hour: amount(18.0),
        unfairness_per_hour: amount(3.6),
        overlap: amount(1.25),
        overlap_resolution: Some(3),
        continuity: amount(2.0),
        ..PlanSettings::default()
    };
    let office = office(database, terms, &book(), AGENTS);
    // A stranger to both agents' plans, so every visit is by another than who came last.
    let visits = "visit_ref,case_ref,agent_ref,arrived_at,met,disposition\n\
        V1,C7,A1,2026-10-01T10:00,nobody,no_contact\nV2,C6,A2,2026-10-01T10:00,nobody,no_contact\n";
    let source = Source { name: "visits.csv", bytes: visits.as_bytes() };
    assert_eq!(import_visits(&office.app, source, None).unwrap().inserted, 2);
    office.score().unwrap();
    let day = Planned::of(office);
    let plan = &day.rows.plan;
    assert_eq!(day.rows.routes.len(), 2, "both agents are sent");
    for route in &day.rows.routes {
        let all = (route.returns_at - route.departs_at) / 1_000_000;
        assert_eq!(route.overtime_s, (all - 1_800).max(0), "half an hour is regular");
        assert_eq!(route.overtime_cost_micro, route.overtime_s * 5_000);
    }
    let sum = |of: fn(&server::db::rows::PlanRouteRow) -> i64| {
        day.rows.routes.iter().map(of).sum::<i64>()
    };
    assert!(plan.overtime_cost_micro > 0);
    assert_eq!(plan.overtime_cost_micro, sum(|r| r.overtime_cost_micro));
    assert_eq!(plan.pairing_micro, sum(|r| r.pairing_micro));
    // Both work in the one cell of that resolution, and one of them works longer.
    assert_eq!(plan.overlap_cost_micro, 1_250_000);
    let paid: Vec<i64> =
        day.rows.routes.iter().map(|r| (r.returns_at - r.departs_at) / 1_000_000).collect();
    let beyond = (paid[0] - paid[1]).abs() / 2;
    assert!((plan.unfairness_cost_micro - beyond * 1_000).abs() <= 1_000);
    // What is shown adds up, too.
    let totals = day.office.shown().unwrap().totals;
    assert_eq!(
        totals.profit_minor,
        totals.prize_minor + totals.pairing_minor
            - totals.travel_cost_minor
            - totals.time_cost_minor
            - totals.fixed_cost_minor
            - totals.overtime_cost_minor
            - totals.unfairness_cost_minor
            - totals.overlap_cost_minor
    );
    assert_eq!(totals.overlap_cost_minor, 125);
    looked_at_again(day);
}

/// Settings of today change nothing in what was kept.
fn looked_at_again(mut day: Planned) {
    day.office.app.settings.plan = PlanSettings::default();
    let profit = day.rows.plan.profit_micro();
    let stop = day.name(day.rows.stops[0].case_id);
    let said = day.explain(day.plan, &stop);
    assert_eq!(said.notices.len(), 1, "{:?}", said.notices);
    assert!(said.notices[0].starts_with("The terms of [plan] in doorstep.toml are others today"));
    let out = day.edit(Verb::TakeOut, &stop);
    assert_eq!(out.before.profit_micro, profit);
    assert_eq!(out.before.overlap_cost_micro, 1_250_000);
    let compared = compare_plans(&day.office.app, day.plan, out.plan, 15).unwrap();
    assert_eq!(
        compared.difference.profit_micro,
        compared.difference.prize_micro + compared.difference.pairing_micro
            - compared.difference.travel_cost_micro
            - compared.difference.time_cost_micro
            - compared.difference.fixed_cost_micro
            - compared.difference.overtime_cost_micro
            - compared.difference.unfairness_cost_micro
            - compared.difference.overlap_cost_micro
    );
    assert_eq!(rows(&day.office, out.plan).plan.profit_micro(), out.after.profit_micro);
}

fn a_borrower_keeps_an_agent_where_that_is_worth_it(database: &Database) {
    // One case between two agents, a little nearer to A2; A1 was there last.
    let case = cases_csv(&[Case::new("C").at(39.181, -75.54)]);
    let terms = PlanSettings { continuity: amount(25.0), ..PlanSettings::default() };
    let mut office = office(database, terms, &case, AGENTS);
    let visits = "visit_ref,case_ref,agent_ref,arrived_at,met,disposition\n\
        V0,C,A2,2026-09-01T10:00,nobody,no_contact\nV1,C,A1,2026-10-01T10:00,nobody,no_contact\n";
    let source = Source { name: "visits.csv", bytes: visits.as_bytes() };
    import_visits(&office.app, source, None).unwrap();
    office.score().unwrap();
    let day = Planned::of(office);
    assert_eq!(day.agent_of("C").as_deref(), Some("A1"));
    assert_eq!(day.rows.plan.pairing_micro, 0);
    office = day.office;
    office.app.settings.plan = PlanSettings::default();
    let day = Planned::of(office);
    assert_eq!(day.agent_of("C").as_deref(), Some("A2"), "the nearer one without the term");
    // Another number of agents of the day knows who was there, too.
    let mut office = day.office;
    office.app.settings.plan.continuity = amount(25.0);
    let asked = WhatIf {
        date: DAY.parse().unwrap(),
        agents: Some((1, 4)),
        cost_per_km: None,
        cost_per_hour: None,
        hours: None,
        visit_hours: None,
        tier_from: None,
        seed: 1,
        iterations: 200,
    };
    let answer = what_if(&office.app, &office.travel, &asked, &Silent).unwrap();
    for point in &answer.curve {
        let sum = point.prize_micro
            - point.travel_cost_micro
            - point.time_cost_micro
            - point.fixed_cost_micro
            - point.other_cost_micro;
        assert_eq!(point.profit_micro, sum);
    }
}
