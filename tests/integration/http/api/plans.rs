//! `/plans`: explained, compared, edited; and what a day would come to.

use serde_json::{Value, json};
use server::usecases::access::Role;
use tests::api::{Client, Site};
use tests::database::Database;
use tests::http::Answer;
use tests::installation::DAY;

use super::refused;
use crate::db::on_both;

on_both!(
    a_plan_is_explained_edited_and_compared,
    a_plan_is_made_anew_on_its_day,
    what_if_answers_figures,
);

/// A site with a plan, and the plan as the dispatcher sees it.
fn planned(database: &Database) -> (Site, Client, Value) {
    let site = Site::new(database).unwrap();
    site.office.score().unwrap();
    site.office.territories().unwrap();
    let id = site.office.plan().unwrap().id;
    let dispatcher = site.client(Role::Dispatcher).unwrap();
    let plan = json_of(&dispatcher.get(&format!("/plans/{id}")).unwrap(), 200);
    (site, dispatcher, plan)
}

#[track_caller]
fn json_of(answer: &Answer, status: u16) -> Value {
    assert_eq!(answer.status, status, "{}", answer.body);
    answer.json().unwrap()
}

fn a_plan_is_explained_edited_and_compared(database: &Database) {
    let (site, dispatcher, plan) = planned(database);
    let path = format!("/plans/{}", plan["id"].as_str().unwrap());
    let route = &plan["routes"][0];
    let stop = route["stops"][0]["case_ref"].as_str().unwrap();
    let escaped = stop.replace(' ', "%20");
    let compliance = site.client(Role::Compliance).unwrap();
    let said =
        json_of(&compliance.get(&format!("{path}/cases/{escaped}/explanation")).unwrap(), 200);
    assert_eq!((said["planned"].as_bool(), said["case_ref"].as_str()), (Some(true), Some(stop)));
    assert_eq!(said["stop"]["agent_ref"], route["agent_ref"]);
    assert_eq!(said["stop"]["start_at"], route["stops"][0]["start_at"]);
    assert_eq!(said["notices"], json!([]));
    // By its id, and a vulnerable borrower, whom no route has.
    let case = said["case"].as_str().unwrap();
    let again = json_of(&compliance.get(&format!("{path}/cases/{case}/explanation")).unwrap(), 200);
    assert_eq!(again, said);
    let left_out = dispatcher.get(&format!("{path}/cases/D3/explanation")).unwrap();
    let mut left_out = json_of(&left_out, 200);
    for id in ["plan", "case"] {
        left_out[id] = "...".into();
    }
    insta::assert_snapshot!(
        "explanation_of_a_rule",
        serde_json::to_string_pretty(&left_out).unwrap()
    );
    refused(&dispatcher.get(&format!("{path}/cases/NONE/explanation")).unwrap(), 404, "not_found");

    // What breaks a rule is refused with the fields.
    let edits = json!({ "edits": [
        { "do": "put_in", "case": "D3", "agent": "K1" },
        { "do": "move", "case": stop, "agent": "K9" },
        { "do": "lock", "case": "NONE", "agent": "K1" },
    ] });
    let answer = dispatcher.post(&format!("{path}/edits"), &edits).unwrap();
    refused(&answer, 422, "edit_refused");
    let problem = json_of(&answer, 422);
    let problem = serde_json::to_string_pretty(&problem).unwrap().replace(stop, "STOP");
    insta::assert_snapshot!("edits_refused", problem);
    let odd = json!({ "edits": [{ "do": "drop", "case": stop }] });
    refused(&dispatcher.post(&format!("{path}/edits"), &odd).unwrap(), 400, "invalid_body");
    let edits = json!({ "edits": [{ "do": "take_out", "case": stop }] });
    refused(&compliance.post(&format!("{path}/edits"), &edits).unwrap(), 403, "role_forbidden");

    let edited = json_of(&dispatcher.post(&format!("{path}/edits"), &edits).unwrap(), 201);
    assert_eq!((&edited["version"], &edited["edited_by"]), (&json!(2), &json!("dispatcher")));
    let visits = |side: &str| edited[side]["visits"].as_i64().unwrap();
    assert_eq!(visits("after"), visits("before") - 1);
    let folder = site.office.dir().plans().join(format!("{DAY}-v2"));
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 5);
    let list = json_of(&dispatcher.get("/plans").unwrap(), 200);
    assert_eq!(list["items"][0]["id"], edited["plan"]);
    assert_eq!(list["items"][0]["edited_from"], 1);
    assert_eq!(list["items"][0]["edited_by"], "dispatcher");
    let newer = edited["plan"].as_str().unwrap();
    let compared = format!("{path}/compare/{newer}");
    let answer = json_of(&dispatcher.get(&format!("{compared}?minutes=600")).unwrap(), 200);
    assert_eq!(answer["dropped"][0]["case_ref"], stop);
    assert_eq!(answer["dropped"][0]["code"], "by_hand");
    assert_eq!((&answer["added"], &answer["other_agent"]), (&json!([]), &json!([])));
    assert_eq!(answer["difference"]["visits"], -1);
    refused(&dispatcher.get(&format!("{compared}?minuets=5")).unwrap(), 400, "invalid_query");
    let analyst = site.client(Role::Analyst).unwrap();
    refused(&analyst.get(&compared).unwrap(), 403, "role_forbidden");
    // It is in the audit log with whoever did it.
    let audit = json_of(&site.client(Role::Compliance).unwrap().get("/audit").unwrap(), 200);
    let entries = audit["items"].as_array().unwrap();
    let entry = entries.iter().find(|entry| entry["action"] == "plan_edited").unwrap();
    assert!(entry["user"].is_string(), "{entry}");
    // The new version can be published as any other.
    json_of(&dispatcher.post(&format!("/plans/{newer}/publish"), &json!({})).unwrap(), 200);
}

fn a_plan_is_made_anew_on_its_day(database: &Database) {
    let (site, dispatcher, plan) = planned(database);
    let path = format!("/plans/{}/replan", plan["id"].as_str().unwrap());
    let ask = |body: Value| dispatcher.post(&path, &body).unwrap();
    let early = format!("{DAY}T12:30:00Z");
    let same = json_of(&ask(json!({ "now": early, "iterations": 200 })), 200);
    assert_eq!(
        (&same["saved"], &same["plan"], &same["version"]),
        (&json!(false), &plan["id"], &json!(1))
    );
    let agent = plan["routes"][0]["agent_ref"].as_str().unwrap();
    let noon = format!("{DAY}T17:00:00Z");
    let body = json!({ "now": noon, "iterations": 200,
        "events": [{ "event": "agent_out", "agent": agent }] });
    let answer = json_of(&ask(body.clone()), 201);
    assert_eq!((&answer["version"], &answer["replanned_by"]), (&json!(2), &json!("dispatcher")));
    let out =
        answer["agents"].as_array().unwrap().iter().find(|a| a["agent_ref"] == agent).unwrap();
    assert_eq!((&out["to_come"], &out["out_since"]), (&json!(0), &json!(noon)));
    assert!(answer["stops"].as_array().unwrap().iter().all(|stop| stop["change"].is_string()));
    let folder = site.office.dir().plans().join(format!("{DAY}-v2"));
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 5);
    // It can be published, and is in the audit log with whoever did it.
    let newer = answer["plan"].as_str().unwrap();
    json_of(&dispatcher.post(&format!("/plans/{newer}/publish"), &json!({})).unwrap(), 200);
    let audit = json_of(&site.client(Role::Compliance).unwrap().get("/audit").unwrap(), 200);
    let entries = audit["items"].as_array().unwrap();
    let entry = entries.iter().find(|entry| entry["action"] == "plan_replanned").unwrap();
    assert!(entry["user"].is_string(), "{entry}");

    let answer = ask(json!({ "now": noon, "events": [
        { "event": "agent_out", "agent": "K9" },
        { "event": "urgent", "case": "NONE" },
        { "event": "appointment", "case": "D3", "from": noon, "to": early },
    ] }));
    refused(&answer, 422, "edit_refused");
    let problem = json_of(&answer, 422);
    insta::assert_snapshot!("events_refused", serde_json::to_string_pretty(&problem).unwrap());
    refused(&ask(json!({ "now": "2026-11-25T12:00:00Z" })), 422, "edit_refused");
    refused(&ask(json!({ "now": noon, "iterations": 0 })), 422, "invalid_value");
    refused(&ask(json!({ "now": noon, "events": [{ "event": "rain" }] })), 400, "invalid_body");
    refused(&ask(json!({ "now": noon, "event": [] })), 400, "invalid_body");
    let compliance = site.client(Role::Compliance).unwrap();
    refused(&compliance.post(&path, &body).unwrap(), 403, "role_forbidden");
}

fn what_if_answers_figures(database: &Database) {
    let (site, _, plan) = planned(database);
    let analyst = site.client(Role::Analyst).unwrap();
    let ask = |body: Value| analyst.post("/plans/what-if", &body).unwrap();
    let body = json!({ "date": DAY, "agents_from": 2, "agents_to": 4, "iterations": 100 });
    let answer = json_of(&ask(body), 200);
    assert_eq!(answer["agents_on_duty"], 3);
    assert_eq!(answer["curve"].as_array().unwrap().len(), 3);
    assert_eq!((&answer["seed"], &answer["iterations"]), (&json!(1), &json!(100)));
    for key in ["case", "case_ref", "routes"] {
        assert!(answer.get(key).is_none(), "figures only");
    }
    refused(&ask(json!({ "date": DAY, "agents_to": 4 })), 422, "invalid_value");
    refused(&ask(json!({ "date": DAY, "iterations": 0 })), 422, "invalid_value");
    let much = json!({ "date": DAY, "agents_from": 1, "agents_to": 50, "iterations": 100_000 });
    refused(&ask(much), 422, "invalid_value");
    refused(&ask(json!({ "date": DAY, "agent": 4 })), 400, "invalid_body");
    let newest = json_of(&analyst.get("/plans").unwrap(), 200);
    assert_eq!(newest["items"][0]["id"], plan["id"], "nothing was saved");
}
