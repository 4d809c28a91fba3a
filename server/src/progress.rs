//! How long work is shown while it runs.

/// Somebody who watches: a progress bar, a log, or nobody.
pub trait Progress: Sync {
    /// A step begins; `total` units if known.
    fn begin(&self, step: &str, total: Option<u64>);
    /// `done` units of the step are done.
    fn at(&self, done: u64);
    /// The total became known or changed.
    fn total(&self, total: u64);
    /// A short word beside the bar, for example the best profit so far.
    fn note(&self, text: &str);
    /// Whether whoever watches has gone, and nobody wants the rest.
    fn is_cancelled(&self) -> bool {
        false
    }
    /// The step is over; `summary` stays on the screen.
    fn end(&self, summary: &str);
}

/// Nobody watches.
#[derive(Debug, Clone, Copy)]
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _: &str, _: Option<u64>) {}
    fn at(&self, _: u64) {}
    fn total(&self, _: u64) {}
    fn note(&self, _: &str) {}
    fn end(&self, _: &str) {}
}
