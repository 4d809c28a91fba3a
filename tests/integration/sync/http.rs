//! The exchange over HTTP, and what the office sees and does of it through the API.

use serde_json::{Value, json};
use server::usecases::access::Role;
use server::usecases::allocate::{allocate, by_reference};
use sync_core::kinds::{ContactField, ContactValue, Content, Disposition};
use sync_core::model::CaseId;
use sync_core::protocol::{BATCH_TYPE, Frame, HelloAnswer, PushAnswer, RECORD_TYPE, decode_frames};
use tests::api::{Client, Site, outcome};
use tests::book::dover;
use tests::database::Database;
use tests::http::{Bytes, send_bytes};
use tests::phone::Phone;

use crate::db::on_both;

on_both!(
    hello_push_and_pull,
    what_is_wrong_has_status_and_code,
    a_revoked_device_is_wiped_and_its_ops_are_kept,
    the_office_sees_and_decides,
    plans_are_listed_and_published,
);

const PUSH: (&str, &str) = ("POST", "/api/v1/sync/push");

struct Line<'a> {
    site: &'a Site,
    token: Option<String>,
}

impl Line<'_> {
    fn post(&self, path: &str, kind: &str, body: &[u8]) -> Bytes {
        let headers = [("Content-Type", kind)];
        self.ask("POST", path, &headers, body)
    }

    fn push(&self, body: &[u8]) -> Bytes {
        self.ask(PUSH.0, "/sync/push", &[("Content-Type", BATCH_TYPE)], body)
    }

    fn pull(&self, query: &str) -> Bytes {
        self.ask("GET", &format!("/sync/pull{query}"), &[], b"")
    }

    fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Bytes {
        let bearer = self.token.as_ref().map(|token| format!("Bearer {token}"));
        let mut headers = headers.to_vec();
        headers.extend(bearer.as_deref().map(|value| ("Authorization", value)));
        let path = format!("/api/v1{path}");
        send_bytes(self.site.port(), method, &path, &headers, body).unwrap()
    }
}

fn code(answer: &Bytes) -> (u16, String) {
    let problem: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    (answer.status, problem["code"].as_str().unwrap_or_default().to_owned())
}

/// A phone of K1, who has two cases, with a line to the server after its hello.
fn connected<'a>(database: &Database, site: &'a Site) -> (Phone, Vec<CaseId>, Line<'a>) {
    let phone = Phone::enrol(database, &site.office, 50, "K1").unwrap();
    let mut cases = Vec::new();
    for case_ref in ["a0", "B1"] {
        let (case, agent) = by_reference(&site.office.app, case_ref, "K1").unwrap();
        allocate(&site.office.app, case, agent, None).unwrap();
        cases.push(case);
    }
    let line = Line { site, token: None };
    let answer = line.post("/sync/hello", RECORD_TYPE, &phone.hello(1, 1));
    assert_eq!(answer.status, 200, "{:?}", code(&answer));
    let answer = HelloAnswer::decode(&answer.body).unwrap();
    let now = site.office.app.ids.clock().now().as_millisecond();
    assert_eq!((answer.clock_ms, answer.offset_ms), (now, now - phone.clock_ms));
    assert_eq!((answer.known, answer.head), (0, phone.chain(0).unwrap().head()));
    (phone, cases, Line { site, token: answer.token })
}

fn hello_push_and_pull(database: &Database) {
    let site = Site::new(database).unwrap();
    let (mut phone, cases, line) = connected(database, &site);
    phone.visit(cases[0], Disposition::NoContact).unwrap();
    phone.visit(cases[1], Disposition::Paid).unwrap();
    let answer = line.push(&phone.batch(1, 2).unwrap());
    assert_eq!(answer.status, 200, "{:?}", code(&answer));
    let answer = PushAnswer::decode(&answer.body).unwrap();
    assert_eq!((answer.acknowledged, answer.durable, answer.epoch), (2, 0, 1));
    let page = line.pull("");
    assert_eq!(page.status, 200, "{:?}", code(&page));
    let (frames, end) = decode_frames(&page.body).unwrap();
    let granted = frames.iter().filter(|frame| matches!(frame, Frame::Granted { .. })).count();
    let echoes = frames.iter().filter(|frame| matches!(frame, Frame::OwnOp { .. })).count();
    assert_eq!((granted, echoes, end.more), (2, 2, false));
    let page = line.pull(&format!("?cursor={}", end.cursor));
    assert_eq!(decode_frames(&page.body).unwrap().0, []);
    // The offset of the handshake moves the visit: the phone's clock says yesterday.
    let visits = site.client(Role::Dispatcher).unwrap().get("/visits").unwrap();
    let first = &visits.json().unwrap()["items"][0];
    assert_eq!(first["arrived_at"], "2026-11-20T12:00:00Z", "not after the receipt: {first}");
}

fn what_is_wrong_has_status_and_code(database: &Database) {
    let site = Site::new(database).unwrap();
    let (mut phone, cases, line) = connected(database, &site);
    let hello = |bytes: &[u8]| code(&line.post("/sync/hello", RECORD_TYPE, bytes));
    let status = |status: u16, code: &str| (status, code.to_owned());
    assert_eq!(hello(&phone.hello(1, 1)), status(409, "hello_replayed"));
    assert_eq!(hello(&phone.hello(2, 9)), status(426, "upgrade_required"));
    let mut forged = phone.hello(2, 1);
    *forged.last_mut().unwrap() ^= 1;
    assert_eq!(hello(&forged), status(403, "bad_signature"));
    assert_eq!(hello(b"DSH9 and so on"), status(400, "unknown_format"));
    let mut stranger = phone.clone();
    stranger.actor = sync_core::op::Actor::new(77);
    assert_eq!(hello(&stranger.hello(1, 1)), status(404, "unknown_device"));

    phone.visit(cases[0], Disposition::NoContact).unwrap();
    phone.visit(cases[0], Disposition::NoContact).unwrap();
    let batch = phone.batch(1, 2).unwrap();
    let anonymous = Line { site: &site, token: None };
    assert_eq!(code(&anonymous.push(&batch)), status(401, "unauthenticated"));
    let person = site.client(Role::Admin).unwrap().token;
    let person = Line { site: &site, token: person };
    assert_eq!(code(&person.push(&batch)), status(401, "unauthenticated"));
    assert_eq!(code(&person.pull("")).0, 403, "only devices have a stream");
    assert_eq!(code(&line.push(&[&batch[..], b"x"].concat())), status(400, "trailing_bytes"));
    assert_eq!(code(&line.push(&batch[..40])), status(400, "truncated"));
    assert_eq!(code(&line.push(&vec![0; 2 << 20])).0, 413);
    let gap = line.push(&phone.batch(2, 2).unwrap());
    assert_eq!(code(&gap), status(409, "sequence_gap"));
    let problem: Value = serde_json::from_slice(&gap.body).unwrap();
    assert_eq!(problem["expected"], 1);
    assert_eq!(code(&line.pull("?cursor=nonsense")), status(400, "not_canonical"));
    assert_eq!(code(&line.pull("?from=1")).0, 400, "unknown names are refused");
    assert_eq!(database.raw().unwrap().count("ops").unwrap(), 0);
    assert_eq!(line.push(&batch).status, 200);
}

fn a_revoked_device_is_wiped_and_its_ops_are_kept(database: &Database) {
    let site = Site::new(database).unwrap();
    let (mut phone, cases, line) = connected(database, &site);
    phone.visit(cases[0], Disposition::NoContact).unwrap();
    let dispatcher = site.client(Role::Dispatcher).unwrap();
    let revoked = dispatcher.post("/devices/50/revoke", &json!({})).unwrap();
    assert!(revoked.status < 300, "{}", revoked.body);
    assert_eq!(code(&line.push(&phone.batch(1, 1).unwrap())).1, "device_revoked");
    assert_eq!(code(&line.pull("")).0, 401);
    let answer = line.post("/sync/hello", RECORD_TYPE, &phone.hello(2, 1));
    let answer = HelloAnswer::decode(&answer.body).unwrap();
    assert!(answer.wipe && answer.token.is_none());
    let kept = dispatcher.get("/kept-aside").unwrap().json().unwrap();
    assert_eq!(kept["items"][0]["code"], "device_revoked");
    assert_eq!(kept["items"][0]["case_ref"], "a0");
    let body_hash = kept["items"][0]["body_hash"].clone();
    let wrong = json!({ "op": "50:2", "body_hash": body_hash });
    let wrong = dispatcher.post("/kept-aside/release", &wrong).unwrap();
    assert_eq!(outcome(&wrong).unwrap(), (404, "not_found".into()));
    let wanted = json!({ "op": "50:1", "body_hash": body_hash, "note": "before it was lost" });
    let released = dispatcher.post("/kept-aside/release", &wanted).unwrap();
    assert_eq!(released.json().unwrap()["op"], "0:1", "{}", released.body);
    let again = dispatcher.post("/kept-aside/release", &wanted).unwrap();
    assert_eq!(outcome(&again).unwrap(), (422, "invalid_value".into()));
    assert_eq!(items(&dispatcher, "/kept-aside").len(), 0);
    assert_eq!(items(&dispatcher, "/kept-aside?released=true").len(), 1);
    assert_eq!(items(&dispatcher, "/visits").len(), 1);
}

fn items(client: &Client, path: &str) -> Vec<Value> {
    let answer = client.get(path).unwrap();
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    answer.json().unwrap()["items"].as_array().unwrap().clone()
}

fn the_office_sees_and_decides(database: &Database) {
    let site = Site::new(database).unwrap();
    let (mut phone, cases, line) = connected(database, &site);
    let office = site.client(Role::Dispatcher).unwrap();
    let value = Content::Contact(ContactValue::of_text("+1 302 555 0101"));
    let field = Some(ContactField::Phone.number());
    phone.write_at(cases[0], value, None, field).unwrap();
    let edit = json!({ "field": "phone", "text": "+1 302 555 0199" });
    let edited = office.post("/cases/a0/contact", &edit).unwrap();
    assert_eq!(edited.json().unwrap()["op"], "0:1", "{}", edited.body);
    for _ in 0..3 {
        phone.visit(cases[0], Disposition::PartPaid).unwrap();
    }
    assert_eq!(line.push(&phone.batch(1, 4).unwrap()).status, 200);

    let conflicts = items(&office, "/conflicts");
    assert_eq!(conflicts.len(), 1, "{conflicts:?}");
    assert_eq!((&conflicts[0]["case_ref"], &conflicts[0]["what"]), (&json!("a0"), &json!("phone")));
    let case = office.get("/cases/a0").unwrap().json().unwrap();
    assert_eq!((case["contacts"].as_array().unwrap().len(), &case["status"]), (2, &json!("open")));
    let loser = format!("{}:{}", conflicts[0]["device"], conflicts[0]["sequence"]);
    let wrong = json!({ "case": "a0", "ops": ["50:3"] });
    let wrong = office.post("/conflicts/settle", &wrong).unwrap();
    assert_eq!(outcome(&wrong).unwrap(), (422, "invalid_value".into()));
    let settled = json!({ "case": "a0", "ops": [loser] });
    assert_eq!(office.post("/conflicts/settle", &settled).unwrap().status, 200);
    assert_eq!(items(&office, "/conflicts").len(), 0);
    assert_eq!(items(&office, "/conflicts?settled=true&case=a0").len(), 1);

    // Lists are paged, and each item comes once.
    let mut seen = Vec::new();
    let mut path = "/visits?case=a0&limit=2".to_owned();
    loop {
        let page = office.get(&path).unwrap().json().unwrap();
        seen.extend(page["items"].as_array().unwrap().iter().map(|v| v["sequence"].clone()));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/visits?case=a0&limit=2&cursor={cursor}");
    }
    assert_eq!(seen.len(), 3, "{seen:?}");

    let tags = json!({ "add": ["dog", "gate"], "remove": [] });
    assert_eq!(office.post("/cases/a0/tags", &tags).unwrap().status, 200);
    let empty = json!({ "add": [""] });
    let empty = office.post("/cases/a0/tags", &empty).unwrap();
    assert_eq!(outcome(&empty).unwrap().0, 422);
    let paused = json!({ "status": "paused", "reason": "a letter came" });
    assert_eq!(office.post("/cases/a0/status", &paused).unwrap().status, 200);
    let case = office.get("/cases/a0").unwrap().json().unwrap();
    assert_eq!((&case["tags"], &case["status"]), (&json!(["dog", "gate"]), &json!("paused")));
    let nowhere = office.get("/cases/nowhere").unwrap();
    assert_eq!(outcome(&nowhere).unwrap(), (404, "not_found".into()));
    // An analyst sees figures: no visit with its times and notes, no telephone number.
    let analyst = site.client(Role::Analyst).unwrap();
    for path in ["/visits", "/flagged", "/conflicts", "/cases/a0"] {
        let refused = outcome(&analyst.get(path).unwrap()).unwrap();
        assert_eq!(refused, (403, "role_forbidden".into()), "{path}");
    }
    assert_eq!(outcome(&analyst.post("/cases/a0/status", &paused).unwrap()).unwrap().0, 403);
}

fn plans_are_listed_and_published(database: &Database) {
    let site = Site::new(database).unwrap();
    site.office.score().unwrap();
    site.office.territories().unwrap();
    site.office.plan().unwrap();
    let office = site.client(Role::Dispatcher).unwrap();
    let plans = items(&office, "/plans");
    assert_eq!(plans.len(), 1);
    assert!(plans[0].get("published_at").is_none());
    let id = plans[0]["id"].as_str().unwrap();
    let published = office.post(&format!("/plans/{id}/publish"), &json!({})).unwrap();
    let published = published.json().unwrap();
    assert_eq!((&published["version"], &published["again"]), (&json!(1), &json!(false)));
    let plan = office.get(&format!("/plans/{id}")).unwrap().json().unwrap();
    assert_eq!(plan["published_at"], "2026-11-20T12:00:00Z");
    let stops: usize = plan["routes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["stops"].as_array().unwrap().len())
        .sum();
    assert_eq!(published["granted"], stops);
    // A plan without visits takes nothing back unless it is meant.
    let (cases, _) = dover();
    let disputed: String = cases.lines().map(|line| format!("{line}dispute\n")).collect();
    let disputed =
        disputed.replace("flagsdispute", "flags").replace("vulnerabledispute", "dispute");
    site.office.import(&disputed, "").unwrap();
    site.office.plan().unwrap();
    let newest = items(&office, "/plans")[0]["id"].as_str().unwrap().to_owned();
    let publish =
        |query: &str| office.post(&format!("/plans/{newest}/publish{query}"), &json!({})).unwrap();
    for query in ["", "?empty=false"] {
        assert_eq!(outcome(&publish(query)).unwrap(), (409, "empty_plan".into()));
    }
    assert_eq!(outcome(&publish("?emtpy=true")).unwrap(), (400, "invalid_query".into()));
    assert_eq!(publish("?empty=true").json().unwrap()["withdrawn"], stops);
    let unknown = office.post("/plans/00000000-0000-7000-8000-000000000000/publish", &json!({}));
    assert_eq!(outcome(&unknown.unwrap()).unwrap(), (404, "not_found".into()));
}
