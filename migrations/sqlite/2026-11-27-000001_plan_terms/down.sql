CREATE TABLE plan_stops_of_cases (
    org_id BLOB NOT NULL,
    plan_id BLOB NOT NULL,
    case_id BLOB NOT NULL,
    route_no INTEGER NOT NULL,
    stop_no INTEGER NOT NULL,
    arrive_at BIGINT NOT NULL,
    start_at BIGINT NOT NULL,
    leave_at BIGINT NOT NULL,
    leg_metres BIGINT NOT NULL,
    leg_s BIGINT NOT NULL,
    prize_micro BIGINT NOT NULL,
    marginal_micro BIGINT NOT NULL,
    lat_e7 INTEGER NOT NULL,
    lon_e7 INTEGER NOT NULL,
    address TEXT NOT NULL,
    amount_due_minor BIGINT NOT NULL,
    dpd INTEGER NOT NULL,
    language TEXT,
    PRIMARY KEY (org_id, plan_id, case_id),
    UNIQUE (org_id, plan_id, route_no, stop_no),
    FOREIGN KEY (org_id, plan_id, route_no) REFERENCES plan_routes (org_id, plan_id, route_no),
    FOREIGN KEY (org_id, case_id) REFERENCES cases (org_id, case_id)
);
INSERT INTO plan_stops_of_cases
SELECT
    org_id, plan_id, case_id, route_no, stop_no, arrive_at, start_at, leave_at, leg_metres, leg_s, prize_micro,
    marginal_micro, lat_e7, lon_e7, address, amount_due_minor, dpd, language
FROM plan_stops
WHERE crew_no = 1;
DROP TABLE plan_stops;
ALTER TABLE plan_stops_of_cases RENAME TO plan_stops;
ALTER TABLE agents DROP COLUMN max_cash_minor;
ALTER TABLE agents DROP COLUMN certificates;
ALTER TABLE cases DROP COLUMN agent_preferred;
ALTER TABLE cases DROP COLUMN agent_forbidden;
ALTER TABLE cases DROP COLUMN mandatory;
ALTER TABLE cases DROP COLUMN crew;
ALTER TABLE cases DROP COLUMN skills;
ALTER TABLE plan_routes DROP COLUMN breaks;
ALTER TABLE plan_routes DROP COLUMN pairing_micro;
ALTER TABLE plan_routes DROP COLUMN overtime_cost_micro;
ALTER TABLE plan_routes DROP COLUMN overtime_s;
ALTER TABLE plans DROP COLUMN overlap_cost_micro;
ALTER TABLE plans DROP COLUMN unfairness_cost_micro;
ALTER TABLE plans DROP COLUMN pairing_micro;
ALTER TABLE plans DROP COLUMN overtime_cost_micro;
