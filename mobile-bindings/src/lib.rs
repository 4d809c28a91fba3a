//! What a phone app calls: a thin face on sync-core.
//!
//! Plain types in, plain types out, one small error; no clock, no randomness, no network: the app
//! brings them. Kotlin, Swift and Python are generated from the attributes here, as `README.md`
//! says. [`DoorstepPhone`] is a phone, [`SyncSession`] its exchange with the server, and a question
//! can be asked without either:
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

mod case;
mod codes;
mod door;
mod error;
mod facts;
mod http;
mod names;
mod notices;
mod phone;
mod route;
mod said;
mod sync;
#[cfg(test)]
mod tests;
mod visit;
mod write;

uniffi::setup_scaffolding!("doorstep");

pub use case::{CaseView, PaymentOnCase, PromiseLine, VisitLine};
pub use codes::{CaseStatus, ContactField, Disposition, Met, PaymentMethod, PromiseState};
pub use door::{DoorAnswer, RecallLine};
pub use error::{PhoneError, StopReason, StorageReason};
pub use facts::{CaseFacts, Place};
pub use http::{HttpAnswer, HttpRequest};
pub use names::{Moment, OpName};
pub use notices::{Conflict, Notice};
pub use phone::{Device, DoorstepPhone, PhoneState};
pub use route::{Route, Stop};
pub use said::{Said, Value};
pub use sync::{AppError, SyncListener, SyncReport, SyncSession, SyncStep, Transport};
pub use visit::{CaseOnPhone, ReasonToWait, VisitAnswer, house_pack_json, may_visit_now};
pub use write::{NewPayment, NewPromise, NewVisit, Receipt};
