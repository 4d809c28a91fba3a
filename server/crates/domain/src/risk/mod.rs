//! How much attention a case needs, and whether the borrower can pay at all.
//!
//! *Cannot pay is kept apart from will not pay.* A low ability never makes a collection visit
//! more likely: its points never fall as ability grows (rules that say otherwise are refused),
//! and below a threshold the case leaves collection for remote help.
//!
//! ```
//! use domain::CaseView;
//! use domain::risk::{Ability, RiskRules, assess};
//! use sync_core::model::{Dpd, Flags, Minor, Tier, Treatment};
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
//! let assessment = assess(&case, &RiskRules::default())?;
//! assert_eq!(assessment.tier, Tier::High);
//! assert_eq!(assessment.treatment, Treatment::HomeVisit);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod assess;
mod rules;
#[cfg(test)]
mod tests;

pub use assess::{Ability, Assessment, Factor, Point, assess};
pub use rules::{RiskError, RiskRules};
