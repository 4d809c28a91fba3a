//! What visits cost and what they brought, by H3 cell, by region and in all; pure.
//!
//! - A payment within the outcome window counts for the visit it was taken at, or else for the last
//!   visit to the case before it. What would have been paid without a visit is in it: how much that
//!   is cannot be told without a held-out arm, so no figure here is incremental.
//! - Visits, payments and promises dated later than the present are not counted.
//! - Costs are those of [`Costs`](crate::recovery::Costs) and of a shift, part by part. Each part of each visit is rounded to
//!   the minor unit once, half away from zero; all sums are whole numbers, so cells add up to
//!   regions and regions to the total whatever the grouping.
//! - The way back of a shift, and its fixed cost, are shared by its visits to the metre, second and
//!   minor unit.
//! - No group with fewer borrowers than asked for (10) is shown. Small cells roll up to their parents,
//!   within their region; what stays small joins the smallest other group. Groups do not overlap and
//!   cells never cross regions, so no difference between rows of one report is about fewer borrowers
//!   either. Reports of other days or other territories are not guarded against each other.
//!
//! ```
//! use std::collections::BTreeMap;
//! use domain::economics::{Case, Input, Period, Rates, Visit, evaluate};
//! use domain::recovery::Costs;
//! use domain::territory::cell_of;
//! use h3o::Resolution;
//! use sync_core::kinds::Met;
//! use sync_core::model::{BorrowerId, CaseId, Micro, Position, VisitId};
//!
//! let cell = cell_of(Position::from_degrees(39.16, -75.52)?, Resolution::Eight);
//! let id = |n: u8| (0, [n; 10]);
//! let cases: Vec<Case> = (0..10)
//!     .map(|n| Case {
//!         id: CaseId::from_parts(id(n).0, id(n).1),
//!         borrower: BorrowerId::from_parts(id(n).0, id(n).1),
//!         cell,
//!     })
//!     .collect();
//! let visit = Visit {
//!     id: VisitId::from_parts(0, [1; 10]),
//!     case: cases[0].id,
//!     at: 0,
//!     met: Met::Borrower,
//!     travel_m: 2_000,
//!     travel_s: 180,
//!     estimated: false,
//!     service_s: 600,
//!     shift: None,
//! };
//! let report = evaluate(&Input {
//!     cases: &cases,
//!     visits: &[visit],
//!     payments: &[],
//!     promises: &[],
//!     stops: &[],
//!     shifts: &[],
//!     territories: &BTreeMap::new(),
//!     resolution: Resolution::Eight,
//!     period: Period { from: 0, to: 1 },
//!     now: 0,
//!     rates: Rates { costs: Costs { c_km: Micro::new(500_000), ..Costs::default() }, ..Rates::new(2) },
//! })?;
//! // Two kilometres at 0.50.
//! assert_eq!(report.total.ok_or("ten borrowers")?.sums.distance_cost_minor, 100);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod advice;
mod atoms;
mod credit;
mod figures;
mod groups;
mod input;
mod interval;
#[cfg(test)]
mod laws;
mod promises;
mod rounding;
mod sums;
#[cfg(test)]
mod tests;

use h3o::{CellIndex, Resolution};
use thiserror::Error;

pub use advice::Advice;
pub use figures::{Figures, Rate};
pub use input::{Case, Input, Payment, Period, Promise, Rates, Shift, Stop, Visit};
pub use interval::{Interval, Spread, wilson};
pub use sums::Sums;

/// Most detailed to coarsest: cells roll up to this level at the most.
pub const COARSEST: Resolution = Resolution::Five;

/// Why figures could not be computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum EconomicsError {
    /// A visit or planned stop of the period whose case is not among the cases.
    #[error("a visit or stop is of a case that is not among the cases; load the whole book")]
    UnknownCase,
    /// A visit that names a shift that is not there.
    #[error("a visit names shift {0}, which is not among the shifts")]
    UnknownShift(usize),
    /// A cell of another resolution than the one of the report.
    #[error("cell {0} is not of the resolution of the report; compute cells anew")]
    Resolution(CellIndex),
    /// A sum is outside of 64 bits.
    #[error("a sum does not fit in 64 bits; check amounts and costs for a wrong unit")]
    Overflow,
    /// A cost makes no sense.
    #[error(transparent)]
    Costs(#[from] crate::recovery::RecoveryError),
    /// The currency has more than six decimals.
    #[error(transparent)]
    Money(#[from] sync_core::model::MoneyError),
}

/// A region: the beat a cell belongs to, or else its parent cell.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Region {
    /// The beat of an agent, by the lender's key.
    Beat(String),
    /// A cell of resolution 5, for cells of nobody's beat.
    Area(CellIndex),
}

/// A row of the report.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Its regions; several where small ones were put together.
    pub regions: Vec<Region>,
    /// By cell: the cell, of the resolution of the report or, rolled up, coarser; `None` for what of the
    /// regions is in no cell with enough borrowers.
    pub cell: Option<CellIndex>,
    /// Whether parts of the cell, or of the regions, have rows of their own.
    pub rest: bool,
    /// Its figures.
    pub figures: Figures,
}

/// The whole answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// By cell, by region first.
    pub cells: Vec<Group>,
    /// By region.
    pub regions: Vec<Group>,
    /// All of it; `None` with fewer borrowers than a group must have.
    pub total: Option<Figures>,
    /// Payments in the period on these cases that count for no visit, in minor units; 0 without a total.
    pub uncredited_minor: i64,
}

/// Counts, credits, groups and suppresses.
///
/// # Errors
/// [`EconomicsError`] when costs make no sense, sums do not fit or the input does not hang together.
pub fn evaluate(input: &Input<'_>) -> Result<Report, EconomicsError> {
    input.rates.costs.check()?;
    // What is dated later than now has not happened.
    let visits: Vec<_> = input.visits.iter().copied().filter(|v| v.at <= input.now).collect();
    let payments: Vec<_> = input.payments.iter().copied().filter(|p| p.at <= input.now).collect();
    let promises: Vec<_> =
        input.promises.iter().copied().filter(|p| p.made_at <= input.now).collect();
    let input = &Input { visits: &visits, payments: &payments, promises: &promises, ..*input };
    let (atoms, uncredited_minor) = atoms::gather(input)?;
    groups::report(input, &atoms, uncredited_minor)
}
