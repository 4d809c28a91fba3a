//! What the book says of a visit: skills, certificates, two agents, agents who must not or should go, visits that
//! have to be made, and the money that an agent may carry.

use server::config::{Amount, PlanSettings};
use server::error::Error;
use server::progress::Silent;
use server::usecases::build_plan::{
    Editor, Event, Replan, Verb, WhatIf, edit_plan, replan, what_if,
};
use server::usecases::compare_plans::compare_plans;
use server::usecases::lists::case_named;
use sync_core::model::PlanId;
use tests::book::{Case, cases_csv};
use tests::database::Database;
use tests::installation::{DAY, Installation};

use super::planned::{Planned, stops, to, with_columns};
use crate::db::on_both;

on_both!(
    visits_get_who_they_need,
    a_visit_of_two_is_in_two_routes,
    a_visit_of_two_is_edited_and_made_anew,
    a_visit_that_has_to_be_made_is_made,
    nobody_carries_more_than_allowed,
    a_certificate_can_be_needed_everywhere,
    what_the_columns_cannot_hold_is_refused,
);

/// `A1` next to the cases of [`near`], `A2` ten kilometres off.
const AGENTS: &str = "agent_ref,base_lat,base_lon,shift_start,shift_end,days,max_visits,skills,certificates\n\
    A1,39.1600,-75.5200,09:00,17:00,mon,20,,bailiff:2026-11-22;night:2026-11-23\n\
    A2,39.2500,-75.5200,09:00,17:00,mon,20,court,\n";

/// A case near `A1`.
fn near(name: &str, n: u32) -> Case {
    Case::new(name).at(39.155 + 0.004 * f64::from(n), -75.53)
}

/// Each case with `skills,crew,mandatory,agent_forbidden,agent_preferred`.
fn book(cases: &[(Case, &str)]) -> String {
    with_columns("skills,crew,mandatory,agent_forbidden,agent_preferred", cases)
}

fn visits_get_who_they_need(database: &Database) {
    let cases = book(&[
        (near("SKILLED", 0), "court,,,,"),
        (near("UNKNOWN", 1), "juggling,,,,"),
        (near("EXPIRED", 2), "bailiff,,,,"),
        (near("LASTDAY", 3), "night,,,,"),
        (near("BARRED", 4), ",,,A1;A2,"),
        (near("NOT-A1", 5), ",,,A1,"),
        (near("RATHER", 6), ",,,,A2"),
        (near("PLAIN", 7), ",,,,"),
    ]);
    let preferred = Amount::try_from(60.0).unwrap();
    let settings = PlanSettings { preferred, ..PlanSettings::default() };
    let mut day = Planned::of(database, settings, &cases, AGENTS);
    assert_eq!(day.agents_of("PLAIN").len(), 1);
    for (case, agent) in [("SKILLED", "A2"), ("LASTDAY", "A1"), ("NOT-A1", "A2"), ("RATHER", "A2")]
    {
        assert_eq!(day.agents_of(case), [agent], "{case}");
    }
    assert_eq!(day.rows.plan.pairing_micro, 0, "what is preferred was had");
    let reasons = [
        ("UNKNOWN", "skill", "skill", "nobody on duty has the skill juggling"),
        (
            "EXPIRED",
            "certificate",
            "skill",
            "nobody on duty has the skill bailiff: the certificate of A1 expired on 2026-11-22",
        ),
        ("BARRED", "forbidden", "pair", "agent_forbidden names A1, A2"),
    ];
    let explained = |day: &Planned| {
        for (case, code, binds, why) in reasons {
            let said = day.explain(case);
            assert_eq!(said.code.as_deref(), Some(code), "{}", said.sentence);
            assert!(said.sentence.contains(why), "{}", said.sentence);
            assert_eq!(said.money.unwrap().binds, binds);
        }
    };
    explained(&day);
    for (case, agent, rule, why) in [
        ("UNKNOWN", "A1", "skill", "A1 lacks the skill juggling, which UNKNOWN needs"),
        ("EXPIRED", "A1", "certificate", "the certificate expired on 2026-11-22"),
        ("BARRED", "A2", "forbidden", "A2 must not go to BARRED: see agent_forbidden in cases.csv"),
    ] {
        let fault = day.refused(to(Verb::PutIn, case, &[agent]));
        assert_eq!((&*fault.field, &*fault.rule), ("edits[0].agent", rule), "{fault}");
        assert!(fault.detail.contains(why), "{fault}");
    }
    // By another than is preferred it costs the price that was kept, whatever the settings say by now.
    day.office.app.settings.plan = PlanSettings::default();
    let moved = day.edit(to(Verb::Move, "RATHER", &["A1"])).unwrap();
    assert_eq!(moved.after.pairing_micro, -60_000_000);
    let compared = compare_plans(&day.office.app, day.plan, moved.plan, 15).unwrap();
    assert_eq!(compared.difference.pairing_micro, -60_000_000);
    assert_eq!(compared.other_agent.len(), 1);
    // A book without these columns keeps what is known; one that says nothing in them changes it.
    let bare = cases_csv(&[near("BARRED", 4)]);
    day.office.import(&bare, "").unwrap();
    assert_eq!(day.refused(to(Verb::PutIn, "BARRED", &["A2"])).rule, "forbidden");
    day.office.import(&book(&[(near("BARRED", 4), ",,,,")]), "").unwrap();
    // The plan still has the pair as it was made with, and says what is different.
    assert_eq!(day.refused(to(Verb::PutIn, "BARRED", &["A2"])).rule, "forbidden");
    explained(&day);
    let said = day.explain("BARRED").notices.join(" ");
    assert!(said.contains("is to be visited by others or otherwise today (BARRED)"), "{said}");
}

/// A visit of two that can be made, one that cannot, and two of one agent.
fn with_pairs(database: &Database) -> Planned {
    let cases = book(&[
        (near("PAIR", 4), ",2,,,"),
        (near("ONE", 1), ",,,,"),
        (near("TWO", 7), ",1,,,"),
        (near("BARRED", 2), ",2,,A2,"),
    ]);
    Planned::of(database, PlanSettings::default(), &cases, AGENTS)
}

fn a_visit_of_two_is_in_two_routes(database: &Database) {
    let day = with_pairs(database);
    let both = day.stops("PAIR");
    let [(one, first), (other, second)] = &both[..] else { panic!("{both:?}") };
    assert_eq!((one.as_str(), other.as_str()), ("A1", "A2"));
    assert_eq!(first.start_at, second.start_at, "they begin together");
    assert_eq!((first.crew_no, second.crew_no), (1, 2));
    // The prize counts once, the way and time of both.
    assert!(first.prize_micro > 0 && second.prize_micro == 0);
    let prizes: i64 = day.rows.stops.iter().map(|stop| stop.prize_micro).sum();
    assert_eq!(day.rows.plan.prize_micro, prizes);
    assert_eq!(
        day.rows.plan.prize_micro,
        day.rows.routes.iter().map(|r| r.prize_micro).sum::<i64>()
    );
    let shown = day.office.shown().unwrap();
    assert_eq!(shown.cases, 4, "three visits and one left out");
    let with: Vec<_> = shown
        .routes
        .iter()
        .flat_map(|r| &r.stops)
        .filter_map(|s| s.with_agent.as_deref())
        .collect();
    assert_eq!(with, ["A2", "A1"]);
    let said = day.explain("PAIR");
    assert!(
        said.sentence.contains("It takes two: A2 arrives at the same time"),
        "{}",
        said.sentence
    );
    assert_eq!(said.notices, Vec::<String>::new());
    let out = day.explain("BARRED");
    assert_eq!(out.code.as_deref(), Some("crew"), "{}", out.sentence);
    assert!(out.sentence.contains("it takes two agents, and no two can be there together"));

    let fault = day.refused(to(Verb::PutIn, "BARRED", &["A1"]));
    assert_eq!((&*fault.field, &*fault.rule), ("edits[0].with", "crew"), "{fault}");
    assert_eq!(day.refused(to(Verb::PutIn, "BARRED", &["A1", "A1"])).rule, "crew");
    let fault = day.refused(to(Verb::PutIn, "BARRED", &["A1", "A2"]));
    assert_eq!((&*fault.field, &*fault.rule), ("edits[0].with", "forbidden"), "{fault}");
    assert_eq!(day.refused(to(Verb::Move, "ONE", &["A1", "A2"])).rule, "too_many");
    assert_eq!(day.refused(to(Verb::Lock, "PAIR", &["A1"])).rule, "crew");
}

fn a_visit_of_two_is_edited_and_made_anew(database: &Database) {
    let day = with_pairs(database);
    // Off both routes, and onto both again at an instant that suits both.
    let without = day.edit(to(Verb::TakeOut, "PAIR", &[])).unwrap();
    assert_eq!(without.before.profit_micro, day.rows.plan.profit_micro());
    assert_eq!(without.after.visits + 1, without.before.visits);
    let off = |plan: PlanId| {
        let rows = day.office.app.store.plan(day.office.app.org, plan.into()).unwrap().unwrap();
        stops(&day.office, &rows, "PAIR")
    };
    assert_eq!(off(without.plan), []);
    let by = Editor { name: "ann".into(), user: None };
    let (app, travel) = (&day.office.app, &day.office.travel);
    let back = [to(Verb::PutIn, "PAIR", &["A2", "A1"])];
    let back = edit_plan(app, travel, without.plan, &back, &by, &Silent).unwrap();
    let met = off(back.plan);
    assert_eq!(met.len(), 2);
    assert_eq!(met[0].1.start_at, met[1].1.start_at);
    assert_eq!(back.after.prize_micro, day.rows.plan.prize_micro);
    assert!(back.notices[0].contains("PAIR put in for A2 as stop "), "{:?}", back.notices);

    let asked = WhatIf {
        date: DAY.parse().unwrap(),
        agents: Some((1, 3)),
        cost_per_km: None,
        cost_per_hour: None,
        hours: None,
        visit_hours: None,
        tier_from: None,
        seed: 1,
        iterations: 200,
    };
    let answer = what_if(app, travel, &asked, &Silent).unwrap();
    let visits: Vec<usize> = answer.curve.iter().map(|point| point.visits).collect();
    assert_eq!(visits[..2], [2, 3], "one agent alone cannot go there");

    // In the middle of the day one of the two drops out, and the visit with her.
    let at = |text: &str| Some(text.parse().unwrap());
    let nothing =
        Replan { now: at("2026-11-23T14:00:01Z"), events: Vec::new(), seed: 1, iterations: 500 };
    let same = replan(app, travel, day.plan, &nothing, &by, &Silent).unwrap();
    assert!(!same.saved, "{:?}", same.stops);
    let out = Event::AgentOut { agent: "A2".into(), from: None };
    let early = Replan { events: vec![out], now: at("2026-11-23T13:00:00Z"), ..nothing };
    let answer = replan(app, travel, day.plan, &early, &by, &Silent).unwrap();
    assert_eq!(off(answer.plan), []);
    let change = answer.stops.iter().find(|stop| stop.case_ref == "PAIR").unwrap();
    assert_eq!((&*change.change, change.code.as_deref()), ("dropped", Some("crew")), "{change:?}");
}

fn a_visit_that_has_to_be_made_is_made(database: &Database) {
    // Worth nothing, of low tier and 40 km off.
    let welfare = Case::new("WELFARE").at(39.52, -75.53).dpd(2).due(20_000);
    let cases = book(&[
        (near("PLAIN", 1), ",,no,,"),
        (welfare.clone(), ",,yes,,"),
        (near("PROTECTED", 2).flags("vulnerable"), ",,yes,,"),
        (near("UNSKILLED", 3), "juggling,,YES,,"),
    ]);
    let day = Planned::of(database, PlanSettings::default(), &cases, AGENTS);
    assert_eq!(day.stops("WELFARE").len(), 1);
    let said = day.explain("WELFARE");
    assert!(said.sentence.contains("The visit has to be made (mandatory)"), "{}", said.sentence);
    assert!(said.stop.unwrap().marginal_micro < 0, "it costs more than it brings");
    let told = day.office.shown().unwrap().notices.join(" ");
    let names = "(mandatory) and are not: PROTECTED (flagged), UNSKILLED (skill).";
    assert!(told.contains(names), "{told}");
    assert!(day.explain("UNSKILLED").sentence.contains("has to be made (mandatory)"));
    let fault = day.refused(to(Verb::TakeOut, "WELFARE", &[]));
    assert_eq!((&*fault.field, &*fault.rule), ("edits[0].case", "mandatory"), "{fault}");
    // The rest can be edited, though one that has to be made is not.
    let edited = day.edit(to(Verb::TakeOut, "PLAIN", &[])).unwrap();
    assert_eq!(edited.before.profit_micro, day.rows.plan.profit_micro());
    assert!(edited.notices.iter().any(|text| text.contains("taken out")));
    let (app, travel) = (&day.office.app, &day.office.travel);
    let by = Editor { name: "ann".into(), user: None };
    let event = Event::AgentOut { agent: day.agents_of("WELFARE")[0].clone(), from: None };
    let now = Some("2026-11-23T13:00:00Z".parse().unwrap());
    let asked = Replan { now, events: vec![event], seed: 1, iterations: 500 };
    let answer = replan(app, travel, day.plan, &asked, &by, &Silent).unwrap();
    let change = answer.stops.iter().find(|stop| stop.case_ref == "WELFARE").unwrap();
    assert_eq!(change.change, "moved", "the other one goes, whatever it costs: {change:?}");
    // Without that word in the book it is a case of low tier, and can be taken out.
    day.office.import(&book(&[(welfare, ",,no,,")]), "").unwrap();
    day.edit(to(Verb::TakeOut, "WELFARE", &[])).unwrap();
    let day = Planned::again(day.office);
    assert_eq!(day.stops("WELFARE"), []);
    assert_eq!(day.explain("WELFARE").code.as_deref(), Some("tier_low"));
}

/// What is paid after a visit by its chance, as the score says it.
fn expected_minor(office: &Installation, case_ref: &str) -> i64 {
    let id = case_named(&office.app, case_ref).unwrap().into();
    let scores = office.app.store.scores(office.app.org).unwrap();
    let score = scores.iter().find(|score| score.case_id == id).unwrap();
    let breakdown: serde_json::Value = serde_json::from_str(&score.breakdown).unwrap();
    let recovery = &breakdown["recovery"];
    let p1 = recovery["p1"].as_f64().unwrap();
    let most = recovery["recoverable"].as_f64().unwrap() / 10_000.0;
    format!("{:.0}", (most * p1).ceil()).parse().unwrap()
}

fn nobody_carries_more_than_allowed(database: &Database) {
    let cases = cases_csv(&[near("ONE", 1), near("TWO", 2)]);
    let agents = |most: i64| {
        format!(
            "agent_ref,base_lat,base_lon,shift_start,shift_end,days,max_visits,max_cash_minor\n\
             A1,39.1600,-75.5200,09:00,17:00,mon,20,{most}\n"
        )
    };
    let day = Planned::of(database, PlanSettings::default(), &cases, &agents(1));
    assert_eq!(day.rows.stops, [], "not even one");
    let each = expected_minor(&day.office, "ONE");
    assert_eq!(each, expected_minor(&day.office, "TWO"));
    // 9,000.00 due and an ability of 1,125.00 a month: the chance of these in a month.
    assert!((1..112_500).contains(&each), "{each}");
    day.office.import("", &agents(2 * each - 1)).unwrap();
    let day = Planned::again(day.office);
    assert_eq!(day.rows.stops.len(), 1);
    let out = if day.stops("ONE").is_empty() { "ONE" } else { "TWO" };
    let said = day.explain(out);
    assert_eq!(said.code.as_deref(), Some("cash"), "{}", said.sentence);
    assert!(said.sentence.contains("would carry more money than max_cash_minor allows"));
    assert_eq!(said.money.unwrap().binds, "capacity");
    let fault = day.refused(to(Verb::PutIn, out, &["A1"]));
    assert_eq!((&*fault.field, &*fault.rule), ("edits[0].agent", "cash"), "{fault}");
    // What was carried to the middle of the day counts.
    let (app, travel) = (&day.office.app, &day.office.travel);
    let by = Editor { name: "ann".into(), user: None };
    let now = Some("2026-11-23T20:00:00Z".parse().unwrap());
    let urgent = Event::Urgent { case: out.into(), from: None, to: None };
    let asked = Replan { now, events: vec![urgent], seed: 1, iterations: 200 };
    let answer = replan(app, travel, day.plan, &asked, &by, &Silent).unwrap();
    let change = answer.stops.iter().filter(|stop| stop.case_ref == out).collect::<Vec<_>>();
    assert!(change.iter().all(|stop| stop.change != "new"), "{change:?}");
    day.office.import("", &agents(2 * each)).unwrap();
    // The old plan keeps its limit; a new one has the new limit.
    assert_eq!(day.refused(to(Verb::PutIn, out, &["A1"])).rule, "cash");
    let day = Planned::again(day.office);
    assert_eq!(day.rows.stops.len(), 2);
    // A file without the column takes no limit away.
    let bare = "agent_ref,base_lat,base_lon,shift_start,shift_end,days,max_visits\n\
                A1,39.1600,-75.5200,09:00,17:00,mon,20\n";
    day.office.import("", bare).unwrap();
    let agents = day.office.app.store.agents(day.office.app.org).unwrap();
    assert_eq!(agents[0].max_cash_minor, Some(2 * each));
}

fn a_certificate_can_be_needed_everywhere(database: &Database) {
    let cases = cases_csv(&[near("ONE", 1), near("TWO", 2)]);
    let needed = vec!["night".to_owned()];
    let settings = PlanSettings { certificates_needed: needed, ..PlanSettings::default() };
    let agents = AGENTS.replace("20,court,", "20,night,");
    let day = Planned::of(database, settings, &cases, &agents);
    // A skill of that name is no certificate.
    assert_eq!(day.agents_of("ONE"), ["A1"]);
    let fault = day.refused(to(Verb::Move, "ONE", &["A2"]));
    assert_eq!(
        (&*fault.rule, &*fault.detail),
        ("certificate", "A2 lacks the certificate night, which ONE needs")
    );
    day.office.import("", &agents.replace("night:2026-11-23", "night:2026-11-22")).unwrap();
    let day = Planned::again(day.office);
    assert_eq!(day.rows.stops, []);
    let said = day.explain("ONE");
    assert_eq!(said.code.as_deref(), Some("certificate"));
    let why =
        "nobody on duty has the certificate night: the certificate of A1 expired on 2026-11-22";
    assert!(said.sentence.contains(why), "{}", said.sentence);
}

fn what_the_columns_cannot_hold_is_refused(database: &Database) {
    let office = Installation::new(database).unwrap();
    let problems = |cases: &str, agents: &str| match office.import(cases, agents) {
        Err(Error::Import(report)) => {
            let all = report.problems().iter();
            all.map(|p| (p.row, p.column.clone(), p.code)).collect::<Vec<_>>()
        }
        other => panic!("{other:?}"),
    };
    let cases = book(&[(near("A", 1), "two words,3,maybe,A9,"), (near("B", 2), ",,,A1,A1;A2;A3")]);
    let found = problems(&cases, AGENTS);
    let expected = [
        (2, "skills", "not_in_list_form"),
        (2, "crew", "out_of_range"),
        (2, "mandatory", "not_in_table"),
        (3, "agent_preferred", "contradiction"),
        (2, "agent_forbidden", "unknown_agent"),
        (3, "agent_preferred", "unknown_agent"),
    ];
    assert_eq!(found, expected.map(|(row, column, code)| (row, column.to_owned(), code)));
    let header = "agent_ref,base_lat,base_lon,certificates,max_cash_minor\n";
    for (cells, column, code) in [
        ("night,", "certificates", "not_a_certificate"),
        ("night:2026-2-3,", "certificates", "not_a_certificate"),
        ("night:2026-11-22;NIGHT:2027-01-01,", "certificates", "duplicate"),
        (",-1", "max_cash_minor", "out_of_range"),
    ] {
        let found = problems("", &format!("{header}A1,39.16,-75.52,{cells}\n"));
        assert_eq!(found, [(2, column.to_owned(), code)], "{cells}");
    }
    // Agents that are known, or come in the same command, can be named.
    office.import("", AGENTS).unwrap();
    office.import(&book(&[(near("B", 2), ",,,A1,A2")]), "").unwrap();
}
