//! ADAPTER: the read-only page of the newest plan, for this machine only.
//!
//! No logins yet, so it listens on the loopback address and answers only requests that name it:
//! a page of another site cannot read it through a renamed host.

mod guard;
mod pages;

use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;

use actix_web::{App as ActixApp, HttpServer, middleware, web};

use crate::app::App;
use crate::error::Error;
use crate::travel::Travel;

pub use pages::Pages;

/// A port of the loopback address that is ours from here on.
#[derive(Debug)]
pub struct Bound {
    listener: TcpListener,
    port: u16,
}

impl Bound {
    /// Claims `port`; 0 takes any free one.
    ///
    /// # Errors
    /// It is taken or needs rights: the message says what to do.
    pub fn to(port: u16) -> Result<Self, Error> {
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|e| Error::port(port, &e))?;
        let port = listener.local_addr().map_err(|e| Error::port(port, &e))?.port();
        Ok(Self { listener, port })
    }

    /// The port claimed.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }
}

/// Serves the newest plan of `date`, or of all days, until the process is told to stop; requests under way are finished.
///
/// # Errors
/// The listener fails.
pub fn serve(
    app: Arc<App>,
    travel: Arc<Travel>,
    date: Option<String>,
    bound: Bound,
) -> Result<(), Error> {
    let port = bound.port;
    let pages = web::Data::new(Pages::new(app, travel, date));
    let server = HttpServer::new(move || {
        ActixApp::new()
            .app_data(pages.clone())
            .wrap(middleware::Compress::default())
            .wrap(middleware::from_fn(guard::loopback_only))
            .configure(routes)
    })
    .workers(2)
    .shutdown_timeout(10)
    .listen(bound.listener)
    .map_err(|e| Error::port(port, &e))?
    .run();
    actix_web::rt::System::new().block_on(server).map_err(|e| Error::port(port, &e))
}

/// Every route of the server: what is shown, to GET and HEAD.
fn routes(config: &mut web::ServiceConfig) {
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
    shown! {
        "/" => pages::page,
        "/stops.csv" => pages::stops,
        "/left-out.csv" => pages::left_out,
        "/plan.geojson" => pages::geojson,
        "/sheets.html" => pages::sheets,
        "/healthz" => pages::health,
    }
    config.default_service(web::to(pages::unknown));
}
