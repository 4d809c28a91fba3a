//! The tables as diesel sees them; the same for both databases.

diesel::table! {
    organisations (org_id) {
        org_id -> Binary,
        name -> Text,
        currency -> Text,
        time_zone -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    borrowers (org_id, borrower_id) {
        org_id -> Binary,
        borrower_id -> Binary,
        borrower_ref -> Text,
        name -> Text,
        phone -> Nullable<Text>,
        language -> Nullable<Text>,
    }
}

diesel::table! {
    cases (org_id, case_id) {
        org_id -> Binary,
        case_id -> Binary,
        case_ref -> Text,
        borrower_id -> Binary,
        lat_e7 -> Integer,
        lon_e7 -> Integer,
        address -> Nullable<Text>,
        amount_due_minor -> BigInt,
        principal_minor -> Nullable<BigInt>,
        dpd -> Integer,
        last_payment_at -> Nullable<BigInt>,
        last_payment_minor -> Nullable<BigInt>,
        ability_minor -> Nullable<BigInt>,
        time_zone -> Nullable<Text>,
        visit_from_min -> Nullable<Integer>,
        visit_to_min -> Nullable<Integer>,
        flags -> Text,
    }
}

diesel::table! {
    agents (org_id, agent_id) {
        org_id -> Binary,
        agent_id -> Binary,
        agent_ref -> Text,
        name -> Text,
        base_lat_e7 -> Integer,
        base_lon_e7 -> Integer,
        end_lat_e7 -> Integer,
        end_lon_e7 -> Integer,
        shift_start_min -> Integer,
        shift_end_min -> Integer,
        days -> Text,
        languages -> Text,
        skills -> Text,
        max_visits -> Nullable<Integer>,
    }
}

diesel::table! {
    imports (org_id, import_id) {
        org_id -> Binary,
        import_id -> Binary,
        kind -> Text,
        file_name -> Text,
        rows_inserted -> BigInt,
        rows_updated -> BigInt,
        rows_unchanged -> BigInt,
        imported_at -> BigInt,
    }
}

diesel::table! {
    scores (org_id, case_id) {
        org_id -> Binary,
        case_id -> Binary,
        scored_at -> BigInt,
        tier -> Text,
        ability -> Text,
        treatment -> Text,
        prize_micro -> Nullable<BigInt>,
        card -> Text,
        breakdown -> Text,
    }
}

diesel::table! {
    territories (org_id, territory_id) {
        org_id -> Binary,
        territory_id -> Binary,
        agent_id -> Binary,
        cases -> BigInt,
        workload_s -> BigInt,
        value_micro -> BigInt,
    }
}

diesel::table! {
    territory_cells (org_id, cell) {
        org_id -> Binary,
        cell -> BigInt,
        territory_id -> Binary,
        cases -> BigInt,
        workload_s -> BigInt,
        value_micro -> BigInt,
    }
}

diesel::table! {
    plans (org_id, plan_id) {
        org_id -> Binary,
        plan_id -> Binary,
        plan_date -> Text,
        version -> Integer,
        serial -> BigInt,
        created_at -> BigInt,
        travel -> Text,
        network -> Nullable<Text>,
        seed -> BigInt,
        iterations -> BigInt,
        schedule -> Text,
        prize_micro -> BigInt,
        travel_cost_micro -> BigInt,
        time_cost_micro -> BigInt,
        fixed_cost_micro -> BigInt,
        notices -> Text,
    }
}

diesel::table! {
    plan_routes (org_id, plan_id, route_no) {
        org_id -> Binary,
        plan_id -> Binary,
        route_no -> Integer,
        agent_id -> Binary,
        departs_at -> BigInt,
        returns_at -> BigInt,
        base_lat_e7 -> Integer,
        base_lon_e7 -> Integer,
        end_lat_e7 -> Integer,
        end_lon_e7 -> Integer,
        metres -> BigInt,
        drive_s -> BigInt,
        service_s -> BigInt,
        wait_s -> BigInt,
        prize_micro -> BigInt,
        travel_cost_micro -> BigInt,
        time_cost_micro -> BigInt,
        fixed_cost_micro -> BigInt,
    }
}

diesel::table! {
    plan_stops (org_id, plan_id, case_id) {
        org_id -> Binary,
        plan_id -> Binary,
        case_id -> Binary,
        route_no -> Integer,
        stop_no -> Integer,
        arrive_at -> BigInt,
        start_at -> BigInt,
        leave_at -> BigInt,
        leg_metres -> BigInt,
        leg_s -> BigInt,
        prize_micro -> BigInt,
        marginal_micro -> BigInt,
        lat_e7 -> Integer,
        lon_e7 -> Integer,
        address -> Text,
        amount_due_minor -> BigInt,
        dpd -> Integer,
        language -> Nullable<Text>,
    }
}

diesel::table! {
    plan_left_out (org_id, plan_id, case_id) {
        org_id -> Binary,
        plan_id -> Binary,
        case_id -> Binary,
        code -> Text,
        reason -> Text,
        prize_micro -> Nullable<BigInt>,
        cost_micro -> Nullable<BigInt>,
        lat_e7 -> Integer,
        lon_e7 -> Integer,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    organisations,
    borrowers,
    cases,
    agents,
    imports,
    scores,
    territories,
    territory_cells,
    plans,
    plan_routes,
    plan_stops,
    plan_left_out,
);
