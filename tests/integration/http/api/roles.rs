//! Who may do what, over the whole table of routes.

use server::http::api::{Access, ROUTES};
use server::usecases::access::Role;
use tests::api::{Client, Site, outcome};

/// A path whose ids are well formed and nobody's.
fn filled(path: &str) -> String {
    path.split('/')
        .map(|part| match part {
            "{actor}" => "4000000000",
            part if part.starts_with('{') => "01900000-0000-7fff-bfff-ffffffffffff",
            part => part,
        })
        .collect::<Vec<_>>()
        .join("/")
}

#[test]
fn each_route_lets_in_whom_the_table_says() {
    let site = Site::sqlite().unwrap();
    let mut clients: Vec<(Option<Role>, Client)> = vec![(None, site.anonymous())];
    clients.extend(Role::ALL.map(|role| (Some(role), site.client(role).unwrap())));
    for route in ROUTES {
        for (role, client) in &mut clients {
            let method = route.method.to_uppercase();
            let answer = client.send(&method, &filled(route.path), None, b"").unwrap();
            let (status, code) = outcome(&answer).unwrap();
            let expected = match (route.access, *role) {
                (Access::Anyone, _) | (Access::SignedIn, Some(_)) => None,
                (_, None) => Some((401, "unauthenticated")),
                (Access::Device, Some(_)) => Some((403, "device_only")),
                (Access::Roles(roles), Some(role)) if roles.contains(&role) => None,
                (Access::Roles(_), Some(_)) => Some((403, "role_forbidden")),
            };
            let what = format!("{role:?} {method} {}: {status} {code}", route.path);
            match expected {
                Some(expected) => assert_eq!((status, code.as_str()), expected, "{what}"),
                None => {
                    // What lets anyone in may ask for a token by itself, as a push does.
                    let barred = ["role_forbidden", "device_only", "unauthenticated"];
                    let barred = &barred[..if route.access == Access::Anyone { 2 } else { 3 }];
                    assert!(!barred.contains(&code.as_str()) && status < 500, "{what}");
                }
            }
            // Logging out works too well to go on with the same session.
            if let (Some(role), "/sessions", "DELETE") = (*role, route.path, method.as_str()) {
                *client = site.client(role).unwrap();
            }
        }
    }
}

/// Guards against a table that lets everybody in.
#[test]
fn the_table_says_what_it_should() {
    let access = |method: &str, path: &str| {
        let found = ROUTES.iter().find(|route| (route.method, route.path) == (method, path));
        found.unwrap_or_else(|| panic!("{method} {path}")).access
    };
    for (method, path) in [
        ("post", "/sessions"),
        ("post", "/sessions/refresh"),
        ("post", "/devices/enrol"),
        ("get", "/openapi.json"),
    ] {
        assert_eq!(access(method, path), Access::Anyone, "{method} {path}");
    }
    for (method, path) in [
        ("get", "/users"),
        ("post", "/users"),
        ("post", "/users/{id}/disable"),
        ("post", "/users/{id}/password"),
    ] {
        assert_eq!(access(method, path), Access::Roles(&[Role::Admin]), "{method} {path}");
    }
    assert_eq!(access("get", "/audit"), Access::Roles(&[Role::Admin, Role::Compliance]));
    let open = ROUTES.iter().filter(|route| route.access == Access::Anyone);
    let open: Vec<&str> = open.map(|route| route.path).collect();
    // A push is signed by its device, whatever comes with it.
    let known = [
        "/openapi.json",
        "/sessions",
        "/sessions/refresh",
        "/devices/enrol",
        "/sync/hello",
        "/sync/push",
    ];
    assert!(open.iter().all(|path| known.contains(path)), "{open:?} need no login");
}
