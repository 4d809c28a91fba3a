//! What comes down: only the agent's own cases, each change once, in pages that can be repeated.

use server::error::Error;
use server::usecases::allocate::{allocate, by_reference, withdraw};
use server::usecases::publish::{Empty, publish};
use sync_core::kinds::Disposition;
use sync_core::protocol::{Frame, decode_frames};
use tests::book::{Case, cases_csv, dover};
use tests::database::Database;
use tests::installation::{DAY, Installation};
use tests::phone::Phone;

use super::{Field, field};
use crate::db::on_both;

on_both!(
    snapshots_hold_the_agents_cases_and_nothing_else,
    ops_of_others_come_once_and_own_ones_as_an_echo,
    a_case_is_given_and_taken_back,
    a_later_import_recalls_and_renews_facts,
    pages_are_bounded_and_can_be_asked_for_again,
    a_published_plan_comes_down_and_publishing_again_changes_nothing,
    a_newer_plan_takes_back_what_is_on_no_route_any_more,
    a_plan_without_visits_takes_nothing_back_unless_that_is_meant,
    another_epoch_begins_anew,
);

fn snapshots_hold_the_agents_cases_and_nothing_else(database: &Database) {
    let Field { doorstep, cases, mut one, mut two } = field(database);
    one.visit(cases[0], Disposition::NoContact).unwrap();
    one.push_all(&doorstep).unwrap();
    two.pull(&doorstep).unwrap();
    let theirs: Vec<_> = two.facts.keys().copied().collect();
    assert_eq!(theirs, [cases[2], cases[3]]);
    let facts = &two.facts[&cases[3]];
    assert_eq!((facts.case_ref.as_str(), facts.name.as_str()), ("C4", "Name of B-C4"));
    assert_eq!((facts.amount_due.get(), facts.currency.as_str()), (900_000, "USD"));
    let text = format!("{:?}", two.frames);
    assert!(!text.contains("B-C1") && !text.contains("B-C2"), "{text}");
    let packs = two.frames.iter().filter(|frame| matches!(frame, Frame::Packs(_))).count();
    assert_eq!(packs, 1);
    // Nothing new: nothing comes, the packs neither.
    let before = two.frames.len();
    two.pull(&doorstep).unwrap();
    assert_eq!(two.frames.len(), before);
}

fn ops_of_others_come_once_and_own_ones_as_an_echo(database: &Database) {
    let Field { doorstep, cases, mut one, mut two } = field(database);
    one.pull(&doorstep).unwrap();
    two.pull(&doorstep).unwrap();
    one.visit(cases[0], Disposition::NoContact).unwrap();
    let shared = one.visit(cases[2], Disposition::Paid).unwrap();
    one.push_all(&doorstep).unwrap();
    let (before_one, before_two) = (one.frames.len(), two.frames.len());
    one.pull(&doorstep).unwrap();
    two.pull(&doorstep).unwrap();
    let echoes = one.frames[before_one..].iter().map(|frame| match frame {
        Frame::OwnOp { sequence, .. } => *sequence,
        other => panic!("{other:?}"),
    });
    assert_eq!(echoes.collect::<Vec<_>>(), [1, 2]);
    let [Frame::Op(received)] = &two.frames[before_two..] else { panic!("{:?}", two.frames) };
    assert_eq!(received.op, one.ops[1]);
    assert_eq!(received.op.header.dot, shared);
    assert_eq!(one.cases[&cases[2]], two.cases[&cases[2]]);
}

fn a_case_is_given_and_taken_back(database: &Database) {
    let Field { doorstep, cases, mut one, mut two } = field(database);
    one.visit(cases[0], Disposition::NoContact).unwrap();
    one.push_all(&doorstep).unwrap();
    two.pull(&doorstep).unwrap();
    let (case, agent) = by_reference(&doorstep.app, "C1", "K2").unwrap();
    assert!(allocate(&doorstep.app, case, agent, None).unwrap());
    assert!(!allocate(&doorstep.app, case, agent, None).unwrap(), "he has it");
    two.pull(&doorstep).unwrap();
    assert_eq!(two.cases[&case].visits().len(), 1, "with all that was written of it");
    assert!(withdraw(&doorstep.app, case, agent, None).unwrap());
    one.visit(cases[0], Disposition::Paid).unwrap();
    one.push_all(&doorstep).unwrap();
    let before = two.frames.len();
    two.pull(&doorstep).unwrap();
    assert!(matches!(&two.frames[before..], [Frame::Withdrawn { case: of, .. }] if *of == case));
    assert!(!two.cases.contains_key(&case));
    // Given again between two pulls: one snapshot, and no word of the withdrawal.
    allocate(&doorstep.app, case, agent, None).unwrap();
    withdraw(&doorstep.app, case, agent, None).unwrap();
    allocate(&doorstep.app, case, agent, None).unwrap();
    let before = two.frames.len();
    two.pull(&doorstep).unwrap();
    assert!(
        matches!(&two.frames[before..], [Frame::Granted { .. }]),
        "{:?}",
        &two.frames[before..]
    );
    assert_eq!(two.cases[&case].visits().len(), 2);
}

fn a_later_import_recalls_and_renews_facts(database: &Database) {
    let Field { doorstep, cases, mut one, mut two } = field(database);
    one.pull(&doorstep).unwrap();
    two.pull(&doorstep).unwrap();
    let book = [
        Case::new("C1").due(850_000),
        Case::new("C2").flags("bereaved"),
        Case::new("C3"),
        Case::new("C4"),
    ];
    doorstep.import(&cases_csv(&book), "").unwrap();
    one.pull(&doorstep).unwrap();
    let recalls = [(cases[0], "amount_changed".to_owned()), (cases[1], "bereaved".to_owned())];
    let mut came = one.recalls.clone();
    came.sort();
    let mut expected = recalls.to_vec();
    expected.sort();
    assert_eq!(came, expected);
    assert_eq!(one.facts[&cases[0]].amount_due.get(), 850_000);
    assert_eq!(one.facts[&cases[1]].flags.to_string(), "bereaved");
    let before = two.frames.len();
    two.pull(&doorstep).unwrap();
    assert_eq!(two.frames.len(), before, "no case of his changed");
    // The same book once more changes nothing.
    let head = doorstep.app.store.head(doorstep.app.org).unwrap();
    doorstep.import(&cases_csv(&book), "").unwrap();
    assert_eq!(doorstep.app.store.head(doorstep.app.org).unwrap(), head);
    // What is true of the person is told of every account of hers that somebody has.
    let more = [Case::new("C4"), Case::new("D9").of("B-C4").flags("no_contact")];
    doorstep.import(&cases_csv(&more), "").unwrap();
    let flagged = [Case::new("D9").of("B-C4").flags("no_contact;vulnerable")];
    doorstep.import(&cases_csv(&flagged), "").unwrap();
    two.pull(&doorstep).unwrap();
    for code in ["no_contact", "vulnerable"] {
        assert!(two.recalls.contains(&(cases[3], code.to_owned())), "{code}: {:?}", two.recalls);
    }
    assert!(two.facts[&cases[3]].flags.to_string().contains("vulnerable"));
}

fn pages_are_bounded_and_can_be_asked_for_again(database: &Database) {
    let Field { doorstep, cases, mut one, mut two } = field(database);
    two.pull(&doorstep).unwrap();
    for _ in 0..700 {
        one.visit(cases[2], Disposition::NoContact).unwrap();
    }
    one.push_all(&doorstep).unwrap();
    let before = two.frames.len();
    let end = two.pull_page(&doorstep).unwrap();
    assert!(end.more);
    assert_eq!(two.frames.len() - before, 500);
    // The same cursor gives the same page again, although the log went on.
    one.visit(cases[2], Disposition::Paid).unwrap();
    one.push(&doorstep, 701, 701).unwrap();
    let page = |cursor: &str| {
        let page = server::usecases::pull::pull(&doorstep.app, two.actor, Some(cursor)).unwrap();
        decode_frames(&page).unwrap()
    };
    let (first, again) = (page(&end.cursor), page(&end.cursor));
    assert_eq!(first.0, again.0);
    assert_eq!((first.0.len(), first.1.more), (200, false), "up to the head it began with");
    two.pull(&doorstep).unwrap();
    assert_eq!(two.cases[&cases[2]].visits().len(), 700);
    two.pull(&doorstep).unwrap();
    assert_eq!(two.cases[&cases[2]].visits().len(), 701);
}

fn planned(database: &Database) -> Installation {
    let doorstep = Installation::new(database).unwrap();
    let (cases, agents) = dover();
    doorstep.import(&cases, &agents).unwrap();
    doorstep.score().unwrap();
    doorstep.territories().unwrap();
    doorstep.plan().unwrap();
    doorstep
}

fn a_published_plan_comes_down_and_publishing_again_changes_nothing(database: &Database) {
    let doorstep = planned(database);
    let shown = doorstep.shown().unwrap();
    let stops: usize = shown.routes.iter().map(|route| route.stops.len()).sum();
    let day = DAY.parse().unwrap();
    assert!(publish(&doorstep.app, day, Some(9), Empty::Refused, None).is_err());
    let done = publish(&doorstep.app, day, None, Empty::Refused, None).unwrap();
    assert_eq!((done.version, done.granted, done.withdrawn, done.again), (1, stops, 0, false));
    let head = doorstep.app.store.head(doorstep.app.org).unwrap();
    let again = publish(&doorstep.app, day, Some(1), Empty::Refused, None).unwrap();
    assert_eq!((again.granted, again.kept, again.again), (0, stops, true));
    assert_eq!(doorstep.app.store.head(doorstep.app.org).unwrap(), head);
    for (number, agent) in (1..).zip(["K1", "k2", "L-3"]) {
        let mut phone = Phone::enrol(database, &doorstep, number, agent).unwrap();
        phone.pull(&doorstep).unwrap();
        let plan = phone.plan.clone().unwrap();
        assert_eq!((plan.date, plan.version), (day, 1));
        let route = shown.routes.iter().find(|route| route.agent_ref == agent);
        let refs: Vec<_> =
            route.iter().flat_map(|r| &r.stops).map(|s| s.case_ref.clone()).collect();
        let came: Vec<_> =
            plan.stops.iter().map(|stop| phone.facts[&stop.case].case_ref.clone()).collect();
        assert_eq!(came, refs);
        assert_eq!(phone.facts.len(), refs.len(), "and no other case");
    }
}

fn a_newer_plan_takes_back_what_is_on_no_route_any_more(database: &Database) {
    let doorstep = planned(database);
    let day = DAY.parse().unwrap();
    publish(&doorstep.app, day, None, Empty::Refused, None).unwrap();
    let mut phones: Vec<Phone> = (1..)
        .zip(["K1", "k2", "L-3"])
        .map(|(number, agent)| Phone::enrol(database, &doorstep, number, agent).unwrap())
        .collect();
    for phone in &mut phones {
        phone.pull(&doorstep).unwrap();
    }
    let refs = |doorstep: &Installation| -> Vec<Vec<String>> {
        let routes = doorstep.shown().unwrap().routes;
        let of = |agent: &str| {
            let route = routes.iter().find(|route| route.agent_ref == agent);
            let stops = route.into_iter().flat_map(|route| &route.stops);
            let mut refs: Vec<_> = stops.map(|stop| stop.case_ref.clone()).collect();
            refs.sort();
            refs
        };
        ["K1", "k2", "L-3"].map(of).into()
    };
    let before = refs(&doorstep);
    // Half of the book is disputed now, so the routes are others.
    let (cases, _) = dover();
    let disputed: String = cases
        .lines()
        .enumerate()
        .map(
            |(at, line)| if at % 2 == 1 { format!("{line}dispute\n") } else { format!("{line}\n") },
        )
        .collect();
    doorstep.import(&disputed.replace("vulnerabledispute", "dispute"), "").unwrap();
    doorstep.score().unwrap();
    doorstep.plan().unwrap();
    let done = publish(&doorstep.app, day, None, Empty::Refused, None).unwrap();
    let after = refs(&doorstep);
    assert_ne!(before, after);
    assert!(done.withdrawn > 0 && done.version == 2, "{done:?}");
    for (phone, refs) in phones.iter_mut().zip(&after) {
        phone.pull(&doorstep).unwrap();
        let mut had: Vec<_> = phone.facts.values().map(|facts| facts.case_ref.clone()).collect();
        had.sort();
        assert_eq!(&had, refs);
        assert_eq!(phone.plan.as_ref().map(|plan| plan.version), Some(2));
    }
    // Back to the first version: it is the newest publication again.
    publish(&doorstep.app, day, Some(1), Empty::Refused, None).unwrap();
    for (phone, refs) in phones.iter_mut().zip(&before) {
        phone.pull(&doorstep).unwrap();
        let mut had: Vec<_> = phone.facts.values().map(|facts| facts.case_ref.clone()).collect();
        had.sort();
        assert_eq!(&had, refs);
        assert_eq!(phone.plan.as_ref().map(|plan| plan.version), Some(1));
    }
}

fn a_plan_without_visits_takes_nothing_back_unless_that_is_meant(database: &Database) {
    let doorstep = planned(database);
    let day = DAY.parse().unwrap();
    let granted = publish(&doorstep.app, day, None, Empty::Refused, None).unwrap().granted;
    let disputed: String = dover().0.lines().map(|line| format!("{line}dispute\n")).collect();
    let disputed =
        disputed.replace("flagsdispute", "flags").replace("vulnerabledispute", "dispute");
    doorstep.import(&disputed, "").unwrap();
    doorstep.score().unwrap();
    assert!(doorstep.plan().unwrap().plan.stops.is_empty());
    let changed = || database.raw().unwrap().count("publications").unwrap();
    let refused = publish(&doorstep.app, day, None, Empty::Refused, None).unwrap_err();
    assert!(
        matches!(&refused, Error::EmptyPlan { version: 2, withdrawn, .. } if *withdrawn == granted),
        "{refused:?}"
    );
    let said = refused.to_string();
    assert!(
        said.contains(&format!("take {granted} cases back")) && said.contains("--empty"),
        "{said}"
    );
    assert_eq!(changed(), 1);
    let done = publish(&doorstep.app, day, None, Empty::Meant, None).unwrap();
    assert_eq!((done.withdrawn, changed()), (granted, 2));
    // Nothing is left to be taken back: no harm in it.
    publish(&doorstep.app, day, None, Empty::Refused, None).unwrap();
}

fn another_epoch_begins_anew(database: &Database) {
    let Field { doorstep, cases, mut two, .. } = field(database);
    two.pull(&doorstep).unwrap();
    database.raw().unwrap().run("UPDATE sync_heads SET epoch = 2").unwrap();
    let before = two.frames.len();
    let end = two.pull_page(&doorstep).unwrap();
    assert_eq!(end.epoch, 2);
    let granted = two.frames[before..].iter().filter(|f| matches!(f, Frame::Granted { .. }));
    assert_eq!(granted.count(), 2);
    assert_eq!(two.facts.keys().copied().collect::<Vec<_>>(), [cases[2], cases[3]]);
}
