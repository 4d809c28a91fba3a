//! The wall clock. The only file of the server that reads it.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;

/// Where "now" comes from; passed to everything that notes a time.
#[derive(Debug, Clone, Copy)]
pub enum Clock {
    /// The clock of this machine.
    System,
    /// Always the same instant: the demo and tests.
    Fixed(Timestamp),
    /// Stands still until it is moved: days that are acted out. Made by [`Clock::simulated`].
    Simulated(&'static AtomicI64),
}

impl Clock {
    /// A clock that shows `at` until [`Self::move_to`]. It lives as long as the program, so make few.
    #[must_use]
    pub fn simulated(at: Timestamp) -> Self {
        Self::Simulated(Box::leak(Box::new(AtomicI64::new(at.as_microsecond()))))
    }

    /// Moves a simulated clock; the others go by themselves, or not at all.
    pub fn move_to(self, at: Timestamp) {
        if let Self::Simulated(microseconds) = self {
            microseconds.store(at.as_microsecond(), Ordering::SeqCst);
        }
    }

    /// The present instant.
    #[must_use]
    pub fn now(self) -> Timestamp {
        match self {
            Self::System => Timestamp::now(),
            Self::Fixed(at) => at,
            // What was stored came from a timestamp.
            Self::Simulated(microseconds) => {
                Timestamp::from_microsecond(microseconds.load(Ordering::SeqCst)).unwrap_or_default()
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
