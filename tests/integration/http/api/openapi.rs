//! The document says what there is.

use std::collections::BTreeSet;

use serde_json::Value;
use server::http::api::{Access, PREFIX, ROUTES, openapi_json};
use tests::api::Site;

fn document() -> Value {
    serde_json::from_str(&openapi_json().unwrap()).unwrap()
}

/// What changes here changes for everybody who calls. `INSTA_UPDATE=always` takes it.
#[test]
fn the_document_is_as_it_was() {
    insta::assert_snapshot!("openapi", openapi_json().unwrap());
}

#[test]
fn it_is_served() {
    let site = Site::sqlite().unwrap();
    let answer = site.anonymous().get("/openapi.json").unwrap();
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
    assert_eq!(answer.json().unwrap(), document());
}

#[test]
fn every_route_is_in_it_and_nothing_else() {
    let document = document();
    assert_eq!(document["servers"][0]["url"], PREFIX);
    let mut described = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            described.insert((path.clone(), method.clone()));
        }
    }
    let routes: BTreeSet<(String, String)> =
        ROUTES.iter().map(|route| (route.path.into(), route.method.into())).collect();
    assert_eq!(described, routes);
}

#[test]
fn it_says_where_a_token_is_needed() {
    let document = document();
    for route in ROUTES {
        let operation = &document["paths"][route.path][route.method];
        let secured = operation["security"].as_array().is_some_and(|list| !list.is_empty());
        let (path, method) = (route.path, route.method);
        // A push is let in by its signature and looks at the token by itself.
        let needed = route.access != Access::Anyone || path == "/sync/push";
        assert_eq!(secured, needed, "{method} {path}: security(...)");
        assert!(operation["description"].is_string() || operation["summary"].is_string(), "{path}");
    }
}

/// Bodies with names nobody knows are refused: the types say so.
#[test]
fn every_body_is_closed() {
    let document = document();
    let mut bodies = 0;
    for item in document["paths"].as_object().unwrap().values() {
        for operation in item.as_object().unwrap().values() {
            let json = &operation["requestBody"]["content"]["application/json"]["schema"];
            let Some(name) = json["$ref"].as_str() else { continue };
            let name = name.rsplit('/').next().unwrap();
            let schema = &document["components"]["schemas"][name];
            assert_eq!(schema["additionalProperties"], false, "{name}: deny_unknown_fields");
            bodies += 1;
        }
    }
    assert!(bodies >= 4, "{bodies}");
}
