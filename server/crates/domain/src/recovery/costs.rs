//! What a visit costs, and how far it may be away.

use serde::{Deserialize, Serialize};
use sync_core::model::{Metres, Micro, Seconds};

use super::value::RecoveryError;
use crate::number::{float, micro, round};

/// Costs of visiting, in the letters of the formulas. All are inputs of the organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Costs {
    /// Per kilometre travelled.
    pub c_km: Micro,
    /// Per hour of an agent's time.
    pub c_h: Micro,
    /// Per visit, whatever happens.
    pub c_fix: Micro,
    /// Per visit for evidence (photo, signature, storage).
    pub c_evidence: Micro,
    /// The agency's share of what is recovered, in basis points (0 to 10,000).
    pub fee_bp: u32,
    /// Interest a year, continuous, in basis points.
    pub r_bp: u32,
    /// Mean speed in km/h for the break-even distance, above zero; routes use road times instead.
    pub v_km_h: u32,
}

impl Default for Costs {
    /// No money costs, 10 % interest a year, 30 km/h.
    fn default() -> Self {
        Self {
            c_km: Micro::ZERO,
            c_h: Micro::ZERO,
            c_fix: Micro::ZERO,
            c_evidence: Micro::ZERO,
            fee_bp: 0,
            r_bp: 1_000,
            v_km_h: 30,
        }
    }
}

impl Costs {
    /// Whether the costs make sense.
    ///
    /// # Errors
    /// [`RecoveryError::Value`] naming the field.
    pub fn check(&self) -> Result<(), RecoveryError> {
        for (field, cost) in [
            ("c_km", self.c_km),
            ("c_h", self.c_h),
            ("c_fix", self.c_fix),
            ("c_evidence", self.c_evidence),
        ] {
            if cost < Micro::ZERO {
                return Err(RecoveryError::Value { field, problem: "must not be negative" });
            }
        }
        if self.fee_bp > 10_000 {
            return Err(RecoveryError::Value { field: "fee_bp", problem: "must be at most 10000" });
        }
        if self.v_km_h == 0 {
            return Err(RecoveryError::Value { field: "v_km_h", problem: "must be above zero" });
        }
        Ok(())
    }

    /// The cost of a visit before travel and time: `c_fix` + `c_evidence`.
    ///
    /// # Errors
    /// [`RecoveryError::Overflow`] outside of 64 bits.
    pub fn at_the_door(&self) -> Result<Micro, RecoveryError> {
        self.c_fix.checked_add(self.c_evidence).map_err(|_| RecoveryError::Overflow("c_fix"))
    }

    /// Cost of one kilometre with the time it takes, in micro-units.
    fn per_km(&self) -> f64 {
        float(self.c_km.get()) + float(self.c_h.get()) / f64::from(self.v_km_h)
    }
}

/// Cost of a visit: C = `c_fix` + `c_evidence` + `c_km` d + `c_h` (d / v + t), rounded once.
///
/// # Errors
/// [`RecoveryError`] when a cost makes no sense or the result does not fit.
pub fn visit_cost(
    costs: &Costs,
    distance: Metres,
    service: Seconds,
) -> Result<Micro, RecoveryError> {
    costs.check()?;
    let km = float(distance.get()) / 1_000.0;
    let hours = float(service.get()) / 3_600.0;
    let travel = km * costs.per_km() + hours * float(costs.c_h.get());
    let travel = micro(travel).ok_or(RecoveryError::Overflow("visit cost"))?;
    costs.at_the_door()?.checked_add(travel).map_err(|_| RecoveryError::Overflow("visit cost"))
}

/// The distance (one way) from which a visit of its own no longer pays:
/// d* = max(0, (B - `c_fix` - `c_evidence` - `c_h` t) / (2 (`c_km` + `c_h` / v))), whole metres.
///
/// `None` when distance costs nothing, so that none is too far.
///
/// # Errors
/// [`RecoveryError`] when a cost makes no sense or the result does not fit.
pub fn break_even(
    benefit: Micro,
    costs: &Costs,
    service: Seconds,
) -> Result<Option<Metres>, RecoveryError> {
    costs.check()?;
    let per_km = costs.per_km();
    if per_km <= 0.0 {
        return Ok(None);
    }
    let hours = float(service.get()) / 3_600.0;
    let left =
        float(benefit.get()) - float(costs.at_the_door()?.get()) - hours * float(costs.c_h.get());
    let metres = (left / (2.0 * per_km) * 1_000.0).max(0.0);
    let metres = round(metres).and_then(|m| Metres::new(m).ok());
    metres.map(Some).ok_or(RecoveryError::Overflow("break-even distance"))
}
