//! Payments: what the office takes back.

use actix_web::web;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Api;
use super::extract::Body;
use crate::error::Error;
use crate::http::problem::ApiError;
use crate::usecases::conflicts::{read_dot, write_dot};
use crate::usecases::reverse_payment::{Named, Wanted, reverse_payment};
use crate::usecases::sessions::Caller;

/// Which payment, named by its op or by its receipt, and how much of it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TakeBack {
    /// The op that took it, as `device:sequence`.
    payment: Option<String>,
    /// The receipt the borrower got, as `device-counter`.
    receipt: Option<String>,
    /// How much of it, in minor units; all that is left unless given.
    amount_minor: Option<i64>,
    /// Why.
    reason: String,
}

/// A payment was taken back.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Reversed {
    /// The op that was written, as `device:sequence`; the office is device 0.
    op: String,
    /// How much was taken back, in minor units.
    amount_minor: i64,
}

/// Takes back a payment or a part of it, also one that a phone took. Agents who have the case are told.
#[utoipa::path(post, path = "/payments/reverse", tag = "what came back", request_body = TakeBack,
    security(("bearer" = [])),
    responses((status = 200, description = "Reversed", body = Reversed),
        (status = 404, description = "`not_found`"),
        (status = 422, description = "`invalid_value`: more than is left, or no reason")))]
pub(super) async fn reverse(
    api: web::Data<Api>,
    caller: Caller,
    Body(body): Body<TakeBack>,
) -> Result<web::Json<Reversed>, ApiError> {
    let done = api.run(move |app| {
        let payment = match (&body.payment, body.receipt) {
            (Some(op), None) => Named::Op(read_dot(op)?),
            (None, Some(receipt)) => Named::Receipt(receipt),
            _ => return Err(Error::Invalid("give payment or receipt".into())),
        };
        let wanted = Wanted { payment, amount_minor: body.amount_minor, reason: body.reason };
        reverse_payment(app, Some(caller.user), &wanted)
    });
    let (dot, amount) = done.await?;
    Ok(web::Json(Reversed { op: write_dot(dot), amount_minor: amount.get() }))
}
