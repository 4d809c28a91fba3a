//! ADAPTER: the API, and the read-only page of the newest plan.
//!
//! The page has no login. It is there only on the loopback address, and answers only requests that
//! name it, so that a page of another site cannot read it through a renamed host.

pub mod api;
mod guard;
mod pages;
mod problem;

use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;

use actix_web::dev::{Server, ServerHandle};
use actix_web::rt::System;
use actix_web::{App as ActixApp, HttpServer, middleware, web};

use crate::app::App;
use crate::error::Error;
use crate::travel::Travel;

pub use pages::Pages;

/// Seconds for which requests under way are finished when the process is told to stop.
const SHUTDOWN_S: u64 = 4;

/// An address that is ours from here on.
#[derive(Debug)]
pub struct Bound {
    listener: TcpListener,
    address: SocketAddr,
}

impl Bound {
    /// Claims `port` of the loopback address; 0 takes any free one.
    ///
    /// # Errors
    /// It is taken or needs rights: the message says what to do.
    pub fn to(port: u16) -> Result<Self, Error> {
        Self::listen((Ipv4Addr::LOCALHOST, port).into())
    }

    /// Claims any address of this machine.
    ///
    /// # Errors
    /// As [`Self::to`], or the address is not one of this machine.
    pub fn listen(address: SocketAddr) -> Result<Self, Error> {
        let failed = |e| Error::port(address.port(), &e);
        let listener = TcpListener::bind(address).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        Ok(Self { listener, address })
    }

    /// The port claimed.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// The address claimed.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Whether only this machine can reach it. Elsewhere there is no page, because it has no login.
    #[must_use]
    pub fn has_pages(&self) -> bool {
        match self.address.ip() {
            IpAddr::V4(ip) => ip.is_loopback(),
            IpAddr::V6(ip) => ip.is_loopback(),
        }
    }
}

/// Serves the API and, on the loopback address, the newest plan of `date` or of all days, until the process is
/// told to stop; requests under way are finished.
///
/// # Errors
/// The listener fails.
pub fn serve(
    app: Arc<App>,
    travel: Arc<Travel>,
    date: Option<String>,
    bound: Bound,
) -> Result<(), Error> {
    let port = bound.port();
    let server = server((app, travel), date, bound, true, api::Patience::USUAL)?;
    System::new().block_on(server).map_err(|e| Error::port(port, &e))
}

/// A server on a thread of its own; it stops when dropped.
#[derive(Debug)]
pub struct Running {
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
    /// Where it answers.
    pub address: SocketAddr,
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Running {
    /// Waits until the server ends: one made by [`start_until_told`] when the process is told to stop.
    pub fn wait(mut self) {
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// As [`serve`], beside whatever else this process does.
///
/// # Errors
/// The listener fails.
pub fn start(app: Arc<App>, travel: Arc<Travel>, bound: Bound) -> Result<Running, Error> {
    start_with(app, travel, bound, api::Patience::USUAL)
}

/// As [`start`], for bodies that come in their own time.
///
/// # Errors
/// The listener fails.
pub fn start_with(
    app: Arc<App>,
    travel: Arc<Travel>,
    bound: Bound,
    patience: api::Patience,
) -> Result<Running, Error> {
    run((app, travel), None, bound, false, patience)
}

/// As [`start`] with the newest plan of `date`, and until the process is told to stop.
///
/// # Errors
/// The listener fails.
pub fn start_until_told(
    app: Arc<App>,
    travel: Arc<Travel>,
    date: String,
    bound: Bound,
) -> Result<Running, Error> {
    run((app, travel), Some(date), bound, true, api::Patience::USUAL)
}

fn run(
    of: (Arc<App>, Arc<Travel>),
    date: Option<String>,
    bound: Bound,
    signals: bool,
    patience: api::Patience,
) -> Result<Running, Error> {
    let address = bound.address;
    let (send, receive) = std::sync::mpsc::channel();
    let thread = std::thread::spawn(move || {
        // The server belongs to the thread whose system runs it.
        let system = System::new();
        let server = system.block_on(async { server(of, date, bound, signals, patience) });
        let (answer, server) = match server {
            Ok(server) => (Ok(server.handle()), Some(server)),
            Err(error) => (Err(error), None),
        };
        let _ = send.send(answer);
        if let Some(server) = server {
            let _ = system.block_on(server);
        }
    });
    let gone = || Error::Invalid("the server ended before it began".into());
    let handle = receive.recv().map_err(|_| gone())??;
    Ok(Running { handle, thread: Some(thread), address })
}

fn server(
    (app, travel): (Arc<App>, Arc<Travel>),
    date: Option<String>,
    bound: Bound,
    signals: bool,
    patience: api::Patience,
) -> Result<Server, Error> {
    let (port, with_pages) = (bound.port(), bound.has_pages());
    let api = web::Data::new(api::Api::new(Arc::clone(&app), Arc::clone(&travel), patience));
    let pages = web::Data::new(Pages::new(app, travel, date));
    let server = HttpServer::new(move || {
        ActixApp::new()
            .app_data(pages.clone())
            .app_data(api.clone())
            .app_data(web::Data::new(guard::LoopbackOnly(with_pages)))
            .wrap(middleware::Compress::default())
            .wrap(middleware::from_fn(guard::loopback_only))
            .configure(api::configure)
            .configure(|config| routes(config, with_pages))
    })
    .workers(2)
    .shutdown_timeout(SHUTDOWN_S);
    let server = if signals { server } else { server.disable_signals() };
    Ok(server.listen(bound.listener).map_err(|e| Error::port(port, &e))?.run())
}

/// Every route beside the API: what is shown, to GET and HEAD.
fn routes(config: &mut web::ServiceConfig, with_pages: bool) {
    macro_rules! shown {
        ($($path:literal => $page:path,)+) => {$(
            config.service(
                web::resource($path)
                    .route(web::get().to($page))
                    .route(web::head().to($page))
                    .default_service(web::to(pages::not_allowed)),
            );
        )+};
    }
    if with_pages {
        shown! {
            "/" => pages::page,
            "/economics.html" => pages::economics,
            "/stops.csv" => pages::stops,
            "/left-out.csv" => pages::left_out,
            "/plan.geojson" => pages::geojson,
            "/sheets.html" => pages::sheets,
        }
    }
    shown! {
        "/healthz" => pages::health,
    }
    config.default_service(web::to(pages::unknown));
}
