//! `plan explain`, `compare`, `edit` and `what-if`, as somebody types them.

use serde_json::Value;

use super::{Folder, sentence};

const DAY: &str = "2026-11-23";

fn planned() -> Folder {
    let folder = Folder::with_book();
    folder.doorstep.ok(&["score"]).unwrap();
    folder.doorstep.ok(&["territories"]).unwrap();
    folder.doorstep.ok(&["plan", "--date", DAY, "--iterations", "200"]).unwrap();
    folder
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn a_plan_is_explained_edited_and_compared() {
    let folder = planned();
    let ok = |args: &[&str]| folder.doorstep.ok(args).unwrap();
    let said = ok(&["plan", "explain", "--case", "C1"]);
    assert!(said.starts_with(&format!("Case C1, plan of {DAY}, version 1: planned.\n")), "{said}");
    assert!(said.contains("leaving it out would save"), "{said}");
    let parts = json(&ok(&["plan", "explain", "--case", "C1", "--json"]));
    let agent = parts["stop"]["agent_ref"].as_str().unwrap();
    assert!(said.contains(parts["sentence"].as_str().unwrap()), "{said}");

    let edited = ok(&["plan", "edit", "--date", DAY, "--case", "C1", "--out"]);
    assert!(edited.contains("Edited by hand by the command line from version 1"), "{edited}");
    assert!(edited.contains(&format!("plans/{DAY}-v2")), "{edited}");
    for name in ["stops.csv", "left-out.csv", "plan.geojson", "sheets.html", "plan.html"] {
        let files = [1, 2].map(|v| folder.data().join(format!("plans/{DAY}-v{v}")).join(name));
        assert!(files.iter().all(|file| file.is_file()), "{name}");
    }
    let said = ok(&["plan", "explain", "--case", "C1", "--date", DAY, "--version", "2"]);
    assert!(said.contains("left out [by_hand]") && said.contains("Taken out by hand"), "{said}");
    let compare = ["plan", "compare", "--date", DAY, "--from", "1", "--to", "2"];
    let compared = ok(&compare);
    assert!(compared.contains("Version 2 was edited by the command line from version 1."));
    assert!(compared.contains("Dropped:") && compared.contains("- C1, "), "{compared}");
    let parts = json(&ok(&[&compare[..], &["--json"]].concat()));
    assert_eq!(parts["difference"]["visits"], -1);

    // Put in again where it was: the day comes to the same.
    let back = ["--case", "C1", "--to", agent];
    ok(&[&["plan", "edit", "--date", DAY, "--version", "2"], &back[..]].concat());
    let compare = ["plan", "compare", "--date", DAY, "--from", "1", "--to", "3", "--json"];
    assert_eq!(json(&ok(&compare))["difference"]["visits"], 0);
    let edits = folder.write(
        "edits.json",
        &format!(r#"{{"edits": [{{"do": "lock", "case": "C1", "agent": "{agent}"}}]}}"#),
    );
    ok(&["plan", "edit", "--date", DAY, "--edits", &edits]);
    let said = ok(&["plan", "explain", "--case", "C1", "--date", DAY, "--version", "4"]);
    assert!(said.contains(&format!("It is locked to {agent}.")), "{said}");
}

#[test]
fn what_a_plan_cannot_do_is_said_in_a_sentence() {
    let folder = planned();
    let edit = ["plan", "edit", "--date", DAY, "--case"];
    let said = folder.fails(&[&edit[..], &["C1", "--to", "A9"]].concat());
    sentence(&said, &["edits[0].agent", "A9", "[unknown_agent]"]);
    let said = folder.fails(&[&edit[..], &["C9", "--out"]].concat());
    sentence(&said, &["edits[0].case", "C9", "[unknown_case]"]);
    let said = folder.fails(&[&edit[..], &["C1"]].concat());
    sentence(&said, &["--to", "--out", "--lock"]);
    let said = folder.fails(&["plan", "explain", "--case", "C9"]);
    sentence(&said, &["C9"]);
    let said = folder.fails(&["plan", "compare", "--date", DAY, "--from", "1", "--to", "7"]);
    sentence(&said, &["7", DAY]);
    let said = folder.fails(&["plan", "what-if", "--date", DAY, "--agents", "5..2"]);
    sentence(&said, &["agents", "5..2"]);
}

#[test]
fn a_day_is_planned_anew() {
    let folder = planned();
    let ok = |args: &[&str]| folder.doorstep.ok(args).unwrap();
    let replan = ["plan", "replan", "--date", DAY, "--iterations", "200", "--now"];
    let said = ok(&[&replan[..], &["08:00"]].concat());
    assert!(said.contains("Nothing changes") && said.contains("Nothing was saved."), "{said}");
    let parts = json(&ok(&["plan", "explain", "--case", "C1", "--json"]));
    let agent = parts["stop"]["agent_ref"].as_str().unwrap();
    let out = format!("{agent}=08:30");
    let appointment = ["--appointment", "C1=15:00-15:30", "--agent-out", &out];
    let said = ok(&[&replan[..], &["08:30"], &appointment[..]].concat());
    assert!(said.contains("Planned anew at 08:30 by the command line from version 1"), "{said}");
    assert!(said.contains(&format!("{agent} is out since 08:30")), "{said}");
    assert!(said.contains("C1 is promised a visit between 15:00 and 15:30"), "{said}");
    assert!(said.contains(&format!("plans/{DAY}-v2")), "{said}");
    let events = r#"{"events": [{"event": "falls_away", "case": "C1", "why": "paid"}]}"#;
    let events = folder.write("events.json", events);
    let more = ["09:00", "--version", "2", "--events", &events, "--json"];
    let answer = json(&ok(&[&replan[..], &more[..]].concat()));
    assert_eq!((&answer["from_version"], &answer["version"]), (&2.into(), &3.into()));
    let stops = answer["stops"].as_array().unwrap();
    let stop = stops.iter().find(|stop| stop["case_ref"] == "C1").unwrap();
    assert_eq!((&stop["change"], &stop["promised"]), (&"dropped".into(), &true.into()), "{answer}");
    assert_eq!(answer["promises"][0]["became"], "dropped");
    for (args, words) in [
        (["--agent-out", "A9"], ["events[0].agent", "[unknown_agent]"]),
        (["--appointment", "C1"], ["--appointment", "REF=FROM-TO"]),
        (["--position", "K1=here"], ["--position", "LAT,LON"]),
        (["--urgent", "C1=9-10"], ["--urgent", "HH:MM"]),
        (["--falls-away", "C1"], ["--falls-away", "REF=WHY"]),
    ] {
        let said = folder.fails(&[&replan[..], &["09:30"], &args[..]].concat());
        sentence(&said, &words);
    }
    let said = folder.fails(&["plan", "replan", "--date", DAY, "--now", "2026-11-24T12:00:00Z"]);
    sentence(&said, &["now", DAY, "[instant]"]);
}

#[test]
fn a_day_is_asked_what_it_would_come_to() {
    let folder = planned();
    let ask = ["plan", "what-if", "--date", DAY, "--iterations", "100"];
    let said =
        folder.doorstep.ok(&[&ask[..], &["--agents", "1..3", "--hours", "+1"]].concat()).unwrap();
    assert!(said.contains("Every shift ends 60 min later."), "{said}");
    assert!(said.contains("2 agents on duty: one more brings"), "{said}");
    assert!(said.contains("100 iterations each. Nothing was saved."), "{said}");
    let parts =
        json(&folder.doorstep.ok(&[&ask[..], &["--json", "--hours", "-1"]].concat()).unwrap());
    assert_eq!(parts["curve"].as_array().unwrap().len(), 2);
    assert!(!folder.data().join(format!("plans/{DAY}-v2")).exists());
}
