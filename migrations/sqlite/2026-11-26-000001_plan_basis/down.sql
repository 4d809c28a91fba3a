ALTER TABLE plans DROP COLUMN edited_by;
ALTER TABLE plans DROP COLUMN edited_from;
DROP TABLE plan_basis;
