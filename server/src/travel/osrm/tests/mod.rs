pub(crate) mod server;

use std::sync::Arc;
use std::time::Duration;

use self::server::{Reply, Server, osrm, seconds};
use super::*;
use crate::progress::Silent;

const OK: &str = "{\"code\":\"Ok\",\"durations\":[[0,5],[7,0]],\"distances\":[[0,50],[70,0]],\
    \"sources\":[{\"distance\":1},{\"distance\":1}],\"destinations\":[{\"distance\":1},{\"distance\":1}]}";

/// Waits nowhere and notes how long it would have.
fn pauses() -> (Waiting, Arc<Mutex<Vec<Duration>>>) {
    let pauses = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&pauses);
    let pause: Pause = Arc::new(move |pause| noted.lock().unwrap().push(pause));
    (Waiting { pause, seed: 1 }, pauses)
}

fn client(url: &str, max_table: u32) -> (Osrm, Arc<Mutex<Vec<Duration>>>) {
    let settings =
        TravelSettings { max_table, timeout_s: 1, retries: 2, ..TravelSettings::default() };
    let (waiting, pauses) = pauses();
    (Osrm::new(&Url::parse(url).unwrap(), &settings, waiting), pauses)
}

fn spot(lat: f64, lon: f64) -> Spot {
    Spot { at: Position::from_degrees(lat, lon).unwrap(), road: None }
}

fn ask(osrm: &Osrm, spots: &[Spot]) -> Result<Table, Error> {
    let spots: Vec<&Spot> = spots.iter().collect();
    osrm.table(&spots, &spots, &Silent)
}

/// Asks a server that always replies alike for a table of two, and returns what it complains of.
fn complaint(reply: impl Fn(usize) -> Reply + Send + 'static) -> (String, usize) {
    let server = Server::start(move |number, _| reply(number));
    let (osrm, _) = client(&server.url(), 100);
    let said = ask(&osrm, &[spot(40.125, -75.5), spot(40.25, -75.5)]).unwrap_err().to_string();
    assert!(said.contains(&format!("OSRM at {}/table/v1/driving: ", server.url())), "{said}");
    assert!(said.contains("osrm_url"), "{said}");
    assert!(!said.contains("40.1"), "it tells where somebody lives: {said}");
    (said, server.asked().len())
}

#[test]
fn a_large_table_is_asked_for_in_blocks() {
    let spots: Vec<Spot> = (0..7).map(|n| spot(40.0 + f64::from(n) / 100.0, -75.0)).collect();
    for (max_table, requests) in [(1, 49), (3, 9), (6, 4), (7, 1), (100, 1)] {
        let server = Server::osrm();
        let (osrm, _) = client(&server.url(), max_table);
        let table = ask(&osrm, &spots).unwrap();
        for (at, pair) in spots.iter().flat_map(|f| spots.iter().map(move |t| (f, t))).enumerate() {
            let [from, to] = [pair.0, pair.1].map(|s| (s.at.lat(), s.at.lon()));
            let expected = super::super::great_circle::clamped(seconds(from, to).unwrap());
            assert_eq!((table.seconds[at], table.metres[at]), (expected, expected * 10));
        }
        assert_eq!(server.asked().len(), requests, "blocks of {max_table}");
    }
}

#[test]
fn more_origins_than_destinations() {
    let server = Server::osrm();
    let (osrm, _) = client(&server.url(), 2);
    let all: Vec<Spot> = (0..5).map(|n| spot(40.0 + f64::from(n) / 100.0, -75.0)).collect();
    let (from, to): (Vec<&Spot>, Vec<&Spot>) = (all.iter().collect(), all[..3].iter().collect());
    let table = osrm.table(&from, &to, &Silent).unwrap();
    assert_eq!(table.seconds.len(), 15);
    assert_eq!(table.seconds[..3], [0, 200, 300]);
    assert_eq!(table.seconds[12..], [400, 300, 200]);
    assert_eq!(osrm.table(&[], &to, &Silent).unwrap(), Table::default());
    assert_eq!(server.asked().len(), 6);
}

#[test]
fn a_pair_without_a_way_is_unreachable() {
    let server = Server::osrm();
    let (osrm, _) = client(&server.url(), 100);
    let table = ask(&osrm, &[spot(40.0, -75.0), spot(65.0, -75.0)]).unwrap();
    assert_eq!(table.seconds, [0, u32::MAX, u32::MAX, 0]);
    assert_eq!(table.metres, [0, u32::MAX, u32::MAX, 0]);
}

#[test]
fn a_place_far_from_roads_is_too_far_in_tables_and_alone() {
    let server = Server::osrm();
    let (osrm, _) = client(&server.url(), 2);
    let table = ask(&osrm, &[spot(40.0, 175.0), spot(40.0, 160.0)]).unwrap();
    assert_eq!(table.seconds, [0, u32::MAX, u32::MAX, 0]);
    let at: Vec<Position> =
        [(40.0, 175.0), (40.0, 160.0), (85.0, 1.0)].map(|(a, b)| spot(a, b).at).into();
    assert!(matches!(osrm.place(at[0]), Placed::At(_)), "nobody asked yet");
    osrm.locate(&at, &Silent).unwrap();
    assert!(matches!(osrm.place(at[0]), Placed::TooFar { metres: 5000 }));
    assert!(matches!(osrm.place(at[1]), Placed::At(_)));
    assert!(matches!(osrm.place(at[2]), Placed::Outside), "no road at all");
    let asked = server.asked().len();
    osrm.locate(&at, &Silent).unwrap();
    assert_eq!(server.asked().len(), asked, "known already");
}

#[test]
fn a_busy_server_is_asked_again_after_a_pause() {
    let server = Server::start(|number, path| match number {
        0 => Reply::Answer(503, "Retry-After: 7\r\n", String::new()),
        1 => Reply::Answer(429, "Retry-After: never\r\n", String::new()),
        _ => Reply::Answer(200, "", osrm(path)),
    });
    let (osrm, pauses) = client(&server.url(), 100);
    assert_eq!(ask(&osrm, &[spot(40.0, 1.0), spot(40.01, 1.0)]).unwrap().seconds[1], 200);
    let pauses = pauses.lock().unwrap();
    assert_eq!(pauses[0], Duration::from_secs(7), "as long as the server asks for");
    assert!((500..=1_000).contains(&pauses[1].as_millis()), "{pauses:?}");
    assert_eq!(pauses.len(), 2);
}

#[test]
fn in_the_end_a_busy_server_is_an_error() {
    let (said, asked) = complaint(|_| Reply::Answer(503, "", String::new()));
    assert!(said.contains("HTTP 503") && said.contains("tried 3 times"), "{said}");
    assert_eq!(asked, 3);
}

#[test]
fn a_server_that_says_nothing_is_given_up() {
    let (said, asked) = complaint(|_| Reply::Silence);
    assert!(said.contains("no answer within 1 s (timeout_s)"), "{said}");
    assert_eq!(asked, 3);
}

#[test]
fn a_body_that_is_cut_is_asked_for_again() {
    let server = Server::start(|number, path| {
        if number == 0 { Reply::Cut(osrm(path)) } else { Reply::Answer(200, "", osrm(path)) }
    });
    let (osrm, pauses) = client(&server.url(), 100);
    assert!(ask(&osrm, &[spot(40.0, 1.0), spot(40.01, 1.0)]).is_ok());
    assert_eq!(pauses.lock().unwrap().len(), 1);
    let (said, asked) = complaint(|_| Reply::Cut(OK.into()));
    assert!(said.contains("tried 3 times"), "{said}");
    assert_eq!(asked, 3);
}

#[test]
fn nobody_there() {
    let port = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let (osrm, pauses) = client(&format!("http://127.0.0.1:{port}"), 100);
    let said = ask(&osrm, &[spot(40.0, 1.0), spot(40.01, 1.0)]).unwrap_err().to_string();
    assert!(said.contains("nobody answers there") && said.contains("server runs"), "{said}");
    assert_eq!(pauses.lock().unwrap().len(), 2);
}

#[test]
fn a_redirection_is_not_followed() {
    let other = Server::osrm();
    let target = format!("Location: {}/secret/40.125\r\n", other.url());
    let target: &'static str = Box::leak(target.into_boxed_str());
    for status in [301, 302, 307, 308] {
        let (said, asked) = complaint(move |_| Reply::Answer(status, target, String::new()));
        assert!(said.contains(&format!("to {},", other.url())), "{said}");
        assert!(!said.contains("secret"), "{said}");
        assert_eq!(asked, 1);
    }
    assert_eq!(other.asked().len(), 0);
}

#[test]
fn answers_that_are_none_are_not_used() {
    let row = "[0,1],[1,0]";
    let points = "\"sources\":[{\"distance\":1},{\"distance\":1}],\
        \"destinations\":[{\"distance\":1},{\"distance\":1}]";
    let table = |durations: &str, distances: &str, rest: &str| {
        format!(
            "{{\"code\":\"Ok\",\"durations\":[{durations}],\"distances\":[{distances}],{rest}}}"
        )
    };
    for (status, body, word) in [
        (200, "<html>it works</html>".to_owned(), "no JSON"),
        (404, "not found".to_owned(), "HTTP 404"),
        (200, "[]".to_owned(), "not OSRM's"),
        (200, "{\"code\":\"Ok\"}".to_owned(), "no durations"),
        (200, table(row, "[0,1]", points), "distances are 1 x 2, asked for were 2 x 2"),
        (200, table("[0,1],[1]", row, points), "durations are 2 x 1 to 2"),
        (200, table("[0,1,2],[1,0,2]", row, points), "durations are 2 x 3"),
        (200, table("[0,-1],[1,0]", row, points), "negative"),
        (200, table("[0,\"x\"],[1,0]", row, points), "not OSRM's"),
        (200, table(row, row, "\"sources\":[]"), "sources do not say"),
        (
            400,
            "{\"code\":\"InvalidQuery\",\"message\":\"Query string malformed\"}".into(),
            "malformed",
        ),
        (400, "{\"code\":\"TooBig\",\"message\":\"Too many\"}".to_owned(), "lower max_table, 100"),
        (500, String::new(), "HTTP 500"),
        (403, OK.to_owned(), "HTTP 403 with code Ok"),
        (200, "x".repeat(2 << 20), "longer than"),
    ] {
        let shown = body.get(..60).unwrap_or(&body).to_owned();
        let (said, asked) = complaint(move |_| Reply::Answer(status, "", body.clone()));
        assert!(said.contains(word), "{shown}: {said}");
        assert_eq!(asked, if status == 500 { 3 } else { 1 }, "{shown}");
    }
}

#[test]
fn credentials_are_sent_and_never_shown() {
    let server = Server::start(|_, _| Reply::Answer(401, "", "no".into()));
    let url = server.url().replace("http://", "http://me:hunter%202@") + "/osrm/";
    let (osrm, _) = client(&url, 100);
    let said = ask(&osrm, &[spot(40.0, 1.0), spot(40.01, 1.0)]).unwrap_err().to_string();
    assert!(said.contains(&server.url()) && said.contains("/osrm/table/v1"), "{said}");
    for text in [said, osrm.describe(), osrm.name(), format!("{osrm:?}")] {
        assert!(!text.contains("hunter") && !text.contains("me:"), "{text}");
    }
    let head = server.asked().remove(0);
    // base64 of `me:hunter 2`
    assert!(head.to_lowercase().contains("authorization: basic bwu6ahvudgvyidi="), "{head}");
    assert!(head.starts_with("GET /osrm/table/v1/driving/1.000000,40.000000;"), "{head}");
}

#[test]
fn a_way_has_its_line() {
    let server = Server::osrm();
    let (osrm, _) = client(&server.url(), 100);
    let way = osrm.way(&spot(40.0, 1.0), &spot(40.01, 1.0)).unwrap().unwrap();
    assert_eq!((way.seconds, way.metres), (200, 2_000));
    assert_eq!(way.line, [(40.0, 1.0), (2.0, 1.0), (40.01, 1.0)]);
    let none = Server::start(|_, _| {
        Reply::Answer(400, "", "{\"code\":\"NoRoute\",\"message\":\"Impossible\"}".into())
    });
    let (osrm, _) = client(&none.url(), 100);
    assert_eq!(osrm.way(&spot(40.0, 1.0), &spot(40.01, 1.0)).unwrap(), None);
}

#[test]
fn pauses_double_up_to_a_bound() {
    let settings = TravelSettings { retries: 10, ..TravelSettings::default() };
    let server = Server::start(|_, _| Reply::Answer(502, "", String::new()));
    let (waiting, pauses) = pauses();
    let osrm = Osrm::new(&Url::parse(&server.url()).unwrap(), &settings, waiting);
    assert!(ask(&osrm, &[spot(40.0, 1.0), spot(40.01, 1.0)]).is_err());
    let pauses = pauses.lock().unwrap();
    assert_eq!(pauses.len(), 10);
    for (n, pause) in (0..).zip(pauses.iter()) {
        let whole = (500_u128 << n).min(30_000);
        assert!((whole / 2..=whole).contains(&pause.as_millis()), "{n}: {pause:?}");
    }
}

/// Numbers that no road gives are a server out of order, not a way.
#[test]
fn absurd_values_are_refused() {
    for (from, to, said) in [
        ("[0,5]", "[0,1e300]", "above 8640000"),
        ("[0,5]", "[0,4294967295]", "above 8640000"),
        ("[0,50]", "[0,1e300]", "above 100000000"),
        ("[0,50]", "[0,null]", "without a distance"),
        ("[0,5]", "[0,null]", "without a duration"),
        ("[0,5]", "[77,5]", "from a place to itself"),
        ("\"sources\":[{\"distance\":1}", "\"sources\":[{\"distance\":-1}", "how far the road is"),
    ] {
        let body = OK.replacen(from, to, 1);
        assert_ne!(body, OK, "{from}");
        let (found, _) = complaint(move |_| Reply::Answer(200, "", body.clone()));
        assert!(found.contains(said), "{to}: {found}");
    }
}
