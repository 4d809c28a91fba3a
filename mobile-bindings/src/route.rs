//! The route of a day, and what is allocated beside it.

use sync_core::phone::{Phone, Route as CoreRoute};

use crate::error::PhoneError;
use crate::facts::{CaseFacts, Place};
use crate::names::OpName;
use crate::phone::DoorstepPhone;

/// The route of a day, as the office published it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Route {
    /// The plan it is a part of, a UUID; goes with each visit made on it.
    pub plan_id: String,
    /// The day, as `2026-11-23`.
    pub date: String,
    /// The version of the plan of that day; the highest counts.
    pub version: u64,
    /// When to leave the base, milliseconds since 1970 UTC.
    pub departs_at_ms: i64,
    /// When to be back.
    pub returns_at_ms: i64,
    /// Where the route begins and ends.
    pub base: Place,
    /// The stops in their order.
    pub stops: Vec<Stop>,
}

/// One stop of a route.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Stop {
    /// Its number in the route, from 1; goes with the visit.
    pub number: u32,
    /// The case, a UUID.
    pub case_id: String,
    /// Planned arrival, milliseconds since 1970 UTC.
    pub arrive_at_ms: i64,
    /// Planned beginning of the visit, after waiting.
    pub start_at_ms: i64,
    /// Planned end of the visit.
    pub leave_at_ms: i64,
    /// The way to it, in metres.
    pub leg_m: u64,
    /// The way to it, in seconds.
    pub leg_s: u64,
    /// What is known of the case; none where it is not allocated any more: do not go.
    pub facts: Option<CaseFacts>,
    /// The last visit of the case on this plan, if there was one.
    pub visit: Option<OpName>,
}

#[uniffi::export]
impl DoorstepPhone {
    /// The route of the day it is at `now_ms` (the phone's clock, milliseconds since 1970 UTC), by
    /// the zone of its first case.
    ///
    /// # Errors
    /// [`PhoneError::Storage`], [`PhoneError::BadInput`].
    pub fn today(&self, now_ms: i64) -> Result<Option<Route>, PhoneError> {
        Ok(self.with(|phone| phone.today(now_ms))?.map(Route::from))
    }

    /// The route of a day, as `2026-11-23`.
    ///
    /// # Errors
    /// [`PhoneError::Storage`], [`PhoneError::BadInput`].
    pub fn route(&self, date: &str) -> Result<Option<Route>, PhoneError> {
        let date = date.parse().map_err(|error| PhoneError::input("date", error))?;
        Ok(self.with(|phone| phone.route(date))?.map(Route::from))
    }

    /// All cases that are allocated to the user, planned or not.
    ///
    /// # Errors
    /// [`PhoneError::Storage`].
    pub fn cases(&self) -> Result<Vec<CaseFacts>, PhoneError> {
        let cases = self.with(Phone::cases)?;
        Ok(cases.iter().map(|(case, facts)| CaseFacts::of(case.to_string(), facts)).collect())
    }
}

impl From<CoreRoute> for Route {
    fn from(route: CoreRoute) -> Self {
        let CoreRoute { document, stops } = route;
        let stops = stops.into_iter().map(|planned| {
            let (stop, case_id) = (planned.stop, planned.stop.case.to_string());
            Stop {
                number: stop.number,
                arrive_at_ms: stop.arrive_at_ms,
                start_at_ms: stop.start_at_ms,
                leave_at_ms: stop.leave_at_ms,
                leg_m: stop.leg_m,
                leg_s: stop.leg_s,
                facts: planned.facts.map(|facts| CaseFacts::of(case_id.clone(), &facts)),
                visit: planned.visit.map(OpName::from),
                case_id,
            }
        });
        Self {
            plan_id: document.plan.to_string(),
            date: document.date.to_string(),
            version: document.version,
            departs_at_ms: document.departs_at_ms,
            returns_at_ms: document.returns_at_ms,
            base: document.base.into(),
            stops: stops.collect(),
        }
    }
}
