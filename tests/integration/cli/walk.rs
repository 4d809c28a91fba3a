//! From nothing to a plan, command by command.

use tests::database::Database;
use tests::program::Doorstep;

use super::{AGENTS, CASES, INIT, cases_of};
use crate::PROGRAM;

/// The walk of a new user's own data, on either database.
fn walk(database: &Database) {
    let doorstep = Doorstep::new(PROGRAM, database.dir()).with_url(database.url());
    let input = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = input.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let made = doorstep.ok(&INIT).unwrap();
    assert!(made.contains("doorstep import"), "it says what comes next: {made}");
    assert!(doorstep.dir().join("doorstep.toml").is_file());
    assert_eq!(doorstep.dir().join("doorstep.sqlite").exists(), database.url().is_none());
    assert_eq!(doorstep.ok(&["migrate"]).unwrap(), "The tables are up to date.\n");

    let (cases, agents) = (file("cases.csv", CASES), file("agents.csv", AGENTS));
    let import = ["import", "--cases", &cases, "--agents", &agents];
    let imported = doorstep.ok(&import).unwrap();
    assert!(imported.contains("5 cases") && imported.contains("2 agents"), "{imported}");
    let again = doorstep.ok(&import).unwrap();
    assert!(again.contains("7 as before"), "{again}");

    assert_eq!(cases_of(&doorstep), 5);
    let territories = doorstep.ok(&["territories"]).unwrap();
    assert!(territories.contains("A1") && territories.contains("A2"), "{territories}");
    let plan = ["plan", "--date", "2026-11-23", "--iterations", "200"];
    let planned = doorstep.ok(&plan).unwrap();
    assert!(planned.contains("plans/2026-11-23-v1"), "{planned}");
    doorstep.ok(&plan).unwrap();
    for version in ["2026-11-23-v1", "2026-11-23-v2"] {
        let folder = doorstep.dir().join("plans").join(version);
        for name in ["stops.csv", "left-out.csv", "plan.geojson", "sheets.html", "plan.html"] {
            let text = std::fs::read_to_string(folder.join(name)).unwrap();
            assert!(text.len() > 40, "{name}: {text}");
        }
        let stops = std::fs::read_to_string(folder.join("stops.csv")).unwrap();
        assert!(stops.lines().count() > 3, "{stops}");
        let page = std::fs::read_to_string(folder.join("plan.html")).unwrap();
        assert!(page.contains("great circle"), "the plan says what it travelled by");
    }

    let out = input.path().join("day.json");
    let export = ["plan", "export-instance", "--date", "2026-11-23", "--out"];
    doorstep.ok(&[&export[..], &[&out.display().to_string()]].concat()).unwrap();
    let instance: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(&out).unwrap()).unwrap();
    assert!(instance.get("dist").is_some() && instance.get("dur").is_some());
}

#[test]
fn on_sqlite() {
    walk(&Database::sqlite().unwrap());
}

#[test]
fn on_postgres() {
    if let Some(database) = Database::postgres().unwrap() {
        walk(&database);
    }
}

/// Two installations that start on one empty database at the same moment.
#[test]
fn two_programs_may_make_the_tables_at_once() {
    let Some(database) = Database::postgres().unwrap() else { return };
    std::thread::scope(|scope| {
        for name in ["one", "other", "third"] {
            let dir = database.dir().join(name);
            let doorstep = Doorstep::new(PROGRAM, &dir).with_url(database.url());
            scope.spawn(move || doorstep.ok(&INIT).unwrap());
        }
    });
    assert_eq!(database.raw().unwrap().count("organisations").unwrap(), 3);
}
