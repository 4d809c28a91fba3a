//! What risk and recovery may know about a case.
//!
//! Sex, age, ethnicity, religion, marital status and other people are absent on purpose.

use serde::{Deserialize, Serialize};
use sync_core::model::{Dpd, Flags, Minor};

/// The last payment on an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LastPayment {
    /// Whole days before the day of the assessment.
    pub days_ago: u32,
    /// How much.
    pub amount: Minor,
}

/// What risk and recovery may know about a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseView {
    /// Amount due.
    pub due: Minor,
    /// Days past due.
    pub dpd: Dpd,
    /// What the borrower can pay in a month; `None` when nobody knows.
    pub ability_per_month: Option<Minor>,
    /// The last payment, if there ever was one.
    pub last_payment: Option<LastPayment>,
    /// Whether a telephone number is known.
    pub has_phone: bool,
    /// Visits to this case in the last 30 days.
    pub attempts_30d: u32,
    /// Circumstances.
    pub flags: Flags,
}

impl CaseView {
    /// Monthly ability in basis points of the amount due (10,000 = the whole in one month).
    ///
    /// `None` when the ability is unknown or nothing is due.
    #[must_use]
    pub fn ability_bp(&self) -> Option<i64> {
        let ability = i128::from(self.ability_per_month?.get().max(0));
        let due = i128::from(self.due.get());
        let bp = (due > 0).then(|| ability * 10_000 / due)?;
        Some(i64::try_from(bp).unwrap_or(i64::MAX))
    }
}
