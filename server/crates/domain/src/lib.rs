//! Risk tiers, recovery of a visit, H3 territories and the economics of visits; pure.
//!
//! - [`risk`]: how much attention a case needs, whether the borrower can pay, what is done next.
//! - [`recovery`]: what a visit is worth, part by part.
//! - [`economics`]: what visits cost and brought, by cell and region.
//! - [`territory`]: connected, balanced groups of H3 cells around bases.
//!
//! No I/O, no wall clock, no randomness. Transcendental functions come from `libm`, so results
//! are the same on every machine.
#![warn(missing_docs)]

mod bands;
mod case;
pub mod economics;
mod number;
pub mod recovery;
pub mod risk;
pub mod territory;

pub use bands::{Band, BandError};
pub use case::{CaseView, LastPayment};
