//! What is wrong with a request is said precisely.

use serde_json::json;
use tests::api::Site;

use super::refused;

#[test]
fn unknown_names_are_refused_with_the_nearest_known_one() {
    let site = Site::sqlite().unwrap();
    let anyone = site.anonymous();
    let answer = anyone.post("/sessions", &json!({ "login": "admin", "pasword": "x" })).unwrap();
    refused(&answer, 400, "invalid_body");
    let problem = answer.json().unwrap();
    assert_eq!((&problem["field"], &problem["nearest"]), (&json!("pasword"), &json!("password")));

    let answer = anyone.post("/sessions", &json!({ "login": "admin", "zzz": 1 })).unwrap();
    let problem = answer.json().unwrap();
    assert_eq!(problem["field"], "zzz");
    assert!(problem["nearest"].is_null() && problem["detail"].as_str().unwrap().contains("login"));

    let answer = anyone.post("/sessions", &json!({ "login": "admin" })).unwrap();
    refused(&answer, 400, "invalid_body");
    assert_eq!(answer.json().unwrap()["field"], "password");

    let answer = site.admin().unwrap().get("/users?limt=3").unwrap();
    refused(&answer, 400, "invalid_query");
    assert_eq!(answer.json().unwrap()["nearest"], "limit");
    for query in ["limit=0", "limit=201", "limit=x", "cursor=zz"] {
        refused(
            &site.admin().unwrap().get(&format!("/users?{query}")).unwrap(),
            400,
            "invalid_query",
        );
    }
}

#[test]
fn bodies_that_are_none_are_refused() {
    let site = Site::sqlite().unwrap();
    let anyone = site.anonymous();
    let json = Some("application/json");
    let send = |kind, body: &[u8]| anyone.send("POST", "/sessions", kind, body).unwrap();
    refused(&send(json, b""), 400, "invalid_json");
    refused(&send(json, b"{\"login\":"), 400, "invalid_json");
    refused(&send(json, b"{\"login\":1,\"password\":\"\"}"), 400, "invalid_body");
    refused(&send(json, b"[]"), 400, "invalid_body");
    refused(&send(None, b"{}"), 415, "unsupported_media_type");
    refused(&send(Some("text/plain"), b"{}"), 415, "unsupported_media_type");
    let long = format!("{{\"login\":\"{}\",\"password\":\"\"}}", "x".repeat(64 * 1024));
    refused(&send(json, long.as_bytes()), 413, "too_large");
}

#[test]
fn unknown_paths_and_methods_are_problems() {
    let site = Site::sqlite().unwrap();
    let admin = site.admin().unwrap();
    for path in ["", "/", "/nothing", "/users/", "/users/x/y", "/../../healthz"] {
        refused(&admin.get(path).unwrap(), 404, "not_found");
    }
    for (method, path) in [("PUT", "/users"), ("GET", "/sessions"), ("HEAD", "/users")] {
        let answer = admin.send(method, path, None, b"").unwrap();
        assert_eq!(answer.status, 405, "{method} {path}: {}", answer.body);
    }
    for path in ["/users/nobody", "/users/01900000-0000-7fff-bfff-ffffffffffff"] {
        refused(&admin.get(path).unwrap(), 404, "not_found");
    }
}

/// The API has logins, so it answers whatever name it is reached by; the page does not.
#[test]
fn only_the_page_wants_a_loopback_name() {
    let site = Site::sqlite().unwrap();
    let ask = |path| tests::http::ask(site.port(), "GET", path, "api.example.org").unwrap();
    assert_eq!(ask("/api/v1/openapi.json").status, 200);
    refused(&ask("/api/v1/users"), 401, "unauthenticated");
    refused(&ask("/"), 403, "foreign_host");
    refused(&ask("/api/v1x"), 403, "foreign_host");
    assert_eq!(ask("/api/v1/openapi.json").header("x-content-type-options"), "nosniff");
}
