//! `/sessions`, `/sessions/refresh` and `/me`.

use std::time::Duration;

use serde_json::json;
use server::usecases::access::Role;
use tests::api::{Client, PASSWORD, Site};
use tests::database::Database;
use tests::http::Answer;

use super::refused;
use crate::db::on_both;

on_both!(
    a_session_goes_on_and_ends,
    a_copied_refresh_token_ends_its_session,
    a_login_is_locked_for_every_server,
    wrong_logins_tell_nothing,
);

fn refresh(client: &Client, token: &str) -> Answer {
    client.post("/sessions/refresh", &json!({ "refresh_token": token })).unwrap()
}

fn a_session_goes_on_and_ends(database: &Database) {
    let site = Site::new(database).unwrap();
    let first = site.client(Role::Agent).unwrap();
    let me = first.get("/me").unwrap().json().unwrap();
    assert_eq!((&me["user"]["login"], &me["user"]["agent_ref"]), (&json!("agent"), &json!("K1")));
    assert!(me.get("device").is_none(), "{me}");

    let old = first.refresh_token.clone().unwrap();
    let second = first.after(&refresh(&first, &old)).unwrap();
    assert_ne!(second.refresh_token, first.refresh_token);
    assert_eq!(second.get("/me").unwrap().status, 200);
    assert_eq!(first.get("/me").unwrap().status, 200, "good until it expires");
    let quarter = site.later(Duration::from_secs(15 * 60), 1).unwrap();
    refused(&quarter.as_client(&second).get("/me").unwrap(), 401, "unauthenticated");

    assert_eq!(second.delete("/sessions").unwrap().status, 204);
    for client in [&first, &second] {
        refused(&client.get("/me").unwrap(), 401, "unauthenticated");
    }
    let ended = refresh(&second, second.refresh_token.as_ref().unwrap());
    refused(&ended, 401, "session_ended");

    // A session is over after its days, however often it was gone on with.
    let third = site.client(Role::Agent).unwrap();
    let day = Duration::from_secs(24 * 3600);
    let late = site.later(day * 29, 2).unwrap();
    let fourth = late.as_client(&third);
    let fourth = fourth.after(&refresh(&fourth, third.refresh_token.as_ref().unwrap())).unwrap();
    let over = site.later(day * 30, 3).unwrap();
    let answer = refresh(&over.as_client(&fourth), fourth.refresh_token.as_ref().unwrap());
    refused(&answer, 401, "session_ended");
}

fn a_copied_refresh_token_ends_its_session(database: &Database) {
    let site = Site::new(database).unwrap();
    let owner = site.client(Role::Dispatcher).unwrap();
    let elsewhere = site.client(Role::Dispatcher).unwrap();
    let stolen = owner.refresh_token.clone().unwrap();
    let thief = owner.after(&refresh(&site.anonymous(), &stolen)).unwrap();
    assert_eq!(thief.get("/me").unwrap().status, 200);
    refused(&refresh(&owner, &stolen), 401, "refresh_reused");
    // Now neither has a session; the other one of the same user goes on.
    refused(&refresh(&thief, thief.refresh_token.as_ref().unwrap()), 401, "session_ended");
    refused(&thief.get("/me").unwrap(), 401, "unauthenticated");
    refused(&owner.get("/me").unwrap(), 401, "unauthenticated");
    assert_eq!(elsewhere.get("/me").unwrap().status, 200);
    let noted = actions(&site);
    assert!(noted.contains(&"refresh_reused".to_owned()), "{noted:?}");
    for unknown in ["", "x", "a.b", &"0".repeat(97), &format!("{stolen}0")] {
        refused(&refresh(&owner, unknown), 401, "session_ended");
    }
}

fn actions(site: &Site) -> Vec<String> {
    let app = &site.office.app;
    let rows = app.store.audit_after(app.org, 0, 1_000).unwrap();
    rows.into_iter().map(|row| row.action).collect()
}

fn try_in(client: &Client, login: &str, password: &str) -> Answer {
    client.post("/sessions", &json!({ "login": login, "password": password })).unwrap()
}

fn a_login_is_locked_for_every_server(database: &Database) {
    let site = Site::new(database).unwrap();
    let other = site.later(Duration::from_secs(1), 1).unwrap();
    let servers = [site.anonymous(), other.anonymous()];
    for attempt in 0..5 {
        refused(&try_in(&servers[attempt % 2], "agent", "wrong"), 401, "wrong_credentials");
    }
    // The right password comes too late, on either server; other users do not notice.
    for server in &servers {
        refused(&try_in(server, "agent", PASSWORD), 401, "wrong_credentials");
    }
    assert_eq!(try_in(&servers[0], "analyst", PASSWORD).status, 201);
    let (minute, seconds) = (Duration::from_secs(60), Duration::from_secs);
    let still = site.later(seconds(59), 2).unwrap();
    refused(&try_in(&still.anonymous(), "agent", PASSWORD), 401, "wrong_credentials");
    // One more wrong one after it doubles the time.
    let open = site.later(minute + seconds(2), 3).unwrap();
    refused(&try_in(&open.anonymous(), "agent", "wrong"), 401, "wrong_credentials");
    let early = site.later(minute * 2 + seconds(3), 4).unwrap();
    refused(&try_in(&early.anonymous(), "agent", PASSWORD), 401, "wrong_credentials");
    let late = site.later(minute * 3 + seconds(3), 5).unwrap();
    assert_eq!(try_in(&late.anonymous(), "agent", PASSWORD).status, 201);
    // And a login that worked begins a new count.
    for _ in 0..4 {
        refused(&try_in(&late.anonymous(), "agent", "wrong"), 401, "wrong_credentials");
    }
    assert_eq!(try_in(&late.anonymous(), "agent", PASSWORD).status, 201);
}

fn wrong_logins_tell_nothing(database: &Database) {
    let site = Site::new(database).unwrap();
    let anyone = site.anonymous();
    let id = site.client(Role::Analyst).unwrap().get("/me").unwrap().json().unwrap();
    let id = id["user"]["id"].as_str().unwrap().to_owned();
    let gone = site.admin().unwrap().post(&format!("/users/{id}/disable"), &json!({})).unwrap();
    assert_eq!(gone.status, 204);
    let answers: Vec<String> = [
        ("agent", "wrong"),
        ("agent", ""),
        ("nobody", PASSWORD),
        ("", ""),
        ("AGENT", PASSWORD),
        ("analyst", PASSWORD),
    ]
    .into_iter()
    .map(|(login, password)| {
        let answer = try_in(&anyone, login, password);
        refused(&answer, 401, "wrong_credentials");
        answer.body
    })
    .collect();
    assert!(answers.iter().all(|body| *body == answers[0]), "{answers:?}");
    // What was typed as a login may be a password: it is nowhere.
    try_in(&anyone, PASSWORD, "");
    let app = &site.office.app;
    let noted = app.store.audit_after(app.org, 0, 1_000).unwrap();
    assert!(noted.iter().filter(|row| row.action == "sign_in_failed").count() >= 7);
    assert!(!format!("{noted:?}").contains(PASSWORD));
}
