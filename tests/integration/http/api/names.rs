//! Texts that no database holds, and names of two things.

use serde_json::{Value, json};
use server::usecases::access::Role;
use server::usecases::allocate::by_reference;
use tests::api::Site;
use tests::book::{Case, cases_csv};
use tests::database::Database;
use tests::http::Answer;

use super::refused;
use crate::db::on_both;

on_both!(a_nul_is_refused_with_its_field, a_name_of_two_cases_is_refused);

fn field(answer: &Answer) -> Value {
    answer.json().unwrap()["field"].clone()
}

fn a_nul_is_refused_with_its_field(database: &Database) {
    let site = Site::new(database).unwrap();
    let admin = site.admin().unwrap();
    for (path, body, name) in [
        ("/sessions", json!({ "login": "a\0b", "password": "x" }), "login"),
        ("/users", json!({ "login": "zz", "name": "a\0b", "role": "analyst" }), "name"),
        ("/cases/a0/contact", json!({ "field": "phone", "text": "a\0b" }), "text"),
        ("/cases/a0/tags", json!({ "add": ["x", "a\0b"], "remove": [] }), "add"),
        ("/cases/a0/status", json!({ "status": "closed", "reason": "\0" }), "reason"),
        ("/cases/a0/allocate", json!({ "agent": "K1\0" }), "agent"),
        ("/payments/reverse", json!({ "receipt": "\0", "reason": "x" }), "receipt"),
        ("/conflicts/settle", json!({ "case": "\0", "ops": [] }), "case"),
    ] {
        let answer = admin.post(path, &body).unwrap();
        refused(&answer, 400, "invalid_body");
        assert_eq!(field(&answer), name, "{path}");
    }
    for (path, name) in [
        ("/visits?case=a%00b", "case"),
        ("/conflicts?case=%00", "case"),
        ("/audit?cursor=%00", "cursor"),
    ] {
        let answer = admin.get(path).unwrap();
        refused(&answer, 400, "invalid_query");
        assert_eq!(field(&answer), name, "{path}");
    }
    for (path, name) in [("/cases/%00", "case"), ("/users/a%00b", "id"), ("/plans/%00", "id")] {
        let answer = admin.get(path).unwrap();
        refused(&answer, 404, "not_found");
        assert_eq!(field(&answer), name, "{path}");
    }
}

/// A lender may number cases as this product does.
fn a_name_of_two_cases_is_refused(database: &Database) {
    let site = Site::new(database).unwrap();
    let app = &site.office.app;
    let dispatcher = site.client(Role::Dispatcher).unwrap();
    let (first, _) = by_reference(app, "a0", "K1").unwrap();
    let name = first.to_string();
    let nobody = "01900000-0000-7fff-bfff-ffffffffffff";
    site.office.import(&cases_csv(&[Case::new(&name), Case::new(nobody)]), "").unwrap();
    let (second, _) = by_reference(app, &name, "K1").unwrap();
    let answer = dispatcher.get(&format!("/cases/{name}")).unwrap();
    refused(&answer, 422, "invalid_value");
    assert!(answer.body.contains(&second.to_string()), "{}", answer.body);
    let tags = json!({ "add": ["dog"], "remove": [] });
    let answer = dispatcher.post(&format!("/cases/{name}/tags"), &tags).unwrap();
    refused(&answer, 422, "invalid_value");
    let refs = |path: &str| {
        let case = dispatcher.get(&format!("/cases/{path}")).unwrap().json().unwrap();
        case["case_ref"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(refs("a0"), "a0");
    assert_eq!(refs(&second.to_string()), name);
    assert_eq!(refs(nobody), nobody, "an id of no case is but a key");
}
