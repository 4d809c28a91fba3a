-- Several cases of one borrower at one door are one stop: its rows share route and number, and `part_no` counts them
-- from 1. Way, premium and the time waited are those of the first.
CREATE TABLE plan_stops_of_parts (
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
    premium_micro BIGINT NOT NULL DEFAULT 0,
    crew_no INTEGER NOT NULL DEFAULT 1,
    part_no INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (org_id, plan_id, case_id, route_no),
    UNIQUE (org_id, plan_id, route_no, stop_no, part_no),
    FOREIGN KEY (org_id, plan_id, route_no) REFERENCES plan_routes (org_id, plan_id, route_no),
    FOREIGN KEY (org_id, case_id) REFERENCES cases (org_id, case_id)
);
INSERT INTO plan_stops_of_parts (
    org_id, plan_id, case_id, route_no, stop_no, arrive_at, start_at, leave_at, leg_metres, leg_s, prize_micro,
    marginal_micro, lat_e7, lon_e7, address, amount_due_minor, dpd, language, premium_micro, crew_no
)
SELECT
    org_id, plan_id, case_id, route_no, stop_no, arrive_at, start_at, leave_at, leg_metres, leg_s, prize_micro,
    marginal_micro, lat_e7, lon_e7, address, amount_due_minor, dpd, language, premium_micro, crew_no
FROM plan_stops;
DROP TABLE plan_stops;
ALTER TABLE plan_stops_of_parts RENAME TO plan_stops;
