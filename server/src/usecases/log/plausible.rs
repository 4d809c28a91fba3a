//! What a device says that cannot be: section 9 of `SYNC.md`. Such an op is kept aside, because one
//! absurd number would spoil every sum it went into.

use sync_core::clock::{PLAUSIBLE_FROM_MS, PLAUSIBLE_OFFSET_MS, PLAUSIBLE_TO_MS};
use sync_core::kinds::{Content, Visit};
use sync_core::model::Minor;
use sync_core::op::Op;

/// Largest amount of money anywhere, in units of the currency: far below where sums of them could
/// overflow.
const MOST: i64 = 100_000_000_000;

/// Longest visit: a day in milliseconds.
const LONGEST_MS: i64 = 86_400_000;

/// Longest way to a door, in metres.
pub(in crate::usecases) const MOST_TRAVEL_M: i64 = 1_000_000;

/// The same in seconds.
pub(in crate::usecases) const MOST_TRAVEL_S: i64 = 86_400;

/// The largest amount in minor units of a currency with so many decimals.
pub(in crate::usecases) fn most_minor(exponent: u8) -> i64 {
    MOST.saturating_mul(10_i64.saturating_pow(u32::from(exponent)))
}

/// By what an op is judged.
#[derive(Debug, Clone, Copy)]
pub(in crate::usecases) struct Bounds {
    /// Decimals of the currency.
    pub(in crate::usecases) exponent: u8,
    /// Server time less device time, in milliseconds.
    pub(in crate::usecases) offset_ms: i64,
    /// When the op came, in milliseconds since 1970 UTC.
    pub(in crate::usecases) received_ms: i64,
}

impl Bounds {
    /// The field of the op whose value cannot be, if there is one.
    pub(in crate::usecases) fn broken_by(&self, op: &Op) -> Option<&'static str> {
        let payload = op.body.payload()?;
        // What nobody can read is flagged and goes nowhere.
        let content = Content::read(op.header.kind, op.header.kind_version, payload).ok()??;
        match &content {
            Content::Visit(visit) => self.visit(visit),
            Content::Payment(payment) if !self.is_time(payment.paid_at) => Some("paid_at"),
            Content::Payment(payment) => self.amount(payment.amount_minor),
            Content::Reversal(reversal) => self.amount(reversal.amount_minor),
            Content::Promise(promise) if !is_day(promise.due_on) => Some("due_on"),
            Content::Promise(promise) => self.amount(promise.amount_minor),
            _ => None,
        }
    }

    fn visit(&self, visit: &Visit) -> Option<&'static str> {
        let above = |value: Option<u32>, most| value.is_some_and(|value| i64::from(value) > most);
        if !self.is_time(visit.arrived_at) {
            Some("arrived_at")
        } else if !self.is_time(visit.left_at)
            || visit.left_at.saturating_sub(visit.arrived_at) > LONGEST_MS
        {
            Some("left_at")
        } else if above(visit.travel_m, MOST_TRAVEL_M) {
            Some("travel_m")
        } else if above(visit.travel_s, MOST_TRAVEL_S) {
            Some("travel_s")
        } else {
            None
        }
    }

    /// Whether a device's instant can have been, by the server's clock.
    fn is_time(&self, device_ms: i64) -> bool {
        let at = i128::from(device_ms) + i128::from(self.offset_ms);
        let latest = i128::from(self.received_ms) + i128::from(PLAUSIBLE_OFFSET_MS);
        at >= i128::from(PLAUSIBLE_FROM_MS) && at <= latest
    }

    fn amount(&self, amount: Minor) -> Option<&'static str> {
        (amount.get() > most_minor(self.exponent)).then_some("amount_minor")
    }
}

/// Whether a day since 1970 can be one on which somebody promised to pay.
fn is_day(days: i32) -> bool {
    let ms = i64::from(days).saturating_mul(LONGEST_MS);
    (PLAUSIBLE_FROM_MS..PLAUSIBLE_TO_MS).contains(&ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_lie_between_the_century_and_a_day_after_the_receipt() {
        let bounds = Bounds { exponent: 2, offset_ms: 0, received_ms: 1_795_176_000_000 };
        for (ms, can_be) in [
            (i64::MIN, false),
            (PLAUSIBLE_FROM_MS - 1, false),
            (PLAUSIBLE_FROM_MS, true),
            (1_795_176_000_000, true),
            (1_795_176_000_000 + 86_400_000, true),
            (1_795_176_000_000 + 86_400_001, false),
            (i64::MAX, false),
        ] {
            assert_eq!(bounds.is_time(ms), can_be, "{ms}");
        }
        // A phone of 1970 whose offset is known is right all the same.
        let lost = Bounds { offset_ms: 1_795_000_000_000, ..bounds };
        assert!(lost.is_time(60_000) && !lost.is_time(1_795_000_000_000));
    }

    #[test]
    fn days_and_amounts_have_ends() {
        assert!(is_day(10_957) && !is_day(10_956), "2000-01-01");
        assert!(is_day(47_481) && !is_day(47_482) && !is_day(i32::MAX), "2100-01-01");
        assert_eq!((most_minor(2), most_minor(0)), (10_000_000_000_000, 100_000_000_000));
    }
}
