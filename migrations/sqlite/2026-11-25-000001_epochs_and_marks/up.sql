-- Which epochs the server was told of or noticed: when it went on from an older state than it had.
-- raised_at: microseconds since 1970 UTC. actor: the device that knew more than the server; null where
-- somebody ran the command.
CREATE TABLE epochs (
    org_id BLOB NOT NULL,
    epoch BIGINT NOT NULL,
    raised_at BIGINT NOT NULL,
    actor BIGINT,
    PRIMARY KEY (org_id, epoch),
    FOREIGN KEY (org_id) REFERENCES organisations (org_id)
);

-- The number of the last entry of the audit log once more, beside the one in sync_heads: who cuts the
-- log off has to know of both.
CREATE TABLE audit_marks (
    org_id BLOB NOT NULL,
    audit_seq BIGINT NOT NULL,
    PRIMARY KEY (org_id),
    FOREIGN KEY (org_id) REFERENCES organisations (org_id)
);

INSERT INTO audit_marks (org_id, audit_seq) SELECT org_id, audit_seq FROM sync_heads;
