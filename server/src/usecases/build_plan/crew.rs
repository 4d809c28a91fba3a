//! Who works that day, and from where.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sync_core::model::Zone;

use super::under_way::Course;
use crate::config::Costs;
use crate::travel::{Placed, Spot, Travel};
use crate::usecases::book::BookAgent;

/// An agent on duty.
#[derive(Debug, Clone)]
pub(super) struct OnDuty {
    /// Index in the list of agents.
    pub(super) agent: usize,
    /// Where the day starts.
    pub(super) start: Spot,
    /// Where it ends.
    pub(super) end: Spot,
    /// First and last second, since 1970.
    pub(super) shift: (i64, i64),
    /// The day so far, where it has begun.
    pub(super) course: Option<Course>,
}

/// What the planner pays, in micro-units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Prices {
    pub(super) per_metre: i64,
    pub(super) per_second: i64,
    /// Each agent sent out.
    pub(super) per_shift: i64,
}

/// Agents of the day, and a sentence for each who cannot be sent.
pub(super) fn on_duty(
    agents: &[BookAgent],
    date: Date,
    zone: &Zone,
    travel: &Travel,
) -> (Vec<OnDuty>, Vec<String>) {
    let (mut duty, mut notices) = (Vec::new(), Vec::new());
    for (at, agent) in agents.iter().enumerate() {
        if !agent.works_on(date) {
            continue;
        }
        let Some(shift) = agent.shift_on(date, zone) else { continue };
        let name = &agent.row.agent_ref;
        let mut spot = |place, what: &str| match travel.place(place) {
            Placed::At(spot) => Some(spot),
            Placed::TooFar { metres } => {
                notices.push(format!("Agent {name} stays home: {what} is {metres} m from a road."));
                None
            }
            Placed::Island { metres } => {
                notices.push(format!(
                    "Agent {name} stays home: the road of {what}, {metres} m away, is cut off from the \
                     network."
                ));
                None
            }
            Placed::Outside => {
                notices.push(format!(
                    "Agent {name} stays home: {what} is not on the road network; check base and end."
                ));
                None
            }
        };
        let Some(start) = spot(agent.base, "the base") else { continue };
        let Some(end) = spot(agent.end, "the end") else { continue };
        duty.push(OnDuty { agent: at, start, end, shift, course: None });
    }
    (duty, notices)
}

impl Prices {
    /// Of a metre and a second, rounded half up once.
    pub(super) fn of(costs: &Costs) -> Self {
        Self {
            per_metre: (costs.per_km.micro() + 500) / 1_000,
            per_second: (costs.per_hour.micro() + 1_800) / 3_600,
            per_shift: costs.per_shift.micro(),
        }
    }
}
