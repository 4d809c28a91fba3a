-- The further cases of a stop cannot be kept where a stop has one.
DELETE FROM plan_stops WHERE part_no > 1;
ALTER TABLE plan_stops DROP COLUMN part_no;
ALTER TABLE plan_stops ADD UNIQUE (org_id, plan_id, route_no, stop_no);
