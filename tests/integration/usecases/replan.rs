//! A plan made anew in the middle of its day: from records and events, with what is done and what was promised.

use std::collections::BTreeSet;

use jiff::Timestamp;
use server::clock::Clock;
use server::config::ChangedAgent;
use server::db::PlanRows;
use server::error::Error;
use server::ids::IdSource;
use server::progress::Silent;
use server::usecases::build_plan::{
    Edit, Editor, Event, Fault, Replan, ReplannedPlan, StopChange, Verb, edit_plan, explain_case,
    replan,
};
use server::usecases::compare_plans::compare_plans;
use server::usecases::import::{Source, import_payments, import_visits};
use server::usecases::lists;
use server::usecases::publish::{Empty, publish_plan};
use sync_core::model::PlanId;
use tests::book::{Case, agents_csv, cases_csv};
use tests::database::Database;
use tests::installation::Installation;

use crate::db::on_both;

on_both!(
    an_agent_drops_out,
    a_dedicated_agent_is_waited_for_and_a_named_one_announced,
    an_urgent_case_comes_in,
    an_appointment_holds_and_is_told_when_it_cannot,
    locked_stops_stay,
    what_the_rules_forbid_now_drops_out,
    nothing_changes_and_nothing_is_saved,
    what_nobody_told_is_as_the_plan_says,
    agents_go_on_from_where_they_are,
    a_move_has_its_price,
    what_cannot_be_is_refused,
);

const CASES: usize = 30;
/// Noon where the agents are.
const NOON: &str = "2026-11-23T17:00:00Z";

fn book(changed: &[(&str, &'static str)]) -> String {
    let cases: Vec<Case> = (0..30_u32)
        .map(|n| {
            let name = format!("C{n}");
            let (north, east) = (f64::from(n % 6), f64::from(n / 6));
            let flags = changed.iter().find(|(case, _)| *case == name).map_or("", |(_, f)| *f);
            Case::new(&name)
                .at(39.12 + 0.017 * north, -75.60 + 0.03 * east)
                .due(500_000 + 41_000 * i64::from(n * 7 % 30))
                .flags(flags)
        })
        .collect();
    cases_csv(&cases)
}

fn agents() -> String {
    let agents = [("A1", 39.16, -75.52), ("A2", 39.13, -75.58), ("A3", 39.19, -75.49)];
    agents_csv(&agents).replace(",20\n", ",8\n")
}

/// A published day of three agents with eight visits each.
struct Day {
    office: Installation,
    plan: PlanId,
    rows: PlanRows,
}

impl Day {
    fn new(database: &Database) -> Self {
        let mut office = Installation::new(database).unwrap();
        office.app.settings.visit.service_minutes = 35;
        office.import(&book(&[]), &agents()).unwrap();
        office.score().unwrap();
        office.territories().unwrap();
        let plan = office.plan().unwrap().id;
        publish_plan(&office.app, plan, Empty::Refused, None).unwrap();
        // The day itself: records of it are not of the future.
        office.app.ids = IdSource::seeded(Clock::Fixed("2026-11-23T23:59:00Z".parse().unwrap()), 9);
        let rows = rows(&office, plan);
        assert_eq!(rows.stops.len(), 24, "eight visits each");
        Self { office, plan, rows }
    }

    fn ask(&self, plan: PlanId, now: &str, events: Vec<Event>) -> Result<ReplannedPlan, Error> {
        let now = Some(now.parse().unwrap());
        let asked = Replan { now, events, seed: 3, iterations: 600 };
        let by = Editor { name: "ann".into(), user: None };
        replan(&self.office.app, &self.office.travel, plan, &asked, &by, &Silent)
    }

    fn replan(&self, now: &str, events: Vec<Event>) -> ReplannedPlan {
        let answer = self.ask(self.plan, now, events).unwrap();
        self.holds(&answer);
        answer
    }

    fn refused(&self, now: &str, events: Vec<Event>) -> Vec<Fault> {
        match self.ask(self.plan, now, events) {
            Err(Error::Edits(faults)) => faults,
            other => panic!("{other:?}"),
        }
    }

    /// What every new version must keep.
    fn holds(&self, answer: &ReplannedPlan) {
        let rows = rows(&self.office, answer.plan);
        let stops = rows.stops.iter().map(|stop| stop.case_id);
        let all: Vec<_> = stops.chain(rows.left_out.iter().map(|out| out.case_id)).collect();
        assert_eq!(all.len(), CASES);
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), CASES, "each case once");
        let sum: i64 = rows.routes.iter().map(|r| r.prize_micro).sum();
        assert_eq!(sum, rows.plan.prize_micro);
        for route in &rows.routes {
            let own: Vec<_> =
                rows.stops.iter().filter(|stop| stop.route_no == route.route_no).collect();
            assert!(own.len() <= 8, "no more visits than an agent makes");
            let time = route.returns_at - route.departs_at;
            let parts = route.drive_s + route.service_s + route.wait_s;
            assert_eq!(time / 1_000_000, parts, "{route:?}");
            assert!(route.wait_s >= 0 && own.windows(2).all(|w| w[0].leave_at <= w[1].arrive_at));
            let metres: i64 = own.iter().map(|stop| stop.leg_metres).sum();
            assert!(route.metres >= metres, "{route:?}");
        }
        // Explained from its own basis it says the same, and nothing else than it does.
        let (app, travel) = (&self.office.app, &self.office.travel);
        for out in &rows.left_out {
            let case = out.case_id.try_into().unwrap();
            let said = explain_case(app, travel, answer.plan, case).unwrap();
            assert_eq!((said.planned, &said.sentence), (false, &out.reason));
        }
        for stop in &rows.stops {
            let case = stop.case_id.try_into().unwrap();
            let said = explain_case(app, travel, answer.plan, case).unwrap();
            let told: Vec<_> = said.notices.iter().filter(|n| !n.contains("any more")).collect();
            assert!(said.planned && told.is_empty(), "{said:?}");
        }
        let compared = compare_plans(app, self.plan, answer.plan, 15).unwrap();
        let count = |change: &str| answer.stops.iter().filter(|s| s.change == change).count();
        assert_eq!(compared.dropped.len(), count("dropped"));
        assert_eq!(compared.added.len(), count("new"));
    }

    /// References of an agent's stops in a plan.
    fn route(&self, rows: &PlanRows, agent_ref: &str) -> Vec<String> {
        let agents = self.office.app.store.agents(self.office.app.org).unwrap();
        let agent = agents.iter().find(|agent| agent.agent_ref == agent_ref).unwrap();
        let route = rows.routes.iter().find(|route| route.agent_id == agent.agent_id);
        let Some(route) = route else { return Vec::new() };
        let stops = rows.stops.iter().filter(|stop| stop.route_no == route.route_no);
        stops.map(|stop| self.name(stop.case_id)).collect()
    }

    fn name(&self, case: server::db::Id) -> String {
        self.office.app.store.case_refs(self.office.app.org, &[case]).unwrap()[0].1.clone()
    }

    /// Records of the first stops of an agent, at the times of the plan.
    fn visited(&self, agent_ref: &str, stops: &[String]) {
        let mut csv =
            String::from("visit_ref,case_ref,agent_ref,arrived_at,left_at,met,disposition\n");
        for case in stops {
            let row = self.rows.stops.iter().find(|s| self.name(s.case_id) == *case).unwrap();
            let at = |micros| {
                let at = Timestamp::from_microsecond(micros).unwrap();
                at.to_zoned(jiff::tz::TimeZone::get("America/New_York").unwrap())
                    .strftime("%Y-%m-%dT%H:%M:%S")
                    .to_string()
            };
            csv += &format!(
                "V-{case},{case},{agent_ref},{},{},nobody,no_contact\n",
                at(row.start_at),
                at(row.leave_at)
            );
        }
        let source = Source { name: "visits.csv", bytes: csv.as_bytes() };
        assert_eq!(import_visits(&self.office.app, source, None).unwrap().inserted, stops.len());
    }

    /// Stops of an agent that the plan has before and after noon.
    fn split(&self, agent_ref: &str) -> (Vec<String>, Vec<String>) {
        let noon: Timestamp = NOON.parse().unwrap();
        let is_over = |case: &String| {
            let row = self.rows.stops.iter().find(|s| self.name(s.case_id) == *case).unwrap();
            row.leave_at <= noon.as_microsecond()
        };
        self.route(&self.rows, agent_ref).into_iter().partition(is_over)
    }

    /// A case that agents had no visit left for.
    fn crowded_out(&self) -> String {
        let out = self.rows.left_out.iter().find(|out| out.code == "max_visits").unwrap();
        self.name(out.case_id)
    }
}

fn rows(office: &Installation, plan: PlanId) -> PlanRows {
    office.app.store.plan(office.app.org, plan.into()).unwrap().unwrap()
}

fn at(text: &str) -> Timestamp {
    format!("2026-11-23T{text}:00-05:00").parse().unwrap()
}

fn out(agent: &str) -> Event {
    Event::AgentOut { agent: agent.into(), from: None }
}

fn lock(case: &str, agent: Option<&str>) -> Event {
    let agent = agent.map(Into::into);
    Event::Lock { case: case.into(), agent, rank: None, from: None, to: None }
}

fn appointment(case: &str, from: &str, to: &str) -> Event {
    Event::Appointment { case: case.into(), from: at(from), to: at(to) }
}

fn urgent(case: &str) -> Event {
    Event::Urgent { case: case.into(), from: None, to: None }
}

fn of<'a>(answer: &'a ReplannedPlan, case: &str) -> &'a StopChange {
    answer.stops.iter().find(|stop| stop.case_ref == case).unwrap_or_else(|| panic!("{case}"))
}

fn agent_of(stop: &StopChange) -> &str {
    stop.to.as_ref().map_or("nobody", |at| at.agent_ref.as_str())
}

fn an_agent_drops_out(database: &Database) {
    let day = Day::new(database);
    for agent in ["A1", "A2", "A3"] {
        day.visited(agent, &day.split(agent).0);
    }
    let (done, left) = day.split("A2");
    assert!(!done.is_empty() && left.len() >= 2, "{done:?} {left:?}");
    let answer = day.replan(NOON, vec![out("A2")]);
    assert!(answer.saved);
    assert_eq!((answer.version, answer.from_version, &*answer.replanned_by), (2, 1, "ann"));
    assert!(answer.notices[0].contains("A2 is out since"), "{:?}", answer.notices);
    let rows_after = rows(&day.office, answer.plan);
    assert_eq!(day.route(&rows_after, "A2"), done, "what is done stays, and nothing else");
    assert_eq!(
        (rows_after.plan.edited_from, rows_after.plan.edited_by.as_deref()),
        (Some(1), Some("ann"))
    );
    let view = lists::plan(&day.office.app, answer.plan).unwrap();
    let marked = view.routes.iter().flat_map(|route| &route.stops).filter(|s| s.done.is_some());
    let marked: BTreeSet<&str> = marked.map(|stop| stop.case_ref.as_str()).collect();
    assert!(done.iter().all(|case| marked.contains(case.as_str())), "{marked:?}");
    for case in &done {
        let was = day.rows.stops.iter().find(|s| day.name(s.case_id) == *case).unwrap();
        let is = rows_after.stops.iter().find(|s| day.name(s.case_id) == *case).unwrap();
        assert_eq!((is.start_at, is.leave_at), (was.start_at, was.leave_at));
        assert_eq!(of(&answer, case).change, "done");
    }
    // Eight visits each are all that the others make: what comes to them takes somebody's place.
    for case in &left {
        let stop = of(&answer, case);
        match stop.change.as_str() {
            "moved" => {
                assert_ne!(agent_of(stop), "A2");
                assert_eq!(stop.why.as_deref(), Some("A2 is out."));
            }
            "dropped" => assert!(stop.code.is_some() && stop.why.is_some(), "{stop:?}"),
            other => panic!("{case}: {other}"),
        }
    }
    // Whoever has all visits of the day gets none more; the others keep theirs but for what pays.
    let agent = answer.agents.iter().find(|agent| agent.agent_ref == "A2").unwrap();
    assert_eq!((agent.done, agent.to_come), (done.len(), 0));
    assert!(agent.out_since.is_some());
    // A second time, an hour later: the day goes on, and A2 stays out.
    let second =
        day.ask(answer.plan, "2026-11-23T18:00:00Z", vec![urgent(&day.crowded_out())]).unwrap();
    let again = rows(&day.office, second.plan);
    assert_eq!(day.route(&again, "A2"), done);
    assert_eq!(again.plan.edited_from, Some(2));
    assert!(again.stops.len() + again.left_out.len() == CASES);
    // Out later: until then the day goes on, and nobody waits for the way home.
    let later = Event::AgentOut { agent: "A3".into(), from: Some(at("13:30")) };
    let until = day.replan(NOON, vec![later]);
    assert!(until.notices[0].contains("A3 is out from 13:30"), "{:?}", until.notices);
    let rows_until = rows(&day.office, until.plan);
    let route = rows_until.routes.last().unwrap();
    assert!(route.returns_at <= at("13:30").as_microsecond());
    assert!(!day.route(&rows_until, "A3").is_empty());
    // Not back in time.
    let Err(Error::Edits(faults)) = day.ask(second.plan, NOON, vec![]) else { panic!() };
    assert_eq!((&*faults[0].field, &*faults[0].rule), ("now", "instant"));
    // Edits by hand go on from it; what is done is not touched, and its numbers are not given again.
    let by = Editor { name: "bob".into(), user: None };
    let edit = |case: &str, agent: Option<&str>, position| {
        let verb = if agent.is_some() { Verb::Move } else { Verb::TakeOut };
        let edits =
            [Edit { verb, case: case.into(), agent: agent.map(Into::into), with: None, position }];
        edit_plan(&day.office.app, &day.office.travel, answer.plan, &edits, &by, &Silent)
    };
    let Err(Error::Edits(faults)) = edit(&done[0], None, None) else { panic!() };
    assert_eq!((&*faults[0].field, &*faults[0].rule), ("edits[0].case", "done"));
    let first = day.route(&rows_after, "A1");
    let made = &first[..answer.agents[0].done];
    let last = first.last().unwrap();
    let Err(Error::Edits(faults)) = edit(last, Some("A1"), Some(1)) else { panic!() };
    assert_eq!(
        (&*faults[0].rule, faults[0].detail.contains("some of them done")),
        ("position", true)
    );
    let moved = edit(last, Some("A1"), Some(made.len() + 1)).unwrap();
    let edited = rows(&day.office, moved.plan);
    assert_eq!(day.route(&edited, "A1")[..made.len()], *made);
    assert_eq!(day.route(&edited, "A1")[made.len()], *last);
    assert_eq!(moved.before.profit_micro, answer.after.profit_micro, "priced again it is the same");
    let taken = edit(last, None, None).unwrap();
    assert_eq!(taken.after.visits, answer.after.visits - 1);
}

fn a_dedicated_agent_is_waited_for_and_a_named_one_announced(database: &Database) {
    let mut day = Day::new(database);
    for agent in ["A1", "A2", "A3"] {
        day.visited(agent, &day.split(agent).0);
    }
    let (_, left) = day.split("A2");
    let by = Editor { name: "bob".into(), user: None };
    let edits = [Edit {
        verb: Verb::Lock,
        case: left[0].clone(),
        agent: Some("A2".into()),
        with: None,
        position: None,
    }];
    let locked = edit_plan(&day.office.app, &day.office.travel, day.plan, &edits, &by, &Silent);
    day.plan = locked.unwrap().plan;
    let told = || left[1..].iter().map(|case| Event::Told { case: case.clone() });
    let events: Vec<Event> = told().chain([out("A2")]).collect();
    let answer = day.replan(NOON, events.clone());
    let waits = of(&answer, &left[0]);
    assert_eq!((&*waits.change, waits.code.as_deref()), ("dropped", Some("skill")));
    assert!(waits.why.as_ref().unwrap().contains("waits for another day"), "{waits:?}");
    let moved = answer.stops.iter().filter(|stop| stop.new_notice);
    let moved: Vec<&str> = moved.map(|stop| stop.case_ref.as_str()).collect();
    assert_eq!(moved, answer.new_notices);
    assert!(!moved.is_empty());
    for case in &left[1..] {
        let stop = of(&answer, case);
        assert_eq!(stop.new_notice, stop.change == "moved", "{stop:?}");
    }
    // Where nobody else may come, it drops.
    day.office.app.settings.replanning.changed_agent = ChangedAgent::Drop;
    let answer = day.replan(NOON, events);
    for case in &left[1..] {
        let stop = of(&answer, case);
        assert_eq!((&*stop.change, stop.code.as_deref()), ("dropped", Some("skill")), "{stop:?}");
        assert!(stop.why.as_ref().unwrap().contains("A2 comes"), "{stop:?}");
    }
    assert!(answer.new_notices.is_empty());
}

fn an_urgent_case_comes_in(database: &Database) {
    let day = Day::new(database);
    for agent in ["A1", "A2", "A3"] {
        day.visited(agent, &day.split(agent).0);
    }
    let case = day.crowded_out();
    let event =
        Event::Urgent { case: case.clone(), from: Some(at("14:00")), to: Some(at("15:00")) };
    let answer = day.replan(NOON, vec![event]);
    let stop = of(&answer, &case);
    assert_eq!((&*stop.change, stop.why.as_deref()), ("new", Some("It is urgent.")));
    let start = stop.to.as_ref().unwrap().start_at.unwrap();
    assert!((at("14:00")..=at("15:00")).contains(&start), "{start}");
    // All agents had their eight visits: one stop made room, and few others moved.
    let kept = answer.stops.iter().filter(|s| matches!(&*s.change, "kept" | "done" | "begun"));
    assert!(kept.count() >= 15, "{:?}", answer.stops);
    // It stays urgent: a second time nothing may push it out.
    let second = day.ask(answer.plan, "2026-11-23T17:30:00Z", vec![out("A3")]).unwrap();
    let stop = second.stops.iter().find(|stop| stop.case_ref == case).unwrap();
    let start = stop.to.as_ref().unwrap().start_at.unwrap();
    assert!((at("14:00")..=at("15:00")).contains(&start), "{start}");
}

fn an_appointment_holds_and_is_told_when_it_cannot(database: &Database) {
    let day = Day::new(database);
    for agent in ["A1", "A2", "A3"] {
        day.visited(agent, &day.split(agent).0);
    }
    let (_, left) = day.split("A1");
    let case = left.last().unwrap();
    let answer = day.replan(NOON, vec![appointment(case, "15:30", "16:00")]);
    let stop = of(&answer, case);
    assert!(stop.promised && answer.promises.is_empty(), "{stop:?}");
    let start = stop.to.as_ref().unwrap().start_at.unwrap();
    assert!((at("15:30")..=at("16:00")).contains(&start), "{start}");
    let owner = agent_of(stop).to_owned();
    // Something else happens: it stays with its agent, within its hours.
    let other = ["A1", "A2", "A3"].into_iter().find(|agent| *agent != owner).unwrap();
    let second = day.ask(answer.plan, "2026-11-23T17:30:00Z", vec![out(other)]).unwrap();
    let stop = of(&second, case);
    assert_eq!((agent_of(stop), second.promises.len()), (&*owner, 0));
    let start = stop.to.as_ref().unwrap().start_at.unwrap();
    assert!((at("15:30")..=at("16:00")).contains(&start), "{start}");
    // Its own agent drops out: somebody else comes within the hours, and it is said.
    let third = day.ask(answer.plan, "2026-11-23T17:30:00Z", vec![out(&owner)]).unwrap();
    let stop = of(&third, case);
    assert_eq!(stop.change, "moved");
    assert_eq!((&*third.promises[0].case_ref, &*third.promises[0].became), (&**case, "moved"));
    let start = stop.to.as_ref().unwrap().start_at.unwrap();
    assert!((at("15:30")..=at("16:00")).contains(&start), "{start}");
    assert!(
        third.notices.iter().any(|n| n.contains(&format!("Agreed on with the borrower of {case}")))
    );
    // Everybody drops out: it is dropped, and it is said.
    let all = ["A1", "A2", "A3"].map(out).to_vec();
    let none = day.ask(answer.plan, "2026-11-23T17:30:00Z", all).unwrap();
    assert_eq!(of(&none, case).change, "dropped");
    assert_eq!((&*none.promises[0].case_ref, &*none.promises[0].became), (&**case, "dropped"));
    assert!(none.agents.iter().all(|agent| agent.to_come == 0));
}

fn locked_stops_stay(database: &Database) {
    let day = Day::new(database);
    for agent in ["A1", "A2", "A3"] {
        day.visited(agent, &day.split(agent).0);
    }
    let (_, left) = day.split("A3");
    let (first, last) = (&left[0], left.last().unwrap());
    let ranked = |case: &str, rank| Event::Lock {
        case: case.into(),
        agent: None,
        rank: Some(rank),
        from: None,
        to: None,
    };
    // The other way round than the plan has them, and one at a time.
    let timed = Event::Lock {
        case: left[1].clone(),
        agent: None,
        rank: None,
        from: Some(at("15:00")),
        to: Some(at("15:20")),
    };
    let answer = day.replan(NOON, vec![ranked(last, 1), ranked(first, 2), timed]);
    let number = |case: &str| {
        let stop = of(&answer, case);
        assert_eq!(agent_of(stop), "A3", "{stop:?}");
        stop.to.as_ref().unwrap().number
    };
    assert!(number(last) < number(first));
    let start = of(&answer, &left[1]).to.as_ref().unwrap().start_at.unwrap();
    assert!((at("15:00")..=at("15:20")).contains(&start), "{start}");
    // Locked to another agent it goes there, and stays there when the day is planned anew.
    let moved = day.replan(NOON, vec![lock(first, Some("A1"))]);
    assert_eq!((agent_of(of(&moved, first)), &*of(&moved, first).change), ("A1", "moved"));
    assert_eq!(of(&moved, first).why.as_deref(), Some("It was locked there."));
    let second = day.ask(moved.plan, "2026-11-23T17:20:00Z", vec![out("A2")]).unwrap();
    assert_eq!(agent_of(of(&second, first)), "A1");
}

fn what_the_rules_forbid_now_drops_out(database: &Database) {
    let day = Day::new(database);
    for agent in ["A1", "A2", "A3"] {
        day.visited(agent, &day.split(agent).0);
    }
    let (_, left) = day.split("A1");
    // The first of them is being visited at noon, as far as anybody knows.
    let (hardship, again, paid) = (&left[1], &left[2], &day.split("A2").1[1]);
    let changed = book(&[(hardship, "hardship")]);
    day.office.import(&changed, &agents()).unwrap();
    // Somebody was there yesterday, which came to light today.
    let csv = format!(
        "visit_ref,case_ref,agent_ref,arrived_at,met,disposition\nY1,{again},A3,2026-11-22T10:00,nobody,no_contact\n"
    );
    import_visits(&day.office.app, Source { name: "visits.csv", bytes: csv.as_bytes() }, None)
        .unwrap();
    let all = &day.split("A3").1[1];
    let csv = format!(
        "payment_ref,case_ref,paid_at,amount_minor,method\nP1,{all},2026-11-23T11:00,2000000,cash\n"
    );
    let source = Source { name: "payments.csv", bytes: csv.as_bytes() };
    assert_eq!(import_payments(&day.office.app, source, None).unwrap().inserted, 1);
    let away = Event::FallsAway { case: paid.clone(), why: "paid".into() };
    let answer = day.replan(NOON, vec![away]);
    let stop = of(&answer, hardship);
    assert_eq!((&*stop.change, stop.code.as_deref()), ("dropped", Some("flagged")));
    let stop = of(&answer, again);
    assert_eq!((&*stop.change, stop.code.as_deref()), ("dropped", Some("policy")));
    let [rule] = &stop.rules[..] else { panic!("{stop:?}") };
    assert_eq!((&*rule.rule, &*rule.pack, rule.version), ("caps", "house", 1));
    let stop = of(&answer, paid);
    assert_eq!((&*stop.change, stop.code.as_deref()), ("dropped", Some("by_hand")));
    assert!(stop.why.as_ref().unwrap().contains("paid (told by ann)"), "{stop:?}");
    let stop = of(&answer, all);
    assert_eq!((&*stop.change, stop.code.as_deref()), ("dropped", Some("status")));
    assert_eq!(stop.why.as_deref(), Some("All that is due was paid today."));
    // Others come in where there is room now, and none of the three comes back by itself.
    assert!(answer.stops.iter().any(|stop| stop.change == "new"));
    let second = day.ask(answer.plan, "2026-11-23T17:20:00Z", vec![out("A3")]).unwrap();
    for case in [hardship, again, paid, all] {
        assert!(second.stops.iter().all(|stop| stop.case_ref != **case), "{case}");
    }
}

fn nothing_changes_and_nothing_is_saved(database: &Database) {
    let day = Day::new(database);
    let early = "2026-11-23T13:30:00Z";
    let answer = day.replan(early, vec![]);
    assert!(!answer.saved, "{:?}", answer.stops);
    assert_eq!((answer.plan, answer.version), (day.plan, 1));
    assert!(answer.notices[0].starts_with("Nothing changes"), "{:?}", answer.notices);
    assert_eq!(answer.before, answer.after);
    assert!(answer.stops.iter().all(|stop| stop.change == "kept"));
    assert!(answer.agents.iter().all(|agent| agent.known_by == "base"));
    assert_eq!(database.raw().unwrap().count("plans").unwrap(), 1);
}

fn what_nobody_told_is_as_the_plan_says(database: &Database) {
    let day = Day::new(database);
    // Nothing is heard of A1: noon finds him or her where the plan does.
    let (over, _) = day.split("A1");
    let answer = day.replan(NOON, vec![urgent(&day.crowded_out())]);
    let agent = &answer.agents[0];
    assert_eq!((&*agent.agent_ref, &*agent.known_by), ("A1", "plan"));
    for case in &over {
        let stop = of(&answer, case);
        assert_eq!((&*stop.change, agent_of(stop)), ("done", "A1"));
        assert!(stop.why.as_ref().unwrap().contains("nothing else is known"), "{stop:?}");
    }
    // Later there are records, and one of the visits was not made: it is planned again.
    day.visited("A1", &over[1..]);
    let second = day.ask(answer.plan, "2026-11-23T17:30:00Z", vec![out("A3")]).unwrap();
    let agent = &second.agents[0];
    assert_eq!(agent.known_by, "record");
    let stop = second.stops.iter().find(|stop| stop.case_ref == over[0]).unwrap();
    assert!(!matches!(&*stop.change, "done" | "begun"), "{stop:?}");
    for case in &over[1..] {
        assert_eq!(of(&second, case).change, "done");
    }
}

fn agents_go_on_from_where_they_are(database: &Database) {
    let day = Day::new(database);
    for agent in ["A1", "A2", "A3"] {
        day.visited(agent, &day.split(agent).0);
    }
    let (done, left) = day.split("A1");
    let door = day.rows.stops.iter().find(|s| day.name(s.case_id) == left[1]).unwrap();
    let (lat, lon) = (f64::from(door.lat_e7) / 1e7, f64::from(door.lon_e7) / 1e7);
    let begun = Event::Begun { case: left[1].clone(), agent: None, at: Some(at("11:58")) };
    let place = Event::Position { agent: "A2".into(), lat, lon };
    let answer = day.replan(NOON, vec![begun, place, urgent(&day.crowded_out())]);
    let [first, second, _] = &answer.agents[..] else { panic!() };
    assert_eq!(first.at_case.as_deref(), Some(&*left[1]));
    assert_eq!(first.free_at, Some(at("12:33")), "35 minutes at the door");
    assert_eq!(
        (&*second.known_by, second.lat_e7, second.lon_e7),
        ("given", door.lat_e7, door.lon_e7)
    );
    let rows = rows(&day.office, answer.plan);
    let route = day.route(&rows, "A1");
    assert_eq!(route[..done.len()], done[..]);
    assert_eq!((&route[done.len()], &*of(&answer, &left[1]).change), (&left[1], "begun"));
    for stop in &rows.stops {
        let change = of(&answer, &day.name(stop.case_id)).change.clone();
        if !matches!(&*change, "done" | "begun") {
            assert!(stop.arrive_at >= at("12:00").as_microsecond());
        }
    }
    // What was done, said and not recorded, is done as well.
    let told = Event::Done { case: left[0].clone(), agent: None, at: Some(at("11:50")) };
    let answer = day.replan(NOON, vec![told, urgent(&day.crowded_out())]);
    let stop = of(&answer, &left[0]);
    assert_eq!((&*stop.change, stop.why.as_deref()), ("done", Some("The office said so.")));
    assert!(stop.to.as_ref().unwrap().start_at.unwrap() <= at("11:50"));
}

fn a_move_has_its_price(database: &Database) {
    let mut day = Day::new(database);
    for agent in ["A1", "A2", "A3"] {
        day.visited(agent, &day.split(agent).0);
    }
    let moves = |day: &Day| {
        let answer = day.replan(NOON, vec![out("A2")]);
        let had =
            |stop: &&StopChange| stop.from.as_ref().is_some_and(|from| from.agent_ref != "A2");
        let moved = |stop: &&StopChange| {
            had(stop)
                && stop.change == "moved"
                && stop.to.as_ref().map(|to| &to.agent_ref)
                    != stop.from.as_ref().map(|from| &from.agent_ref)
        };
        answer.stops.iter().filter(moved).count()
    };
    day.office.app.settings.replanning.moved_stop = 0.0.try_into().unwrap();
    let free = moves(&day);
    day.office.app.settings.replanning.moved_stop = 100_000.0.try_into().unwrap();
    let dear = moves(&day);
    assert_eq!(dear, 0, "free: {free}");
}

fn what_cannot_be_is_refused(database: &Database) {
    let day = Day::new(database);
    for agent in ["A1", "A2", "A3"] {
        day.visited(agent, &day.split(agent).0);
    }
    let (done, left) = day.split("A1");
    let (stop, other) = (&left[0], &left[1]);
    let away = |case: &str, why: &str| Event::FallsAway { case: case.into(), why: why.into() };
    let not_planned = day.crowded_out();
    for (events, field, rule) in [
        (vec![urgent("NONE")], "events[0].case", "unknown_case"),
        (vec![urgent(&done[0])], "events[0].case", "done"),
        (vec![out("A9")], "events[0].agent", "unknown_agent"),
        (vec![out("A1"), out("A1")], "events[1].agent", "contradiction"),
        (vec![urgent(stop), away(stop, "paid")], "events[1].case", "contradiction"),
        (vec![away(stop, "paid"), lock(stop, None)], "events[1].case", "contradiction"),
        (vec![away(stop, " ")], "events[0].why", "missing"),
        (vec![away(&not_planned, "paid")], "events[0].case", "not_planned"),
        (vec![out("A1"), lock(stop, None)], "events[1].agent", "contradiction"),
        (vec![lock(stop, None), out("A1")], "events[1].agent", "contradiction"),
        (
            vec![appointment(stop, "14:00", "15:00"), appointment(stop, "15:00", "16:00")],
            "events[1].case",
            "contradiction",
        ),
        (vec![appointment(stop, "15:00", "14:00")], "events[0].from", "instant"),
        (vec![appointment(stop, "10:00", "11:00")], "events[0].to", "instant"),
        (vec![appointment(stop, "21:30", "22:00")], "events[0].case", "window"),
        (
            vec![Event::Begun { case: stop.clone(), agent: None, at: Some(at("13:00")) }],
            "events[0].at",
            "instant",
        ),
        (
            vec![Event::Position { agent: "A1".into(), lat: 91.0, lon: 0.0 }],
            "events[0].lat",
            "value",
        ),
        (
            vec![Event::AgentOut {
                agent: "A1".into(),
                from: Some("2026-11-24T17:00:00Z".parse().unwrap()),
            }],
            "events[0].from",
            "instant",
        ),
        (vec![urgent(other); 201], "events", "too_many"),
    ] {
        let faults = day.refused(NOON, events);
        assert_eq!((&*faults[0].field, &*faults[0].rule), (field, rule), "{faults:?}");
        assert!(!faults[0].detail.is_empty());
    }
    for now in ["2026-11-22T17:00:00Z", "2026-11-24T17:00:00Z"] {
        let faults = day.refused(now, vec![]);
        assert_eq!((&*faults[0].field, &*faults[0].rule), ("now", "instant"), "{faults:?}");
    }
    day.office.import(&book(&[(stop, "dispute")]), &agents()).unwrap();
    let faults = day.refused(NOON, vec![urgent(stop)]);
    assert_eq!((&*faults[0].field, &*faults[0].rule), ("events[0].case", "flagged"), "{faults:?}");
    let faults = day.refused(NOON, vec![lock(stop, None)]);
    assert_eq!((&*faults[0].field, &*faults[0].rule), ("events[0].case", "flagged"), "{faults:?}");
    assert_eq!(database.raw().unwrap().count("plans").unwrap(), 1, "nothing was saved");
}
