//! What happened at the doors: projections of the log.

use diesel::prelude::*;

use crate::db::Id;
use crate::db::schema::{
    case_statuses, case_tags, conflicts, contact_values, payments, promises, visits,
};

rows! {
    VisitRow of visits {
        org_id: Id,
        visit_id: Id,
        case_id: Id,
        actor: i64,
        sequence: i64,
        agent_id: Option<Id>,
        user_id: Option<Id>,
        plan_id: Option<Id>,
        arrived_at: i64,
        left_at: i64,
        met: String,
        disposition: String,
        lat_e7: Option<i32>,
        lon_e7: Option<i32>,
        accuracy_m: Option<i64>,
        distance_m: Option<i64>,
        mock_location: i32,
        travel_m: Option<i64>,
        travel_s: Option<i64>,
        clock_offset_ms: i64,
        note: Option<String>,
        source_ref: Option<String>,
        flagged: String,
    }

    PromiseRow of promises {
        org_id: Id,
        case_id: Id,
        actor: i64,
        sequence: i64,
        promised_at: i64,
        amount_minor: i64,
        due_on: String,
        state: String,
        visit_actor: Option<i64>,
        visit_sequence: Option<i64>,
    }

    PaymentRow of payments {
        org_id: Id,
        case_id: Id,
        actor: i64,
        sequence: i64,
        paid_at: i64,
        amount_minor: i64,
        method: String,
        receipt: Option<String>,
        visit_actor: Option<i64>,
        visit_sequence: Option<i64>,
        reverses_actor: Option<i64>,
        reverses_sequence: Option<i64>,
        source_ref: Option<String>,
        flagged: String,
    }

    ContactValueRow of contact_values {
        org_id: Id,
        case_id: Id,
        field: String,
        actor: i64,
        sequence: i64,
        value: String,
        written_at: i64,
        shown: i32,
    }

    CaseTagRow of case_tags {
        org_id: Id,
        case_id: Id,
        tag: String,
    }

    CaseStatusRow of case_statuses {
        org_id: Id,
        case_id: Id,
        status: String,
        reason: String,
        since_at: i64,
    }

    ConflictRow of conflicts {
        org_id: Id,
        case_id: Id,
        register: Vec<u8>,
        actor: i64,
        sequence: i64,
        what: String,
        shown: String,
        other: String,
        opened_at: i64,
        settled_seq: Option<i64>,
    }
}
