//! The wall clock. The only file of the server that reads it.

use jiff::Timestamp;

/// Where "now" comes from; passed to everything that notes a time.
#[derive(Debug, Clone, Copy)]
pub enum Clock {
    /// The clock of this machine.
    System,
    /// Always the same instant: the demo and tests.
    Fixed(Timestamp),
}

impl Clock {
    /// The present instant.
    #[must_use]
    pub fn now(self) -> Timestamp {
        match self {
            Self::System => Timestamp::now(),
            Self::Fixed(at) => at,
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
