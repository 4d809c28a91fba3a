//! One struct per table. Columns are documented in the migrations; units end the names.
#![expect(missing_docs, reason = "a row says what its column says")]

use diesel::prelude::*;
use jiff::civil::Date;

use super::schema::{
    agents, borrowers, cases, imports, organisations, plan_basis, plan_left_out, plan_routes,
    plan_stops, plans, scores, territories, territory_cells,
};
use super::{DbError, Id};

macro_rules! rows {
    ($($(#[$meta:meta])* $name:ident of $table:ident { $($field:ident: $ty:ty,)+ })+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
        #[diesel(table_name = $table, treat_none_as_default_value = false)]
        pub struct $name { $(pub $field: $ty,)+ }
    )+};
}

mod access;
mod field;
mod log;

pub use access::*;
pub use field::*;
pub use log::*;

rows! {
    OrganisationRow of organisations {
        org_id: Id,
        name: String,
        currency: String,
        time_zone: String,
        created_at: i64,
    }

    ImportRow of imports {
        org_id: Id,
        import_id: Id,
        kind: String,
        file_name: String,
        rows_inserted: i64,
        rows_updated: i64,
        rows_unchanged: i64,
        imported_at: i64,
    }

    TerritoryRow of territories {
        org_id: Id,
        territory_id: Id,
        agent_id: Id,
        cases: i64,
        workload_s: i64,
        value_micro: i64,
    }

    TerritoryCellRow of territory_cells {
        org_id: Id,
        cell: i64,
        territory_id: Id,
        cases: i64,
        workload_s: i64,
        value_micro: i64,
    }

    PlanRow of plans {
        org_id: Id,
        plan_id: Id,
        plan_date: String,
        version: i32,
        serial: i64,
        created_at: i64,
        travel: String,
        network: Option<String>,
        seed: i64,
        iterations: i64,
        schedule: String,
        prize_micro: i64,
        travel_cost_micro: i64,
        time_cost_micro: i64,
        fixed_cost_micro: i64,
        notices: String,
        edited_from: Option<i32>,
        edited_by: Option<String>,
        overtime_cost_micro: i64,
        pairing_micro: i64,
        unfairness_cost_micro: i64,
        overlap_cost_micro: i64,
    }

    PlanBasisRow of plan_basis {
        org_id: Id,
        plan_id: Id,
        body: String,
    }

    PlanRouteRow of plan_routes {
        org_id: Id,
        plan_id: Id,
        route_no: i32,
        agent_id: Id,
        departs_at: i64,
        returns_at: i64,
        base_lat_e7: i32,
        base_lon_e7: i32,
        end_lat_e7: i32,
        end_lon_e7: i32,
        metres: i64,
        drive_s: i64,
        service_s: i64,
        wait_s: i64,
        prize_micro: i64,
        travel_cost_micro: i64,
        time_cost_micro: i64,
        fixed_cost_micro: i64,
        overtime_s: i64,
        overtime_cost_micro: i64,
        pairing_micro: i64,
        breaks: String,
    }

    PlanStopRow of plan_stops {
        org_id: Id,
        plan_id: Id,
        case_id: Id,
        route_no: i32,
        stop_no: i32,
        arrive_at: i64,
        start_at: i64,
        leave_at: i64,
        leg_metres: i64,
        leg_s: i64,
        prize_micro: i64,
        marginal_micro: i64,
        lat_e7: i32,
        lon_e7: i32,
        address: String,
        amount_due_minor: i64,
        dpd: i32,
        language: Option<String>,
        premium_micro: i64,
        crew_no: i32,
        part_no: i32,
    }

    PlanLeftOutRow of plan_left_out {
        org_id: Id,
        plan_id: Id,
        case_id: Id,
        code: String,
        reason: String,
        prize_micro: Option<i64>,
        cost_micro: Option<i64>,
        lat_e7: i32,
        lon_e7: i32,
    }
}

macro_rules! upserted_rows {
    ($($(#[$meta:meta])* $name:ident of $table:ident ($($key:ident),+) { $($field:ident: $ty:ty,)+ })+) => {$(
        $(#[$meta])*
        #[derive(
            Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset, Identifiable,
        )]
        #[diesel(table_name = $table, primary_key($($key),+), treat_none_as_null = true)]
        pub struct $name { $(pub $field: $ty,)+ }
    )+};
}

upserted_rows! {
    BorrowerRow of borrowers (org_id, borrower_id) {
        org_id: Id,
        borrower_id: Id,
        borrower_ref: String,
        name: String,
        phone: Option<String>,
        language: Option<String>,
    }

    CaseRow of cases (org_id, case_id) {
        org_id: Id,
        case_id: Id,
        case_ref: String,
        borrower_id: Id,
        lat_e7: i32,
        lon_e7: i32,
        address: Option<String>,
        amount_due_minor: i64,
        principal_minor: Option<i64>,
        dpd: i32,
        last_payment_at: Option<i64>,
        last_payment_minor: Option<i64>,
        ability_minor: Option<i64>,
        time_zone: Option<String>,
        visit_from_min: Option<i32>,
        visit_to_min: Option<i32>,
        flags: String,
        geocode_grade: Option<String>,
        skills: String,
        crew: i32,
        mandatory: i32,
        agent_forbidden: String,
        agent_preferred: String,
    }

    AgentRow of agents (org_id, agent_id) {
        org_id: Id,
        agent_id: Id,
        agent_ref: String,
        name: String,
        base_lat_e7: i32,
        base_lon_e7: i32,
        end_lat_e7: i32,
        end_lon_e7: i32,
        shift_start_min: i32,
        shift_end_min: i32,
        days: String,
        languages: String,
        skills: String,
        max_visits: Option<i32>,
        certificates: String,
        max_cash_minor: Option<i64>,
    }

    ScoreRow of scores (org_id, case_id) {
        org_id: Id,
        case_id: Id,
        scored_at: i64,
        tier: String,
        ability: String,
        treatment: String,
        prize_micro: Option<i64>,
        card: String,
        breakdown: String,
    }
}

impl PlanRow {
    /// The working day.
    ///
    /// # Errors
    /// The database holds something else.
    pub fn date(&self) -> Result<Date, DbError> {
        self.plan_date.parse().map_err(|e| DbError::Corrupt(format!("plan date: {e}")))
    }

    /// Prizes and pairings less all costs, in 1e-6 of the currency.
    #[must_use]
    pub const fn profit_micro(&self) -> i64 {
        let of_routes = self.travel_cost_micro
            + self.time_cost_micro
            + self.overtime_cost_micro
            + self.fixed_cost_micro;
        let between_routes = self.unfairness_cost_micro + self.overlap_cost_micro;
        self.prize_micro + self.pairing_micro - of_routes - between_routes
    }
}
