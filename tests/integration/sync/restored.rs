//! The server goes on from a backup: what phones know comes back, what the office writes reaches them.

use server::usecases::allocate::{by_reference, withdraw};
use server::usecases::office::{OfficeOp, write};
use server::usecases::restored::{DEVICES, GAP, restored};
use sync_core::kinds::{CaseStatus, Content, StatusEdit};
use sync_core::model::CaseId;
use sync_core::op::Dot;
use tests::database::{Backup, Database};
use tests::installation::Installation;
use tests::pocket::Pocket;

use super::{Field, counts, field};
use crate::db::on_both;

on_both!(
    the_server_notices_and_nothing_is_lost_or_doubled,
    told_by_command_no_number_comes_twice,
    a_phone_that_wrote_nothing_is_noticed_too,
    a_cursor_beyond_the_log_begins_anew,
    a_lost_epoch_is_not_used_again,
    a_device_is_believed_once_an_hour,
);

fn tag(doorstep: &Installation, case: CaseId, tag: &str) -> Dot {
    write(&doorstep.app, None, &[OfficeOp::of(case, Content::TagAdded(tag.into()))]).unwrap()[0]
}

fn close(doorstep: &Installation, case: CaseId) {
    let edit = StatusEdit { status: CaseStatus::Closed, reason: "paid at the counter".into() };
    write(&doorstep.app, None, &[OfficeOp::of(case, Content::Status(edit))]).unwrap();
}

fn head(doorstep: &Installation) -> (i64, i64, i64, i64) {
    let head = doorstep.app.store.head(doorstep.app.org).unwrap();
    (head.epoch, head.server_seq, head.office_sequence, head.last_actor)
}

/// The installation after the database went back.
fn back(database: &Database, doorstep: Installation, backup: &Backup, seed: u64) -> Installation {
    let dir = doorstep.dir().path().to_owned();
    drop(doorstep);
    database.restore(backup).unwrap();
    Installation::open(&dir, database.url(), seed).unwrap()
}

fn the_server_notices_and_nothing_is_lost_or_doubled(database: &Database) {
    let Field { doorstep, cases, .. } = field(database);
    let mut phone = Pocket::enrol(database, &doorstep, 5, "K1").unwrap();
    phone.sync(&doorstep).unwrap();
    phone.visit(cases[0]).unwrap();
    tag(&doorstep, cases[0], "dog");
    phone.sync(&doorstep).unwrap();
    let backup = database.backup().unwrap();

    // What is written after the backup: acknowledged, pulled, and unsent.
    phone.visit(cases[1]).unwrap();
    phone.payment(cases[1], 4_200).unwrap();
    phone.sync(&doorstep).unwrap();
    tag(&doorstep, cases[1], "lost");
    let (case, agent) = by_reference(&doorstep.app, "C1", "K1").unwrap();
    assert!(withdraw(&doorstep.app, case, agent, None).unwrap());
    phone.sync(&doorstep).unwrap();
    assert_eq!(phone.tags(cases[1]).unwrap(), ["lost"]);
    assert!(phone.phone.case(cases[0]).is_err(), "taken back");
    phone.visit(cases[2]).unwrap();

    let doorstep = back(database, doorstep, &backup, 9);
    assert_eq!(counts(database), (2, 0, 1));
    tag(&doorstep, cases[1], "after");
    close(&doorstep, cases[2]);
    phone.sync(&doorstep).unwrap();
    assert!(head(&doorstep).0 > 1, "another epoch");
    assert_eq!(counts(database), (7, 0, 3), "three visits, a payment, two tags, a status");
    assert_eq!(database.raw().unwrap().count("payments").unwrap(), 1);
    assert_eq!(phone.tags(cases[1]).unwrap(), ["after"]);
    let status = phone.phone.case(cases[2]).unwrap().state.status().map(|edit| edit.status);
    assert_eq!(status, Some(CaseStatus::Closed));
    assert_eq!(phone.tags(cases[0]).unwrap(), ["dog"], "what was taken back is given again");
    for case in &cases[..3] {
        assert_eq!(phone.phone.case(*case).unwrap().state.visits().len(), 1);
    }
    let balance = phone.phone.case(cases[1]).unwrap().state.ledger().balance().unwrap();
    assert_eq!(balance.get(), 4_200);
    assert_eq!((phone.phone.acknowledged(), phone.phone.kept_aside().unwrap()), (4, vec![]));
    // It is over: nothing rises any more, and all goes on.
    let after = head(&doorstep);
    phone.sync(&doorstep).unwrap();
    tag(&doorstep, cases[1], "later");
    phone.visit(cases[1]).unwrap();
    phone.sync(&doorstep).unwrap();
    assert_eq!(head(&doorstep).0, after.0);
    assert_eq!(phone.tags(cases[1]).unwrap(), ["after", "later"]);
    assert_eq!(counts(database).2, 4);
}

fn told_by_command_no_number_comes_twice(database: &Database) {
    let Field { doorstep, cases, .. } = field(database);
    let mut phone = Pocket::enrol(database, &doorstep, 5, "K1").unwrap();
    let mut other = Pocket::enrol(database, &doorstep, 6, "K2").unwrap();
    phone.sync(&doorstep).unwrap();
    let backup = database.backup().unwrap();
    let before = head(&doorstep);
    let lost = tag(&doorstep, cases[2], "lost");
    phone.sync(&doorstep).unwrap();
    other.sync(&doorstep).unwrap();
    // Somebody who has seen what nobody will know any more writes over it.
    let moment = sync_core::phone::Moment { now_ms: phone.clock_ms, random: [3; 16] };
    phone.phone.untag(moment, cases[2], "lost").unwrap();

    let doorstep = back(database, doorstep, &backup, 9);
    let epoch = restored(&doorstep.app).unwrap();
    let (now, server_seq, office, actor) = head(&doorstep);
    assert_eq!(u64::try_from(now).unwrap(), epoch);
    assert_eq!((server_seq, office), (before.1 + GAP, before.2 + GAP));
    assert_eq!(actor, before.3 + DEVICES, "devices of the lost time keep their numbers");
    let new = tag(&doorstep, cases[2], "lost");
    assert!(new.sequence > lost.sequence, "{new} is another op than {lost}");
    for phone in [&mut phone, &mut other] {
        phone.sync(&doorstep).unwrap();
        assert_eq!(phone.tags(cases[2]).unwrap(), ["lost"], "the removal had not seen this one");
        assert!(phone.phone.reached() > before.1.unsigned_abs() + GAP.unsigned_abs());
        assert_eq!(phone.phone.kept_aside().unwrap(), vec![]);
    }
    let now = head(&doorstep);
    phone.sync(&doorstep).unwrap();
    assert_eq!(head(&doorstep), now, "told and noticed is raised once");
    let actions = "SELECT detail AS line FROM audit WHERE action = 'epoch_raised'";
    let noted = database.raw().unwrap().lines(actions).unwrap();
    assert_eq!(noted, ["after 1, by command after a restore"]);
}

fn a_phone_that_wrote_nothing_is_noticed_too(database: &Database) {
    let Field { doorstep, cases, .. } = field(database);
    let mut phone = Pocket::enrol(database, &doorstep, 5, "K1").unwrap();
    phone.sync(&doorstep).unwrap();
    let backup = database.backup().unwrap();
    for n in 0..5 {
        tag(&doorstep, cases[1], &format!("lost {n}"));
    }
    phone.sync(&doorstep).unwrap();
    let doorstep = back(database, doorstep, &backup, 9);
    tag(&doorstep, cases[1], "after");
    phone.sync(&doorstep).unwrap();
    assert_eq!(phone.tags(cases[1]).unwrap(), ["after"]);
    let noted = "SELECT detail AS line FROM audit WHERE action = 'epoch_raised'";
    let noted = database.raw().unwrap().lines(noted).unwrap();
    assert_eq!(noted, ["after 1, device 5 knew of more than there is"]);
}

/// An app of before says at its hello nothing of how far it has read.
fn a_cursor_beyond_the_log_begins_anew(database: &Database) {
    let Field { doorstep, cases, mut one, .. } = field(database);
    one.pull(&doorstep).unwrap();
    let backup = database.backup().unwrap();
    for n in 0..5 {
        tag(&doorstep, cases[1], &format!("lost {n}"));
    }
    one.pull(&doorstep).unwrap();
    let doorstep = back(database, doorstep, &backup, 9);
    tag(&doorstep, cases[1], "after");
    let end = one.pull_page(&doorstep).unwrap();
    assert!(end.epoch > 1, "of another epoch, so it is not taken before the next hello");
    assert_eq!(one.cases[&cases[1]].tags(), ["after"]);
}

fn a_lost_epoch_is_not_used_again(database: &Database) {
    let Field { doorstep, cases, .. } = field(database);
    let mut phone = Pocket::enrol(database, &doorstep, 5, "K1").unwrap();
    phone.sync(&doorstep).unwrap();
    let backup = database.backup().unwrap();
    let first = restored(&doorstep.app).unwrap();
    phone.sync(&doorstep).unwrap();
    let doorstep = back(database, doorstep, &backup, 9);
    tag(&doorstep, cases[1], "after");
    phone.sync(&doorstep).unwrap();
    assert!(head(&doorstep).0.unsigned_abs() > first);
    assert_eq!(phone.tags(cases[1]).unwrap(), ["after"]);
}

fn a_device_is_believed_once_an_hour(database: &Database) {
    let Field { mut doorstep, cases, mut one, mut two } = field(database);
    one.visit(cases[0], sync_core::kinds::Disposition::NoContact).unwrap();
    one.push_all(&doorstep).unwrap();
    let at = |time: &str| {
        let clock = server::clock::Clock::Fixed(time.parse().unwrap());
        server::ids::IdSource::seeded(clock, 77)
    };
    let lie = |phone: &tests::phone::Phone, doorstep: &Installation, count: u64, epoch: i64| {
        let hello = phone.hello_that_knows(count, epoch.unsigned_abs(), 1 << 62);
        server::usecases::hello::hello(&doorstep.app, &hello).map(|answer| answer.epoch)
    };
    let first = lie(&one, &doorstep, 1, 1).unwrap();
    assert!(first > 1);
    let again = lie(&one, &doorstep, 2, first.cast_signed()).unwrap();
    assert_eq!(again, first, "not so soon");
    let made_up = lie(&one, &doorstep, 3, i64::MAX).unwrap();
    assert_eq!(made_up, first);
    doorstep.app.ids = at("2026-11-20T12:30:00Z");
    let other = lie(&two, &doorstep, 1, first.cast_signed()).unwrap();
    assert!(other > first, "another one may be right");
    doorstep.app.ids = at("2026-11-20T13:30:00Z");
    let later = lie(&one, &doorstep, 4, other.cast_signed()).unwrap();
    assert!(later > other);
    // Who is out is not asked.
    doorstep.app.ids = at("2026-11-20T23:30:00Z");
    database.raw().unwrap().run("UPDATE devices SET revoked_at = 1 WHERE actor = 1").unwrap();
    assert_eq!(lie(&one, &doorstep, 5, later.cast_signed()).unwrap(), later);
    two.pull(&doorstep).unwrap();
}
