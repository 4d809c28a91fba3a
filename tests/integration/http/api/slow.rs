//! Bodies that come slowly, or never.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use server::app::App;
use server::http::api::Patience;
use server::http::{Bound, start_with};
use server::travel::Travel;
use tests::database::Database;
use tests::installation::{Installation, ids};

use crate::http::Site as Program;

/// Begins a request of 60,000 bytes and sends the first of them.
fn begun(port: u16, path: &str) -> TcpStream {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    write!(
        stream,
        "POST /api/v1{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n\
         Content-Length: 60000\r\n\r\n{{"
    )
    .unwrap();
    stream
}

#[test]
fn a_body_that_does_not_come_ends_the_connection() {
    let database = Database::sqlite().unwrap();
    let office = Installation::new(&database).unwrap();
    let app = App::open(office.dir().path(), None, ids(5).unwrap()).unwrap();
    let travel = Travel::open(&app.dir, &app.settings.planning).unwrap();
    let patience = Patience { first: Duration::from_millis(200), bytes_per_s: 60_000 };
    let server =
        start_with(Arc::new(app), Arc::new(travel), Bound::to(0).unwrap(), patience).unwrap();
    for path in ["/sessions", "/sync/hello", "/devices/enrol"] {
        let mut stream = begun(server.address.port(), path);
        let start = Instant::now();
        // A drop now and then does not help.
        let mut drops = stream.try_clone().unwrap();
        let dripping = std::thread::spawn(move || {
            while start.elapsed() < Duration::from_secs(4) && drops.write_all(b" ").is_ok() {
                std::thread::sleep(Duration::from_millis(100));
            }
        });
        let mut said = Vec::new();
        let _ = stream.read_to_end(&mut said);
        let said = String::from_utf8_lossy(&said);
        assert!(said.starts_with("HTTP/1.1 408"), "{path}: {said}");
        assert!(said.contains("\"too_slow\"") && said.contains("connection: close"), "{said}");
        assert!(start.elapsed() < Duration::from_secs(8), "{path}: {:?}", start.elapsed());
        dripping.join().unwrap();
    }
}

/// Who waits for a body that never comes does not keep the server up.
#[test]
fn a_stop_does_not_wait_for_bodies() {
    let Program { server, dir } = Program::empty();
    let streams: Vec<TcpStream> = (0..5).map(|_| begun(server.port, "/sessions")).collect();
    std::thread::sleep(Duration::from_millis(300));
    let start = Instant::now();
    assert!(server.terminate().unwrap().success());
    assert!(start.elapsed() < Duration::from_secs(8), "{:?}", start.elapsed());
    drop((streams, dir));
}
