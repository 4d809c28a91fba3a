-- Parts of a plan's profit beyond prizes, way, time and shifts; nothing in plans of before.
ALTER TABLE plans ADD COLUMN overtime_cost_micro BIGINT NOT NULL DEFAULT 0;
-- What visits earn, or cost when negative, by the agents who make them.
ALTER TABLE plans ADD COLUMN pairing_micro BIGINT NOT NULL DEFAULT 0;
-- Of all routes together: hours beyond fair shares, and agents who share a neighbourhood.
ALTER TABLE plans ADD COLUMN unfairness_cost_micro BIGINT NOT NULL DEFAULT 0;
ALTER TABLE plans ADD COLUMN overlap_cost_micro BIGINT NOT NULL DEFAULT 0;

ALTER TABLE plan_routes ADD COLUMN overtime_s BIGINT NOT NULL DEFAULT 0;
ALTER TABLE plan_routes ADD COLUMN overtime_cost_micro BIGINT NOT NULL DEFAULT 0;
ALTER TABLE plan_routes ADD COLUMN pairing_micro BIGINT NOT NULL DEFAULT 0;
-- Breaks as JSON: after how many stops, first instant and end in microseconds since 1970, whether they are paid.
ALTER TABLE plan_routes ADD COLUMN breaks TEXT NOT NULL DEFAULT '[]';

-- What a visit needs and who may, shall or must not make it, as `;`-separated codes and keys of agents.
ALTER TABLE cases ADD COLUMN skills TEXT NOT NULL DEFAULT '';
-- 1, or 2 for two agents who arrive together.
ALTER TABLE cases ADD COLUMN crew INTEGER NOT NULL DEFAULT 1;
-- 1 if the visit has to be made whatever it costs, else 0.
ALTER TABLE cases ADD COLUMN mandatory INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN agent_forbidden TEXT NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN agent_preferred TEXT NOT NULL DEFAULT '';

-- Skills that expire, with their last day: `code:YYYY-MM-DD;...`.
ALTER TABLE agents ADD COLUMN certificates TEXT NOT NULL DEFAULT '';
-- Most that a day's visits may be expected to bring together, because it is carried.
ALTER TABLE agents ADD COLUMN max_cash_minor BIGINT;

-- A stop of two agents is in two routes: the route belongs to its key. `crew_no` is 1 in the route that counts the
-- prize, 2 in the other; `premium_micro` is earned on top of the prize by the hour of the visit.
ALTER TABLE plan_stops ADD COLUMN premium_micro BIGINT NOT NULL DEFAULT 0;
ALTER TABLE plan_stops ADD COLUMN crew_no INTEGER NOT NULL DEFAULT 1;
ALTER TABLE plan_stops DROP CONSTRAINT plan_stops_pkey;
ALTER TABLE plan_stops ADD PRIMARY KEY (org_id, plan_id, case_id, route_no);
