//! Users, devices, the audit log and the worker on the command line.

use std::io::Write as _;
use std::process::Stdio;

use super::{Folder, INIT};

fn password(out: &str) -> String {
    let line = out.lines().find(|line| line.starts_with("Password of ")).unwrap_or_default();
    line.rsplit(' ').next().unwrap_or_default().to_owned()
}

#[test]
fn init_makes_the_first_administrator_and_shows_the_password_once() {
    let folder = Folder::empty();
    let out = folder.doorstep.ok(&INIT).unwrap();
    let shown = password(&out);
    assert_eq!(shown.len(), 23, "{out}");
    let listed = folder.doorstep.ok(&["user", "list"]).unwrap();
    assert!(listed.contains("admin") && !listed.contains(&shown), "{listed}");
    let bytes = std::fs::read(folder.data().join("doorstep.sqlite")).unwrap();
    assert!(!bytes.windows(23).any(|window| window == shown.as_bytes()), "stored nowhere");

    let server = folder.doorstep.serve().unwrap();
    let body = format!("{{\"login\":\"admin\",\"password\":\"{shown}\"}}");
    let headers = [("Content-Type", "application/json")];
    let answer =
        tests::http::send(server.port, "POST", "/api/v1/sessions", &headers, body.as_bytes());
    assert_eq!(answer.unwrap().status, 201);
    assert!(server.terminate().unwrap().success(), "the worker stops with it");
}

#[test]
fn users_come_and_go() {
    let folder = Folder::with_book();
    let ok = |args: &[&str]| folder.doorstep.ok(args).unwrap();
    let out =
        ok(&["user", "add", "--login", "ann", "--role", "agent", "--agent", "A1", "--name", "Ann"]);
    assert_eq!(password(&out).len(), 23, "{out}");
    let fails = |args: &[&str], part: &str| {
        let done = folder.doorstep.run(args).unwrap();
        assert_ne!(done.code(), Some(0));
        assert!(done.err.contains(part), "{}", done.err);
    };
    fails(&["user", "add", "--login", "ann", "--role", "analyst"], "taken");
    fails(&["user", "add", "--login", "bo", "--role", "agent"], "agent_ref");
    fails(&["user", "add", "--login", "bo", "--role", "agent", "--agent", "A9"], "A9");
    fails(&["user", "add", "--login", "bo", "--role", "boss"], "dispatcher");
    fails(&["user", "disable", "bo"], "no user bo");
    fails(&["user", "disable", "admin"], "last administrator");

    let code = ok(&["device", "enrol", "--user", "ann"]);
    assert_eq!(code.lines().last().unwrap().len(), 19, "{code}");
    fails(&["device", "enrol", "--user", "admin"], "only agents");
    fails(&["device", "revoke", "1"], "no device 1");
    assert_eq!(ok(&["device", "list"]).lines().count(), 1);

    assert_ne!(password(&ok(&["user", "password", "ann"])), password(&out));
    assert!(ok(&["user", "disable", "ann"]).contains("disabled"));
    let listed = ok(&["user", "list"]);
    let ann = listed.lines().find(|line| line.starts_with("ann ")).unwrap();
    assert!(ann.contains("agent") && ann.contains("A1") && ann.contains("disabled"), "{listed}");
    assert!(ok(&["worker", "--once"]).contains("2 jobs done, 0 failed"));

    let verified = ok(&["audit", "verify"]);
    assert!(verified.contains("whole"), "{verified}");
    let csv = folder.data().join("audit.csv");
    ok(&["audit", "export", "--csv", csv.to_str().unwrap()]);
    let text = std::fs::read_to_string(csv).unwrap();
    for action in ["user_added", "code_made", "password_set", "user_disabled"] {
        assert!(text.contains(action), "{text}");
    }
    let mut raw = tests::database::raw_sqlite(&folder.data().join("doorstep.sqlite")).unwrap();
    raw.run("UPDATE audit SET detail = 'x' WHERE audit_seq = 2").unwrap();
    fails(&["audit", "verify"], "broken at entry 2");
}

#[test]
fn a_restore_is_told_with_a_command() {
    let folder = Folder::initialised();
    let out = folder.doorstep.ok(&["restored"]).unwrap();
    assert!(out.starts_with("Epoch ") && out.contains("send again"), "{out}");
    let out = folder.doorstep.ok(&["audit", "verify"]).unwrap();
    assert!(out.contains("2 entries"), "{out}");
    let mut raw = tests::database::raw_sqlite(&folder.data().join("doorstep.sqlite")).unwrap();
    raw.run("DELETE FROM sync_heads; DELETE FROM audit").unwrap();
    let done = folder.doorstep.run(&["audit", "verify"]).unwrap();
    assert!(!done.status.success() && done.err.contains("head of the log is gone"), "{}", done.err);
}

#[test]
fn a_password_can_be_given() {
    let folder = Folder::initialised();
    let add = ["user", "add", "--login", "ann", "--role", "analyst", "--password-stdin"];
    let mut child =
        folder.doorstep.command(&add).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"seven wild geese\n").unwrap();
    let done = child.wait_with_output().unwrap();
    let out = String::from_utf8(done.stdout).unwrap();
    assert!(done.status.success() && !out.contains("geese") && !out.contains("Password"), "{out}");
}

#[test]
fn a_data_directory_of_before_is_told_how_to_make_an_administrator() {
    let folder = Folder::initialised();
    let mut raw = tests::database::raw_sqlite(&folder.data().join("doorstep.sqlite")).unwrap();
    raw.run("DELETE FROM users").unwrap();
    let out = folder.doorstep.ok(&["migrate"]).unwrap();
    assert!(out.contains("doorstep user add --login admin --role admin"), "{out}");
    folder.doorstep.ok(&["user", "add", "--login", "admin", "--role", "admin"]).unwrap();
    let out = folder.doorstep.ok(&["migrate"]).unwrap();
    assert!(!out.contains("user add"), "{out}");
}

#[test]
fn elsewhere_than_on_this_machine_there_is_no_page() {
    let folder = Folder::initialised();
    let server = folder.doorstep.serve_at("0.0.0.0:0").unwrap();
    let get = |path| tests::http::get(server.port, path).unwrap().status;
    assert_eq!(get("/api/v1/openapi.json"), 200);
    assert_eq!(get("/healthz"), 200);
    for page in ["/", "/stops.csv", "/left-out.csv", "/plan.geojson", "/sheets.html"] {
        assert_eq!(get(page), 404, "{page}");
    }
    let answer = tests::http::ask(server.port, "GET", "/api/v1/me", "doorstep.example").unwrap();
    assert_eq!(answer.status, 401);
}
