-- The loan book, its scores, territories and plans (SQLite).
-- Every key starts with org_id, so that the schema can be distributed by it later.
-- Ids are 16 bytes (UUIDv7), money is BIGINT minor units (`_minor`) or 1e-6 of the currency (`_micro`),
-- instants are BIGINT microseconds since 1970 UTC (`_at`), coordinates are 1e-7 degrees (`_e7`).

CREATE TABLE organisations (
    org_id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    currency TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE borrowers (
    org_id BLOB NOT NULL,
    borrower_id BLOB NOT NULL,
    borrower_ref TEXT NOT NULL,
    name TEXT NOT NULL,
    phone TEXT,
    language TEXT,
    PRIMARY KEY (org_id, borrower_id),
    UNIQUE (org_id, borrower_ref),
    FOREIGN KEY (org_id) REFERENCES organisations (org_id)
);

CREATE TABLE cases (
    org_id BLOB NOT NULL,
    case_id BLOB NOT NULL,
    case_ref TEXT NOT NULL,
    borrower_id BLOB NOT NULL,
    lat_e7 INTEGER NOT NULL,
    lon_e7 INTEGER NOT NULL,
    address TEXT,
    amount_due_minor BIGINT NOT NULL,
    principal_minor BIGINT,
    dpd INTEGER NOT NULL,
    last_payment_at BIGINT,
    last_payment_minor BIGINT,
    ability_minor BIGINT,
    time_zone TEXT,
    visit_from_min INTEGER,
    visit_to_min INTEGER,
    flags TEXT NOT NULL,
    PRIMARY KEY (org_id, case_id),
    UNIQUE (org_id, case_ref),
    FOREIGN KEY (org_id, borrower_id) REFERENCES borrowers (org_id, borrower_id)
);

CREATE TABLE agents (
    org_id BLOB NOT NULL,
    agent_id BLOB NOT NULL,
    agent_ref TEXT NOT NULL,
    name TEXT NOT NULL,
    base_lat_e7 INTEGER NOT NULL,
    base_lon_e7 INTEGER NOT NULL,
    end_lat_e7 INTEGER NOT NULL,
    end_lon_e7 INTEGER NOT NULL,
    shift_start_min INTEGER NOT NULL,
    shift_end_min INTEGER NOT NULL,
    days TEXT NOT NULL,
    languages TEXT NOT NULL,
    skills TEXT NOT NULL,
    max_visits INTEGER,
    PRIMARY KEY (org_id, agent_id),
    UNIQUE (org_id, agent_ref),
    FOREIGN KEY (org_id) REFERENCES organisations (org_id)
);

CREATE TABLE imports (
    org_id BLOB NOT NULL,
    import_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    file_name TEXT NOT NULL,
    rows_inserted BIGINT NOT NULL,
    rows_updated BIGINT NOT NULL,
    rows_unchanged BIGINT NOT NULL,
    imported_at BIGINT NOT NULL,
    PRIMARY KEY (org_id, import_id),
    FOREIGN KEY (org_id) REFERENCES organisations (org_id)
);

CREATE TABLE scores (
    org_id BLOB NOT NULL,
    case_id BLOB NOT NULL,
    scored_at BIGINT NOT NULL,
    tier TEXT NOT NULL,
    ability TEXT NOT NULL,
    treatment TEXT NOT NULL,
    prize_micro BIGINT,
    card TEXT NOT NULL,
    breakdown TEXT NOT NULL,
    PRIMARY KEY (org_id, case_id),
    FOREIGN KEY (org_id, case_id) REFERENCES cases (org_id, case_id)
);

CREATE TABLE territories (
    org_id BLOB NOT NULL,
    territory_id BLOB NOT NULL,
    agent_id BLOB NOT NULL,
    cases BIGINT NOT NULL,
    workload_s BIGINT NOT NULL,
    value_micro BIGINT NOT NULL,
    PRIMARY KEY (org_id, territory_id),
    FOREIGN KEY (org_id, agent_id) REFERENCES agents (org_id, agent_id)
);

CREATE TABLE territory_cells (
    org_id BLOB NOT NULL,
    cell BIGINT NOT NULL,
    territory_id BLOB NOT NULL,
    cases BIGINT NOT NULL,
    workload_s BIGINT NOT NULL,
    value_micro BIGINT NOT NULL,
    PRIMARY KEY (org_id, cell),
    FOREIGN KEY (org_id, territory_id) REFERENCES territories (org_id, territory_id)
);

-- A plan keeps what it was made from: a later import does not change it.
CREATE TABLE plans (
    org_id BLOB NOT NULL,
    plan_id BLOB NOT NULL,
    plan_date TEXT NOT NULL,
    version INTEGER NOT NULL,
    serial BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    travel TEXT NOT NULL,
    network TEXT,
    seed BIGINT NOT NULL,
    iterations BIGINT NOT NULL,
    schedule TEXT NOT NULL,
    prize_micro BIGINT NOT NULL,
    travel_cost_micro BIGINT NOT NULL,
    time_cost_micro BIGINT NOT NULL,
    fixed_cost_micro BIGINT NOT NULL,
    notices TEXT NOT NULL,
    PRIMARY KEY (org_id, plan_id),
    UNIQUE (org_id, plan_date, version),
    UNIQUE (org_id, serial),
    FOREIGN KEY (org_id) REFERENCES organisations (org_id)
);

CREATE TABLE plan_routes (
    org_id BLOB NOT NULL,
    plan_id BLOB NOT NULL,
    route_no INTEGER NOT NULL,
    agent_id BLOB NOT NULL,
    departs_at BIGINT NOT NULL,
    returns_at BIGINT NOT NULL,
    base_lat_e7 INTEGER NOT NULL,
    base_lon_e7 INTEGER NOT NULL,
    end_lat_e7 INTEGER NOT NULL,
    end_lon_e7 INTEGER NOT NULL,
    metres BIGINT NOT NULL,
    drive_s BIGINT NOT NULL,
    service_s BIGINT NOT NULL,
    wait_s BIGINT NOT NULL,
    prize_micro BIGINT NOT NULL,
    travel_cost_micro BIGINT NOT NULL,
    time_cost_micro BIGINT NOT NULL,
    fixed_cost_micro BIGINT NOT NULL,
    PRIMARY KEY (org_id, plan_id, route_no),
    FOREIGN KEY (org_id, plan_id) REFERENCES plans (org_id, plan_id),
    FOREIGN KEY (org_id, agent_id) REFERENCES agents (org_id, agent_id)
);

CREATE TABLE plan_stops (
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

CREATE TABLE plan_left_out (
    org_id BLOB NOT NULL,
    plan_id BLOB NOT NULL,
    case_id BLOB NOT NULL,
    code TEXT NOT NULL,
    reason TEXT NOT NULL,
    prize_micro BIGINT,
    cost_micro BIGINT,
    lat_e7 INTEGER NOT NULL,
    lon_e7 INTEGER NOT NULL,
    PRIMARY KEY (org_id, plan_id, case_id),
    FOREIGN KEY (org_id, plan_id) REFERENCES plans (org_id, plan_id),
    FOREIGN KEY (org_id, case_id) REFERENCES cases (org_id, case_id)
);
