-- What a plan was posed from, so that it can be explained and edited when book and settings have changed: agents on
-- duty, prices, hours of the cases and who may visit them, as JSON. Plans of before have none.
CREATE TABLE plan_basis (
    org_id BLOB NOT NULL,
    plan_id BLOB NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (org_id, plan_id),
    FOREIGN KEY (org_id, plan_id) REFERENCES plans (org_id, plan_id)
);

-- Of a plan edited by hand the version it was made from, and who did it.
ALTER TABLE plans ADD COLUMN edited_from INTEGER;
ALTER TABLE plans ADD COLUMN edited_by TEXT;
