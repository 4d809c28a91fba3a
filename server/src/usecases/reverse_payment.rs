//! The office takes a payment back, or a part of it: also one that a phone took.

use sync_core::kinds::{Content, Reversal};
use sync_core::model::{CaseId, Minor, UserId};
use sync_core::op::Dot;

use super::log::{dot_of, own_dots};
use super::office::{OfficeOp, write_chosen};
use crate::app::App;
use crate::error::Error;

/// Which payment, and how much of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The payment.
    pub payment: Named,
    /// How much, in minor units; all that is left of it where nothing is said.
    pub amount_minor: Option<i64>,
    /// Why.
    pub reason: String,
}

/// A payment as people name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// The op that took it.
    Op(Dot),
    /// The receipt that the borrower got, as in `3-17`.
    Receipt(String),
}

/// Writes the reversal, and gives its dot and how much it took back.
///
/// # Errors
/// There is no such payment, several have that receipt, less is left of it, the reason is empty, or
/// the database fails.
pub fn reverse_payment(
    app: &App,
    by: Option<UserId>,
    wanted: &Wanted,
) -> Result<(Dot, Minor), Error> {
    if wanted.reason.trim().is_empty() {
        return Err(Error::Invalid("reason: say why the payment is taken back".into()));
    }
    let (case, payment) = find(app, &wanted.payment)?;
    let mut taken = Minor::ZERO;
    let written = write_chosen(app, by, &[case], |_, journal| {
        let ledger = journal.case(case.into()).map(sync_core::merge::CaseState::ledger);
        let line = ledger.as_ref().and_then(|ledger| ledger.payment(payment));
        let line = line.ok_or_else(|| unknown(&payment.to_string()))?;
        let left = line.left_minor();
        let amount_minor = wanted.amount_minor.map_or(left, Minor::new);
        if amount_minor.get() < 1 || amount_minor > left {
            return Err(Error::Invalid(format!(
                "amount_minor: {} is left of payment {payment}; take back that or less, and more than 0",
                left.get()
            )));
        }
        taken = amount_minor;
        let reason = wanted.reason.clone();
        let reversal = Reversal { payment, amount_minor, reason, source: None };
        Ok(vec![OfficeOp::of(case, Content::Reversal(reversal))])
    })?;
    let written = written.first().copied();
    Ok((written.ok_or_else(|| Error::Invalid("no op was written".into()))?, taken))
}

/// The case of a payment, and the op that took it.
fn find(app: &App, named: &Named) -> Result<(CaseId, Dot), Error> {
    let (rows, shown) = match named {
        Named::Op(dot) => {
            let at = own_dots(*dot);
            (app.store.payment_at(app.org, at)?.into_iter().collect(), dot.to_string())
        }
        Named::Receipt(receipt) => {
            let asked = std::slice::from_ref(receipt);
            (app.store.payments_by_receipt(app.org, asked)?, format!("with receipt {receipt}"))
        }
    };
    match rows.as_slice() {
        [] => Err(unknown(&shown)),
        [row] => Ok((row.case_id.try_into()?, dot_of((row.actor, row.sequence))?)),
        _ => Err(Error::Invalid(format!(
            "receipt: several payments of one phone have it; name the payment by its op, as device:sequence \
             ({shown})"
        ))),
    }
}

fn unknown(shown: &str) -> Error {
    Error::Unknown(format!("there is no payment {shown}"))
}
