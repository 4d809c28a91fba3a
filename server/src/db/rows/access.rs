//! Users, their tokens, devices, the audit log and jobs.

use diesel::prelude::*;

use crate::db::Id;
use crate::db::schema::{audit, devices, enrolment_codes, jobs, refresh_tokens, users};

rows! {
    UserRow of users {
        org_id: Id,
        user_id: Id,
        login: String,
        name: String,
        role: String,
        agent_id: Option<Id>,
        password_hash: String,
        failed_logins: i32,
        locked_until: Option<i64>,
        disabled_at: Option<i64>,
        created_at: i64,
    }

    RefreshTokenRow of refresh_tokens {
        org_id: Id,
        token_hash: Vec<u8>,
        family_id: Id,
        user_id: Id,
        issued_at: i64,
        expires_at: i64,
        used_at: Option<i64>,
        revoked_at: Option<i64>,
    }

    EnrolmentCodeRow of enrolment_codes {
        org_id: Id,
        code_hash: Vec<u8>,
        user_id: Id,
        issued_at: i64,
        expires_at: i64,
        used_at: Option<i64>,
    }

    DeviceRow of devices {
        org_id: Id,
        actor: i64,
        user_id: Id,
        name: String,
        public_key: Vec<u8>,
        enrolled_at: i64,
        app_version: String,
        hello_count: i64,
        offset_ms: i64,
        sequence: i64,
        chain_head: Vec<u8>,
        admitted_ms: i64,
        admitted_count: i32,
        seen_at: Option<i64>,
        revoked_at: Option<i64>,
        forked_at: Option<i64>,
    }

    AuditRow of audit {
        org_id: Id,
        audit_seq: i64,
        at: i64,
        user_id: Option<Id>,
        actor: Option<i64>,
        action: String,
        subject: String,
        detail: String,
        hash: Vec<u8>,
    }

    JobRow of jobs {
        org_id: Id,
        job_id: Id,
        kind: String,
        payload: String,
        state: String,
        run_at: i64,
        attempts: i32,
        claimed_until: Option<i64>,
        last_error: Option<String>,
        created_at: i64,
        done_at: Option<i64>,
    }
}
