use super::*;
use proptest::prelude::*;

const DAY_MS: i64 = 86_400_000;
/// 2026-03-02T08:00:00Z
const NOW: i64 = 1_772_438_400_000;

fn arrival(offset_ms: i64, received_ms: i64) -> Arrival {
    Arrival { offset_ms, received_ms, before: None }
}

#[test]
fn counts_within_a_millisecond_and_flows_over() {
    let clock = Hlc::FIRST.send(NOW);
    assert_eq!(clock, Hlc::new(NOW, 0));
    assert_eq!(clock.send(NOW), Hlc::new(NOW, 1));
    assert_eq!(clock.send(NOW + 1), Hlc::new(NOW + 1, 0));
    assert_eq!(Hlc::new(NOW, u16::MAX).send(NOW), Hlc::new(NOW + 1, 0));
    assert_eq!(Hlc::new(-1, u16::MAX).send(-DAY_MS), Hlc::new(0, 0));
    assert_eq!(Hlc::new(NOW, 7).to_string(), "1772438400000.7");
}

#[test]
fn the_ends_of_time_hold() {
    assert_eq!(Hlc::FIRST.send(i64::MIN), Hlc::new(i64::MIN, 1));
    assert_eq!(Hlc::FIRST.send(i64::MAX), Hlc::new(i64::MAX, 0));
    assert_eq!(Hlc::LAST.send(i64::MAX), Hlc::LAST);
    assert_eq!(Hlc::LAST.send(i64::MIN), Hlc::LAST);
    assert_eq!(Hlc::FIRST.receive(i64::MAX, Hlc::LAST), Hlc::LAST);
    assert_eq!(Hlc::LAST.receive(i64::MIN, Hlc::FIRST), Hlc::LAST);
    let admitted = arrival(i64::MAX, i64::MAX).admit(Hlc::LAST, [Hlc::LAST]);
    assert_eq!(admitted, Admitted { clock: Hlc::LAST, implausible: true });
    let admitted = arrival(i64::MIN, i64::MIN).admit(Hlc::FIRST, []);
    assert_eq!(admitted, Admitted { clock: Hlc::FIRST, implausible: true });
}

#[test]
fn what_is_received_moves_it_one_minute_at_most() {
    let clock = Hlc::new(NOW, 3);
    assert_eq!(clock.receive(NOW, Hlc::new(NOW - 1, 9)), clock);
    assert_eq!(clock.receive(NOW, Hlc::new(NOW, 9)), Hlc::new(NOW, 9));
    let edge = Hlc::new(NOW + DRIFT_CAP_MS, 9);
    assert_eq!(clock.receive(NOW, edge), edge);
    let capped = clock.receive(NOW, Hlc::new(NOW + DRIFT_CAP_MS + 1, 9));
    assert_eq!(capped, Hlc::new(NOW + DRIFT_CAP_MS, 0));
    // A clock that was ahead before stays: own ops never go back.
    let ahead = Hlc::new(NOW + DAY_MS, 0);
    assert_eq!(ahead.receive(NOW, Hlc::LAST), ahead);
}

#[test]
fn admission_follows_offset_and_receipt() {
    // Three days ahead: moved back by the offset, and flagged.
    let wrong = arrival(-3 * DAY_MS, NOW).admit(Hlc::new(NOW + 3 * DAY_MS - 60_000, 2), []);
    assert_eq!(wrong, Admitted { clock: Hlc::new(NOW - 60_000, 2), implausible: true });
    let receipt = arrival(0, NOW).admit(Hlc::new(NOW, 2), []);
    assert_eq!(receipt, Admitted { clock: Hlc::new(NOW, 2), implausible: false });
    let future = arrival(0, NOW).admit(Hlc::new(NOW + 1, 2), []);
    assert_eq!(future, Admitted { clock: Hlc::new(NOW, 0), implausible: false });
}

#[test]
fn what_was_known_goes_before_the_receipt() {
    let late = Arrival { before: Some(Hlc::new(NOW, u16::MAX)), ..arrival(0, NOW) };
    let full = late.admit(Hlc::new(NOW + 5, 0), [Hlc::new(NOW, 4)]);
    assert_eq!(full.clock, Hlc::new(NOW + 1, 0));
    // The server's clock was set back by an hour after it admitted what is replaced here.
    let back = arrival(0, NOW - 3_600_000).admit(Hlc::new(NOW, 0), [Hlc::new(NOW, 0)]);
    assert_eq!(back, Admitted { clock: Hlc::new(NOW, 1), implausible: false });
}

#[test]
fn implausible_clocks_are_flagged_at_their_edges() {
    for (offset_ms, written_ms, implausible) in [
        (DAY_MS, NOW, false),
        (-DAY_MS, NOW, false),
        (DAY_MS + 1, NOW, true),
        (-DAY_MS - 1, NOW, true),
        (i64::MIN, NOW, true),
        (0, PLAUSIBLE_FROM_MS, false),
        (0, PLAUSIBLE_FROM_MS - 1, true),
        (0, -1, true),
        (0, PLAUSIBLE_TO_MS - 1, false),
        (0, PLAUSIBLE_TO_MS, true),
    ] {
        let admitted = arrival(offset_ms, NOW).admit(Hlc::new(written_ms, 0), []);
        assert_eq!(admitted.implausible, implausible, "{offset_ms} {written_ms}");
    }
    let instant = |ms| jiff::Timestamp::from_millisecond(ms).unwrap().to_string();
    assert_eq!(instant(PLAUSIBLE_FROM_MS), "2000-01-01T00:00:00Z");
    assert_eq!(instant(PLAUSIBLE_TO_MS), "2100-01-01T00:00:00Z");
}

fn ms() -> impl Strategy<Value = i64> {
    prop_oneof![
        Just(i64::MIN),
        Just(i64::MAX),
        any::<i64>(),
        -5..5_i64,
        NOW - 100_000..NOW + 100_000,
    ]
}

fn hlc() -> impl Strategy<Value = Hlc> {
    let count = prop_oneof![Just(0), Just(u16::MAX), any::<u16>()];
    (ms(), count).prop_map(|(ms, count)| Hlc::new(ms, count))
}

proptest! {
    #[test]
    fn strictly_increases(start in hlc(), steps in prop::collection::vec((ms(), hlc()), 1..40)) {
        let mut last = start;
        for (now, seen) in steps {
            let read = last.receive(now, seen);
            prop_assert!(read >= last);
            prop_assert!(read == last || read.ms() <= now.saturating_add(DRIFT_CAP_MS));
            let sent = read.send(now);
            prop_assert!(sent > read || read == Hlc::LAST);
            prop_assert!(sent.ms() >= now);
            last = sent;
        }
    }

    #[test]
    fn next_is_the_least_later_clock(clock in hlc(), other in hlc()) {
        prop_assert!(clock.next() > clock || clock == Hlc::LAST);
        prop_assert!(other <= clock || other >= clock.next());
    }

    #[test]
    fn admission_keeps_its_laws(
        offset_ms in ms(),
        received_ms in ms(),
        ops in prop::collection::vec((hlc(), prop::collection::vec(hlc(), 0..4)), 1..20),
    ) {
        let mut before = None;
        for (written, known) in ops {
            let arrival = Arrival { offset_ms, received_ms, before };
            let Admitted { clock, .. } = arrival.admit(written, known.iter().copied());
            let floor = known.iter().copied().chain(before).max();
            for earlier in known.iter().copied().chain(before) {
                prop_assert!(clock > earlier || earlier == Hlc::LAST);
            }
            // Later than the receipt only where what was known forces it, and no later than that.
            if clock.ms() > received_ms {
                prop_assert_eq!(Some(clock), floor.map(Hlc::next));
            }
            // The order in which the known ops are told does not matter.
            let again = arrival.admit(written, known.iter().rev().copied());
            prop_assert_eq!(again.clock, clock);
            before = Some(clock);
        }
    }

    #[test]
    fn a_right_clock_is_admitted_as_it_is(written in hlc(), late in 0..i64::MAX) {
        let received_ms = written.ms().saturating_add(late);
        prop_assert_eq!(arrival(0, received_ms).admit(written, []).clock, written);
    }

    #[test]
    fn a_constant_wrong_clock_changes_nothing(
        true_ms in NOW - 1_000_000..NOW,
        count in any::<u16>(),
        ahead_ms in -10 * DAY_MS..10 * DAY_MS,
    ) {
        let right = arrival(0, NOW).admit(Hlc::new(true_ms, count), []);
        let wrong = arrival(-ahead_ms, NOW).admit(Hlc::new(true_ms + ahead_ms, count), []);
        prop_assert_eq!(right.clock, wrong.clock);
    }
}
