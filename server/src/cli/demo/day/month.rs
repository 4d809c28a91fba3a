//! The month after the day: promises are kept or not, and the office hears of it.

use jiff::ToSpan as _;
use sync_core::kinds::{Content, Payment, PaymentMethod};
use sync_core::model::Minor;

use super::model::{Dice, Fate};
use super::phone::DemoPhone;
use super::{Stage, count};
use crate::error::Error;
use crate::render::amount;
use crate::usecases::office::{self, OfficeOp};
use crate::usecases::promises_due::judge_promises;

/// Dice that no agent throws.
const OFFICE: u64 = u64::MAX;

/// Lets 30 days pass: payments arrive at the office as the promises were kept, then promises that
/// are due are judged by the job that does so every day.
pub(super) fn pass(stage: &Stage<'_>, phones: &[DemoPhone]) -> Result<String, Error> {
    let mut dice = Dice::of(stage.seed, OFFICE);
    let mut payments = Vec::new();
    let mut sum = 0;
    for phone in phones {
        for (case, promise, _) in &phone.promises {
            let promised = promise.amount_minor.get();
            let paid = match dice.fate(promised) {
                Fate::Kept => promised,
                Fate::PartKept(part) => part,
                Fate::Broken => continue,
            };
            sum += paid;
            payments.push((
                promise.due_on,
                OfficeOp::of(
                    *case,
                    Content::Payment(Payment {
                        amount_minor: Minor::new(paid),
                        method: PaymentMethod::Transfer,
                        // Noon of the day it was due.
                        paid_at: i64::from(promise.due_on) * 86_400_000 + 43_200_000,
                        receipt: None,
                        visit: None,
                        source: None,
                    }),
                ),
            ));
        }
    }
    payments.sort_by_key(|(due_on, _)| *due_on);
    let clock = stage.app.ids.clock();
    let after = clock.now().checked_add((30 * 24).hours());
    clock.move_to(after.map_err(|e| Error::Invalid(format!("--date {}: {e}", stage.date)))?);
    let ops: Vec<OfficeOp> = payments.into_iter().map(|(_, op)| op).collect();
    office::write(stage.app, None, &ops)?;
    let judged = judge_promises(stage.app)?;
    let currency = stage.app.settings.organisation.currency;
    Ok(format!(
        "{} payments of {} {} arrive by transfer; {judged} promises judged: kept, kept in part or broken",
        count(ops.len()),
        amount(sum, currency.exponent()),
        currency.code()
    ))
}
