//! A small HTTP server on the loopback address, for as long as a test holds it.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// No test asks more often.
const MOST: usize = 2_000;

/// What the server does with a request.
pub(crate) enum Reply {
    /// Answers with that status, those header lines and that body.
    Answer(u16, &'static str, String),
    /// Sends a body shorter than it announces, and goes away.
    Cut(String),
    /// Says nothing at all.
    Silence,
}

/// A server with its own thread; both end when it is dropped.
pub(crate) struct Server {
    port: u16,
    stop: Arc<AtomicBool>,
    asked: Arc<Mutex<Vec<String>>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts one that answers the request of a number, from 0 on, and path.
    pub(crate) fn start(answer: impl Fn(usize, &str) -> Reply + Send + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let (stop, asked) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Vec::new())));
        let (ended, noted) = (Arc::clone(&stop), Arc::clone(&asked));
        let thread = std::thread::spawn(move || {
            let mut silent = Vec::new();
            for (number, stream) in listener.incoming().take(MOST).enumerate() {
                if ended.load(Ordering::SeqCst) {
                    break;
                }
                let Ok(mut stream) = stream else { continue };
                let Some(head) = head(&mut stream) else { continue };
                let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
                noted.lock().unwrap().push(head);
                match answer(number, &path) {
                    Reply::Answer(status, headers, body) => {
                        send(&mut stream, status, headers, &body);
                    }
                    Reply::Cut(body) => {
                        let length = body.len() + 100;
                        let _ = write!(
                            stream,
                            "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{body}"
                        );
                        let _ = stream.shutdown(Shutdown::Both);
                    }
                    Reply::Silence => silent.push(stream),
                }
            }
        });
        Self { port, stop, asked, thread: Some(thread) }
    }

    /// One that knows OSRM's table and route.
    pub(crate) fn osrm() -> Self {
        Self::start(|_, path| Reply::Answer(200, "", osrm(path)))
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Heads of the requests so far.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // Wakes the thread.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn head(stream: &mut TcpStream) -> Option<String> {
    stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte).ok()? == 0 || head.len() > 1 << 20 {
            return None;
        }
        head.push(byte[0]);
    }
    String::from_utf8(head).ok()
}

fn send(stream: &mut TcpStream, status: u16, headers: &str, body: &str) {
    let length = body.len();
    let _ = write!(
        stream,
        "HTTP/1.1 {status} X\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
}

/// What OSRM would say on a globe on which time is a matter of latitude.
pub(crate) fn osrm(path: &str) -> String {
    let (before, query) = path.split_once('?').unwrap();
    let mut parts = before.split('/').skip(1);
    let service = parts.next().unwrap();
    let places: Vec<(f64, f64)> = parts.last().unwrap().split(';').map(place).collect();
    if service == "route" {
        let (a, b) = (places[0], places[1]);
        let (duration, distance) = (seconds(a, b).unwrap(), 10.0 * seconds(a, b).unwrap());
        return format!(
            "{{\"code\":\"Ok\",\"routes\":[{{\"duration\":{duration},\"distance\":{distance},\
             \"geometry\":{{\"type\":\"LineString\",\"coordinates\":[[{},{}],[1,2],[{},{}]]}}}}],\
             \"waypoints\":[{{\"distance\":1}},{{\"distance\":1}}]}}",
            a.1, a.0, b.1, b.0
        );
    }
    let (from, to) = (chosen(query, "sources", &places), chosen(query, "destinations", &places));
    if from.iter().chain(&to).any(|place| place.0 > 80.0) {
        return "{\"code\":\"NoSegment\",\"message\":\"Could not find a matching segment\"}".into();
    }
    let row = |from: &(f64, f64), scale: f64| {
        let cell = |to: &(f64, f64)| {
            seconds(*from, *to).map_or("null".into(), |s| format!("{}", s * scale))
        };
        format!("[{}]", to.iter().map(cell).collect::<Vec<_>>().join(","))
    };
    let cells = |scale| from.iter().map(|f| row(f, scale)).collect::<Vec<_>>().join(",");
    let snapped = |places: &[(f64, f64)]| {
        let distance = |place: &(f64, f64)| if place.1 > 170.0 { 5_000.4 } else { 12.5 };
        let each = |place| format!("{{\"distance\":{},\"name\":\"x\"}}", distance(place));
        places.iter().map(each).collect::<Vec<_>>().join(",")
    };
    format!(
        "{{\"code\":\"Ok\",\"durations\":[{}],\"distances\":[{}],\"sources\":[{}],\
         \"destinations\":[{}]}}",
        cells(1.0),
        cells(10.0),
        snapped(&from),
        snapped(&to)
    )
}

fn place(text: &str) -> (f64, f64) {
    let (lon, lat) = text.split_once(',').unwrap();
    (lat.parse().unwrap(), lon.parse().unwrap())
}

fn chosen(query: &str, name: &str, places: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let value = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    match value {
        None => places.to_vec(),
        Some(list) => list.split(';').map(|n| places[n.parse::<usize>().unwrap()]).collect(),
    }
}

/// Northwards is slower; there is no way between the far north and the rest.
pub(crate) fn seconds(from: (f64, f64), to: (f64, f64)) -> Option<f64> {
    if (from.0 > 60.0) != (to.0 > 60.0) {
        return None;
    }
    let way = ((to.0 - from.0).abs() + (to.1 - from.1).abs()) * 10_000.0;
    Some(if to.0 > from.0 { way.round() + 100.0 } else { way.round() })
}
