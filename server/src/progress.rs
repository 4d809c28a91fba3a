//! How long work is shown while it runs.

/// Somebody who watches: a progress bar, a log, or nobody. Whoever does not say otherwise looks at nothing.
pub trait Progress: Sync {
    /// A step begins; `total` units if known.
    fn begin(&self, _step: &str, _total: Option<u64>) {}
    /// `done` units of the step are done.
    fn at(&self, _done: u64) {}
    /// The total became known or changed.
    fn total(&self, _total: u64) {}
    /// A short word beside the bar, for example the best profit so far.
    fn note(&self, _text: &str) {}
    /// Whether whoever watches has gone, and nobody wants the rest.
    fn is_cancelled(&self) -> bool {
        false
    }
    /// The step is over; `summary` stays on the screen.
    fn end(&self, _summary: &str) {}
}

/// Nobody watches.
#[derive(Debug, Clone, Copy)]
pub struct Silent;

impl Progress for Silent {}
