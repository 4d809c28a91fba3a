-- What a phone keeps. Times are milliseconds since 1970 UTC; ids, hashes, headers and payloads are their bytes.

-- Enrolment, state of the exchange, plans, packs, recalls, codes of refusals: one value each by name.
CREATE TABLE named (
    name TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) WITHOUT ROWID;

-- Ops of this phone. `settled`: known with its admitted clock, kept aside, or of a case that was purged; the others lie on top.
-- An erased op keeps its header and the hash of what was there.
CREATE TABLE own_ops (
    sequence BIGINT NOT NULL PRIMARY KEY,
    case_id BLOB,
    header BLOB NOT NULL,
    salt BLOB,
    payload BLOB,
    body_hash BLOB NOT NULL,
    settled INTEGER NOT NULL
);
CREATE INDEX own_ops_on_top ON own_ops (case_id, sequence) WHERE settled = 0;

-- Cases allocated to the user of this phone. `standing`: 0 granted, 1 not confirmed yet by a server that starts over, 2 withdrawn.
CREATE TABLE cases (
    case_id BLOB NOT NULL PRIMARY KEY,
    facts BLOB NOT NULL,
    at_seq BIGINT NOT NULL,
    standing INTEGER NOT NULL
) WITHOUT ROWID;

-- Admitted ops of these cases.
CREATE TABLE ops (
    case_id BLOB NOT NULL,
    actor BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    server_seq BIGINT NOT NULL,
    admitted_ms BIGINT NOT NULL,
    admitted_count INTEGER NOT NULL,
    header BLOB NOT NULL,
    salt BLOB,
    payload BLOB,
    body_hash BLOB NOT NULL,
    PRIMARY KEY (case_id, actor, sequence)
) WITHOUT ROWID;

-- Signed batches, kept until the server says that they are durable.
CREATE TABLE batches (
    last BIGINT NOT NULL PRIMARY KEY,
    bytes BLOB NOT NULL
);
