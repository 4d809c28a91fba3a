//! The wall clock. The only file of the server that reads it.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;

/// Set in [`Acted::since`] while the clock stands still.
const STANDS: i64 = i64::MIN;

/// Where "now" comes from; passed to everything that notes a time.
#[derive(Debug, Clone, Copy)]
pub enum Clock {
    /// The clock of this machine.
    System,
    /// Always the same instant: the demo and tests.
    Fixed(Timestamp),
    /// Stands still until it is moved or goes on: days that are acted out. Made by [`Clock::simulated`]
    /// and [`Clock::going_on`].
    Simulated(&'static Acted),
}

/// What a simulated clock shows.
#[derive(Debug)]
pub struct Acted {
    /// Microseconds since 1970.
    shown: AtomicI64,
    /// The instant of the real clock at which it showed that and went on from there, or [`STANDS`].
    since: AtomicI64,
}

impl Clock {
    /// A clock that shows `at` until [`Self::move_to`]. It lives as long as the program, so make few.
    #[must_use]
    pub fn simulated(at: Timestamp) -> Self {
        Self::acted(at, STANDS)
    }

    /// A clock that showed `shown` when the real one showed `since`, and goes on from there. As
    /// [`Self::simulated`], make few.
    #[must_use]
    pub fn going_on(shown: Timestamp, since: Timestamp) -> Self {
        Self::acted(shown, since.as_microsecond())
    }

    fn acted(shown: Timestamp, since: i64) -> Self {
        let (shown, since) = (AtomicI64::new(shown.as_microsecond()), AtomicI64::new(since));
        Self::Simulated(Box::leak(Box::new(Acted { shown, since })))
    }

    /// Moves a simulated clock that stands; the others go by themselves, or not at all.
    pub fn move_to(self, at: Timestamp) {
        if let Self::Simulated(acted) = self {
            acted.shown.store(at.as_microsecond(), Ordering::SeqCst);
        }
    }

    /// Lets a simulated clock go on from what it shows. Answers with that and the real time, from which
    /// [`Self::going_on`] makes the same clock again.
    #[must_use]
    pub fn go_on(self) -> Option<(Timestamp, Timestamp)> {
        let Self::Simulated(acted) = self else { return None };
        let (shown, real) = (self.now(), Timestamp::now());
        acted.shown.store(shown.as_microsecond(), Ordering::SeqCst);
        acted.since.store(real.as_microsecond(), Ordering::SeqCst);
        Some((shown, real))
    }

    /// Whether it goes on from another time than that of this machine: what it shows must be said.
    #[must_use]
    pub fn is_going_on(self) -> bool {
        matches!(self, Self::Simulated(acted) if acted.since.load(Ordering::SeqCst) != STANDS)
    }

    /// The present instant.
    #[must_use]
    pub fn now(self) -> Timestamp {
        match self {
            Self::System => Timestamp::now(),
            Self::Fixed(at) => at,
            Self::Simulated(acted) => {
                let shown = acted.shown.load(Ordering::SeqCst);
                let gone = match acted.since.load(Ordering::SeqCst) {
                    STANDS => 0,
                    // A real clock that was set back makes none go back below what it showed.
                    since => Timestamp::now().as_microsecond().saturating_sub(since).max(0),
                };
                // What was stored came from timestamps.
                Timestamp::from_microsecond(shown.saturating_add(gone)).unwrap_or_default()
            }
        }
    }
}

/// Measures how long a step takes, for what is shown to people. Never decides anything.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(std::time::Instant);

impl Stopwatch {
    /// Starts to measure.
    #[must_use]
    pub fn start() -> Self {
        Self(std::time::Instant::now())
    }

    /// Seconds since the start.
    #[must_use]
    pub fn seconds(self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_clock_goes_on_from_what_it_showed() {
        let clock = Clock::simulated(at("2026-11-22T18:00:00Z"));
        clock.move_to(at("2026-12-23T18:00:00Z"));
        assert_eq!(clock.now(), at("2026-12-23T18:00:00Z"));
        assert!(!clock.is_going_on() && !Clock::System.is_going_on());
        let (shown, since) = clock.go_on().unwrap();
        assert_eq!(shown, at("2026-12-23T18:00:00Z"));
        assert!(clock.is_going_on() && clock.now() >= shown);
        let same = Clock::going_on(shown, since).now();
        assert!(same >= shown && same < at("2026-12-24T18:00:00Z"), "{same}");
        // A day and more ago, on this machine's clock.
        let earlier = Clock::going_on(shown, since - jiff::SignedDuration::from_hours(25)).now();
        assert!(earlier >= at("2026-12-24T19:00:00Z"), "{earlier}");
        // The machine's clock was set back: it stands rather than goes back.
        let back = Clock::going_on(shown, since + jiff::SignedDuration::from_hours(25));
        assert_eq!(back.now(), shown);
        assert_eq!(Clock::Fixed(shown).go_on(), None);
    }
}
