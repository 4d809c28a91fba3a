//! The queue: each job is done once by somebody, and again where that somebody died.

use std::time::Duration;

use server::app::App;
use server::usecases::jobs::{LEASE, TRIES, claim, enqueue, fail, finish, schedule};
use server::worker::{Ran, run_due};
use tests::api::Site;
use tests::database::Database;

use crate::db::on_both;

on_both!(
    a_job_is_claimed_by_one,
    a_lease_that_ran_out_is_claimed_again,
    failures_are_tried_again_and_given_up,
    regular_work_comes_once_a_period,
);

const HOUR: Duration = Duration::from_secs(3600);

fn after(site: &Site, by: Duration, seed: u64) -> App {
    site.app_later(by, seed).unwrap()
}

fn a_job_is_claimed_by_one(database: &Database) {
    let site = Site::new(database).unwrap();
    let (app, other) = (&site.office.app, after(&site, Duration::ZERO, 1));
    assert_eq!(claim(app).unwrap(), None);
    for payload in ["1", "2", "3", "4"] {
        enqueue(app, "kind", payload).unwrap();
    }
    let claimed: Vec<String> = std::thread::scope(|scope| {
        let workers = [app, &other].map(|app| {
            scope.spawn(move || {
                let mut got = Vec::new();
                while let Some(job) = claim(app).unwrap() {
                    got.push(job.payload.clone());
                    assert!(finish(app, &job).unwrap());
                    assert!(!finish(app, &job).unwrap(), "it is over");
                }
                got
            })
        });
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    let mut sorted = claimed.clone();
    sorted.sort();
    assert_eq!(sorted, ["1", "2", "3", "4"], "{claimed:?}");
}

fn a_lease_that_ran_out_is_claimed_again(database: &Database) {
    let site = Site::new(database).unwrap();
    let app = &site.office.app;
    enqueue(app, "kind", "{}").unwrap();
    let dead = claim(app).unwrap().unwrap();
    assert_eq!(claim(app).unwrap(), None, "it is somebody's");
    let early = after(&site, LEASE - Duration::from_secs(1), 1);
    assert_eq!(claim(&early).unwrap(), None);
    let late = after(&site, LEASE, 2);
    let again = claim(&late).unwrap().unwrap();
    assert_eq!(again.payload, "{}");
    // Whoever had it first was not dead but slow: its end does not count.
    assert!(!finish(app, &dead).unwrap());
    assert!(!fail(app, &dead, "too late").unwrap());
    assert!(finish(&late, &again).unwrap());
    assert_eq!(claim(&after(&site, HOUR, 3)).unwrap(), None);
    // Work that kills every worker is given up.
    enqueue(app, "deadly", "{}").unwrap();
    for attempt in 0..u32::try_from(TRIES).unwrap() {
        let at = after(&site, LEASE * attempt, 10 + u64::from(attempt));
        assert!(claim(&at).unwrap().is_some(), "{attempt}");
    }
    assert_eq!(claim(&after(&site, HOUR * 24, 4)).unwrap(), None);
    let mut raw = database.raw().unwrap();
    let left =
        raw.lines("SELECT state || ' ' || last_error AS line FROM jobs WHERE kind = 'deadly'");
    assert_eq!(left.unwrap(), ["failed the worker ended during each attempt"]);
}

fn failures_are_tried_again_and_given_up(database: &Database) {
    let site = Site::new(database).unwrap();
    enqueue(&site.office.app, "no_such_kind", "{}").unwrap();
    let mut failures = 0;
    let mut at = Duration::ZERO;
    for round in 0..30 {
        let app = after(&site, at, 100 + round);
        failures += run_due(&app).unwrap().failed;
        at += Duration::from_secs(300);
    }
    assert_eq!(failures, usize::try_from(TRIES).unwrap(), "with growing pauses, within hours");
    let mut raw = database.raw().unwrap();
    let left = raw
        .lines("SELECT state || ' ' || last_error AS line FROM jobs WHERE kind = 'no_such_kind'");
    let left = left.unwrap();
    assert!(left[0].starts_with("failed there is no kind of job no_such_kind"), "{left:?}");
}

fn regular_work_comes_once_a_period(database: &Database) {
    let site = Site::new(database).unwrap();
    let (app, other) = (&site.office.app, after(&site, Duration::from_secs(60), 1));
    assert!(schedule(app, "kind", HOUR).unwrap());
    assert!(!schedule(app, "kind", HOUR).unwrap());
    assert!(!schedule(&other, "kind", HOUR).unwrap(), "another server, the same hour");
    assert!(schedule(&other, "other", HOUR).unwrap());
    assert!(schedule(&after(&site, HOUR, 2), "kind", HOUR).unwrap());

    let site = Site::sqlite().unwrap();
    let app = &site.office.app;
    assert_eq!(run_due(app).unwrap(), Ran { done: 2, failed: 0 });
    assert_eq!(run_due(app).unwrap(), Ran { done: 0, failed: 0 });
    assert_eq!(run_due(&after(&site, HOUR, 3)).unwrap(), Ran { done: 1, failed: 0 });
    assert_eq!(run_due(&after(&site, HOUR * 24, 4)).unwrap(), Ran { done: 2, failed: 0 });
}
