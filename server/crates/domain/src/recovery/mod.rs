//! What a visit is worth, part by part.
//!
//! The score card is the lender's prior knowledge written down, not something learned: it works
//! from the first day and is replaced by a fitted model once there are outcomes.
//!
//! - p0, p1: the chance that the borrower pays within the outcome window without and with a
//!   visit; log-odds points by factor, p1 = p0's log-odds + the effect of a visit.
//! - R = min(due, ability over the window).
//! - B = (1 - fee) \[p1 e^(-r t1) R - p0 e^(-r t0) R\] rho^(n-1), n = 1 + visits in 30 days.
//! - prize = B - `c_fix` - `c_evidence`.
//! - d* = max(0, (B - `c_fix` - `c_evidence` - `c_h` t) / (2 (`c_km` + `c_h` / v))).
//!
//! Times to payment stand at their mean: with r below 50 % a year and 30 days the error of
//! E(e^(-r t)) is below 0.1 %. Ability enters p0 nowhere; it acts through R and through the
//! effect of a visit, whose points must not fall with ability. So less ability never makes a
//! visit worth more.
//!
//! ```
//! use domain::CaseView;
//! use domain::recovery::{Card, Costs, Valuation, value_visit};
//! use sync_core::model::{Currency, Dpd, Flags, Micro, Minor, Seconds};
//!
//! let case = CaseView {
//!     due: Minor::new(3_123_000),
//!     dpd: Dpd::new(60)?,
//!     ability_per_month: Some(Minor::new(164_000)),
//!     last_payment: None,
//!     has_phone: true,
//!     attempts_30d: 0,
//!     flags: Flags::NONE,
//! };
//! let costs = Costs {
//!     c_km: Micro::new(9_000_000),
//!     c_h: Micro::new(220_000_000),
//!     c_fix: Micro::new(30_000_000),
//!     ..Costs::default()
//! };
//! let twd: Currency = "TWD".parse()?;
//! let value = value_visit(&case, twd, &Card::default(), &costs, Seconds::from(600))?;
//! let Valuation::Priced(recovery) = value else { panic!("no flag is set") };
//! assert!(recovery.p1 > recovery.p0);
//! assert!(recovery.prize > Micro::new(100_000_000));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod card;
mod costs;
#[cfg(test)]
mod tests;
mod value;

pub use card::{Card, CardFactor, CardPoint, Effect};
pub use costs::{Costs, break_even, visit_cost};
pub use value::{Recovery, RecoveryError, Valuation, value_visit};
