//! Merging: the same ops give the same state on every phone and on the server.
//!
//! The rules are section 5 of `server/docs/SYNC.md`. A [`Register`] is one field of one record and is
//! filled by ops alone, in any order and any number of times; [`RegisterKey::of`] says which one an op
//! goes to. A [`CaseState`] is all registers and add-only records of a case. Nothing that was written
//! disappears unless its successor's writer had seen it: what is not shown is in the list of conflicts.
//!
//! ```
//! use std::num::NonZeroU64;
//! use sync_core::clock::Hlc;
//! use sync_core::kinds::{CaseStatus, Content, StatusEdit};
//! use sync_core::merge::{CaseState, Draft, Written};
//! use sync_core::model::{CaseId, OrgId};
//! use sync_core::op::{Actor, Dot};
//!
//! let case = CaseId::from_parts(0, [1; 10]);
//! let mut state = CaseState::new(case);
//! let status = |status, sequence, state: &CaseState| {
//!     let content = Content::Status(StatusEdit { status, reason: "as agreed".to_owned() });
//!     let draft = Draft {
//!         organisation: OrgId::from_parts(0, [2; 10]),
//!         dot: Dot { actor: Actor::OFFICE, sequence: NonZeroU64::new(sequence).unwrap() },
//!         clock: Hlc::new(1_000, 0),
//!         case,
//!         content,
//!         record: None,
//!         field: None,
//!     };
//!     let header = state.header(&draft).unwrap();
//!     Written::admitted(header, draft.content, Hlc::new(1_000, 0).next(), sequence)
//! };
//! let paused = status(CaseStatus::Paused, 1, &state);
//! state.apply(&paused);
//! let closed = status(CaseStatus::Closed, 2, &state);
//! assert_eq!(closed.header.replaces, Some(paused.dot()));
//! state.apply(&closed);
//! state.apply(&paused);
//! assert_eq!(state.status().map(|edit| edit.status), Some(CaseStatus::Closed));
//! assert!(state.conflicts().is_empty());
//! ```

mod case;
mod conflict;
mod contact;
mod draft;
mod key;
mod last_writer;
mod ledger;
mod multi_value;
mod promise;
mod register;
mod seen;
mod status;
mod tags;
mod visit;
mod written;

pub use case::CaseState;
pub use conflict::Conflict;
pub use draft::{Draft, DraftError};
pub use key::{Family, KeyError, Place, RegisterKey};
pub use last_writer::LastWriter;
pub use ledger::{DUPLICATE_WITHIN_MS, Ledger, LedgerFlag, PaymentLine, ReversalLine};
pub use multi_value::MultiValue;
pub use promise::PromiseView;
pub use register::{Reading, Register};
pub use seen::{named, unheard};
pub use tags::TagSet;
pub use visit::VisitView;
pub use written::{Marker, Written};

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod world;
