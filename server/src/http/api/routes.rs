//! The table of routes: what there is, who may, and the document that says so.

use actix_web::{HttpResponse, web};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::{
    audit, cases, devices, economics, payments, plans, replan, sessions, sync, users, visits,
    what_if,
};
use crate::error::Error;
use crate::usecases::access::Role;

/// What stands before the path of every route.
pub const PREFIX: &str = "/api/v1";

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Whoever reaches the server.
    Anyone,
    /// Any user, or device of a user.
    SignedIn,
    /// An enrolled device with the token of its hello.
    Device,
    /// Users of these roles.
    Roles(&'static [Role]),
}

/// One line of the table.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// Its path below [`PREFIX`].
    pub path: &'static str,
    /// `get`, `post`, `put`, `patch` or `delete`.
    pub method: &'static str,
    /// Who may use it.
    pub access: Access,
}

macro_rules! routes {
    ($($path:literal { $($method:ident $noun:ident :: $name:ident, $access:expr;)+ })+) => {
        /// Every route of the API.
        pub const ROUTES: &[Route] = &[$($(
            Route { path: $path, method: stringify!($method), access: $access },
        )+)+];

        pub(super) fn resources(config: &mut web::ServiceConfig) {
            $(config.service(
                web::resource($path)$(.route(web::$method().to($noun::$name)))+,
            );)+
        }

        #[derive(OpenApi)]
        #[openapi(
            info(
                title = "Doorstep",
                description = "Field visits to borrowers whose loans are overdue. Errors are \
                    application/problem+json with a stable code; server/docs/API.md lists them."
            ),
            servers((url = "/api/v1")),
            modifiers(&Bearer),
            paths($($($noun::$name,)+)+)
        )]
        struct Document;
    };
}

use Access::{Anyone, Device, Roles, SignedIn};
use Role::{Admin, Analyst, Compliance, Dispatcher};

/// Whoever may see which plans there are: figures, and nobody's case.
const COUNTERS: &[Role] = &[Admin, Dispatcher, Analyst, Compliance];
/// Whoever counts what visits cost and bring.
const FIGURES: &[Role] = &[Analyst, Dispatcher, Admin];
/// Whoever may see what is planned for a case and what came back of it.
const READERS: &[Role] = &[Admin, Dispatcher, Compliance];
/// Whoever may decide about it.
const DECIDERS: &[Role] = &[Admin, Dispatcher];

routes! {
    "/openapi.json" { get document::openapi, Anyone; }
    "/sessions" {
        post sessions::sign_in, Anyone;
        delete sessions::sign_out, SignedIn;
    }
    "/sessions/refresh" { post sessions::refresh, Anyone; }
    "/me" { get sessions::me, SignedIn; }
    "/users" {
        get users::list, Roles(&[Admin]);
        post users::add, Roles(&[Admin]);
    }
    "/users/{id}" { get users::one, Roles(&[Admin]); }
    "/users/{id}/disable" { post users::disable, Roles(&[Admin]); }
    "/users/{id}/password" { post users::password, Roles(&[Admin]); }
    "/users/{id}/enrolment-codes" { post devices::code, Roles(&[Admin, Dispatcher]); }
    "/devices" { get devices::list, Roles(&[Admin, Dispatcher]); }
    "/devices/enrol" { post devices::enrol, Anyone; }
    "/devices/{actor}/revoke" { post devices::revoke, Roles(&[Admin, Dispatcher]); }
    "/plans" { get plans::list, Roles(COUNTERS); }
    "/plans/what-if" { post what_if::ask, Roles(FIGURES); }
    "/plans/{id}" { get plans::one, Roles(READERS); }
    "/plans/{id}/publish" { post plans::publish, Roles(DECIDERS); }
    "/plans/{id}/cases/{case}/explanation" { get plans::explanation, Roles(READERS); }
    "/plans/{id}/compare/{other}" { get plans::compare, Roles(READERS); }
    "/plans/{id}/edits" { post plans::edit, Roles(DECIDERS); }
    "/plans/{id}/replan" { post replan::replan, Roles(DECIDERS); }
    "/cases/{case}" { get cases::one, Roles(READERS); }
    "/cases/{case}/contact" { post cases::contact, Roles(DECIDERS); }
    "/cases/{case}/tags" { post cases::tags, Roles(DECIDERS); }
    "/cases/{case}/status" { post cases::status, Roles(DECIDERS); }
    "/cases/{case}/allocate" { post cases::allocate, Roles(DECIDERS); }
    "/cases/{case}/withdraw" { post cases::withdraw, Roles(DECIDERS); }
    "/visits" { get visits::list, Roles(READERS); }
    "/conflicts" { get visits::conflicts, Roles(READERS); }
    "/conflicts/settle" { post visits::settle, Roles(DECIDERS); }
    "/kept-aside" { get visits::kept_aside, Roles(READERS); }
    "/kept-aside/release" { post visits::release, Roles(DECIDERS); }
    "/payments/reverse" { post payments::reverse, Roles(DECIDERS); }
    "/flagged" { get visits::flagged, Roles(READERS); }
    "/sync/hello" { post sync::hello, Anyone; }
    "/sync/push" { post sync::push, Anyone; }
    "/sync/pull" { get sync::pull, Device; }
    "/economics" { get economics::show, Roles(FIGURES); }
    "/audit" { get audit::list, Roles(&[Admin, Compliance]); }
}

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("bearer", scheme);
    }
}

mod document {
    use super::{HttpResponse, OpenApi as _};

    /// This document.
    #[utoipa::path(get, path = "/openapi.json", tag = "document",
        responses((status = 200, description = "OpenAPI 3.1", content_type = "application/json")))]
    pub(super) async fn openapi() -> HttpResponse {
        HttpResponse::Ok().json(super::Document::openapi())
    }
}

/// The `OpenAPI` document of the API, as JSON.
///
/// # Errors
/// It cannot be written; that would be a mistake of this program.
pub fn openapi_json() -> Result<String, Error> {
    Document::openapi().to_pretty_json().map_err(|error| Error::Invalid(error.to_string()))
}
