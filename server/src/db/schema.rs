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
        geocode_grade -> Nullable<Text>,
        skills -> Text,
        crew -> Integer,
        mandatory -> Integer,
        agent_forbidden -> Text,
        agent_preferred -> Text,
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
        certificates -> Text,
        max_cash_minor -> Nullable<BigInt>,
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
        edited_from -> Nullable<Integer>,
        edited_by -> Nullable<Text>,
        overtime_cost_micro -> BigInt,
        pairing_micro -> BigInt,
        unfairness_cost_micro -> BigInt,
        overlap_cost_micro -> BigInt,
    }
}

diesel::table! {
    plan_basis (org_id, plan_id) {
        org_id -> Binary,
        plan_id -> Binary,
        body -> Text,
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
        overtime_s -> BigInt,
        overtime_cost_micro -> BigInt,
        pairing_micro -> BigInt,
        breaks -> Text,
    }
}

diesel::table! {
    plan_stops (org_id, plan_id, case_id, route_no) {
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
        premium_micro -> BigInt,
        crew_no -> Integer,
        part_no -> Integer,
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

diesel::table! {
    users (org_id, user_id) {
        org_id -> Binary,
        user_id -> Binary,
        login -> Text,
        name -> Text,
        role -> Text,
        agent_id -> Nullable<Binary>,
        password_hash -> Text,
        failed_logins -> Integer,
        locked_until -> Nullable<BigInt>,
        disabled_at -> Nullable<BigInt>,
        created_at -> BigInt,
    }
}

diesel::table! {
    refresh_tokens (org_id, token_hash) {
        org_id -> Binary,
        token_hash -> Binary,
        family_id -> Binary,
        user_id -> Binary,
        issued_at -> BigInt,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
        revoked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    enrolment_codes (org_id, code_hash) {
        org_id -> Binary,
        code_hash -> Binary,
        user_id -> Binary,
        issued_at -> BigInt,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    sync_heads (org_id) {
        org_id -> Binary,
        epoch -> BigInt,
        server_seq -> BigInt,
        last_actor -> BigInt,
        office_sequence -> BigInt,
        office_head -> Binary,
        office_ms -> BigInt,
        office_count -> Integer,
        audit_seq -> BigInt,
        audit_head -> Binary,
    }
}

diesel::table! {
    epochs (org_id, epoch) {
        org_id -> Binary,
        epoch -> BigInt,
        raised_at -> BigInt,
        actor -> Nullable<BigInt>,
    }
}

diesel::table! {
    audit_marks (org_id) {
        org_id -> Binary,
        audit_seq -> BigInt,
    }
}

diesel::table! {
    devices (org_id, actor) {
        org_id -> Binary,
        actor -> BigInt,
        user_id -> Binary,
        name -> Text,
        public_key -> Binary,
        enrolled_at -> BigInt,
        app_version -> Text,
        hello_count -> BigInt,
        offset_ms -> BigInt,
        sequence -> BigInt,
        chain_head -> Binary,
        admitted_ms -> BigInt,
        admitted_count -> Integer,
        seen_at -> Nullable<BigInt>,
        revoked_at -> Nullable<BigInt>,
        forked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    ops (org_id, server_seq) {
        org_id -> Binary,
        server_seq -> BigInt,
        actor -> BigInt,
        sequence -> BigInt,
        case_id -> Nullable<Binary>,
        kind -> BigInt,
        admitted_ms -> BigInt,
        admitted_count -> Integer,
        received_at -> BigInt,
        user_id -> Nullable<Binary>,
        header -> Binary,
        body_hash -> Binary,
        salt -> Nullable<Binary>,
        payload -> Nullable<Binary>,
        flagged -> Text,
    }
}

diesel::table! {
    kept_aside (org_id, actor, sequence, body_hash) {
        org_id -> Binary,
        actor -> BigInt,
        sequence -> BigInt,
        body_hash -> Binary,
        case_id -> Nullable<Binary>,
        kind -> BigInt,
        code -> Text,
        received_at -> BigInt,
        user_id -> Nullable<Binary>,
        header -> Binary,
        salt -> Binary,
        payload -> Binary,
        released_seq -> Nullable<BigInt>,
    }
}

diesel::table! {
    live_ops (org_id, case_id, register, server_seq) {
        org_id -> Binary,
        case_id -> Binary,
        register -> Binary,
        server_seq -> BigInt,
    }
}

diesel::table! {
    feed (org_id, server_seq) {
        org_id -> Binary,
        server_seq -> BigInt,
        case_id -> Binary,
        code -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    allocations (org_id, allocation_id) {
        org_id -> Binary,
        allocation_id -> Binary,
        case_id -> Binary,
        agent_id -> Binary,
        plan_id -> Nullable<Binary>,
        granted_at -> BigInt,
        granted_seq -> BigInt,
        withdrawn_at -> Nullable<BigInt>,
        withdrawn_seq -> Nullable<BigInt>,
    }
}

diesel::table! {
    publications (org_id, plan_id) {
        org_id -> Binary,
        plan_id -> Binary,
        plan_date -> Text,
        published_at -> BigInt,
        published_by -> Nullable<Binary>,
        server_seq -> BigInt,
    }
}

diesel::table! {
    visits (org_id, visit_id) {
        org_id -> Binary,
        visit_id -> Binary,
        case_id -> Binary,
        actor -> BigInt,
        sequence -> BigInt,
        agent_id -> Nullable<Binary>,
        user_id -> Nullable<Binary>,
        plan_id -> Nullable<Binary>,
        arrived_at -> BigInt,
        left_at -> BigInt,
        met -> Text,
        disposition -> Text,
        lat_e7 -> Nullable<Integer>,
        lon_e7 -> Nullable<Integer>,
        accuracy_m -> Nullable<BigInt>,
        distance_m -> Nullable<BigInt>,
        mock_location -> Integer,
        travel_m -> Nullable<BigInt>,
        travel_s -> Nullable<BigInt>,
        clock_offset_ms -> BigInt,
        note -> Nullable<Text>,
        source_ref -> Nullable<Text>,
        flagged -> Text,
    }
}

diesel::table! {
    promises (org_id, case_id, actor, sequence) {
        org_id -> Binary,
        case_id -> Binary,
        actor -> BigInt,
        sequence -> BigInt,
        promised_at -> BigInt,
        amount_minor -> BigInt,
        due_on -> Text,
        state -> Text,
        visit_actor -> Nullable<BigInt>,
        visit_sequence -> Nullable<BigInt>,
    }
}

diesel::table! {
    payments (org_id, actor, sequence) {
        org_id -> Binary,
        case_id -> Binary,
        actor -> BigInt,
        sequence -> BigInt,
        paid_at -> BigInt,
        amount_minor -> BigInt,
        method -> Text,
        receipt -> Nullable<Text>,
        visit_actor -> Nullable<BigInt>,
        visit_sequence -> Nullable<BigInt>,
        reverses_actor -> Nullable<BigInt>,
        reverses_sequence -> Nullable<BigInt>,
        source_ref -> Nullable<Text>,
        flagged -> Text,
    }
}

diesel::table! {
    contact_values (org_id, case_id, field, actor, sequence) {
        org_id -> Binary,
        case_id -> Binary,
        field -> Text,
        actor -> BigInt,
        sequence -> BigInt,
        value -> Text,
        written_at -> BigInt,
        shown -> Integer,
    }
}

diesel::table! {
    case_tags (org_id, case_id, tag) {
        org_id -> Binary,
        case_id -> Binary,
        tag -> Text,
    }
}

diesel::table! {
    case_statuses (org_id, case_id) {
        org_id -> Binary,
        case_id -> Binary,
        status -> Text,
        reason -> Text,
        since_at -> BigInt,
    }
}

diesel::table! {
    conflicts (org_id, case_id, register, actor, sequence) {
        org_id -> Binary,
        case_id -> Binary,
        register -> Binary,
        actor -> BigInt,
        sequence -> BigInt,
        what -> Text,
        shown -> Text,
        other -> Text,
        opened_at -> BigInt,
        settled_seq -> Nullable<BigInt>,
    }
}

diesel::table! {
    audit (org_id, audit_seq) {
        org_id -> Binary,
        audit_seq -> BigInt,
        at -> BigInt,
        user_id -> Nullable<Binary>,
        actor -> Nullable<BigInt>,
        action -> Text,
        subject -> Text,
        detail -> Text,
        hash -> Binary,
    }
}

diesel::table! {
    jobs (org_id, job_id) {
        org_id -> Binary,
        job_id -> Binary,
        kind -> Text,
        payload -> Text,
        state -> Text,
        run_at -> BigInt,
        attempts -> Integer,
        claimed_until -> Nullable<BigInt>,
        last_error -> Nullable<Text>,
        created_at -> BigInt,
        done_at -> Nullable<BigInt>,
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
    plan_basis,
    plan_routes,
    plan_stops,
    plan_left_out,
    users,
    refresh_tokens,
    enrolment_codes,
    sync_heads,
    epochs,
    audit_marks,
    devices,
    ops,
    kept_aside,
    live_ops,
    feed,
    allocations,
    publications,
    visits,
    promises,
    payments,
    contact_values,
    case_tags,
    case_statuses,
    conflicts,
    audit,
    jobs,
);
