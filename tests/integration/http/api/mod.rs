//! The API, by address.

mod audit;
mod busy;
mod devices;
mod economics;
mod names;
mod openapi;
mod plans;
mod problems;
mod roles;
mod sessions;
mod slow;
mod tokens;
mod users;

use tests::api::outcome;
use tests::http::Answer;

/// Asserts status and code.
#[track_caller]
fn refused(answer: &Answer, status: u16, code: &str) {
    assert_eq!(outcome(answer).unwrap(), (status, code.to_owned()), "{}", answer.body);
}
