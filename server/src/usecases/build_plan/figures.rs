//! What a plan comes to, part by part.

use planner::Figures;
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
    /// Seconds of overtime, at their price on top of the usual one; left out where there are none, as all below.
    #[serde(skip_serializing_if = "is_nothing")]
    pub overtime_cost_micro: i64,
    /// What visits earn, or cost when negative, by the agents who make them.
    #[serde(skip_serializing_if = "is_nothing")]
    pub pairing_micro: i64,
    /// Hours of agents beyond their fair shares, at their price.
    #[serde(skip_serializing_if = "is_nothing")]
    pub unfairness_cost_micro: i64,
    /// Further agents in the same neighbourhoods, at their price.
    #[serde(skip_serializing_if = "is_nothing")]
    pub overlap_cost_micro: i64,
    /// Prize and pairing less all costs.
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
            overtime_cost_micro: plan.overtime_cost_micro,
            pairing_micro: plan.pairing_micro,
            unfairness_cost_micro: plan.unfairness_cost_micro,
            overlap_cost_micro: plan.overlap_cost_micro,
            profit_micro: plan.profit_micro(),
            visits: rows.stops.iter().filter(|stop| stop.crew_no == 1 && stop.part_no == 1).count(),
            routes: rows.routes.len(),
            metres: sum(|route| route.metres),
            drive_s: sum(|route| route.drive_s),
            service_s: sum(|route| route.service_s),
            wait_s: sum(|route| route.wait_s),
        }
    }

    /// With money and metres as they were scored again.
    pub(super) fn priced(self, figures: &Figures) -> Self {
        Self {
            prize_micro: figures.prize,
            travel_cost_micro: figures.travel_cost,
            time_cost_micro: figures.time_cost,
            fixed_cost_micro: figures.fixed_cost,
            overtime_cost_micro: figures.overtime_cost,
            pairing_micro: figures.pairing,
            unfairness_cost_micro: figures.unfairness_cost,
            overlap_cost_micro: figures.overlap_cost,
            profit_micro: figures.objective,
            metres: figures.metres,
            ..self
        }
    }
}

/// Whether a figure says nothing.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde calls")]
pub(in crate::usecases) fn is_nothing(value: &i64) -> bool {
    *value == 0
}
