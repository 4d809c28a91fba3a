//! Conflicts that nobody has settled.

use jiff::Timestamp;
use serde::Serialize;
use sync_core::model::CaseId;
use utoipa::ToSchema;

use super::{Refs, instant};
use crate::app::App;
use crate::db::Id;
use crate::db::lists::Conflicts;
use crate::error::Error;

/// Two values of one field, written without knowing of each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OpenConflict {
    /// The lender's key of the case.
    pub case_ref: String,
    /// The case.
    #[schema(value_type = String, format = Uuid)]
    pub case: CaseId,
    /// The field: `name`, `phone`, `address`, `position`, `email`, `language`, `disposition`,
    /// `promise` or `status`.
    pub what: String,
    /// The value that is shown.
    pub shown: String,
    /// The other one; it is not lost.
    pub other: String,
    /// The device that wrote the other one; 0 for the office.
    pub device: i64,
    /// Which of its ops.
    pub sequence: i64,
    /// Since when.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opened_at: Option<Timestamp>,
    /// Whether somebody settled it.
    pub settled: bool,
    /// Where the list goes on after it.
    #[serde(skip)]
    pub key: String,
}

/// Conflicts, the latest first: at most `most`, after the one with `key`; of one case or of all,
/// with those that are `settled` or without.
///
/// # Errors
/// The key is none, or the database fails.
pub fn conflicts(
    app: &App,
    case: Option<CaseId>,
    settled: bool,
    key: Option<&str>,
    most: i64,
) -> Result<Vec<OpenConflict>, Error> {
    let before = key.map(read_key).transpose()?;
    let asked = Conflicts { case: case.map(Id::from), settled, before, most };
    let rows = app.store.list_conflicts(app.org, &asked)?;
    let refs = Refs::of(app, rows.iter().map(|row| row.case_id))?;
    rows.into_iter()
        .map(|row| {
            Ok(OpenConflict {
                case_ref: refs.case(row.case_id),
                case: row.case_id.try_into()?,
                what: row.what,
                shown: row.shown,
                other: row.other,
                device: row.actor,
                sequence: row.sequence,
                opened_at: instant(row.opened_at),
                settled: row.settled_seq.is_some(),
                key: format!("{} {} {}", row.opened_at, row.actor, row.sequence),
            })
        })
        .collect()
}

fn read_key(key: &str) -> Result<(i64, i64, i64), Error> {
    let numbers: Option<Vec<i64>> = key.split(' ').map(|part| part.parse().ok()).collect();
    match numbers.as_deref() {
        Some([at, actor, sequence]) => Ok((*at, *actor, *sequence)),
        _ => Err(Error::Invalid("cursor: give back next_cursor of this list".into())),
    }
}
