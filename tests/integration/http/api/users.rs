//! `/users`.

use serde_json::{Value, json};
use server::usecases::access::Role;
use tests::api::{PASSWORD, Site};
use tests::database::Database;

use super::refused;
use crate::db::on_both;

on_both!(users_are_made_listed_and_disabled, another_organisation_sees_none_of_it);

fn users_are_made_listed_and_disabled(database: &Database) {
    let site = Site::new(database).unwrap();
    let admin = site.admin().unwrap();
    let new = json!({ "login": "bo", "name": "Bo", "role": "dispatcher" });
    let made = admin.post("/users", &new).unwrap();
    assert_eq!(made.status, 201, "{}", made.body);
    let made = made.json().unwrap();
    let (id, password) = (made["user"]["id"].as_str().unwrap(), made["password"].as_str().unwrap());
    let bo = site.anonymous().sign_in("bo", password).unwrap();
    refused(&bo.get("/users").unwrap(), 403, "role_forbidden");
    refused(&admin.post("/users", &new).unwrap(), 409, "login_taken");

    // All six, two a page, in the order they were made.
    let mut seen: Vec<Value> = Vec::new();
    let mut next = Some("/users?limit=2".to_owned());
    while let Some(path) = next {
        let page = admin.get(&path).unwrap().json().unwrap();
        seen.extend(page["items"].as_array().unwrap().clone());
        let cursor = page["next_cursor"].as_str();
        next = cursor.map(|cursor| format!("/users?limit=2&cursor={cursor}"));
    }
    let logins: Vec<&str> = seen.iter().map(|user| user["login"].as_str().unwrap()).collect();
    assert_eq!(logins.len(), 6);
    assert!(logins.contains(&"bo") && logins.contains(&"agent"), "{logins:?}");
    assert!(!seen.iter().any(|user| user.to_string().contains("argon2")), "no hash leaves");
    assert_eq!(admin.get(&format!("/users/{id}")).unwrap().json().unwrap(), made["user"]);

    // A new password ends what the old one began.
    let reset = admin.post(&format!("/users/{id}/password"), &json!({})).unwrap().json().unwrap();
    refused(&bo.get("/me").unwrap(), 401, "unauthenticated");
    assert!(site.anonymous().sign_in("bo", password).is_err());
    let bo = site.anonymous().sign_in("bo", reset["password"].as_str().unwrap()).unwrap();
    for _ in 0..2 {
        let disabled = admin.post(&format!("/users/{id}/disable"), &json!({})).unwrap();
        assert_eq!(disabled.status, 204);
    }
    refused(&bo.get("/me").unwrap(), 401, "unauthenticated");
    let shown = admin.get(&format!("/users/{id}")).unwrap().json().unwrap();
    assert!(shown["disabled_at"].is_string(), "{shown}");

    let own = admin.get("/me").unwrap().json().unwrap();
    let own = format!("/users/{}/disable", own["user"]["id"].as_str().unwrap());
    refused(&admin.post(&own, &json!({})).unwrap(), 409, "last_admin");
}

#[test]
fn what_does_not_fit_is_named() {
    let site = Site::sqlite().unwrap();
    let admin = site.admin().unwrap();
    for (field, code, change) in [
        ("login", "invalid_value", json!({ "login": "Bo Doe" })),
        ("login", "invalid_value", json!({ "login": "" })),
        ("password", "invalid_value", json!({ "password": "short" })),
        ("agent_ref", "invalid_value", json!({ "role": "agent" })),
        ("agent_ref", "invalid_value", json!({ "agent_ref": "A1" })),
        ("", "unknown_agent", json!({ "role": "agent", "agent_ref": "A99" })),
    ] {
        let mut new =
            json!({ "login": "bo", "name": "Bo", "role": "analyst", "password": PASSWORD });
        new.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let answer = admin.post("/users", &new).unwrap();
        refused(&answer, 422, code);
        assert_eq!(
            answer.json().unwrap()["field"].as_str().unwrap_or(""),
            field,
            "{}",
            answer.body
        );
    }
    let unknown = json!({ "login": "bo", "name": "Bo", "role": "boss" });
    refused(&admin.post("/users", &unknown).unwrap(), 400, "invalid_body");
    assert_eq!(admin.get("/users").unwrap().json().unwrap()["items"].as_array().unwrap().len(), 5);
}

fn another_organisation_sees_none_of_it(database: &Database) {
    // One SQLite file belongs to one installation; only PostgreSQL has neighbours.
    if database.url().is_none() {
        return;
    }
    let (one, other) =
        (Site::another(database, "one", 1).unwrap(), Site::another(database, "two", 2).unwrap());
    let me = one.client(Role::Agent).unwrap().get("/me").unwrap().json().unwrap();
    let id = me["user"]["id"].as_str().unwrap();
    let (admin, foreign) = (one.admin().unwrap(), other.admin().unwrap());
    let code = admin.post(&format!("/users/{id}/enrolment-codes"), &json!({})).unwrap();
    assert_eq!(code.status, 201);
    refused(&foreign.get(&format!("/users/{id}")).unwrap(), 404, "not_found");
    for verb in ["disable", "password", "enrolment-codes"] {
        let answer = foreign.post(&format!("/users/{id}/{verb}"), &json!({})).unwrap();
        refused(&answer, 404, "not_found");
    }
    let own = |admin: &tests::api::Client| {
        let users = admin.get("/users").unwrap().json().unwrap();
        users["items"].as_array().unwrap().iter().map(|u| u["id"].to_string()).collect::<Vec<_>>()
    };
    assert!(own(&admin).iter().all(|id| !own(&foreign).contains(id)));
    // A token of one is nothing to the other, and neither is a refresh token.
    refused(
        &foreign.with_token(admin.token.as_ref().unwrap()).get("/me").unwrap(),
        401,
        "unauthenticated",
    );
    let body = json!({ "refresh_token": admin.refresh_token });
    refused(&foreign.post("/sessions/refresh", &body).unwrap(), 401, "session_ended");
    assert_eq!(admin.post("/sessions/refresh", &body).unwrap().status, 200, "and it is unhurt");
    assert_eq!(other.client(Role::Agent).unwrap().get("/me").unwrap().status, 200);
}
