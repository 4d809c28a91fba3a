//! What happens at the doors of the demo: drawn from a stated model, the same for the same seed.
//!
//! Chances are in thousandths. Nothing here is learned from anybody: the figures are of plausible
//! size (half of the visits meet somebody, half of the promises are kept) and said to be synthetic.
//!
//! | what | chance |
//! |---|---|
//! | the borrower is met, before noon / until 17:00 / later | 420 / 380 / 560 |
//! | somebody else is met | 120 |
//! | nobody is met: moved away / address wrong / no contact | 60 / 40 / the rest |
//! | met: pays all / pays a part / promises / refuses | 30 / 220 / 330 / 180 |
//! | met: asks for another time / disputes / tells of hardship / other | 90 / 50 / 60 / the rest |
//! | a promise is kept / kept in part / broken | 480 / 150 / the rest |
//!
//! A part is 5 to 30 % of what is due, a promise 10 to 50 % within 3 to 14 days. Ways take 85 to
//! 135 % of the planned time, a visit 8 to 30 minutes where the borrower is met and 2 to 6 where not.

use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use sync_core::kinds::{Disposition, Met};

/// The demo's way to say what the page and the screen must say.
pub(super) const STATEMENT: &str = "Outcomes of visits, promises and payments are synthetic: drawn from a model that \
     stands in server/src/cli/demo/day/model.rs, with the demo's seed.";

/// A stop as its agent sets out for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Planned {
    /// When the visit may start at the earliest, milliseconds since 1970.
    pub(super) start_ms: i64,
    /// Way from the stop before.
    pub(super) leg_metres: i64,
    pub(super) leg_s: i64,
    /// What is due.
    pub(super) due_minor: i64,
    /// Local hour of the planned start.
    pub(super) hour: i8,
}

/// What came of one stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Happened {
    /// Which stop, from 0.
    pub(super) stop: usize,
    pub(super) arrived_ms: i64,
    pub(super) left_ms: i64,
    pub(super) travel_m: i64,
    pub(super) travel_s: i64,
    pub(super) met: Met,
    pub(super) disposition: Disposition,
    pub(super) paid_minor: Option<i64>,
    /// Amount, and in how many days.
    pub(super) promise: Option<(i64, i64)>,
    pub(super) new_phone: Option<String>,
}

/// What becomes of a promise within the month after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// Paid whole on the day.
    Kept,
    /// That amount was paid.
    PartKept(i64),
    Broken,
}

/// The dice of one agent.
#[derive(Debug)]
pub(super) struct Dice(Xoshiro256PlusPlus);

impl Dice {
    /// Those of number `who`; the same seed gives the same day whatever the others do.
    pub(super) fn of(seed: u64, who: u64) -> Self {
        let mixed = seed ^ who.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Self(Xoshiro256PlusPlus::seed_from_u64(mixed))
    }

    /// Random bytes, as keys and salts of phones need them.
    pub(super) fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.fill_bytes(&mut bytes);
        bytes
    }

    /// A number from `low` to `high`, both included.
    fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = high.saturating_sub(low).saturating_add(1).max(1).unsigned_abs();
        let drawn = self.0.next_u64() % span;
        low.saturating_add(i64::try_from(drawn).unwrap_or(0))
    }

    /// The index of the first part that a number below 1,000 falls into, or `parts.len()`.
    fn one_of(&mut self, parts: &[i64]) -> usize {
        let mut left = self.between(0, 999);
        for (index, part) in parts.iter().enumerate() {
            if left < *part {
                return index;
            }
            left -= part;
        }
        parts.len()
    }

    fn share(&mut self, of: i64, low: i64, high: i64) -> i64 {
        let percent = self.between(low, high);
        // Rounded down to whole units of 100, as people do; never nothing.
        (of.saturating_mul(percent) / 100 / 100 * 100).max(100).min(of.max(1))
    }

    /// The day of an agent who leaves the base at `departs_ms` and starts no visit after `until_ms`.
    pub(super) fn day(
        &mut self,
        stops: &[Planned],
        departs_ms: i64,
        until_ms: i64,
    ) -> Vec<Happened> {
        let mut now = departs_ms;
        let mut day = Vec::new();
        for (stop, planned) in stops.iter().enumerate() {
            let travel_s = planned.leg_s.saturating_mul(self.between(85, 135)) / 100;
            let travel_m = planned.leg_metres.saturating_mul(self.between(97, 110)) / 100;
            let arrived_ms = now.saturating_add(travel_s * 1_000).max(planned.start_ms);
            if arrived_ms > until_ms {
                break;
            }
            let happened = self.visit(stop, planned, arrived_ms, travel_m, travel_s);
            now = happened.left_ms;
            day.push(happened);
        }
        day
    }

    fn visit(
        &mut self,
        stop: usize,
        planned: &Planned,
        arrived_ms: i64,
        travel_m: i64,
        travel_s: i64,
    ) -> Happened {
        let chance = match planned.hour {
            ..12 => 420,
            12..17 => 380,
            _ => 560,
        };
        let (met, minutes) = match self.one_of(&[chance, 120]) {
            0 => (Met::Borrower, self.between(8, 30)),
            1 => (Met::SomebodyElse, self.between(3, 8)),
            _ => (Met::Nobody, self.between(2, 6)),
        };
        let left_ms = arrived_ms.saturating_add(minutes * 60_000);
        let mut happened = Happened {
            stop,
            arrived_ms,
            left_ms,
            travel_m,
            travel_s,
            met,
            disposition: Disposition::NoContact,
            paid_minor: None,
            promise: None,
            new_phone: None,
        };
        match met {
            Met::Borrower => self.talk(planned.due_minor, &mut happened),
            Met::SomebodyElse => {
                happened.disposition = Disposition::ThirdPartyOnly;
                happened.new_phone = self.phone(150);
            }
            Met::Nobody => {
                happened.disposition = match self.one_of(&[60, 40]) {
                    0 => Disposition::MovedAway,
                    1 => Disposition::AddressWrong,
                    _ => Disposition::NoContact,
                };
            }
        }
        happened
    }

    fn talk(&mut self, due_minor: i64, happened: &mut Happened) {
        happened.disposition = match self.one_of(&[30, 220, 330, 180, 90, 50, 60]) {
            0 => {
                happened.paid_minor = Some(due_minor.max(1));
                Disposition::Paid
            }
            1 => {
                happened.paid_minor = Some(self.share(due_minor, 5, 30));
                Disposition::PartPaid
            }
            2 => {
                happened.promise = Some((self.share(due_minor, 10, 50), self.between(3, 14)));
                Disposition::PromiseToPay
            }
            3 => Disposition::RefusedToPay,
            4 => Disposition::AskedForAnotherTime,
            5 => Disposition::Disputed,
            6 => Disposition::HardshipTold,
            _ => Disposition::Other,
        };
        happened.new_phone = self.phone(200);
    }

    /// With that chance a number that nobody has.
    fn phone(&mut self, chance: i64) -> Option<String> {
        (self.one_of(&[chance]) == 0).then(|| self.any_phone())
    }

    /// A number of the range kept for fiction.
    pub(super) fn any_phone(&mut self) -> String {
        format!("+1-302-555-{:04}", self.between(100, 199))
    }

    /// What becomes of a promise of `amount_minor`.
    pub(super) fn fate(&mut self, amount_minor: i64) -> Fate {
        match self.one_of(&[480, 150]) {
            0 => Fate::Kept,
            1 => Fate::PartKept(self.share(amount_minor, 20, 80)),
            _ => Fate::Broken,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EIGHT: i64 = 1_795_521_600_000;

    fn stops(n: usize) -> Vec<Planned> {
        let stop =
            Planned { start_ms: 0, leg_metres: 2_000, leg_s: 300, due_minor: 3_000_000, hour: 10 };
        vec![stop; n]
    }

    #[test]
    fn the_same_seed_gives_the_same_day() {
        let day = |seed, who| Dice::of(seed, who).day(&stops(20), EIGHT, EIGHT + 36_000_000);
        assert_eq!(day(7, 1), day(7, 1));
        assert_ne!(day(7, 1), day(7, 2));
        assert_ne!(day(7, 1), day(8, 1));
    }

    #[test]
    fn times_follow_each_other_and_end_with_the_shift() {
        let until = EIGHT + 4 * 3_600_000;
        let day = Dice::of(7, 3).day(&stops(60), EIGHT, until);
        assert!(day.len() > 5 && day.len() < 60, "{}", day.len());
        let mut now = EIGHT;
        for happened in &day {
            assert!(happened.arrived_ms >= now + happened.travel_s * 1_000);
            assert!(happened.left_ms > happened.arrived_ms && happened.arrived_ms <= until);
            now = happened.left_ms;
        }
    }

    #[test]
    fn the_shares_are_those_that_are_stated() {
        let mut met = 0;
        let mut paid = 0;
        let mut visits = 0;
        for who in 0..400 {
            for happened in Dice::of(7, who).day(&stops(20), EIGHT, i64::MAX) {
                visits += 1;
                met += i64::from(happened.met == Met::Borrower);
                paid += i64::from(happened.paid_minor.is_some());
                assert_eq!(
                    happened.promise.is_some(),
                    happened.disposition == Disposition::PromiseToPay
                );
                assert!(happened.paid_minor.is_none_or(|paid| (1..=3_000_000).contains(&paid)));
            }
        }
        assert_eq!(visits, 8_000);
        // 8,000 x 0.42 = 3,360 with a standard deviation of 44; a quarter of those pay: 840, 27.
        assert!((3_180..3_540).contains(&met), "{met}");
        assert!((720..960).contains(&paid), "{paid}");
    }
}
