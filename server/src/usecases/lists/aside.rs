//! What the server did not take as it came: ops kept aside, and ops that are odd.

use jiff::Timestamp;
use serde::Serialize;
use sync_core::bytes::hex;
use sync_core::protocol::Code;
use utoipa::ToSchema;

use super::{Refs, codes, instant, of_hex};
use crate::app::App;
use crate::db::lists::{Aside, Flagged};
use crate::error::Error;

/// An op that was received and is merged nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct KeptOp {
    /// The device that wrote it.
    pub device: i64,
    /// Which of its ops.
    pub sequence: i64,
    /// The hash of its content, in hexadecimal; to be named when it is released.
    pub body_hash: String,
    /// The lender's key of the case, where that is known here.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub case_ref: String,
    /// The number of its kind.
    pub kind: i64,
    /// Why it is kept aside.
    pub code: String,
    /// What to do.
    pub remedy: &'static str,
    /// When it came.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub received_at: Option<Timestamp>,
    /// Whether it was released.
    pub released: bool,
    /// Where the list goes on after it.
    #[serde(skip)]
    pub key: String,
}

/// Ops kept aside, the latest first: at most `most`, after the one with `key`; of one device or of
/// all, with those that are `released` or without.
///
/// # Errors
/// The key is none, or the database fails.
pub fn kept_aside(
    app: &App,
    device: Option<i64>,
    released: bool,
    key: Option<&str>,
    most: i64,
) -> Result<Vec<KeptOp>, Error> {
    let before = key.map(read_key).transpose()?;
    let rows = app.store.list_aside(app.org, &Aside { actor: device, released, before, most })?;
    let refs = Refs::of(app, rows.iter().filter_map(|row| row.case_id))?;
    let item = |row: crate::db::rows::KeptAsideRow| {
        let body_hash = hex(&row.body_hash);
        KeptOp {
            device: row.actor,
            sequence: row.sequence,
            case_ref: row.case_id.map_or_else(String::new, |id| refs.case(id)),
            kind: row.kind,
            remedy: remedy(&row.code),
            code: row.code,
            received_at: instant(row.received_at),
            released: row.released_seq.is_some(),
            key: format!("{} {} {} {body_hash}", row.received_at, row.actor, row.sequence),
            body_hash,
        }
    };
    Ok(rows.into_iter().map(item).collect())
}

/// What the office can do about a code.
fn remedy(code: &str) -> &'static str {
    match code.parse::<Code>() {
        Ok(Code::ForeignCase) => "Release it if the agent was meant to be there.",
        Ok(Code::RoleForbidden) => "Write the change yourself, or release it if it is right.",
        Ok(Code::DeviceRevoked) => {
            "Release what was honestly written before the device was revoked."
        }
        Ok(Code::UserDisabled) => "Release what was honestly written before the user was disabled.",
        Ok(Code::ValueImplausible) => {
            "A time, an amount or a way in it cannot be, so it is not released. Ask the agent, and write \
             what it says as an edit of the office or import it."
        }
        Ok(Code::DeviceForked) => "Enrol the phone again; release what the log has not got.",
        Ok(Code::UnheardContext) => "Release it once the other phone has sent what it names.",
        _ => "Look at it, and release it if it is right.",
    }
}

fn read_key(key: &str) -> Result<(i64, i64, i64, Vec<u8>), Error> {
    let read = || {
        let mut parts = key.split(' ');
        let mut number = || parts.next()?.parse().ok();
        let (at, actor, sequence) = (number()?, number()?, number()?);
        Some((at, actor, sequence, of_hex(parts.next()?)?))
    };
    read().ok_or_else(|| Error::Invalid("cursor: give back next_cursor of this list".into()))
}

/// An op of the log that is odd.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FlaggedOp {
    /// Its place in the log.
    pub server_seq: i64,
    /// The device that wrote it.
    pub device: i64,
    /// Which of its ops.
    pub sequence: i64,
    /// The lender's key of the case.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub case_ref: String,
    /// The number of its kind.
    pub kind: i64,
    /// What is odd about it.
    pub codes: Vec<String>,
    /// When it came.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub received_at: Option<Timestamp>,
}

/// Odd ops, the latest first: at most `most`, below `before` in the log.
///
/// # Errors
/// The database fails.
pub fn flagged(app: &App, before: Option<i64>, most: i64) -> Result<Vec<FlaggedOp>, Error> {
    let asked = Flagged { before: before.unwrap_or(i64::MAX), most };
    let rows = app.store.list_flagged(app.org, &asked)?;
    let refs = Refs::of(app, rows.iter().filter_map(|row| row.case_id))?;
    let item = |row: crate::db::rows::OpRow| FlaggedOp {
        server_seq: row.server_seq,
        device: row.actor,
        sequence: row.sequence,
        case_ref: row.case_id.map_or_else(String::new, |id| refs.case(id)),
        kind: row.kind,
        codes: codes(&row.flagged),
        received_at: instant(row.received_at),
    };
    Ok(rows.into_iter().map(item).collect())
}
