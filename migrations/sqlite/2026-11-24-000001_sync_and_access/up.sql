-- Users, devices, the op log and what is read from it (SQLite).
-- Clocks of ops are milliseconds since 1970 UTC (`_ms`) with a count; everything else as in the first migration.
-- The log is `ops`; visits, promises, payments, contact values, tags, statuses and conflicts are projections of
-- it, written in the transaction that admits an op.

CREATE TABLE users (
    org_id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    login TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    agent_id BLOB,
    password_hash TEXT NOT NULL,
    failed_logins INTEGER NOT NULL,
    locked_until BIGINT,
    disabled_at BIGINT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (org_id, user_id),
    UNIQUE (org_id, login),
    FOREIGN KEY (org_id, agent_id) REFERENCES agents (org_id, agent_id)
);

-- Refresh tokens by hash. All that follow one login are a family; one used twice ends the family.
CREATE TABLE refresh_tokens (
    org_id BLOB NOT NULL,
    token_hash BLOB NOT NULL,
    family_id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    issued_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    revoked_at BIGINT,
    PRIMARY KEY (org_id, token_hash),
    FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, user_id)
);

CREATE INDEX refresh_tokens_by_family ON refresh_tokens (org_id, family_id);

CREATE TABLE enrolment_codes (
    org_id BLOB NOT NULL,
    code_hash BLOB NOT NULL,
    user_id BLOB NOT NULL,
    issued_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (org_id, code_hash),
    FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, user_id)
);

-- One row an organisation: locked by whoever admits, so server_seq has no gaps for readers.
CREATE TABLE sync_heads (
    org_id BLOB NOT NULL,
    epoch BIGINT NOT NULL,
    server_seq BIGINT NOT NULL,
    last_actor BIGINT NOT NULL,
    office_sequence BIGINT NOT NULL,
    office_head BLOB NOT NULL,
    office_ms BIGINT NOT NULL,
    office_count INTEGER NOT NULL,
    audit_seq BIGINT NOT NULL,
    audit_head BLOB NOT NULL,
    PRIMARY KEY (org_id),
    FOREIGN KEY (org_id) REFERENCES organisations (org_id)
);

-- sequence, chain_head and admitted_* are those of the last op taken from the device.
CREATE TABLE devices (
    org_id BLOB NOT NULL,
    actor BIGINT NOT NULL,
    user_id BLOB NOT NULL,
    name TEXT NOT NULL,
    public_key BLOB NOT NULL,
    enrolled_at BIGINT NOT NULL,
    app_version TEXT NOT NULL,
    hello_count BIGINT NOT NULL,
    offset_ms BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    chain_head BLOB NOT NULL,
    admitted_ms BIGINT NOT NULL,
    admitted_count INTEGER NOT NULL,
    seen_at BIGINT,
    revoked_at BIGINT,
    forked_at BIGINT,
    PRIMARY KEY (org_id, actor),
    FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, user_id)
);

-- The log. salt and payload are NULL once erased; body_hash stays.
CREATE TABLE ops (
    org_id BLOB NOT NULL,
    server_seq BIGINT NOT NULL,
    actor BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    case_id BLOB,
    kind BIGINT NOT NULL,
    admitted_ms BIGINT NOT NULL,
    admitted_count INTEGER NOT NULL,
    received_at BIGINT NOT NULL,
    user_id BLOB,
    header BLOB NOT NULL,
    body_hash BLOB NOT NULL,
    salt BLOB,
    payload BLOB,
    flagged TEXT NOT NULL,
    PRIMARY KEY (org_id, server_seq),
    UNIQUE (org_id, actor, sequence),
    FOREIGN KEY (org_id, case_id) REFERENCES cases (org_id, case_id)
);
CREATE INDEX ops_by_case ON ops (org_id, case_id, server_seq);

-- Ops that were received and are merged nowhere, with the reason. released_seq: the server_seq of their release.
CREATE TABLE kept_aside (
    org_id BLOB NOT NULL,
    actor BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    body_hash BLOB NOT NULL,
    case_id BLOB,
    kind BIGINT NOT NULL,
    code TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    user_id BLOB,
    header BLOB NOT NULL,
    salt BLOB NOT NULL,
    payload BLOB NOT NULL,
    released_seq BIGINT,
    PRIMARY KEY (org_id, actor, sequence, body_hash)
);

-- The ops of which a register consists at present: last-writer heads, live values, set members.
CREATE TABLE live_ops (
    org_id BLOB NOT NULL,
    case_id BLOB NOT NULL,
    register BLOB NOT NULL,
    server_seq BIGINT NOT NULL,
    PRIMARY KEY (org_id, case_id, register, server_seq),
    FOREIGN KEY (org_id, server_seq) REFERENCES ops (org_id, server_seq)
);

-- What goes down beside ops, in the same sequence: recalls and changed facts of a case.
CREATE TABLE feed (
    org_id BLOB NOT NULL,
    server_seq BIGINT NOT NULL,
    case_id BLOB NOT NULL,
    code TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (org_id, server_seq),
    FOREIGN KEY (org_id, case_id) REFERENCES cases (org_id, case_id)
);
CREATE INDEX feed_by_case ON feed (org_id, case_id, server_seq);

-- A case given to an agent for a period. withdrawn_* are NULL while it lasts.
CREATE TABLE allocations (
    org_id BLOB NOT NULL,
    allocation_id BLOB NOT NULL,
    case_id BLOB NOT NULL,
    agent_id BLOB NOT NULL,
    plan_id BLOB,
    granted_at BIGINT NOT NULL,
    granted_seq BIGINT NOT NULL,
    withdrawn_at BIGINT,
    withdrawn_seq BIGINT,
    PRIMARY KEY (org_id, allocation_id),
    FOREIGN KEY (org_id, case_id) REFERENCES cases (org_id, case_id),
    FOREIGN KEY (org_id, agent_id) REFERENCES agents (org_id, agent_id)
);
CREATE INDEX allocations_by_agent ON allocations (org_id, agent_id, case_id);
CREATE INDEX allocations_by_case ON allocations (org_id, case_id, agent_id);

-- Which plans agents were told to work by. The newest of a day counts.
CREATE TABLE publications (
    org_id BLOB NOT NULL,
    plan_id BLOB NOT NULL,
    plan_date TEXT NOT NULL,
    published_at BIGINT NOT NULL,
    published_by BLOB,
    server_seq BIGINT NOT NULL,
    PRIMARY KEY (org_id, plan_id),
    UNIQUE (org_id, server_seq),
    FOREIGN KEY (org_id, plan_id) REFERENCES plans (org_id, plan_id)
);

-- Projection of visits. Instants are admitted ones; `disposition` is what the register shows now.
CREATE TABLE visits (
    org_id BLOB NOT NULL,
    visit_id BLOB NOT NULL,
    case_id BLOB NOT NULL,
    actor BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    agent_id BLOB,
    user_id BLOB,
    plan_id BLOB,
    arrived_at BIGINT NOT NULL,
    left_at BIGINT NOT NULL,
    met TEXT NOT NULL,
    disposition TEXT NOT NULL,
    lat_e7 INTEGER,
    lon_e7 INTEGER,
    accuracy_m BIGINT,
    distance_m BIGINT,
    mock_location INTEGER NOT NULL,
    travel_m BIGINT,
    travel_s BIGINT,
    clock_offset_ms BIGINT NOT NULL,
    note TEXT,
    source_ref TEXT,
    flagged TEXT NOT NULL,
    PRIMARY KEY (org_id, visit_id),
    UNIQUE (org_id, actor, sequence),
    UNIQUE (org_id, source_ref),
    FOREIGN KEY (org_id, case_id) REFERENCES cases (org_id, case_id)
);
CREATE INDEX visits_by_case ON visits (org_id, case_id, arrived_at);

CREATE TABLE promises (
    org_id BLOB NOT NULL,
    case_id BLOB NOT NULL,
    actor BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    promised_at BIGINT NOT NULL,
    amount_minor BIGINT NOT NULL,
    due_on TEXT NOT NULL,
    state TEXT NOT NULL,
    visit_actor BIGINT,
    visit_sequence BIGINT,
    PRIMARY KEY (org_id, case_id, actor, sequence),
    FOREIGN KEY (org_id, case_id) REFERENCES cases (org_id, case_id)
);

-- The ledger: payments above zero, reversals below zero with the payment they reverse.
CREATE TABLE payments (
    org_id BLOB NOT NULL,
    case_id BLOB NOT NULL,
    actor BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    paid_at BIGINT NOT NULL,
    amount_minor BIGINT NOT NULL,
    method TEXT NOT NULL,
    receipt TEXT,
    visit_actor BIGINT,
    visit_sequence BIGINT,
    reverses_actor BIGINT,
    reverses_sequence BIGINT,
    source_ref TEXT,
    flagged TEXT NOT NULL,
    PRIMARY KEY (org_id, actor, sequence),
    UNIQUE (org_id, source_ref),
    FOREIGN KEY (org_id, case_id) REFERENCES cases (org_id, case_id)
);
CREATE INDEX payments_by_case ON payments (org_id, case_id, paid_at);

-- All values of contact fields that nothing has replaced; `shown` is 1 for the one that counts.
CREATE TABLE contact_values (
    org_id BLOB NOT NULL,
    case_id BLOB NOT NULL,
    field TEXT NOT NULL,
    actor BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    value TEXT NOT NULL,
    written_at BIGINT NOT NULL,
    shown INTEGER NOT NULL,
    PRIMARY KEY (org_id, case_id, field, actor, sequence),
    FOREIGN KEY (org_id, case_id) REFERENCES cases (org_id, case_id)
);

CREATE TABLE case_tags (
    org_id BLOB NOT NULL,
    case_id BLOB NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (org_id, case_id, tag),
    FOREIGN KEY (org_id, case_id) REFERENCES cases (org_id, case_id)
);

CREATE TABLE case_statuses (
    org_id BLOB NOT NULL,
    case_id BLOB NOT NULL,
    status TEXT NOT NULL,
    reason TEXT NOT NULL,
    since_at BIGINT NOT NULL,
    PRIMARY KEY (org_id, case_id),
    FOREIGN KEY (org_id, case_id) REFERENCES cases (org_id, case_id)
);

-- A register with more than one value nobody has decided between. The newest opening of a register counts.
CREATE TABLE conflicts (
    org_id BLOB NOT NULL,
    case_id BLOB NOT NULL,
    register BLOB NOT NULL,
    actor BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    what TEXT NOT NULL,
    shown TEXT NOT NULL,
    other TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    settled_seq BIGINT,
    PRIMARY KEY (org_id, case_id, register, actor, sequence),
    FOREIGN KEY (org_id, case_id) REFERENCES cases (org_id, case_id)
);

-- hash = SHA-256 over the hash before and the row; see SECURITY.md.
CREATE TABLE audit (
    org_id BLOB NOT NULL,
    audit_seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    user_id BLOB,
    actor BIGINT,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (org_id, audit_seq),
    FOREIGN KEY (org_id) REFERENCES organisations (org_id)
);

CREATE TABLE jobs (
    org_id BLOB NOT NULL,
    job_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    state TEXT NOT NULL,
    run_at BIGINT NOT NULL,
    attempts INTEGER NOT NULL,
    claimed_until BIGINT,
    last_error TEXT,
    created_at BIGINT NOT NULL,
    done_at BIGINT,
    PRIMARY KEY (org_id, job_id),
    FOREIGN KEY (org_id) REFERENCES organisations (org_id)
);
CREATE INDEX jobs_to_run ON jobs (org_id, state, run_at);
