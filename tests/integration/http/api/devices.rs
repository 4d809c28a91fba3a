//! `/devices`, `/devices/enrol` and codes.

use std::time::Duration;

use serde_json::{Value, json};
use server::usecases::access::Role;
use sync_core::protocol::{DeviceSecret, Enrolment};
use tests::api::{Client, Site};
use tests::database::Database;
use tests::http::Answer;

use super::refused;
use crate::db::on_both;

on_both!(a_device_is_enrolled_once_and_revoked, only_good_codes_and_keys_enrol);

fn user_id(site: &Site, role: Role) -> String {
    let me = site.client(role).unwrap().get("/me").unwrap().json().unwrap();
    me["user"]["id"].as_str().unwrap().to_owned()
}

fn code(client: &Client, user: &str) -> String {
    let made = client.post(&format!("/users/{user}/enrolment-codes"), &json!({})).unwrap();
    assert_eq!(made.status, 201, "{}", made.body);
    made.json().unwrap()["code"].as_str().unwrap().to_owned()
}

fn enrol(client: &Client, request: &Enrolment) -> Answer {
    client.post("/devices/enrol", &serde_json::to_value(request).unwrap()).unwrap()
}

fn a_device_is_enrolled_once_and_revoked(database: &Database) {
    let site = Site::new(database).unwrap();
    let (admin, phone) = (site.client(Role::Dispatcher).unwrap(), site.anonymous());
    let user = user_id(&site, Role::Agent);
    let secret = DeviceSecret::new([5; 32]);
    let first = Enrolment::new(&secret, &code(&admin, &user), "Pixel", "1.0");
    let enrolled = enrol(&phone, &first);
    assert_eq!(enrolled.status, 201, "{}", enrolled.body);
    let enrolled = enrolled.json().unwrap();
    assert_eq!((&enrolled["actor"], &enrolled["agent_ref"]), (&json!(1), &json!("K1")));
    assert_eq!((&enrolled["currency"], &enrolled["exponent"]), (&json!("USD"), &json!(2)));
    assert_eq!(enrolled["epoch"], 1);
    refused(&enrol(&phone, &first), 403, "invalid_code");

    let again = Enrolment::new(&DeviceSecret::new([6; 32]), &code(&admin, &user), "Spare", "1.0");
    assert_eq!(enrol(&phone, &again).json().unwrap()["actor"], 2);
    let page = admin.get(&format!("/devices?user={user}&limit=1")).unwrap().json().unwrap();
    assert_eq!(page["items"][0]["name"], "Pixel");
    let cursor = page["next_cursor"].as_str().unwrap();
    let page = admin.get(&format!("/devices?limit=1&cursor={cursor}")).unwrap().json().unwrap();
    assert_eq!((&page["items"][0]["name"], &page["next_cursor"]), (&json!("Spare"), &Value::Null));

    // Its token holds until it is revoked.
    let app = &site.office.app;
    let device = app.store.device(app.org, 1).unwrap().unwrap();
    let (owner, _) = app.store.user(app.org, device.user_id).unwrap().unwrap();
    let token = server::usecases::sessions::issue_device_token(app, &device, &owner).unwrap();
    let phone = phone.with_token(&token);
    assert_eq!(phone.get("/me").unwrap().json().unwrap()["device"], 1);
    assert_eq!(phone.delete("/sessions").unwrap().status, 204);
    assert_eq!(phone.get("/me").unwrap().status, 200, "a device has no session to end");
    for _ in 0..2 {
        assert_eq!(admin.post("/devices/1/revoke", &json!({})).unwrap().status, 204);
    }
    refused(&phone.get("/me").unwrap(), 401, "unauthenticated");
    for nobody in ["9", "-1", "x", "4294967296"] {
        let answer = admin.post(&format!("/devices/{nobody}/revoke"), &json!({})).unwrap();
        refused(&answer, 404, "not_found");
    }
    let noted = app.store.audit_after(app.org, 0, 1_000).unwrap();
    let count = |action: &str| noted.iter().filter(|row| row.action == action).count();
    assert_eq!((count("code_made"), count("device_enrolled"), count("device_revoked")), (2, 2, 1));
}

fn only_good_codes_and_keys_enrol(database: &Database) {
    let site = Site::new(database).unwrap();
    let (admin, phone) = (site.admin().unwrap(), site.anonymous());
    let user = user_id(&site, Role::Agent);
    let secret = DeviceSecret::new([5; 32]);
    let code_ = code(&admin, &user);
    let good = Enrolment::new(&secret, &code_, "Pixel", "1.0");

    let other = Enrolment::new(&DeviceSecret::new([6; 32]), &code_, "Pixel", "1.0");
    let stolen = Enrolment { public_key: good.public_key.clone(), ..other };
    refused(&enrol(&phone, &stolen), 403, "bad_signature");
    let moved =
        Enrolment { proof: Enrolment::new(&secret, "another", "", "").proof, ..good.clone() };
    refused(&enrol(&phone, &moved), 403, "bad_signature");
    refused(&enrol(&phone, &Enrolment::new(&secret, "wrong", "Pixel", "1.0")), 403, "invalid_code");
    let short = Enrolment { public_key: "00".into(), ..good.clone() };
    let answer = enrol(&phone, &short);
    refused(&answer, 422, "invalid_value");
    assert_eq!(answer.json().unwrap()["field"], "public_key");
    let long = Enrolment::new(&secret, &code_, &"x".repeat(201), "1.0");
    refused(&enrol(&phone, &long), 422, "invalid_value");

    let hour = site.later(Duration::from_secs(3600), 1).unwrap();
    refused(&enrol(&hour.anonymous(), &good), 403, "invalid_code");
    assert_eq!(enrol(&phone, &good).status, 201, "none of it used the code up");
    let same_key = Enrolment::new(&secret, &code(&admin, &user), "Pixel", "1.0");
    refused(&enrol(&phone, &same_key), 409, "key_known");

    // Only agents have devices, and none who is disabled.
    for role in [Role::Dispatcher, Role::Admin] {
        let path = format!("/users/{}/enrolment-codes", user_id(&site, role));
        refused(&admin.post(&path, &json!({})).unwrap(), 422, "no_agent");
    }
    let pending = Enrolment::new(&DeviceSecret::new([8; 32]), &code(&admin, &user), "New", "1.0");
    admin.post(&format!("/users/{user}/disable"), &json!({})).unwrap();
    refused(&enrol(&phone, &pending), 403, "invalid_code");
    let path = format!("/users/{user}/enrolment-codes");
    refused(&admin.post(&path, &json!({})).unwrap(), 422, "no_agent");
}
