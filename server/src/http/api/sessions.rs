//! Log in, go on, log out, and who am I.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use sync_core::op::Actor;
use utoipa::ToSchema;

use super::Api;
use super::extract::Body;
use super::users::UserView;
use crate::http::problem::ApiError;
use crate::usecases::sessions::{self, Caller, Session};
use crate::usecases::users::find_user;

/// Who logs in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Credentials {
    /// What the user types as its name.
    login: String,
    /// The password.
    password: String,
}

/// What a session goes on with.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Refresh {
    /// The refresh token that came last. It is good once.
    refresh_token: String,
}

/// A session under way.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SessionView {
    /// Bearer token of the next requests.
    access_token: String,
    /// Always `Bearer`.
    token_type: &'static str,
    /// Seconds the access token is good for.
    expires_in_s: i64,
    /// Good once, for the next pair of tokens.
    refresh_token: String,
    /// Whose session it is.
    user: UserView,
}

impl From<Session> for SessionView {
    fn from(session: Session) -> Self {
        Self {
            access_token: session.access_token,
            token_type: "Bearer",
            expires_in_s: session.expires_in_s,
            refresh_token: session.refresh_token,
            user: session.user.into(),
        }
    }
}

/// Logs in. After five wrong passwords in a row the login is locked for a while.
#[utoipa::path(post, path = "/sessions", tag = "sessions", request_body = Credentials,
    responses(
        (status = 201, description = "Logged in", body = SessionView),
        (status = 401, description = "`wrong_credentials`")
    ))]
pub(super) async fn sign_in(
    api: web::Data<Api>,
    Body(who): Body<Credentials>,
) -> Result<HttpResponse, ApiError> {
    let session =
        api.run_hashing(move |app| sessions::sign_in(app, &who.login, &who.password)).await?;
    Ok(HttpResponse::Created().json(SessionView::from(session)))
}

/// Gives the next pair of tokens. A refresh token that comes a second time ends its session.
#[utoipa::path(post, path = "/sessions/refresh", tag = "sessions", request_body = Refresh,
    responses(
        (status = 200, description = "The next pair", body = SessionView),
        (status = 401, description = "`session_ended`, `refresh_reused`")
    ))]
pub(super) async fn refresh(
    api: web::Data<Api>,
    Body(with): Body<Refresh>,
) -> Result<web::Json<SessionView>, ApiError> {
    let session = api.run(move |app| sessions::refresh(app, &with.refresh_token)).await?;
    Ok(web::Json(session.into()))
}

/// Logs out: the session of the bearer token ends at once.
#[utoipa::path(delete, path = "/sessions", tag = "sessions", security(("bearer" = [])),
    responses((status = 204, description = "Logged out")))]
pub(super) async fn sign_out(
    api: web::Data<Api>,
    caller: Caller,
) -> Result<HttpResponse, ApiError> {
    api.run(move |app| sessions::sign_out(app, &caller)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Who a bearer token is of.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Me {
    /// The user.
    user: UserView,
    /// The device, where it is a device's token.
    #[serde(skip_serializing_if = "Option::is_none")]
    device: Option<u32>,
}

/// Who I am.
#[utoipa::path(get, path = "/me", tag = "sessions", security(("bearer" = [])),
    responses((status = 200, description = "The user", body = Me)))]
pub(super) async fn me(api: web::Data<Api>, caller: Caller) -> Result<web::Json<Me>, ApiError> {
    let user = api.run(move |app| find_user(app, caller.user)).await?;
    Ok(web::Json(Me { user: user.into(), device: caller.device.map(Actor::number) }))
}
