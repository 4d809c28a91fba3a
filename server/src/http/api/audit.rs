//! The audit log, for those who look after the others.

use actix_web::web;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sync_core::model::UserId;
use utoipa::ToSchema;

use super::Api;
use super::extract::Query;
use super::paging::{Page, Paging};
use crate::http::problem::ApiError;
use crate::usecases::audit::{self, Entry};

/// One entry.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EntryView {
    /// From 1 without gaps.
    number: i64,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Who; absent for the command line and the server itself.
    #[schema(value_type = Option<String>, format = Uuid)]
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<UserId>,
    /// From which device.
    #[serde(skip_serializing_if = "Option::is_none")]
    actor: Option<i64>,
    action: String,
    subject: String,
    detail: String,
    /// The hash of the chain up to this entry, in hexadecimal.
    hash: String,
}

impl From<Entry> for EntryView {
    fn from(entry: Entry) -> Self {
        Self {
            number: entry.number,
            at: entry.at,
            user: entry.user,
            actor: entry.actor,
            action: entry.action,
            subject: entry.subject,
            detail: entry.detail,
            hash: entry.hash,
        }
    }
}

/// Which page of entries.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListAudit {
    /// Items of a page, 1 to 200; 50 unless given.
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// What was done, newest first.
#[utoipa::path(get, path = "/audit", tag = "audit", params(ListAudit), security(("bearer" = [])),
    responses((status = 200, description = "A page", body = Page<EntryView>)))]
pub(super) async fn list(
    api: web::Data<Api>,
    Query(query): Query<ListAudit>,
) -> Result<web::Json<Page<EntryView>>, ApiError> {
    let paging = Paging::of("audit", query.limit, query.cursor.as_deref())?;
    let (before, to_read) = (paging.key()?.unwrap_or(i64::MAX), paging.to_read());
    let entries = api.run(move |app| audit::entries_before(app, before, to_read)).await?;
    Ok(web::Json(paging.page(entries, |entry| entry.number.to_string(), EntryView::from)))
}
