//! One case as the log has it.

use jiff::Timestamp;
use serde::Serialize;
use sync_core::model::CaseId;
use utoipa::ToSchema;

use super::visits::VisitLine;
use super::{Refs, Wanted, instant, visits};
use crate::app::App;
use crate::db::Id;
use crate::error::Error;

/// Visits shown with a case.
const VISITS: i64 = 200;

/// What was written about a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CaseFile {
    /// The case.
    #[schema(value_type = String, format = Uuid)]
    pub id: CaseId,
    /// The lender's key of it.
    pub case_ref: String,
    /// `open`, `paused`, `closed` or `legal_hand_off`.
    pub status: String,
    /// Tags in the order of their letters.
    pub tags: Vec<String>,
    /// All values of contact fields that nothing has replaced.
    pub contacts: Vec<ContactLine>,
    /// Promises by their day.
    pub promises: Vec<PromiseLine>,
    /// The latest visits.
    pub visits: Vec<VisitLine>,
}

/// A value of a contact field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ContactLine {
    /// The field.
    pub field: String,
    /// The value.
    pub value: String,
    /// Whether it is the one that counts; the others are in conflict with it.
    pub shown: bool,
    /// The device that wrote it; 0 for the office.
    pub device: i64,
    /// Which of its ops.
    pub sequence: i64,
    /// When it was written.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub written_at: Option<Timestamp>,
}

/// A promise as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PromiseLine {
    /// The device that made it.
    pub device: i64,
    /// Which of its ops.
    pub sequence: i64,
    /// What is promised, in minor units.
    pub amount_minor: i64,
    /// By which day.
    pub due_on: String,
    /// `open`, `kept`, `part_kept`, `broken` or `cancelled`.
    pub state: String,
}

/// What was written about a case.
///
/// # Errors
/// There is no such case, or the database fails.
pub fn case_file(app: &App, case: CaseId) -> Result<CaseFile, Error> {
    let id = Id::from(case);
    let refs = Refs::of(app, std::iter::once(id))?;
    if refs.cases.is_empty() {
        return Err(Error::Unknown(format!("there is no case {case}")));
    }
    let edits = app.store.case_edits(app.org, id)?;
    let promises = app.store.promises(app.org, id)?;
    Ok(CaseFile {
        id: case,
        case_ref: refs.case(id),
        status: edits.status.map_or_else(|| "open".into(), |row| row.status),
        tags: edits.tags.into_iter().map(|row| row.tag).collect(),
        contacts: edits
            .contacts
            .into_iter()
            .map(|row| ContactLine {
                field: row.field,
                value: row.value,
                shown: row.shown != 0,
                device: row.actor,
                sequence: row.sequence,
                written_at: instant(row.written_at),
            })
            .collect(),
        promises: promises
            .into_iter()
            .map(|row| PromiseLine {
                device: row.actor,
                sequence: row.sequence,
                amount_minor: row.amount_minor,
                due_on: row.due_on,
                state: row.state,
            })
            .collect(),
        visits: visits(app, &Wanted { case: Some(case), ..Wanted::default() }, None, VISITS)?,
    })
}
