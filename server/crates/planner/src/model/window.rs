//! Spans of time.

/// A span of time in seconds; both ends belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Window {
    /// First second.
    pub early: i64,
    /// Last second.
    pub late: i64,
}

impl Window {
    /// From `early` to `late`, both included.
    #[must_use]
    pub const fn new(early: i64, late: i64) -> Self {
        Self { early, late }
    }

    /// Whether an instant belongs to it.
    #[must_use]
    pub const fn holds(self, t: i64) -> bool {
        self.early <= t && t <= self.late
    }

    /// Wider than any shift: stands for "any time".
    pub(crate) const ALWAYS: Self = Self::new(-(1 << 40), 1 << 40);
}

#[cfg(test)]
mod tests {
    use super::Window;

    #[test]
    fn both_ends_belong_to_it() {
        let held = |t: &i64| Window::new(10, 12).holds(*t);
        assert_eq!((8..15).filter(held).collect::<Vec<_>>(), [10, 11, 12]);
    }
}
