//! Clocks: the hybrid logical clock of a device, and the clock the server admits an op with.
//!
//! Milliseconds are since 1970 UTC and may lie before it. Nothing here reads a clock, and no value,
//! however wrong, is refused: a wrong clock is kept, flagged and put where it belongs.
//! The rules are those of section 4 of `server/docs/SYNC.md`.

use std::fmt;

/// How far an op that was received may set a device's clock ahead of its own, in milliseconds.
pub const DRIFT_CAP_MS: i64 = 60_000;

/// An offset to the server beyond this is implausible, in milliseconds: a day.
pub const PLAUSIBLE_OFFSET_MS: u64 = 86_400_000;

/// The first plausible millisecond of a device's clock: 2000-01-01T00:00:00Z.
pub const PLAUSIBLE_FROM_MS: i64 = 946_684_800_000;

/// The first millisecond that is no longer plausible: 2100-01-01T00:00:00Z.
pub const PLAUSIBLE_TO_MS: i64 = 4_102_444_800_000;

/// A hybrid logical clock: milliseconds, and a count that orders what happened within one.
///
/// Later clocks are greater.
///
/// ```
/// use sync_core::clock::Hlc;
/// let first = Hlc::FIRST.send(1_000);
/// assert_eq!((first.ms(), first.count()), (1_000, 0));
/// // The device's clock was set back: the next op is later all the same.
/// let second = first.send(400);
/// assert_eq!((second.ms(), second.count()), (1_000, 1));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hlc {
    ms: i64,
    count: u16,
}

impl Hlc {
    /// The earliest clock, with which a device begins.
    pub const FIRST: Self = Self { ms: i64::MIN, count: 0 };

    /// The latest clock; nothing is later.
    pub const LAST: Self = Self { ms: i64::MAX, count: u16::MAX };

    /// The clock at `ms` milliseconds since 1970 UTC with `count`.
    #[must_use]
    pub const fn new(ms: i64, count: u16) -> Self {
        Self { ms, count }
    }

    /// Milliseconds since 1970 UTC.
    #[must_use]
    pub const fn ms(self) -> i64 {
        self.ms
    }

    /// The place among clocks of the same millisecond.
    #[must_use]
    pub const fn count(self) -> u16 {
        self.count
    }

    /// The clock that follows at once: one more in the count, and after 65,535 one millisecond
    /// more. [`Self::LAST`] stays where it is.
    #[must_use]
    pub const fn next(self) -> Self {
        match (self.count.checked_add(1), self.ms.checked_add(1)) {
            (Some(count), _) => Self { ms: self.ms, count },
            (None, Some(ms)) => Self { ms, count: 0 },
            (None, None) => Self::LAST,
        }
    }

    /// The clock of an op written now: after `self`, the last clock of the device, and not before
    /// `now_ms`, the device's own clock in milliseconds since 1970 UTC.
    #[must_use]
    pub const fn send(self, now_ms: i64) -> Self {
        if now_ms > self.ms { Self { ms: now_ms, count: 0 } } else { self.next() }
    }

    /// The device's last clock after it has read an op admitted at `seen`, so that what it writes
    /// next is later than what it has read. `now_ms` is the device's own clock; `seen` moves it to
    /// at most [`DRIFT_CAP_MS`] after that, and never back.
    #[must_use]
    pub fn receive(self, now_ms: i64, seen: Self) -> Self {
        let furthest = now_ms.saturating_add(DRIFT_CAP_MS);
        let seen = if seen.ms > furthest { Self { ms: furthest, count: 0 } } else { seen };
        self.max(seen)
    }
}

impl fmt::Display for Hlc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.ms, self.count)
    }
}

/// What the server knows of an op's time when it admits the op.
///
/// ```
/// use sync_core::clock::{Hlc, Arrival};
/// // A device five seconds ahead, and an op whose clock says one second past ten.
/// let arrival = Arrival { offset_ms: -5_000, received_ms: 20_000, before: None };
/// let admitted = arrival.admit(Hlc::new(11_000, 0), []);
/// assert_eq!(admitted.clock, Hlc::new(6_000, 0));
/// // It replaced something that was admitted later than that: it stays on top.
/// let admitted = arrival.admit(Hlc::new(11_000, 0), [Hlc::new(9_000, 3)]);
/// assert_eq!(admitted.clock, Hlc::new(9_000, 4));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// Server time less device time at the handshake of the connection, in milliseconds.
    pub offset_ms: i64,
    /// Server time of the receipt, in milliseconds since 1970 UTC.
    pub received_ms: i64,
    /// The admitted clock of the device's op before, if it has one.
    pub before: Option<Hlc>,
}

/// The clock an op was admitted with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Admitted {
    /// The clock by which every replica orders.
    pub clock: Hlc,
    /// Whether the op is to be flagged `clock_implausible`. It is kept in any case.
    pub implausible: bool,
}

impl Arrival {
    /// Admits an op that the device wrote at `written` by its own clock, knowing ops that were
    /// admitted at `known`: the one it replaces and those of its context, as far as the server has
    /// admitted them.
    ///
    /// The clock is `written` moved by the offset, not later than the receipt; but later than the
    /// device's op before and than all `known`, which go before the receipt where they contradict
    /// it: the server's clock may have been set back, or the receipt's count be used up. Only where
    /// one of them is [`Hlc::LAST`] is there nothing later.
    #[must_use]
    pub fn admit(self, written: Hlc, known: impl IntoIterator<Item = Hlc>) -> Admitted {
        let moved = Hlc::new(written.ms.saturating_add(self.offset_ms), written.count);
        let arrived =
            if moved.ms > self.received_ms { Hlc::new(self.received_ms, 0) } else { moved };
        let latest = known.into_iter().chain(self.before).max();
        let clock = match latest {
            Some(latest) if arrived <= latest => latest.next(),
            _ => arrived,
        };
        let implausible = self.offset_ms.unsigned_abs() > PLAUSIBLE_OFFSET_MS
            || !(PLAUSIBLE_FROM_MS..PLAUSIBLE_TO_MS).contains(&written.ms);
        Admitted { clock, implausible }
    }
}

#[cfg(test)]
#[path = "clock_tests.rs"]
mod tests;
