//! What all decisions about the log share: one op after the other is admitted, and in the end the
//! rows of log and projections are there to be written. Nothing here asks the database.

mod case;
mod duplicates;
mod journal;
mod plausible;
mod project;
mod read;
mod rules;

pub(super) use journal::{Entry, Journal};
pub(super) use plausible::{Bounds, MOST_TRAVEL_M, MOST_TRAVEL_S, most_minor};
pub(super) use read::{Stored, dot_of, i64_of, own_dots, read_op, read_stored, u64_of};
pub(super) use rules::Rules;

use crate::db::Id;
use crate::db::rows::{AllocationRow, SyncHeadRow};

/// The next `server_seq`.
pub(super) fn next(head: &mut SyncHeadRow) -> i64 {
    head.server_seq += 1;
    head.server_seq
}

/// A case given to an agent by hand, at the next `server_seq`.
pub(super) fn allocation(
    head: &mut SyncHeadRow,
    allocation_id: Id,
    (case_id, agent_id): (Id, Id),
    now: i64,
) -> AllocationRow {
    AllocationRow {
        org_id: head.org_id,
        allocation_id,
        case_id,
        agent_id,
        plan_id: None,
        granted_at: now,
        granted_seq: next(head),
        withdrawn_at: None,
        withdrawn_seq: None,
    }
}
