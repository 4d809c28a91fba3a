//! What each address answers.

use server::progress::Silent;
use server::usecases::build_plan::{Request, build_plan};
use server::usecases::publish::{Empty, publish};
use tests::installation::{DAY, Installation};

use super::Site;

#[test]
fn the_page_shows_the_plan_and_fetches_nothing() {
    let site = Site::with_plan();
    let page = site.get("/");
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("x-frame-options", "DENY"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(page.header(name), value, "{name}");
    }
    let policy = page.header("content-security-policy");
    for part in ["default-src 'none'", "frame-ancestors 'none'", "form-action 'none'"] {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(page.body.contains("<svg") && page.body.contains("great circle"));
    assert_eq!(outside(&page.body), Vec::<String>::new());
    assert!(
        !page.body.contains("<script>alert(1)") && page.body.contains("&lt;script&gt;alert(1)")
    );
}

/// Addresses of other machines in what a browser would follow or fetch.
fn outside(page: &str) -> Vec<String> {
    let spots = ["src=\"", "href=\"", "action=\"", "url(", "@import ", "fetch(", "data=\""];
    let mut found = Vec::new();
    for spot in spots {
        for (at, _) in page.match_indices(spot) {
            let target = page.get(at + spot.len()..).unwrap_or("");
            let target = target.trim_start_matches(['"', '\'']);
            if ["http:", "https:", "//", "ftp:", "ws:", "wss:"]
                .iter()
                .any(|s| target.starts_with(s))
            {
                found.push(target.chars().take(60).collect());
            }
        }
    }
    found
}

#[test]
fn outside_addresses_would_be_found() {
    for page in [
        "<img src=\"https://tiles.example/1.png\">",
        "<link href=\"//fonts.example/a.css\">",
        "body { background: url('http://x.example/y') }",
        "fetch(\"https://x.example\")",
    ] {
        assert_eq!(outside(page).len(), 1, "{page}");
    }
    assert!(outside("<svg xmlns=\"http://www.w3.org/2000/svg\"><a href=\"stops.csv\">").is_empty());
}

#[test]
fn the_other_forms_have_their_types() {
    let site = Site::with_plan();
    let stops = site.get("/stops.csv");
    assert_eq!((stops.status, stops.header("content-type")), (200, "text/csv; charset=utf-8"));
    assert!(stops.body.starts_with("plan_date,plan_version,route,stop,"), "{}", stops.body);
    let left_out = site.get("/left-out.csv");
    assert_eq!(left_out.header("content-type"), "text/csv; charset=utf-8");
    let planned = stops.body.lines().count() - 1;
    assert_eq!(planned + left_out.body.lines().count() - 1, 24, "planned or left out");
    let map = site.get("/plan.geojson");
    assert_eq!((map.status, map.header("content-type")), (200, "application/geo+json"));
    assert_eq!(map.json().unwrap()["type"], "FeatureCollection");
    let sheets = site.get("/sheets.html");
    assert_eq!((sheets.status, sheets.header("content-type")), (200, "text/html; charset=utf-8"));
    assert_eq!(outside(&sheets.body), Vec::<String>::new());
    let health = site.get("/healthz");
    assert_eq!((health.status, health.json().unwrap()["status"].as_str()), (200, Some("ok")));
    // Every link of the page leads somewhere.
    let page = site.get("/");
    let links = page.body.split("<a href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let links: Vec<&str> = links.filter(|link| !link.starts_with('#')).collect();
    assert!(links.len() >= 3, "{links:?}");
    for link in links {
        let link = link.trim_start_matches("./").replace("&amp;", "&");
        assert_eq!(site.get(&format!("/{link}")).status, 200, "{link}");
    }
}

#[test]
fn without_a_plan_it_says_which_command_makes_one() {
    let site = Site::empty();
    for path in ["/", "/stops.csv", "/left-out.csv", "/plan.geojson", "/sheets.html"] {
        let answer = site.get(path);
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.header("content-type"), "application/problem+json");
        let problem = answer.json().unwrap();
        assert_eq!(
            (problem["code"].as_str(), problem["status"].as_u64()),
            (Some("no_plan"), Some(404))
        );
        assert!(problem["detail"].as_str().unwrap().contains("doorstep plan"), "{problem}");
    }
    // A plan made meanwhile is shown without a restart, and so is the next one.
    site.plan(3);
    let first = site.get("/").body;
    assert!(first.contains("version 1"));
    site.plan(4);
    assert!(site.get("/").body.contains("version 2"));
}

#[test]
fn the_plan_that_is_worked_by_comes_first_and_the_others_are_linked() {
    let site = Site::with_plan();
    site.plan(4);
    let doorstep = Installation::open(site.dir.path(), None, 5).unwrap();
    let monday = DAY.parse().unwrap();
    publish(&doorstep.app, monday, Some(1), Empty::Refused, None).unwrap();
    // Of the Tuesday there is a trial, the newest of all.
    let tuesday = Request { date: "2026-11-24".parse().unwrap(), seed: 7, iterations: 100 };
    build_plan(&doorstep.app, &doorstep.travel, &tuesday, &Silent).unwrap();
    let page = site.get("/").body;
    assert!(page.contains("Visits on Monday 23 November 2026"), "the published day");
    assert!(page.contains("Version 1, published") && page.contains("2026-11-23 v2"));
    for (address, day, version) in [
        ("/?date=2026-11-24", "Tuesday 24", "Version 1, not published"),
        ("/?date=2026-11-23", "Monday 23", "Version 1, published"),
        ("/?date=2026-11-23&version=2", "Monday 23", "Version 2, not published"),
    ] {
        let page = site.get(address).body;
        assert!(page.contains(&format!("Visits on {day} November 2026")), "{address}");
        assert!(page.contains(version), "{address}: {version}");
        let own = address.trim_start_matches("/?").replace('&', "&amp;");
        let csv = format!("stops.csv?{own}");
        assert!(page.contains(&csv), "{address}: its own files");
        let other = format!("<a href=\"./?{own}");
        assert!(
            page.contains("Other plans: ") && !(own.contains("version") && page.contains(&other))
        );
    }
    let stops = site.get("/stops.csv?date=2026-11-24").body;
    assert!(stops.contains("2026-11-24,1,1,1,"), "{stops}");
    for (address, status) in [
        ("/?date=2026-11-30", 404),
        ("/stops.csv?date=2026-11-23&version=9", 404),
        ("/?day=2026-11-23", 400),
        ("/?version=x", 400),
    ] {
        assert_eq!(site.get(address).status, status, "{address}");
    }
}

#[test]
fn unknown_addresses_are_problems() {
    let site = Site::empty();
    for path in ["/nothing", "/plan.html", "/../doorstep.toml", "/doorstep.sqlite", "/stops.csv/"] {
        let answer = site.get(path);
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert_eq!(answer.json().unwrap()["code"], "not_found", "{path}");
    }
    // It is for reading only.
    let host = format!("127.0.0.1:{}", site.server.port);
    for method in ["POST", "PUT", "DELETE"] {
        let answer = tests::http::ask(site.server.port, method, "/", &host).unwrap();
        assert!((400..500).contains(&answer.status), "{method}: {}", answer.status);
    }
}

#[test]
fn it_ends_when_told_to() {
    let site = Site::with_plan();
    assert_eq!(site.get("/").status, 200);
    let port = site.server.port;
    let ended = site.server.terminate().unwrap();
    assert!(ended.success(), "{ended}");
    assert!(tests::http::get(port, "/").is_err(), "somebody still answers");
}
