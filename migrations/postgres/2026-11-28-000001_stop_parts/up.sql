-- Several cases of one borrower at one door are one stop: its rows share route and number, and `part_no` counts them
-- from 1. Way, premium and the time waited are those of the first.
ALTER TABLE plan_stops ADD COLUMN part_no INTEGER NOT NULL DEFAULT 1;
ALTER TABLE plan_stops DROP CONSTRAINT plan_stops_org_id_plan_id_route_no_stop_no_key;
ALTER TABLE plan_stops ADD UNIQUE (org_id, plan_id, route_no, stop_no, part_no);
