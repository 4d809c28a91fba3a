//! Travel between locations.
use super::ProblemError;

/// Seconds (or metres) of a pair of locations without a way between them.
pub const UNREACHABLE: u32 = u32::MAX;

/// One ordered pair of locations. Time and distance lie side by side: the search always wants both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Arc {
    pub(crate) seconds: u32,
    pub(crate) metres: u32,
}

/// Seconds and metres from every location to every other; not necessarily symmetric. Locations near each other
/// should have near numbers ([`crate::along_curve`]): at thousands of them the search then takes half the time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matrix {
    n: usize,
    arcs: Vec<Arc>,
}

impl Matrix {
    /// Row-major `n` by `n` tables of seconds and metres; [`UNREACHABLE`] in either table means that
    /// there is no way. A location always reaches itself: an unreachable diagonal is taken for 0.
    ///
    /// # Errors
    /// When a table does not have `n * n` entries, or `n` is too large for an index.
    pub fn new(n: usize, seconds: Vec<u32>, metres: Vec<u32>) -> Result<Self, ProblemError> {
        let cells = cells(n)?;
        for (field, len) in [("matrix.seconds", seconds.len()), ("matrix.metres", metres.len())] {
            if len != cells {
                return Err(ProblemError::new(field, format!("{len} entries, {cells} expected")));
            }
        }
        let arcs = seconds.into_iter().zip(metres).map(arc).collect();
        Ok(Self { n, arcs }.with_free_diagonal())
    }

    /// The same from seconds and metres between two locations, asked for in order of rows: half the memory
    /// of two tables.
    ///
    /// # Errors
    /// When `n` is too large for an index.
    pub fn from_fn(
        n: usize,
        mut of: impl FnMut(usize, usize) -> (u32, u32),
    ) -> Result<Self, ProblemError> {
        let mut arcs = Vec::with_capacity(cells(n)?);
        for from in 0..n {
            arcs.extend((0..n).map(|to| arc(of(from, to))));
        }
        Ok(Self { n, arcs }.with_free_diagonal())
    }

    fn with_free_diagonal(mut self) -> Self {
        for arc in self.arcs.iter_mut().step_by(self.n + 1).filter(|a| a.seconds == UNREACHABLE) {
            *arc = Arc::default();
        }
        self
    }

    /// Number of locations.
    #[must_use]
    pub fn len(&self) -> usize {
        self.n
    }

    /// Whether there is no location.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.n == 0
    }

    /// Travel time in seconds, [`UNREACHABLE`] when there is no way or no such location.
    #[must_use]
    pub fn seconds(&self, from: usize, to: usize) -> u32 {
        self.get(from, to).map_or(UNREACHABLE, |a| a.seconds)
    }

    /// Distance in metres, [`UNREACHABLE`] when there is no way or no such location.
    #[must_use]
    pub fn metres(&self, from: usize, to: usize) -> u32 {
        self.get(from, to).map_or(UNREACHABLE, |a| a.metres)
    }

    fn get(&self, from: usize, to: usize) -> Option<Arc> {
        (from < self.n && to < self.n).then(|| self.arcs[from * self.n + to])
    }

    /// All arcs that leave `from`, by destination.
    pub(crate) fn row(&self, from: usize) -> &[Arc] {
        &self.arcs[from * self.n..(from + 1) * self.n]
    }

    /// Between places of a route, where `None` is nowhere: leaving from or ending nowhere costs nothing.
    pub(crate) fn leg(&self, from: Option<usize>, to: Option<usize>) -> Arc {
        match (from, to) {
            (Some(a), Some(b)) => self.arcs[a * self.n + b],
            _ => Arc::default(),
        }
    }

    /// The same table with from and to exchanged, or `None` when that changes nothing.
    pub(crate) fn transposed(&self) -> Option<Self> {
        let n = self.n;
        let symmetric =
            (0..n).all(|i| (0..i).all(|j| self.arcs[i * n + j] == self.arcs[j * n + i]));
        if symmetric {
            return None;
        }
        let arcs = (0..n * n).map(|k| self.arcs[(k % n) * n + k / n]).collect();
        Some(Self { n, arcs })
    }
}

fn cells(n: usize) -> Result<usize, ProblemError> {
    let cells = n.checked_mul(n).filter(|_| n < 1 << 31);
    cells.ok_or_else(|| ProblemError::new("matrix.n", "too many locations"))
}

fn arc((seconds, metres): (u32, u32)) -> Arc {
    let open = seconds != UNREACHABLE && metres != UNREACHABLE;
    if open { Arc { seconds, metres } } else { Arc { seconds: UNREACHABLE, metres: UNREACHABLE } }
}
