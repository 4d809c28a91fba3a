//! Thresholds of the tiers, as data.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::bands::{Band, BandError, check_order, check_rising};

/// Why risk rules are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RiskError {
    /// A table of points is not in order.
    #[error("risk rules: {0}")]
    Bands(#[from] BandError),
    /// The tiers overlap.
    #[error("risk rules: medium_from ({medium}) must be below high_from ({high}); correct one")]
    Tiers {
        /// Points from which a case is medium.
        medium: i32,
        /// Points from which a case is high.
        high: i32,
    },
    /// The ability classes overlap.
    #[error(
        "risk rules: cannot_pay_below_bp ({cannot}) must not be above able_from_bp ({able}); correct one"
    )]
    Abilities {
        /// Ability below which a borrower cannot pay.
        cannot: i64,
        /// Ability from which a borrower is able.
        able: i64,
    },
}

/// Points and thresholds of the tiers.
///
/// Amounts are in minor units, so the default table suits a currency in which a visit costs about
/// 100.00; organisations with another currency set their own. Days are days past due, abilities
/// are basis points: monthly ability of the amount due, 10,000 = all of it in one month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RiskRules {
    /// Points by amount due in minor units.
    pub due_minor: Vec<Band<i32>>,
    /// Points by days past due.
    pub dpd: Vec<Band<i32>>,
    /// Points by ability in basis points; must not fall.
    pub ability_bp: Vec<Band<i32>>,
    /// Points where the ability is unknown.
    pub ability_unknown: i32,
    /// Points from which a case is medium.
    pub medium_from: i32,
    /// Points from which a case is high.
    pub high_from: i32,
    /// Below this ability the borrower cannot pay, and is not collected from at the door.
    pub cannot_pay_below_bp: i64,
    /// From this ability the borrower is able to pay.
    pub able_from_bp: i64,
}

impl Default for RiskRules {
    /// Set on the public book of UCI "Default of Credit Card Clients" (overdue rows, days past due
    /// from `PAY_0`, ability = mean of six payments): 48 % of its 5,129 cases come out for a visit,
    /// 11 % for remote help. A lender's own book wants its own points.
    fn default() -> Self {
        Self {
            due_minor: vec![
                Band::new(100_000, 10),
                Band::new(500_000, 20),
                Band::new(2_000_000, 30),
                Band::new(10_000_000, 35),
            ],
            dpd: vec![
                Band::new(1, 5),
                Band::new(30, 15),
                Band::new(60, 30),
                Band::new(90, 35),
                Band::new(180, 40),
            ],
            ability_bp: vec![Band::new(200, 10), Band::new(500, 20)],
            ability_unknown: 10,
            medium_from: 35,
            high_from: 70,
            cannot_pay_below_bp: 200,
            able_from_bp: 500,
        }
    }
}

impl RiskRules {
    /// Whether the rules hold together.
    ///
    /// # Errors
    /// [`RiskError`] naming the field.
    pub fn check(&self) -> Result<(), RiskError> {
        check_order("due_minor", &self.due_minor)?;
        check_order("dpd", &self.dpd)?;
        check_rising("ability_bp", &self.ability_bp)?;
        if self.medium_from >= self.high_from {
            return Err(RiskError::Tiers { medium: self.medium_from, high: self.high_from });
        }
        if self.cannot_pay_below_bp > self.able_from_bp {
            return Err(RiskError::Abilities {
                cannot: self.cannot_pay_below_bp,
                able: self.able_from_bp,
            });
        }
        Ok(())
    }
}
