//! Users, for administrators.

use actix_web::{HttpResponse, web};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sync_core::model::UserId;
use utoipa::ToSchema;

use super::Api;
use super::extract::{Body, Query};
use super::paging::{Page, Paging};
use crate::http::problem::ApiError;
use crate::usecases::access::Role;
use crate::usecases::passwords::Cost;
use crate::usecases::sessions::Caller;
use crate::usecases::users::{self, Added, NewUser, User};

/// A user.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UserView {
    #[schema(value_type = String, format = Uuid)]
    id: UserId,
    /// What is typed to log in.
    login: String,
    name: String,
    /// `agent`, `dispatcher`, `analyst`, `compliance` or `admin`.
    role: &'static str,
    /// The lender's key of the agent it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    agent_ref: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Since when it cannot log in.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    disabled_at: Option<Timestamp>,
    /// Until when it cannot log in after wrong passwords.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    locked_until: Option<Timestamp>,
}

impl From<User> for UserView {
    fn from(user: User) -> Self {
        Self {
            id: user.id,
            login: user.login,
            name: user.name,
            role: user.role.label(),
            agent_ref: user.agent_ref,
            created_at: user.created_at,
            disabled_at: user.disabled_at,
            locked_until: user.locked_until,
        }
    }
}

/// Which page of users.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListUsers {
    /// Items of a page, 1 to 200; 50 unless given.
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// All users, in the order they were made.
#[utoipa::path(get, path = "/users", tag = "users", params(ListUsers), security(("bearer" = [])),
    responses((status = 200, description = "A page", body = Page<UserView>)))]
pub(super) async fn list(
    api: web::Data<Api>,
    Query(query): Query<ListUsers>,
) -> Result<web::Json<Page<UserView>>, ApiError> {
    let paging = Paging::of("users", query.limit, query.cursor.as_deref())?;
    let (after, to_read) = (paging.key()?, paging.to_read());
    let users = api.run(move |app| users::list_users(app, after, to_read)).await?;
    Ok(web::Json(paging.page(users, |user| user.id.to_string(), UserView::from)))
}

/// A user to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AddUser {
    /// 1 to 64 of a to z, 0 to 9 and . _ @ -
    login: String,
    name: String,
    /// `agent`, `dispatcher`, `analyst`, `compliance` or `admin`.
    #[schema(value_type = String)]
    role: Role,
    /// The lender's key of the agent; agents have one, others none.
    agent_ref: Option<String>,
    /// At least 12 characters; generated where it is absent.
    password: Option<String>,
}

/// A user and its password, where it was generated. It is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AddedView {
    user: UserView,
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<String>,
}

/// Makes a user.
#[utoipa::path(post, path = "/users", tag = "users", request_body = AddUser,
    security(("bearer" = [])),
    responses(
        (status = 201, description = "Made", body = AddedView),
        (status = 409, description = "`login_taken`"),
        (status = 422, description = "`invalid_value`, `unknown_agent`")
    ))]
pub(super) async fn add(
    api: web::Data<Api>,
    caller: Caller,
    Body(new): Body<AddUser>,
) -> Result<HttpResponse, ApiError> {
    let added = api
        .run_hashing(move |app| {
            let new = NewUser {
                login: &new.login,
                name: &new.name,
                role: new.role,
                agent_ref: new.agent_ref.as_deref(),
                password: new.password.as_deref(),
            };
            users::add_user(app, Some(caller.user), &new, Cost::STANDARD)
        })
        .await?;
    let Added { user, password } = added;
    Ok(HttpResponse::Created().json(AddedView { user: user.into(), password }))
}

/// One user.
#[utoipa::path(get, path = "/users/{id}", tag = "users", params(("id" = String, Path)),
    security(("bearer" = [])),
    responses((status = 200, description = "The user", body = UserView),
        (status = 404, description = "`not_found`")))]
pub(super) async fn one(
    api: web::Data<Api>,
    id: web::Path<String>,
) -> Result<web::Json<UserView>, ApiError> {
    let id = user_id(&id)?;
    let user = api.run(move |app| users::find_user(app, id)).await?;
    Ok(web::Json(user.into()))
}

/// Disables a user at once: its sessions end, its devices and tokens are not let in any more.
#[utoipa::path(post, path = "/users/{id}/disable", tag = "users", params(("id" = String, Path)),
    security(("bearer" = [])),
    responses((status = 204, description = "Disabled, now or before"),
        (status = 404, description = "`not_found`"),
        (status = 409, description = "`last_admin`")))]
pub(super) async fn disable(
    api: web::Data<Api>,
    caller: Caller,
    id: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    let id = user_id(&id)?;
    api.run(move |app| users::disable_user(app, Some(caller.user), id)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// A new password, shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct NewPassword {
    password: String,
}

/// Gives a user a new, generated password. Its sessions end, a lock is lifted.
#[utoipa::path(post, path = "/users/{id}/password", tag = "users", params(("id" = String, Path)),
    security(("bearer" = [])),
    responses((status = 200, description = "The new password", body = NewPassword),
        (status = 404, description = "`not_found`")))]
pub(super) async fn password(
    api: web::Data<Api>,
    caller: Caller,
    id: web::Path<String>,
) -> Result<web::Json<NewPassword>, ApiError> {
    let id = user_id(&id)?;
    let by = Some(caller.user);
    let password = api
        .run_hashing(move |app| users::reset_password(app, by, id, None, Cost::STANDARD))
        .await?;
    let password = password.ok_or_else(|| ApiError::internal(&"no password was generated"))?;
    Ok(web::Json(NewPassword { password }))
}

/// The user of a path; what is no id is nobody's.
pub(super) fn user_id(text: &str) -> Result<UserId, ApiError> {
    text.parse().map_err(|_| ApiError::not_found(format!("there is no user {text}")))
}
