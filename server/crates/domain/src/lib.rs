//! Risk tiers, recovery of a visit and H3 territories; pure.
//!
//! - [`risk`]: how much attention a case needs, whether the borrower can pay, what is done next.
//! - [`recovery`]: what a visit is worth, part by part.
//! - [`territory`]: connected, balanced groups of H3 cells around bases.
//!
//! No I/O, no wall clock, no randomness. Transcendental functions come from `libm`, so results
//! are the same on every machine.
#![warn(missing_docs)]

mod bands;
mod case;
mod number;
pub mod recovery;
pub mod risk;
pub mod territory;

pub use bands::{Band, BandError};
pub use case::{CaseView, LastPayment};
