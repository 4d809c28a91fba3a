//! The tables as diesel sees them.

diesel::table! {
    named (name) {
        name -> Text,
        value -> Binary,
    }
}

diesel::table! {
    own_ops (sequence) {
        sequence -> BigInt,
        case_id -> Nullable<Binary>,
        header -> Binary,
        salt -> Nullable<Binary>,
        payload -> Nullable<Binary>,
        body_hash -> Binary,
        settled -> Bool,
    }
}

diesel::table! {
    cases (case_id) {
        case_id -> Binary,
        facts -> Binary,
        at_seq -> BigInt,
        standing -> Integer,
    }
}

diesel::table! {
    ops (case_id, actor, sequence) {
        case_id -> Binary,
        actor -> BigInt,
        sequence -> BigInt,
        server_seq -> BigInt,
        admitted_ms -> BigInt,
        admitted_count -> Integer,
        header -> Binary,
        salt -> Nullable<Binary>,
        payload -> Nullable<Binary>,
        body_hash -> Binary,
    }
}

diesel::table! {
    batches (last) {
        last -> BigInt,
        bytes -> Binary,
    }
}
