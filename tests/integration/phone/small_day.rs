//! A small day: an app in Python, the real `serve`, and the office correcting what the agent does.

use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;
use tests::book::{Case, agents_csv, cases_csv};
use tests::database::raw_sqlite;
use tests::http::send;
use tests::program::Doorstep;

use super::python;
use crate::PROGRAM;

/// A zone in which it is about noon: the phone's clock and the server's are those of this machine, and a
/// visit logged at night would be a breach.
fn zone() -> String {
    let hour = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).hour();
    // The sign in these names is that of UTC seen from there.
    format!("Etc/GMT{:+}", hour - 12)
}

/// Tomorrow at noon.
fn tomorrow(zone: &str) -> jiff::Zoned {
    let now = jiff::Timestamp::now().in_tz(zone).unwrap();
    now.tomorrow().unwrap().date().at(12, 0, 0, 0).in_tz(zone).unwrap()
}

/// An installation with a planned and published day of three cases.
fn installed(dir: &Path, zone: &str, day: &str) -> Doorstep {
    let doorstep = Doorstep::new(PROGRAM, dir);
    doorstep.ok(&["init", "--currency", "USD", "--time-zone", zone]).unwrap();
    let (cases, agents) = (dir.join("cases.csv"), dir.join("agents.csv"));
    let book = [
        Case::new("C-1").at(39.158, -75.524),
        Case::new("C-2").at(39.168, -75.514),
        Case::new("C-3").at(39.178, -75.504),
    ];
    std::fs::write(&cases, cases_csv(&book)).unwrap();
    std::fs::write(&agents, agents_csv(&[("A-1", 39.15, -75.53)])).unwrap();
    let (cases, agents) = (cases.to_str().unwrap(), agents.to_str().unwrap());
    doorstep.ok(&["import", "--cases", cases, "--agents", agents]).unwrap();
    doorstep.ok(&["score"]).unwrap();
    doorstep.ok(&["territories"]).unwrap();
    doorstep.ok(&["plan", "--date", day]).unwrap();
    doorstep.ok(&["publish", "--date", day]).unwrap();
    doorstep
}

/// A code for a device of the agent, as the office gives it.
fn code(doorstep: &Doorstep) -> String {
    doorstep.ok(&["user", "add", "--login", "ann", "--role", "agent", "--agent", "A-1"]).unwrap();
    let said = doorstep.ok(&["device", "enrol", "--user", "ann"]).unwrap();
    said.lines().last().unwrap().trim().to_owned()
}

/// A dispatcher who is signed in.
struct Office {
    port: u16,
    token: String,
}

impl Office {
    fn new(doorstep: &Doorstep, port: u16) -> Self {
        let said = doorstep.ok(&["user", "add", "--login", "bob", "--role", "dispatcher"]).unwrap();
        let password = said.split("only now: ").nth(1).unwrap().trim();
        let mut office = Self { port, token: String::new() };
        let session =
            office.ask("POST", "sessions", &json!({"login": "bob", "password": password}));
        office.token = session["access_token"].as_str().unwrap().to_owned();
        office
    }

    fn ask(&self, method: &str, path: &str, body: &Value) -> Value {
        let token = format!("Bearer {}", self.token);
        let headers = [("Content-Type", "application/json"), ("Authorization", token.as_str())];
        let headers = if self.token.is_empty() { &headers[..1] } else { &headers[..] };
        let path = format!("/api/v1/{path}");
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let answer = send(self.port, method, &path, headers, body.as_bytes()).unwrap();
        assert!((200..300).contains(&answer.status), "{path}: {answer:?}");
        answer.json().unwrap()
    }

    fn items(&self, list: &str) -> Vec<Value> {
        self.ask("GET", list, &Value::Null)["items"].as_array().unwrap().clone()
    }
}

#[test]
fn what_an_app_in_python_logs_is_in_the_office_and_back() {
    let Some(python) = python() else { return };
    let dir = TempDir::with_prefix("doorstep-day-").unwrap();
    let zone = zone();
    let noon = tomorrow(&zone);
    let day = noon.date().to_string();
    let doorstep = installed(dir.path(), &zone, &day);
    let code = code(&doorstep);
    let server = doorstep.serve().unwrap();
    let address = format!("http://127.0.0.1:{}", server.port);
    let file = python.dir().join("phone.sqlite");
    let (file, noon) = (file.to_str().unwrap(), noon.timestamp().as_millisecond().to_string());

    let morning = python.run("small_day.py", &["morning", &address, file, &noon, &code]).unwrap();
    let said: Vec<&str> = morning.out.lines().collect();
    let route = format!("route of {day}, 3 stops");
    assert_eq!(said[0], "device of A-1, amounts in USD");
    assert_eq!(said[1..5], ["sync", "   greeted", "   pulled", route.as_str()], "{said:?}");
    assert_eq!(said[said.len() - 1], "written 6, acknowledged 0");
    assert_eq!(morning.out.matches(": may").count(), 3, "{}", morning.out);
    assert_eq!(morning.err, "");

    // The office corrects a number of whose correction it cannot know.
    let first = morning.out.split("\n   1. ").nth(1).unwrap().split(':').next().unwrap();
    let office = Office::new(&doorstep, server.port);
    let corrected = json!({"field": "phone", "text": "+1 302 555 0199"});
    office.ask("POST", &format!("cases/{first}/contact"), &corrected);

    let evening = python.run("small_day.py", &["evening", &address, file, &noon]).unwrap();
    assert_eq!(
        evening.out.lines().collect::<Vec<_>>(),
        [
            "written 6, acknowledged 0",
            "sync",
            "   greeted",
            "   pushed",
            "   pulled",
            "written 6, acknowledged 6",
            "notices []",
            "PART_PAID 12345 2031-12-01",
            "conflict: +1 302 555 0199 and +1 302 555 0100",
            "written by 0",
            "sync",
            "   greeted",
            "   pushed",
            "   pulled",
            "written 7, acknowledged 7",
        ]
    );
    assert_eq!(evening.err, "");
    office_has_it(&office, first);
    let payments = "SELECT receipt || ' ' || amount_minor || ' ' || method AS line FROM payments";
    let mut database = raw_sqlite(&dir.path().join("doorstep.sqlite")).unwrap();
    assert_eq!(database.lines(payments).unwrap(), ["1-1 12345 cash"]);
}

/// What the phone wrote is in the lists of the office.
fn office_has_it(office: &Office, first: &str) {
    let visits = office.items("visits");
    let mut seen: Vec<_> = visits.iter().map(|visit| &visit["disposition"]).collect();
    seen.sort_by_key(|disposition| disposition.as_str());
    assert_eq!(seen, ["no_contact", "part_paid"], "{visits:?}");
    for visit in &visits {
        assert_eq!(visit["agent_ref"], "A-1");
        assert_eq!(visit["note"], "Gate code \u{2116} 7");
        assert_eq!(visit["flagged"], json!([]));
        assert_eq!(visit["disposition"] == "part_paid", visit["case_ref"] == first);
    }
    let case = office.ask("GET", &format!("cases/{first}"), &Value::Null);
    let promise = &case["promises"][0];
    let (amount, due_on) = (&promise["amount_minor"], &promise["due_on"]);
    assert_eq!((amount, due_on), (&json!(25_000), &json!("2031-12-01")));
    assert_eq!(case["contacts"][0]["value"], "+1 302 555 0199", "{case}");
    assert_eq!(office.items("conflicts"), [Value::Null; 0]);
    let settled = office.items("conflicts?settled=true");
    assert_eq!((settled.len(), &settled[0]["settled"]), (1, &json!(true)), "{settled:?}");
    assert_eq!(office.items("flagged"), [Value::Null; 0]);
    assert_eq!(office.items("kept-aside"), [Value::Null; 0]);
}
