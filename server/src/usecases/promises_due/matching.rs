//! Which payments fulfil which promises. Each unit of money counts once.

use jiff::civil::Date;

/// A promise: what was to be paid, and in which time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Promised {
    /// When it was made; earlier payments are not meant.
    pub(super) from: i64,
    /// Its last day, grace included.
    pub(super) until: Date,
    /// In minor units.
    pub(super) amount: i64,
}

/// A payment, less what of it was reversed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Paid {
    /// When.
    pub(super) at: i64,
    /// On which day, in the zone of the case.
    pub(super) on: Date,
    /// In minor units.
    pub(super) left: i64,
}

/// What was paid of each promise. The promise that ends first takes first, of the earliest payments in
/// its time; `promises` are in that order and `paid` is in the order of time.
pub(super) fn match_payments(promises: &[Promised], paid: &[Paid]) -> Vec<i64> {
    let mut left: Vec<i64> = paid.iter().map(|payment| payment.left.max(0)).collect();
    let mut taken = Vec::with_capacity(promises.len());
    for promise in promises {
        let mut missing = promise.amount.max(0);
        for (payment, left) in paid.iter().zip(&mut left) {
            if payment.at >= promise.from && payment.on <= promise.until {
                let part = missing.min(*left);
                *left -= part;
                missing -= part;
            }
        }
        taken.push(promise.amount.max(0) - missing);
    }
    taken
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(n: i64) -> Date {
        Date::constant(2026, 1, 1).checked_add(jiff::Span::new().days(n)).unwrap()
    }

    /// Made on the morning of day `from`, good until the end of day `until`.
    fn promise(from: i64, until: i64, amount: i64) -> Promised {
        Promised { from: from * 10, until: day(until), amount }
    }

    /// At noon of that day.
    fn pay(on: i64, left: i64) -> Paid {
        Paid { at: on * 10 + 5, on: day(on), left }
    }

    #[test]
    fn only_payments_in_time_count() {
        let one = [promise(10, 20, 100)];
        for (paid, expected) in [
            (vec![], 0),
            (vec![pay(9, 100)], 0),
            (vec![pay(10, 100)], 100),
            (vec![pay(20, 100)], 100),
            (vec![pay(21, 100)], 0),
            (vec![pay(11, 30), pay(12, 30), pay(25, 100)], 60),
            (vec![pay(11, 500)], 100),
            (vec![pay(11, 0)], 0),
        ] {
            assert_eq!(match_payments(&one, &paid), [expected], "{paid:?}");
        }
    }

    #[test]
    fn the_promise_that_ends_first_takes_first() {
        let two = [promise(1, 10, 100), promise(1, 20, 100)];
        assert_eq!(match_payments(&two, &[pay(5, 150)]), [100, 50]);
        assert_eq!(match_payments(&two, &[pay(15, 150)]), [0, 100]);
        assert_eq!(match_payments(&two, &[pay(5, 60), pay(15, 100)]), [60, 100]);
    }

    proptest! {
        #[test]
        fn no_money_counts_twice(
            promises in prop::collection::vec((0i64..30, 0i64..30, 0i64..1000), 0..8),
            payments in prop::collection::vec((0i64..40, 0i64..1000), 0..12),
        ) {
            let mut promises: Vec<Promised> =
                promises.into_iter().map(|(from, long, amount)| promise(from, from + long, amount)).collect();
            promises.sort_by_key(|promise| promise.until);
            let mut paid: Vec<Paid> = payments.into_iter().map(|(on, left)| pay(on, left)).collect();
            paid.sort_by_key(|payment| payment.at);
            let taken = match_payments(&promises, &paid);
            let all: i64 = paid.iter().map(|payment| payment.left).sum();
            prop_assert!(taken.iter().sum::<i64>() <= all);
            for (promise, taken) in promises.iter().zip(&taken) {
                prop_assert!((0..=promise.amount).contains(taken));
            }
            // More money never makes a promise worse.
            let mut more = paid.clone();
            more.push(pay(5, 100));
            more.sort_by_key(|payment| payment.at);
            let sum: i64 = match_payments(&promises, &more).iter().sum();
            prop_assert!(sum >= taken.iter().sum());
        }
    }
}
