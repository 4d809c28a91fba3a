//! What a phone app calls: a thin face on sync-core.
//!
//! Plain types in, plain types out, one small error, no clock: the app passes the time. Bindings
//! for Kotlin, Swift and Python are generated (`UniFFI`) once the sync client is here; until then
//! this crate holds the question an agent asks most.
//!
//! ```
//! use mobile_bindings::{CaseOnPhone, house_pack_json, may_visit_now};
//!
//! let case = CaseOnPhone {
//!     time_zone: "Asia/Taipei".to_owned(),
//!     visit_from: String::new(),
//!     visit_to: String::new(),
//!     flags: String::new(),
//!     visits_at_ms: vec![],
//!     facts_as_of_ms: 1_772_409_600_000,
//!     dpd: 60,
//! };
//! // Monday 2 March 2026, 07:59:59 in Taipei.
//! let answer = may_visit_now(&case, 1_772_409_599_999, &[house_pack_json()])?;
//! assert!(!answer.allowed);
//! assert_eq!(answer.again_at_ms, Some(1_772_409_600_000));
//! assert_eq!(answer.reasons[0].rule, "hours");
//! # Ok::<(), mobile_bindings::PhoneError>(())
//! ```
#![warn(missing_docs)]

mod error;
mod visit;

uniffi::setup_scaffolding!("doorstep");

pub use error::PhoneError;
pub use visit::{CaseOnPhone, ReasonToWait, VisitAnswer, house_pack_json, may_visit_now};
