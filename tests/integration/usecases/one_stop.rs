//! Several cases of one borrower at one door: one visit, shown, explained, edited and made anew as one stop.

use server::config::PlanSettings;
use server::render::{geojson, sheets_html, stops_csv};
use server::usecases::build_plan::{Event, Verb};
use server::usecases::compare_plans::compare_plans;
use server::usecases::lists;
use server::usecases::publish::{Empty, publish_plan};
use tests::book::{Case, cases_csv};
use tests::database::Database;

use super::planned::{Planned, to, with_columns};
use crate::db::on_both;

on_both!(
    one_visit_is_for_all_cases_at_the_door,
    a_stop_is_edited_by_any_of_its_cases,
    a_case_leaves_the_stop_and_the_others_stay,
    what_was_visited_stays_together,
    cases_that_ask_for_different_things_stay_apart,
);

const AGENTS: &str = "agent_ref,base_lat,base_lon,shift_start,shift_end,days,max_visits\n\
    A1,39.1600,-75.5200,09:00,17:00,mon,2\n";

/// A case of the borrower `B`.
fn own(name: &str) -> Case {
    Case::new(name).of("B").at(39.175, -75.53)
}

/// Two accounts of `B`, and a neighbour behind the same door.
fn door() -> String {
    let neighbour = Case::new("NEIGHBOUR").at(39.175, -75.53);
    cases_csv(&[own("C1"), own("C2").due(1_400_000), neighbour])
}

fn planned(database: &Database) -> Planned {
    Planned::of(database, PlanSettings::default(), &door(), AGENTS)
}

fn one_visit_is_for_all_cases_at_the_door(database: &Database) {
    let day = planned(database);
    let scores = day.office.app.store.scores(day.office.app.org).unwrap();
    let prize = |case: &str| {
        let id = lists::case_named(&day.office.app, case).unwrap().into();
        scores.iter().find(|score| score.case_id == id).unwrap().prize_micro.unwrap()
    };
    let [(_, first)] = &day.stops("C1")[..] else { panic!() };
    let [(_, second)] = &day.stops("C2")[..] else { panic!() };
    let [(_, neighbour)] = &day.stops("NEIGHBOUR")[..] else { panic!() };
    assert_eq!((first.stop_no, first.part_no, second.part_no), (second.stop_no, 1, 2));
    assert_ne!(first.stop_no, neighbour.stop_no, "another borrower, another visit");
    // Twelve minutes at the door and three for the further case; the way counts once.
    assert_eq!(first.leave_at - first.start_at, 15 * 60 * 1_000_000);
    assert_eq!(neighbour.leave_at - neighbour.start_at, 12 * 60 * 1_000_000);
    assert_eq!((second.leg_metres, second.leg_s), (0, 0));
    assert_eq!((first.prize_micro, second.prize_micro), (prize("C1"), prize("C2")));
    // Three cases are two visits, so that an agent with two is not full of the first.
    assert_eq!(day.rows.left_out, []);
    // By hand: out and back, 27 minutes at the two doors, each second and metre at its price.
    let [route] = &day.rows.routes[..] else { panic!() };
    let legs: i64 = day.rows.stops.iter().map(|stop| stop.leg_s).sum();
    assert_eq!(route.returns_at - route.departs_at, (2 * legs + 27 * 60) * 1_000_000);
    let costs = &day.office.app.settings.costs;
    let (second_costs, metre_costs) =
        ((costs.per_hour.micro() + 1_800) / 3_600, (costs.per_km.micro() + 500) / 1_000);
    let expected = prize("C1") + prize("C2") + prize("NEIGHBOUR")
        - (2 * legs + 27 * 60) * second_costs
        - route.metres * metre_costs;
    assert_eq!(day.rows.plan.profit_micro(), expected);
    shown(&day);
}

fn shown(day: &Planned) {
    let shown = day.office.shown().unwrap();
    let stop = shown.routes[0].stops.iter().find(|stop| stop.case_ref == "C1").unwrap();
    assert_eq!((stop.also.clone(), stop.amount_due_minor), (vec!["C2".to_owned()], 2_300_000));
    assert_eq!((shown.routes[0].stops.len(), shown.visits(), shown.cases), (2, 2, 3));
    assert_eq!(stop.case_refs(), "C1, C2");
    assert!(sheets_html(&shown).contains("<small>C1, C2</small>"));
    let csv = stops_csv(&shown);
    let line = csv.lines().find(|line| line.contains(",C1,")).unwrap();
    assert!(line.ends_with(",C2"), "{line}");
    assert_eq!(csv.lines().count(), 3);
    assert!(geojson(&shown).contains("\"also\":[\"C2\"]"));
    let view = lists::plan(&day.office.app, day.plan).unwrap();
    let stops = &view.routes[0].stops;
    let stop = stops.iter().find(|stop| stop.case_ref == "C1").unwrap();
    assert_eq!((stops.len(), stop.also.len(), &*stop.also[0].case_ref), (2, 1, "C2"));
    // The agent gets each case.
    let published = publish_plan(&day.office.app, day.plan, Empty::Refused, None).unwrap();
    assert_eq!(published.granted, 3);
}

fn a_stop_is_edited_by_any_of_its_cases(database: &Database) {
    let day = planned(database);
    let profit = day.rows.plan.profit_micro();
    let (one, two) = (day.explain("C1"), day.explain("C2"));
    assert_eq!(one.prize_micro, two.prize_micro, "what the visit brings");
    assert!(one.sentence.contains("It is for C2 as well."), "{}", one.sentence);
    assert!(two.sentence.contains("It is for C1 as well."), "{}", two.sentence);
    let (one, two) = (one.stop.unwrap(), two.stop.unwrap());
    assert_eq!((one.number, one.of, one.marginal_micro), (two.number, 2, two.marginal_micro));
    assert_eq!(one.saved_cost_micro, two.saved_cost_micro);

    let out = day.edit(to(Verb::TakeOut, "C2", &[])).unwrap();
    assert_eq!((out.before.profit_micro, out.before.visits, out.after.visits), (profit, 2, 1));
    let prizes = day.rows.stops.iter().filter(|stop| stop.stop_no == one.number);
    let prizes: i64 = prizes.map(|stop| stop.prize_micro).sum();
    assert_eq!(out.before.prize_micro - out.after.prize_micro, prizes);
    let compared = compare_plans(&day.office.app, day.plan, out.plan, 15).unwrap();
    let dropped: Vec<&str> = compared.dropped.iter().map(|stop| stop.case_ref.as_str()).collect();
    assert_eq!((dropped, compared.kept), (vec!["C1", "C2"], 1));
    let without = day.with(out.plan);
    let left: i64 = without.rows.left_out.iter().filter_map(|row| row.prize_micro).sum();
    assert_eq!((without.rows.left_out.len(), left), (2, prizes));
    for case in ["C1", "C2"] {
        let said = without.explain(case);
        assert_eq!(said.code.as_deref(), Some("by_hand"), "{}", said.sentence);
        assert!(said.sentence.contains("One visit is for C1, C2."), "{}", said.sentence);
    }
    let back = without.edit(to(Verb::PutIn, "C2", &["A1"])).unwrap();
    assert_eq!(back.after.profit_micro, profit);
    let back = without.with(back.plan);
    assert_eq!((back.stops("C1")[0].1.part_no, back.stops("C2")[0].1.part_no), (1, 2));
    let compared = compare_plans(&back.office.app, back.plan, back.plan, 15).unwrap();
    assert_eq!(compared.kept, 2);
}

fn a_case_leaves_the_stop_and_the_others_stay(database: &Database) {
    let day = planned(database);
    let gone = Event::FallsAway { case: "C1".into(), why: "paid".into() };
    let answer = day.replan("2026-11-23T13:30:00Z", vec![gone]);
    let change = |case: &str| answer.stops.iter().find(|stop| stop.case_ref == case).unwrap();
    assert_eq!(change("C1").change, "dropped");
    assert_ne!(change("C2").change, "dropped");
    assert_eq!(change("C2").also, Vec::<String>::new());
    let prize = day.stops("C1")[0].1.prize_micro;
    assert_eq!(answer.before.prize_micro - answer.after.prize_micro, prize);
    let day = day.with(answer.plan);
    let [(_, alone)] = &day.stops("C2")[..] else { panic!() };
    assert_eq!((alone.part_no, alone.leave_at - alone.start_at), (1, 12 * 60 * 1_000_000));
    assert_eq!(day.stops("C1"), []);
    assert_eq!(day.explain("C1").code.as_deref(), Some("by_hand"));
    assert_eq!(day.explain("C2").notices, Vec::<String>::new());

    // What the rules forbid now leaves, too, and a stop may wait for a visit as a whole.
    day.office.import(&cases_csv(&[own("C2").due(1_400_000).flags("dispute")]), "").unwrap();
    let urgent = Event::Urgent { case: "NEIGHBOUR".into(), from: None, to: None };
    let answer = day.replan("2026-11-23T13:40:00Z", vec![urgent]);
    let change = answer.stops.iter().find(|stop| stop.case_ref == "C2").unwrap();
    assert_eq!((&*change.change, change.code.as_deref()), ("dropped", Some("flagged")));
}

fn what_was_visited_stays_together(database: &Database) {
    let day = planned(database);
    let last = day.rows.stops.iter().map(|stop| stop.leave_at).max().unwrap() / 1_000_000 + 60;
    let now = jiff::Timestamp::from_second(last).unwrap().to_string();
    let told = Event::Told { case: "C2".into() };
    let err = day.office.app.store.plan(day.office.app.org, day.plan.into()).unwrap().unwrap();
    assert_eq!(err.stops.len(), 3);
    let before = day.stops("C1")[0].1.start_at / 1_000_000 - 600;
    let early = jiff::Timestamp::from_second(before).unwrap().to_string();
    let answer = day.replan(&early, vec![told]);
    assert_eq!(answer.after.profit_micro, answer.before.profit_micro);
    let day = day.with(answer.plan);
    let out = Event::AgentOut { agent: "A1".into(), from: None };
    let answer = day.replan(&now, vec![out]);
    let visits: Vec<(&str, &str, usize)> = answer
        .stops
        .iter()
        .map(|stop| (stop.case_ref.as_str(), stop.change.as_str(), stop.also.len()))
        .collect();
    assert_eq!(visits, [("C1", "done", 1), ("NEIGHBOUR", "done", 0)]);
    assert_eq!((answer.agents[0].done, answer.after.visits), (2, 2));
    assert_eq!(answer.after.prize_micro, answer.before.prize_micro);
    let rows = day.with(answer.plan).rows;
    let numbers: Vec<(i32, i32)> = rows.stops.iter().map(|s| (s.stop_no, s.part_no)).collect();
    assert!(numbers == [(1, 1), (1, 2), (2, 1)] || numbers == [(1, 1), (2, 1), (2, 2)]);
}

fn cases_that_ask_for_different_things_stay_apart(database: &Database) {
    let columns = "visit_from,visit_to,skills,crew,mandatory";
    let agents = "agent_ref,base_lat,base_lon,shift_start,shift_end,days,max_visits,skills\n\
        A1,39.1600,-75.5200,09:00,17:00,mon,20,court\n";
    let cases = with_columns(
        columns,
        &[
            (own("MORNING"), "09:00,12:00,,,"),
            (own("NOON"), "11:46,15:00,,,"),
            (own("LATE"), "11:44,15:00,,,"),
            (own("COURT"), ",,court,,"),
            (own("ELSEWHERE").at(39.1751, -75.53), ",,,,"),
            (own("MUST").dpd(2).due(20_000), ",,,,yes"),
        ],
    );
    let day = Planned::of(database, PlanSettings::default(), &cases, agents);
    let stop = |case: &str| {
        let stops = day.stops(case);
        let [(_, row)] = &stops[..] else { panic!("{case}: {stops:?}") };
        (row.stop_no, row.part_no)
    };
    // A visit for two takes 15 minutes: there are 16 between 11:44 and 12:00, and 14 from 11:46 on.
    let mut all = ["MORNING", "NOON", "LATE", "COURT", "ELSEWHERE", "MUST"].map(stop);
    all.sort_unstable();
    let visits = all.iter().filter(|(_, part)| *part == 1).count();
    assert_eq!(stop("LATE").0, stop("MORNING").0);
    assert_ne!(stop("NOON").0, stop("MORNING").0);
    assert_eq!(visits, 4, "{all:?}");
    assert_eq!(stop("MUST").0, stop("NOON").0, "the next of them that has room for it");
    assert!(day.explain("NOON").stop.unwrap().mandatory);
}
