//! Two organisations in one database never see each other's rows.

use tests::book::dover;
use tests::database::Database;
use tests::installation::Installation;

use super::on_both;

on_both!(neighbours_share_nothing);

/// Both import the same book with the same ids, and only the second one changes and plans.
fn neighbours_share_nothing(database: &Database) {
    let (one, other) = match database.url() {
        // Two installations on one server.
        Some(_) => (
            Installation::another(database, "one", 1).unwrap(),
            Installation::another(database, "other", 2).unwrap(),
        ),
        // One SQLite file belongs to one data directory, so the neighbour is put in by hand.
        None => {
            let one = Installation::new(database).unwrap();
            let ids = tests::installation::ids(2).unwrap();
            let mut app = server::app::App::open(one.dir().path(), None, ids).unwrap();
            let mut row = app.store.organisation(app.org).unwrap().unwrap();
            row.org_id.0[15] ^= 0xff;
            app.store.insert_organisation(&row).unwrap();
            app.org = row.org_id;
            let travel = server::travel::Travel::open(&app.dir, &app.settings.planning).unwrap();
            (one, Installation { app, travel })
        }
    };
    assert_ne!(one.app.org, other.app.org);
    let (cases, agents) = dover();
    one.import(&cases, &agents).unwrap();
    one.score().unwrap();
    one.territories().unwrap();
    one.plan().unwrap();
    let before = everything(&one);

    // The same ids on the other side: its rows are copies under another organisation.
    let mut change = server::db::BookChange {
        borrowers: one.app.store.borrowers(one.app.org).unwrap(),
        cases: one.app.store.cases(one.app.org).unwrap(),
        agents: one.app.store.agents(one.app.org).unwrap(),
        log: one.app.store.imports(one.app.org).unwrap(),
        ..server::db::BookChange::default()
    };
    change.borrowers.iter_mut().for_each(|row| row.org_id = other.app.org);
    change.cases.iter_mut().for_each(|row| row.org_id = other.app.org);
    change.agents.iter_mut().for_each(|row| row.org_id = other.app.org);
    change.log.iter_mut().for_each(|row| row.org_id = other.app.org);
    let done = other.app.store.apply_book(other.app.org, &change).unwrap();
    assert_eq!(done.inserted, 27, "the neighbour's rows with the same keys are not its own");
    let store = &other.app.store;
    assert!(store.scores(other.app.org).unwrap().is_empty());
    assert!(store.latest_plan(other.app.org, None).unwrap().is_none());
    assert_eq!(store.territories(other.app.org).unwrap(), (vec![], vec![]));

    let half: String = cases.lines().take(13).map(|line| format!("{line}\n")).collect();
    other.import(&half.replace("Name of", "Renamed"), &agents.replace("Agent ", "Other ")).unwrap();
    other.score().unwrap();
    other.territories().unwrap();
    assert_eq!(other.plan().unwrap().plan.plan.version, 1);
    assert_eq!(everything(&one), before, "what the neighbour did is not to be seen");
    for case in store.cases(other.app.org).unwrap() {
        assert_eq!(case.org_id, other.app.org);
    }
    let mut raw = database.raw().unwrap();
    assert_eq!(raw.count("cases").unwrap(), 48);
    assert_eq!(raw.count("plans").unwrap(), 2);
}

/// All that an organisation can read, as text.
fn everything(of: &Installation) -> String {
    let (store, org) = (&of.app.store, of.app.org);
    let book = (store.borrowers(org).unwrap(), store.cases(org).unwrap());
    let rest = (store.agents(org).unwrap(), store.imports(org).unwrap());
    let computed = (store.scores(org).unwrap(), store.territories(org).unwrap());
    let plan = store.latest_plan(org, None).unwrap();
    format!("{:?} {book:?} {rest:?} {computed:?} {plan:?}", store.organisation(org).unwrap())
}
