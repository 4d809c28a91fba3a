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

/// Whoever counts sees figures: no case, nobody's times, no note. Over all routes and all roles, by
/// hand, so that a slip in the table is one here too.
#[test]
fn each_role_has_its_part() {
    use Role::{Admin, Agent, Analyst, Compliance, Dispatcher};
    let parts: [(&str, &str, &[Role]); 32] = [
        ("get", "/users", &[Admin]),
        ("post", "/users", &[Admin]),
        ("get", "/users/{id}", &[Admin]),
        ("post", "/users/{id}/disable", &[Admin]),
        ("post", "/users/{id}/password", &[Admin]),
        ("post", "/users/{id}/enrolment-codes", &[Admin, Dispatcher]),
        ("get", "/devices", &[Admin, Dispatcher]),
        ("post", "/devices/{actor}/revoke", &[Admin, Dispatcher]),
        ("get", "/plans", &[Admin, Dispatcher, Analyst, Compliance]),
        ("get", "/plans/{id}", &[Admin, Dispatcher, Compliance]),
        ("post", "/plans/{id}/publish", &[Admin, Dispatcher]),
        ("get", "/plans/{id}/cases/{case}/explanation", &[Admin, Dispatcher, Compliance]),
        ("get", "/plans/{id}/compare/{other}", &[Admin, Dispatcher, Compliance]),
        ("post", "/plans/{id}/edits", &[Admin, Dispatcher]),
        ("post", "/plans/{id}/replan", &[Admin, Dispatcher]),
        ("post", "/plans/what-if", &[Analyst, Dispatcher, Admin]),
        ("get", "/cases/{case}", &[Admin, Dispatcher, Compliance]),
        ("post", "/cases/{case}/contact", &[Admin, Dispatcher]),
        ("post", "/cases/{case}/tags", &[Admin, Dispatcher]),
        ("post", "/cases/{case}/status", &[Admin, Dispatcher]),
        ("post", "/cases/{case}/allocate", &[Admin, Dispatcher]),
        ("post", "/cases/{case}/withdraw", &[Admin, Dispatcher]),
        ("get", "/visits", &[Admin, Dispatcher, Compliance]),
        ("get", "/conflicts", &[Admin, Dispatcher, Compliance]),
        ("post", "/conflicts/settle", &[Admin, Dispatcher]),
        ("get", "/kept-aside", &[Admin, Dispatcher, Compliance]),
        ("post", "/kept-aside/release", &[Admin, Dispatcher]),
        ("post", "/payments/reverse", &[Admin, Dispatcher]),
        ("get", "/flagged", &[Admin, Dispatcher, Compliance]),
        ("get", "/economics", &[Analyst, Dispatcher, Admin]),
        ("get", "/audit", &[Admin, Compliance]),
        ("get", "/sync/pull", &[]),
    ];
    for route in ROUTES {
        let part =
            parts.iter().find(|(method, path, _)| (*method, *path) == (route.method, route.path));
        let what = format!("{} {}", route.method, route.path);
        match (part, route.access) {
            (Some((_, _, roles)), Access::Roles(granted)) => {
                for role in Role::ALL {
                    assert_eq!(roles.contains(&role), granted.contains(&role), "{what}: {role:?}");
                }
            }
            (Some((_, _, [])), Access::Device) | (None, Access::Anyone | Access::SignedIn) => {}
            other => panic!("{what}: {other:?}"),
        }
    }
    assert!(parts.iter().all(|(_, _, roles)| !roles.contains(&Agent)), "agents have their phones");
}
