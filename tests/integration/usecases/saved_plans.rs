//! Saved plans: explained from what they were made from, compared, edited by hand; and what a day would come to
//! otherwise.

use std::collections::BTreeSet;

use server::db::PlanRows;
use server::error::Error;
use server::progress::{Progress, Silent};
use server::usecases::build_plan::{
    CaseExplanation, Edit, EditedPlan, Editor, Fault, Verb, WhatIf, edit_plan, explain_case,
    what_if,
};
use server::usecases::compare_plans::compare_plans;
use server::usecases::export_plan::export_plan;
use server::usecases::import::{Source, import_visits};
use server::usecases::show_plan::show_plan;
use sync_core::model::{CaseId, PlanId};
use tests::book::{Case, cases_csv};
use tests::database::Database;
use tests::installation::{DAY, Installation};

use crate::db::on_both;

on_both!(
    a_plan_is_explained_as_it_was_made,
    a_rule_is_told_with_its_pack,
    what_changed_in_the_book_changes_no_plan_and_is_told,
    a_plan_without_its_basis_tells_what_was_saved,
    stops_are_moved_put_in_and_taken_out,
    locks_hold,
    edits_that_break_a_rule_change_nothing,
    what_if_saves_nothing,
);

/// Two agents with three visits each.
const AGENTS: &str = "agent_ref,base_lat,base_lon,shift_start,shift_end,days,max_visits\n\
    A1,39.1600,-75.5200,09:00,17:00,mon,3\n\
    A2,39.2000,-75.5600,09:00,17:00,mon,3\n";

/// Eight cases that pay, one that is a hardship, and one too far for what it brings.
fn book() -> String {
    let near = |n: u32| {
        let (north, east) = (f64::from(n % 4), f64::from(n / 4));
        Case::new(&format!("C{n}"))
            .at(39.155 + 0.012 * north, -75.53 - 0.02 * east)
            .due(600_000 + 90_000 * i64::from(n))
    };
    let mut cases: Vec<Case> = (0..8).map(near).collect();
    cases.push(Case::new("H").at(39.17, -75.53).flags("hardship"));
    cases.push(Case::new("FAR").at(39.9, -75.52).due(520_000));
    cases_csv(&cases)
}

/// A planned day.
struct Planned {
    office: Installation,
    plan: PlanId,
    rows: PlanRows,
}

impl Planned {
    fn new(database: &Database) -> Self {
        let office = Installation::new(database).unwrap();
        office.import(&book(), AGENTS).unwrap();
        office.score().unwrap();
        office.territories().unwrap();
        let plan = office.plan().unwrap().id;
        let rows = rows(&office, plan);
        assert_eq!(rows.stops.len(), 6, "three visits each");
        Self { office, plan, rows }
    }

    fn explain(&self, plan: PlanId, case_ref: &str) -> CaseExplanation {
        let case = self.id(case_ref);
        explain_case(&self.office.app, &self.office.travel, plan, case).unwrap()
    }

    fn id(&self, case_ref: &str) -> CaseId {
        server::usecases::lists::case_named(&self.office.app, case_ref).unwrap()
    }

    fn edit(&self, plan: PlanId, edits: &[Edit]) -> Result<EditedPlan, Error> {
        let by = Editor { name: "ann".into(), user: None };
        edit_plan(&self.office.app, &self.office.travel, plan, edits, &by, &Silent)
    }

    fn refused(&self, edits: &[Edit]) -> Vec<Fault> {
        match self.edit(self.plan, edits) {
            Err(Error::Edits(faults)) => faults,
            other => panic!("{other:?}"),
        }
    }

    /// References of the stops of an agent, in order.
    fn route(&self, rows: &PlanRows, agent_ref: &str) -> Vec<String> {
        let agents = self.office.app.store.agents(self.office.app.org).unwrap();
        let agent = agents.iter().find(|agent| agent.agent_ref == agent_ref).unwrap();
        let route = rows.routes.iter().find(|route| route.agent_id == agent.agent_id);
        let Some(route) = route else { return Vec::new() };
        let stops = rows.stops.iter().filter(|stop| stop.route_no == route.route_no);
        stops.map(|stop| self.name(stop.case_id)).collect()
    }

    fn name(&self, case: server::db::Id) -> String {
        let refs = self.office.app.store.case_refs(self.office.app.org, &[case]).unwrap();
        refs[0].1.clone()
    }

    /// A case left out because agents have all their visits.
    fn crowded_out(&self) -> String {
        let out = self.rows.left_out.iter().find(|out| out.code == "max_visits").unwrap();
        self.name(out.case_id)
    }
}

fn rows(office: &Installation, plan: PlanId) -> PlanRows {
    office.app.store.plan(office.app.org, plan.into()).unwrap().unwrap()
}

fn edit(verb: Verb, case: &str, agent: Option<&str>, position: Option<usize>) -> Edit {
    Edit { verb, case: case.into(), agent: agent.map(Into::into), with: None, position }
}

/// Every case of the book is in the plan once.
fn each_case_once(rows: &PlanRows) {
    let stops = rows.stops.iter().map(|stop| stop.case_id);
    let all: Vec<_> = stops.chain(rows.left_out.iter().map(|out| out.case_id)).collect();
    assert_eq!(all.len(), 10);
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 10);
}

fn a_plan_is_explained_as_it_was_made(database: &Database) {
    let day = Planned::new(database);
    for out in &day.rows.left_out {
        let said = day.explain(day.plan, &day.name(out.case_id));
        assert!(!said.planned);
        assert_eq!((said.code.as_deref(), &said.sentence), (Some(&*out.code), &out.reason));
        assert_eq!(said.notices, [] as [&str; 0], "posed again it is the same problem");
        let Some(money) = said.money else {
            assert!(out.cost_micro.is_none(), "{out:?}");
            continue;
        };
        let cheapest = money.cheaper.map(|tight| tight.place).or(money.place).unwrap();
        assert_eq!(Some(cheapest.cost_micro), out.cost_micro);
        let parts =
            cheapest.travel_cost_micro + cheapest.time_cost_micro + cheapest.fixed_cost_micro;
        assert_eq!(parts, cheapest.cost_micro);
        match &*out.code {
            "max_visits" => assert_eq!(money.binds, "max_visits"),
            "money" => assert!(Some(cheapest.cost_micro) >= out.prize_micro),
            other => panic!("{other}: {}", out.reason),
        }
    }
    let hardship = day.explain(day.plan, "H");
    assert_eq!(hardship.code.as_deref(), Some("flagged"));
    assert!(hardship.money.is_none());
    assert_eq!(day.explain(day.plan, "FAR").code.as_deref(), Some("money"));
    for row in &day.rows.stops {
        let said = day.explain(day.plan, &day.name(row.case_id));
        assert_eq!(said.notices, [] as [&str; 0]);
        let stop = said.stop.unwrap();
        assert_eq!(stop.marginal_micro, row.marginal_micro);
        assert_eq!(stop.saved_cost_micro, row.prize_micro - row.marginal_micro);
        assert_eq!((stop.number, stop.of), (row.stop_no, 3));
        // Without it the agent has room for one that was crowded out.
        let other = stop.in_its_place.unwrap();
        assert!(other.prize_micro > other.cost_micro);
        let out = day.explain(day.plan, &other.case_ref);
        assert!(!out.planned && out.prize_micro == Some(other.prize_micro));
        assert!(said.sentence.contains(&format!("In its place {} ", other.case_ref)));
    }
}

/// Whoever was visited last week is not visited again; the plan says by which rule, and so does the edit.
fn a_rule_is_told_with_its_pack(database: &Database) {
    let office = Installation::new(database).unwrap();
    office.import(&book(), AGENTS).unwrap();
    let visit = "visit_ref,case_ref,agent_ref,arrived_at,met,disposition\n\
        V1,C7,A1,2026-11-19T10:00,nobody,no_contact\n";
    let source = Source { name: "visits.csv", bytes: visit.as_bytes() };
    assert_eq!(import_visits(&office.app, source, None).unwrap().inserted, 1);
    office.score().unwrap();
    office.territories().unwrap();
    let plan = office.plan().unwrap().id;
    let day = Planned { rows: rows(&office, plan), office, plan };
    let said = day.explain(plan, "C7");
    assert_eq!(said.code.as_deref(), Some("policy"));
    let [rule] = &said.rules[..] else { panic!("{said:?}") };
    assert_eq!((&*rule.pack, rule.version, &*rule.rule), ("house", 1, "caps"));
    assert!(said.sentence.starts_with(&rule.sentence), "{said:?}");
    assert!(said.money.is_none() && said.notices.is_empty());
    let faults = day.refused(&[edit(Verb::PutIn, "C7", Some("A1"), None)]);
    assert_eq!((&*faults[0].field, &*faults[0].rule), ("edits[0].case", "policy"));
    assert!(faults[0].detail.contains(&rule.sentence), "{faults:?}");
}

fn what_changed_in_the_book_changes_no_plan_and_is_told(database: &Database) {
    let mut day = Planned::new(database);
    let stop = day.name(day.rows.stops[0].case_id);
    let before = day.explain(day.plan, &stop);
    let mut lines: Vec<String> = book().lines().map(Into::into).collect();
    let at = lines.iter().position(|line| line.starts_with(&format!("{stop},"))).unwrap();
    lines[at] = format!("{stop},B-{stop},Moved,+1,39.21,-75.49,5000000,130,900000,hardship");
    let agents =
        AGENTS.replace("A1,39.1600", "A1,39.1500").replace("17:00,mon,3\nA2", "16:00,mon,3\nA2");
    day.office.import(&lines.join("\n"), &agents).unwrap();
    day.office.app.settings.costs.per_km = 0.9.try_into().unwrap();
    let after = day.explain(day.plan, &stop);
    assert_eq!((after.sentence, after.stop), (before.sentence, before.stop));
    let notices = after.notices.join("\n");
    for told in [
        format!("1 case is at another place today ({stop})"),
        format!("{stop} may not be visited any more: Hardship"),
        "Agents A1 have other hours, places".into(),
        "The costs or the minutes at a door in doorstep.toml are others today".into(),
    ] {
        assert!(notices.contains(&told), "`{told}` is not in: {notices}");
    }
    assert!(!notices.contains("Priced again"), "{notices}");
    // An edit elsewhere keeps all of it as it was, and says so.
    let other = day.rows.stops.iter().map(|row| day.name(row.case_id)).find(|name| *name != stop);
    let done = day.edit(day.plan, &[edit(Verb::TakeOut, &other.unwrap(), None, None)]).unwrap();
    assert_eq!(done.before.profit_micro, {
        let plan = &day.rows.plan;
        plan.prize_micro - plan.travel_cost_micro - plan.time_cost_micro - plan.fixed_cost_micro
    });
    assert!(done.notices.iter().any(|n| n.starts_with(&format!("{stop} may not be visited"))));
    let kept = rows(&day.office, done.plan);
    let kept = kept.stops.iter().find(|row| row.case_id == day.rows.stops[0].case_id).unwrap();
    let was = &day.rows.stops[0];
    assert_eq!((kept.prize_micro, kept.lat_e7), (was.prize_micro, was.lat_e7));
    assert_eq!((kept.amount_due_minor, &kept.address), (was.amount_due_minor, &was.address));
    // Touching it asks the rules of today.
    let faults = day.refused(&[edit(Verb::Move, &stop, Some("A2"), None)]);
    assert_eq!((&*faults[0].field, &*faults[0].rule), ("edits[0].case", "flagged"));
}

fn a_plan_without_its_basis_tells_what_was_saved(database: &Database) {
    let day = Planned::new(database);
    database.raw().unwrap().run("DELETE FROM plan_basis").unwrap();
    let out = &day.rows.left_out[0];
    let said = day.explain(day.plan, &day.name(out.case_id));
    assert_eq!(said.sentence, out.reason);
    assert!(said.notices[0].starts_with("Only what was saved is told"), "{:?}", said.notices);
    let said = day.explain(day.plan, &day.name(day.rows.stops[0].case_id));
    assert_eq!(said.stop.unwrap().marginal_micro, day.rows.stops[0].marginal_micro);
    let refused = day.edit(day.plan, &[edit(Verb::TakeOut, &said.case_ref, None, None)]);
    let Err(Error::Outdated(why)) = refused else { panic!("{refused:?}") };
    assert!(why.contains("plan the day again"), "{why}");
}

fn stops_are_moved_put_in_and_taken_out(database: &Database) {
    let day = Planned::new(database);
    let (first, second) = (day.route(&day.rows, "A1"), day.route(&day.rows, "A2"));
    let new = day.crowded_out();
    // A2 loses one, A1 gives the last to the front of A2, and gets one that was crowded out.
    let edits = [
        edit(Verb::TakeOut, &second[1], None, None),
        edit(Verb::Move, &first[2], Some("A2"), Some(1)),
        edit(Verb::PutIn, &new, Some("A1"), None),
    ];
    let done = day.edit(day.plan, &edits).unwrap();
    assert_eq!((done.version, done.from_version, &*done.edited_by), (2, 1, "ann"));
    let rows = rows(&day.office, done.plan);
    each_case_once(&rows);
    assert_eq!(day.route(&rows, "A2"), [&*first[2], &second[0], &second[2]]);
    let on_first: BTreeSet<String> = day.route(&rows, "A1").into_iter().collect();
    assert_eq!(on_first, [&*first[0], &first[1], &new].into_iter().map(Into::into).collect());
    assert_eq!(rows.plan.edited_from, Some(1));
    assert_eq!(rows.plan.edited_by.as_deref(), Some("ann"));
    let sum: i64 = rows.routes.iter().map(|route| route.prize_micro).sum();
    assert_eq!((done.after.prize_micro, done.after.visits), (sum, 6));
    // What was taken out says so, and what it would cost.
    let out = rows.left_out.iter().find(|out| day.name(out.case_id) == second[1]).unwrap();
    assert_eq!(out.code, "by_hand");
    assert!(
        out.reason.starts_with("Taken out by hand by ann. The visit is worth"),
        "{}",
        out.reason
    );
    assert!(out.cost_micro.is_some());
    // The new version explains itself from its own basis.
    for out in &rows.left_out {
        let said = day.explain(done.plan, &day.name(out.case_id));
        assert_eq!((said.sentence, said.notices), (out.reason.clone(), vec![]));
    }
    // The cheapest place was taken for the one put in: no other brings more.
    let other = (1..=3).map(|to| {
        let edits = [edit(Verb::Move, &new, Some("A1"), Some(to))];
        day.edit(done.plan, &edits).unwrap().after.profit_micro
    });
    assert_eq!(other.max(), Some(done.after.profit_micro));

    let compared = compare_plans(&day.office.app, day.plan, done.plan, 1_440).unwrap();
    let refs = |stops: &[server::usecases::compare_plans::OneSided]| -> Vec<String> {
        stops.iter().map(|stop| stop.case_ref.clone()).collect()
    };
    assert_eq!(refs(&compared.added), [&*new]);
    assert_eq!(refs(&compared.dropped), [&*second[1]]);
    assert_eq!(compared.dropped[0].code.as_deref(), Some("by_hand"));
    assert!(
        compared.added[0].reason.as_ref().unwrap().starts_with("put in by hand by ann; left out")
    );
    assert_eq!(compared.other_agent.len(), 1);
    let moved = &compared.other_agent[0];
    assert_eq!((&*moved.case_ref, moved.to.number), (&*first[2], 1));
    assert_eq!(moved.reason.as_deref(), Some("edited by hand by ann"));
    assert_eq!(compared.kept + compared.other_time.len(), 4);
    assert_eq!(
        compared.difference.profit_micro,
        done.after.profit_micro - done.before.profit_micro
    );
    // Both versions are written as the same files, and the edited one says what it is.
    let names = |plan| {
        let shown = show_plan(&day.office.app, &day.office.travel, plan).unwrap();
        let folder = export_plan(day.office.dir(), &shown, &[]).unwrap();
        let files = std::fs::read_dir(&folder).unwrap();
        let names: BTreeSet<_> = files.map(|file| file.unwrap().file_name()).collect();
        (names, std::fs::read_to_string(folder.join("plan.html")).unwrap())
    };
    let (old, new) = (names(day.plan), names(done.plan));
    assert_eq!((old.0.len(), &old.0), (5, &new.0));
    assert!(new.1.contains("Edited by hand by ann from version 1"));
    assert!(!old.1.contains("Edited by hand"));
    // Nothing of the first version changed.
    assert_eq!(self::rows(&day.office, day.plan), day.rows);
}

fn locks_hold(database: &Database) {
    let day = Planned::new(database);
    let first = day.route(&day.rows, "A1");
    let lock = edit(Verb::Lock, &first[0], Some("A1"), None);
    let done = day.edit(day.plan, std::slice::from_ref(&lock)).unwrap();
    assert_eq!(done.before.profit_micro, done.after.profit_micro);
    let said = day.explain(done.plan, &first[0]);
    assert_eq!(said.stop.unwrap().locked_to.as_deref(), Some("A1"));
    assert!(said.sentence.contains("It is locked to A1."));
    let second = day.route(&day.rows, "A2");
    let away = [
        edit(Verb::TakeOut, &second[0], None, None),
        edit(Verb::Move, &first[0], Some("A2"), Some(1)),
    ];
    let Err(Error::Edits(faults)) = day.edit(done.plan, &away) else { panic!() };
    assert_eq!((&*faults[0].field, &*faults[0].rule), ("edits[1].agent", "locked"));
    // Out of the plan it waits for its agent alone.
    let out = day.edit(done.plan, &[edit(Verb::TakeOut, &first[0], None, None)]).unwrap();
    let said = day.explain(out.plan, &first[0]);
    assert!(said.sentence.contains("It is locked to A1."), "{}", said.sentence);
    let place = said.money.unwrap().place.unwrap();
    assert_eq!(place.agent_ref, "A1");
    let unlocked = [&[edit(Verb::Unlock, &first[0], None, None)], &away[..]].concat();
    let moved = day.edit(done.plan, &unlocked).unwrap();
    assert_eq!(day.route(&rows(&day.office, moved.plan), "A2")[0], first[0]);
    // Who is locked to one agent is no stop of another.
    let faults = day.refused(&[edit(Verb::Lock, &first[0], Some("A2"), None)]);
    assert_eq!((&*faults[0].field, &*faults[0].rule), ("edits[0].agent", "locked"));
}

fn edits_that_break_a_rule_change_nothing(database: &Database) {
    let day = Planned::new(database);
    let (first, new) = (day.route(&day.rows, "A1"), day.crowded_out());
    let put_in = |case: &str, agent: &str, to| edit(Verb::PutIn, case, Some(agent), to);
    for (edits, field, rule, word) in [
        (vec![put_in("H", "A1", None)], "edits[0].case", "flagged", "Hardship"),
        (vec![put_in(&new, "A1", None)], "edits[0].agent", "max_visits", "4 visits, and makes 3"),
        (vec![put_in("NONE", "A1", None)], "edits[0].case", "unknown_case", "NONE"),
        (vec![put_in(&new, "A9", None)], "edits[0].agent", "unknown_agent", "A9"),
        (vec![put_in(&first[0], "A2", None)], "edits[0].case", "already_planned", "move it"),
        (vec![edit(Verb::TakeOut, &new, None, None)], "edits[0].case", "not_planned", "no stop"),
        (vec![edit(Verb::Move, &new, Some("A1"), None)], "edits[0].case", "not_planned", "no stop"),
        (vec![edit(Verb::Move, &first[0], None, None)], "edits[0].agent", "missing", "name"),
        (
            vec![edit(Verb::TakeOut, &first[0], Some("A1"), None)],
            "edits[0].agent",
            "too_many",
            "leave",
        ),
        (
            vec![edit(Verb::Unlock, &first[0], None, Some(1))],
            "edits[0].position",
            "too_many",
            "leave",
        ),
        (
            vec![edit(Verb::TakeOut, &first[0], None, None), put_in(&new, "A1", Some(4))],
            "edits[1].position",
            "position",
            "2 stops",
        ),
        (vec![], "edits", "missing", "at least one"),
    ] {
        let faults = day.refused(&edits);
        assert_eq!((&*faults[0].field, &*faults[0].rule), (field, rule), "{faults:?}");
        assert!(faults[0].detail.contains(word), "{faults:?}");
    }
    // A way of many hours: the shift ends before it does.
    let far = edit(Verb::PutIn, "FAR", Some("A1"), Some(3));
    let mut slow = Planned { office: day.office, ..day };
    slow.office.app.settings.planning.fallback_speed_km_h = 12.0;
    slow.office.travel =
        server::travel::Travel::open(&slow.office.app.dir, &slow.office.app.settings.planning)
            .unwrap();
    let out = edit(Verb::TakeOut, &first[0], None, None);
    let faults = slow.refused(&[out, far]);
    assert_eq!((&*faults[0].field, &*faults[0].rule), ("edits[1].position", "shift"), "{faults:?}");
    assert!(faults[0].detail.contains("after the end of the shift"), "{faults:?}");
    assert_eq!(database.raw().unwrap().count("plans").unwrap(), 1, "nothing was saved");
}

fn asked() -> WhatIf {
    WhatIf {
        date: DAY.parse().unwrap(),
        agents: Some((1, 4)),
        cost_per_km: None,
        cost_per_hour: None,
        hours: None,
        visit_hours: None,
        tier_from: None,
        seed: 7,
        iterations: 200,
    }
}

/// A watcher who has gone.
struct Gone;

impl Progress for Gone {
    fn is_cancelled(&self) -> bool {
        true
    }
}

fn what_if_saves_nothing(database: &Database) {
    let day = Planned::new(database);
    let (app, travel) = (&day.office.app, &day.office.travel);
    let scores = app.store.scores(app.org).unwrap();
    let ask = |asked: WhatIf| what_if(app, travel, &asked, &Silent);
    let answer = ask(asked()).unwrap();
    assert_eq!((answer.agents_on_duty, answer.candidates, answer.searched), (2, 9, 9));
    let agents: Vec<usize> = answer.curve.iter().map(|point| point.agents).collect();
    assert_eq!(agents, [1, 2, 3, 4]);
    for pair in answer.curve.windows(2) {
        assert!(pair[0].profit_micro <= pair[1].profit_micro, "{:?}", answer.curve);
        assert_eq!(pair[1].next_agent_micro, Some(pair[1].profit_micro - pair[0].profit_micro));
    }
    for point in &answer.curve {
        let costs = point.travel_cost_micro + point.time_cost_micro + point.fixed_cost_micro;
        assert_eq!(point.prize_micro - costs, point.profit_micro);
        assert!(point.sent <= point.agents && point.visits <= 3 * point.agents);
    }
    assert_eq!(answer.curve[0].visits, 3, "one agent makes three visits");
    // Two agents are those of the plan; a third has the two cases that were crowded out.
    let plan = &day.rows.plan;
    let profit =
        plan.prize_micro - plan.travel_cost_micro - plan.time_cost_micro - plan.fixed_cost_micro;
    assert_eq!(answer.curve[1].profit_micro, profit);
    assert!(answer.next_agent_micro > 0);
    assert_eq!(Some(answer.next_agent_micro), answer.curve[2].next_agent_micro);
    // The number of visits binds, not the hours.
    assert_eq!((answer.next_hour_micro, answer.next_hour_each_micro), (0, 0));
    assert_eq!(ask(asked()).unwrap(), answer, "the same seed gives the same answer");

    let free = ask(WhatIf { cost_per_km: Some(0.0), ..asked() }).unwrap();
    assert!(free.curve.iter().all(|point| point.travel_cost_micro == 0));
    assert!(free.curve[1].profit_micro > profit);
    assert_eq!(free.assumed, ["A kilometre costs 0.00 USD."]);
    let hour = ask(WhatIf { cost_per_hour: Some(1.0), hours: Some(-7.5), ..asked() }).unwrap();
    assert!(hour.next_hour_micro > 0, "half an hour is too short for three visits: {hour:?}");
    // Shifts are from 9 to 17: half an hour of visits is enough for some, none for hours after the shift.
    let hours = |text: &str| Some(text.parse().unwrap());
    let early = ask(WhatIf { visit_hours: hours("09:00-09:30"), ..asked() }).unwrap();
    assert!(early.curve[3].visits > 0, "{early:?}");
    assert!(early.curve[1].profit_micro < profit);
    let said =
        "Everybody may be visited 09:00-09:30, and not at other hours; those of the rules hold.";
    assert_eq!(early.assumed, [said]);
    let late = ask(WhatIf { visit_hours: hours("18:00-20:00"), ..asked() }).unwrap();
    assert_eq!(late.curve[3].visits, 0);
    // Nobody is visited before eight, whatever is assumed: the house pack holds.
    let night =
        ask(WhatIf { visit_hours: hours("05:00-07:30"), hours: Some(2.0), ..asked() }).unwrap();
    assert_eq!((night.candidates, night.curve[3].visits), (0, 0));
    let none = ask(WhatIf { tier_from: Some(1_000), ..asked() }).unwrap();
    assert_eq!((none.candidates, none.curve[3].visits), (0, 0));

    for (wrong, field) in [
        (WhatIf { agents: Some((0, 2)), ..asked() }, "agents"),
        (WhatIf { agents: Some((3, 2)), ..asked() }, "agents"),
        (WhatIf { agents: Some((1, 90)), ..asked() }, "agents"),
        (WhatIf { hours: Some(f64::NAN), ..asked() }, "hours"),
        (WhatIf { hours: Some(-8.0), ..asked() }, "hours"),
        (WhatIf { cost_per_km: Some(-1.0), ..asked() }, "cost_per_km"),
        (WhatIf { tier_from: Some(-5), ..asked() }, "tier_from"),
    ] {
        let Err(Error::Invalid(why)) = ask(wrong) else { panic!("{field}") };
        assert!(why.starts_with(field), "{why}");
    }
    let gone = what_if(app, travel, &asked(), &Gone);
    assert!(matches!(gone, Err(Error::Cancelled)), "{gone:?}");
    assert_eq!(app.store.scores(app.org).unwrap(), scores);
    let mut raw = database.raw().unwrap();
    assert_eq!((raw.count("plans").unwrap(), raw.count("plan_basis").unwrap()), (1, 1));
}
