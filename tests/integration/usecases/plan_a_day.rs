//! Import, score, territories, plan: on both databases, with the same figures.

use server::render::{left_out_csv, stops_csv};
use tests::book::dover;
use tests::database::Database;
use tests::installation::{DAY, Installation};

/// All a plan says, in a form that can be compared: no ids, nothing of this run.
fn walk(database: &Database) -> String {
    let doorstep = Installation::new(database).unwrap();
    let (cases, agents) = dover();
    let imported = doorstep.import(&cases, &agents).unwrap();
    assert_eq!((imported.cases, imported.agents), (24, 3));
    let scored = doorstep.score().unwrap();
    assert_eq!(scored.cases, 24);
    assert!(scored.worth_a_visit > 10, "{scored:?}");
    let formed = doorstep.territories().unwrap();
    assert_eq!(formed.territories.len(), 3);
    let built = doorstep.plan().unwrap();
    assert_eq!(built.plan.plan.version, 1);
    assert!(built.notices[0].starts_with("Distances and times are estimated"));
    assert_eq!(built.notices.len(), 1, "{:?}", built.notices);
    let shown = doorstep.shown().unwrap();
    assert_eq!(shown.date.to_string(), DAY);
    assert!(shown.travel.contains("great circle"), "{}", shown.travel);
    let visits: usize = shown.routes.iter().map(|route| route.stops.len()).sum();
    assert!(visits > 5, "{visits} visits");
    assert_eq!(visits + shown.left_out.len(), 24, "every case is planned or left out");
    assert!(shown.totals.profit_minor > 0);
    format!(
        "{:?}\n{formed:?}\n{scored:?}\n{}\n{}",
        shown.totals,
        stops_csv(&shown),
        left_out_csv(&shown)
    )
}

#[test]
fn both_databases_plan_alike() {
    let on_sqlite = walk(&Database::sqlite().unwrap());
    let again = walk(&Database::sqlite().unwrap());
    assert_eq!(on_sqlite, again, "the same seed gives the same plan");
    if let Some(database) = Database::postgres().unwrap() {
        let on_postgres = walk(&database);
        for (one, other) in on_sqlite.lines().zip(on_postgres.lines()) {
            assert_eq!(one, other, "SQLite first, PostgreSQL second");
        }
        assert_eq!(on_sqlite.len(), on_postgres.len());
    }
}

/// Ids are random in real life; nothing that is planned may depend on them.
#[test]
fn other_ids_give_the_same_territories_and_plan() {
    let walked = |seed: u64| {
        let database = Database::sqlite().unwrap();
        let doorstep = Installation::another(&database, ".", seed).unwrap();
        let (cases, agents) = dover();
        doorstep.import(&cases, &agents).unwrap();
        doorstep.score().unwrap();
        let formed = doorstep.territories().unwrap();
        doorstep.plan().unwrap();
        format!("{formed:?}{}", stops_csv(&doorstep.shown().unwrap()))
    };
    let first = walked(1);
    for seed in 2..6 {
        assert_eq!(walked(seed), first, "ids of seed {seed}");
    }
}
