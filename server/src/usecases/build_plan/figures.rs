//! What a plan comes to, part by part.

use serde::Serialize;
use utoipa::ToSchema;

use crate::db::PlanRows;

/// What a plan comes to; money in 1e-6 of the currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
pub struct PlanFigures {
    /// What the visits are expected to bring before way and time.
    pub prize_micro: i64,
    /// Metres driven, at their price.
    pub travel_cost_micro: i64,
    /// Seconds from leaving to coming back, at their price.
    pub time_cost_micro: i64,
    /// Agents sent out, at their price.
    pub fixed_cost_micro: i64,
    /// The first less the others.
    pub profit_micro: i64,
    /// Stops.
    pub visits: usize,
    /// Routes.
    pub routes: usize,
    /// Metres driven.
    pub metres: i64,
    /// Seconds driven.
    pub drive_s: i64,
    /// Seconds at doors.
    pub service_s: i64,
    /// Seconds waited for allowed hours.
    pub wait_s: i64,
}

impl PlanFigures {
    /// Of a saved plan.
    pub(crate) fn of(rows: &PlanRows) -> Self {
        let plan = &rows.plan;
        let sum = |of: fn(&crate::db::rows::PlanRouteRow) -> i64| rows.routes.iter().map(of).sum();
        Self {
            prize_micro: plan.prize_micro,
            travel_cost_micro: plan.travel_cost_micro,
            time_cost_micro: plan.time_cost_micro,
            fixed_cost_micro: plan.fixed_cost_micro,
            profit_micro: plan.profit_micro(),
            visits: rows.stops.len(),
            routes: rows.routes.len(),
            metres: sum(|route| route.metres),
            drive_s: sum(|route| route.drive_s),
            service_s: sum(|route| route.service_s),
            wait_s: sum(|route| route.wait_s),
        }
    }
}
