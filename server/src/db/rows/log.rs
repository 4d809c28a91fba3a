//! The op log and what goes down beside it.

use diesel::prelude::*;

use crate::db::Id;
use crate::db::schema::{
    allocations, epochs, feed, kept_aside, live_ops, ops, publications, sync_heads,
};

rows! {
    SyncHeadRow of sync_heads {
        org_id: Id,
        epoch: i64,
        server_seq: i64,
        last_actor: i64,
        office_sequence: i64,
        office_head: Vec<u8>,
        office_ms: i64,
        office_count: i32,
        audit_seq: i64,
        audit_head: Vec<u8>,
    }

    EpochRow of epochs {
        org_id: Id,
        epoch: i64,
        raised_at: i64,
        actor: Option<i64>,
    }

    OpRow of ops {
        org_id: Id,
        server_seq: i64,
        actor: i64,
        sequence: i64,
        case_id: Option<Id>,
        kind: i64,
        admitted_ms: i64,
        admitted_count: i32,
        received_at: i64,
        user_id: Option<Id>,
        header: Vec<u8>,
        body_hash: Vec<u8>,
        salt: Option<Vec<u8>>,
        payload: Option<Vec<u8>>,
        flagged: String,
    }

    KeptAsideRow of kept_aside {
        org_id: Id,
        actor: i64,
        sequence: i64,
        body_hash: Vec<u8>,
        case_id: Option<Id>,
        kind: i64,
        code: String,
        received_at: i64,
        user_id: Option<Id>,
        header: Vec<u8>,
        salt: Vec<u8>,
        payload: Vec<u8>,
        released_seq: Option<i64>,
    }

    LiveOpRow of live_ops {
        org_id: Id,
        case_id: Id,
        register: Vec<u8>,
        server_seq: i64,
    }

    FeedRow of feed {
        org_id: Id,
        server_seq: i64,
        case_id: Id,
        code: String,
        at: i64,
    }

    AllocationRow of allocations {
        org_id: Id,
        allocation_id: Id,
        case_id: Id,
        agent_id: Id,
        plan_id: Option<Id>,
        granted_at: i64,
        granted_seq: i64,
        withdrawn_at: Option<i64>,
        withdrawn_seq: Option<i64>,
    }

    PublicationRow of publications {
        org_id: Id,
        plan_id: Id,
        plan_date: String,
        published_at: i64,
        published_by: Option<Id>,
        server_seq: i64,
    }
}
