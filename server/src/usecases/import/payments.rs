//! Payments and reversals as the lender knows them: the format of the file.

use std::collections::{BTreeMap, HashMap};

use sync_core::kinds::{Content, Payment, PaymentMethod, Reversal};
use sync_core::model::{CaseId, Minor};
use sync_core::op::Dot;

use super::cell::{Row, shown};
use super::known::Known;
use super::table::{Column, Table, column};
use super::{Context, Report, most_minor};

/// Columns of `payments.csv`, in the documented order.
pub const PAYMENT_COLUMNS: &[Column] = &[
    column("payment_ref", true),
    column("case_ref", true),
    column("paid_at", true),
    column("amount_minor", true),
    column("method", false),
    column("reverses_ref", false),
];

/// A payment, or the reversal of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PaymentRecord {
    /// Line of the file.
    pub(super) line: u64,
    pub(super) key: String,
    pub(super) case: CaseId,
    pub(super) amount: Minor,
    method: PaymentMethod,
    paid_at: i64,
    /// The key of the payment that it reverses.
    pub(super) reverses: Option<String>,
}

impl PaymentRecord {
    /// The op; a reversal is of the payment at `reversed`.
    pub(super) fn content(&self, reversed: Option<Dot>) -> Content {
        match reversed {
            Some(payment) => Content::Reversal(Reversal {
                payment,
                amount_minor: self.amount,
                reason: "imported".into(),
                source: Some(self.key.clone()),
            }),
            None => Content::Payment(Payment {
                amount_minor: self.amount,
                method: self.method,
                paid_at: self.paid_at,
                receipt: None,
                visit: None,
                source: Some(self.key.clone()),
            }),
        }
    }

    /// The first column that says something else than what was written under the same key.
    pub(super) fn differs(
        &self,
        case: Option<CaseId>,
        written: &Content,
        reversed: Option<Dot>,
    ) -> Option<&'static str> {
        if case != Some(self.case) {
            return Some("case_ref");
        }
        match written {
            Content::Payment(_) if self.reverses.is_some() => Some("reverses_ref"),
            Content::Payment(payment) if payment.amount_minor != self.amount => {
                Some("amount_minor")
            }
            Content::Payment(payment) if payment.method != self.method => Some("method"),
            Content::Payment(payment) => (payment.paid_at != self.paid_at).then_some("paid_at"),
            Content::Reversal(reversal) if reversal.amount_minor != self.amount => {
                Some("amount_minor")
            }
            Content::Reversal(reversal) => {
                (Some(reversal.payment) != reversed).then_some("reverses_ref")
            }
            _ => Some("payment_ref"),
        }
    }
}

/// The payments, as far as their rows are good; the rest is in `report`.
pub(super) fn read(
    file: &str,
    table: &Table,
    context: &Context<'_>,
    known: &Known,
    report: &mut Report,
) -> Vec<PaymentRecord> {
    let mut seen: HashMap<String, u64> = HashMap::with_capacity(table.rows.len());
    let mut records = Vec::with_capacity(table.rows.len());
    for (line, cells) in &table.rows {
        let mut row = Row { file, line: *line, columns: PAYMENT_COLUMNS, cells, report };
        let key = row.key("payment_ref", &mut seen);
        let case = known.case(&mut row);
        let zone = case.as_ref().map_or(context.zone, |case| &case.zone);
        let paid_at = row.past("paid_at", zone, context.now);
        if row.text("paid_at").is_empty() {
            row.bad("paid_at", "missing", "is empty".into(), "fill it in");
        }
        let amount = row.required_whole("amount_minor", 1, most_minor(context));
        let method: Option<PaymentMethod> = row.parsed_lower("method", "not_in_table");
        let reverses = row.optional("reverses_ref", 100);
        let (Some(key), Some(case), Some(at), Some(amount)) = (key, case, paid_at, amount) else {
            continue;
        };
        records.push(PaymentRecord {
            line: row.line,
            key,
            case: case.id,
            amount: Minor::new(amount),
            method: method.unwrap_or(PaymentMethod::Other),
            paid_at: at.as_millisecond(),
            reverses,
        });
    }
    records
}

/// A payment that can be reversed: its case, and how much of it is not reversed yet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reversible {
    pub(super) case: CaseId,
    pub(super) left: i64,
}

/// Checks that each new reversal is of a payment of the same case, and of no more than is left of it.
pub(super) fn check_reversals(
    file: &str,
    new: &[&PaymentRecord],
    payments: &mut BTreeMap<String, Reversible>,
    report: &mut Report,
) {
    for record in new.iter().filter(|record| record.reverses.is_none()) {
        let reversible = Reversible { case: record.case, left: record.amount.get() };
        payments.insert(record.key.clone(), reversible);
    }
    for record in new {
        let Some(of) = &record.reverses else { continue };
        let mut row = Row { file, line: record.line, columns: PAYMENT_COLUMNS, cells: &[], report };
        match payments.get_mut(of) {
            None => {
                let remedy = "give the payment_ref of an imported payment or of one in this file, or the receipt of one \
                              that a phone took";
                row.bad("reverses_ref", "unknown_payment", shown(of), remedy);
            }
            Some(payment) if payment.case != record.case => {
                let cause = format!("{} is of another case", shown(of));
                row.bad("reverses_ref", "other_case", cause, "give the case of that payment");
            }
            Some(payment) if payment.left < record.amount.get() => {
                let cause = format!("only {} of {} is not reversed yet", payment.left, shown(of));
                row.bad("amount_minor", "reversal_exceeds", cause, "reverse no more than that");
            }
            Some(payment) => payment.left -= record.amount.get(),
        }
    }
}
