//! Many-to-many times and distances.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::buckets::{Buckets, Row};
use crate::ch::{Cost, Search};
use crate::ends::{entries, exits, seeds};
use crate::error::MatrixError;
use crate::network::Network;
use crate::num::{div_round, id};
use crate::snap::Place;

/// In a [`Matrix`]: no way leads there.
pub const UNREACHABLE: u32 = u32::MAX;

/// Largest result that is filled, in bytes: 11,585 places squared.
pub const MATRIX_MAX_BYTES: u64 = 1 << 30;

/// Rows a thread takes at a time.
const BLOCK: usize = 16;

/// Times and lengths of the fastest ways, row by row: the entry from `i` to `j` is at
/// `i * n_to + j`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matrix {
    /// Rows.
    pub n_from: usize,
    /// Columns.
    pub n_to: usize,
    /// Driving time in seconds, or [`UNREACHABLE`].
    pub seconds: Vec<u32>,
    /// Length of that way in metres, or [`UNREACHABLE`].
    pub metres: Vec<u32>,
}

impl Matrix {
    /// Seconds and metres from origin `from` to destination `to`, `None` when there is no
    /// way or no such entry.
    #[must_use]
    pub fn get(&self, from: usize, to: usize) -> Option<(u32, u32)> {
        if to >= self.n_to {
            return None;
        }
        let at = from.checked_mul(self.n_to)?.checked_add(to)?;
        let seconds = *self.seconds.get(at)?;
        (seconds != UNREACHABLE).then_some((seconds, *self.metres.get(at)?))
    }
}

impl Network {
    /// Times and lengths of the fastest ways between all pairs. `progress` gets the rows
    /// done, from any thread, and stops the work by returning `false`. The result does not
    /// depend on the number of threads, which is that of the machine's cores.
    ///
    /// # Errors
    /// [`MatrixError`] when cancelled, when a place is of another network, or when the
    /// result would be larger than [`MATRIX_MAX_BYTES`].
    pub fn matrix(
        &self,
        from: &[Place],
        to: &[Place],
        progress: &(dyn Fn(usize) -> bool + Sync),
    ) -> Result<Matrix, MatrixError> {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        self.matrix_on(threads, from, to, progress)
    }

    /// As [`Network::matrix`], on a number of threads given by the caller.
    ///
    /// # Errors
    /// As [`Network::matrix`].
    pub fn matrix_on(
        &self,
        threads: usize,
        from: &[Place],
        to: &[Place],
        progress: &(dyn Fn(usize) -> bool + Sync),
    ) -> Result<Matrix, MatrixError> {
        self.check("origins", from)?;
        self.check("destinations", to)?;
        let cells = check_size(from.len(), to.len())?;
        let mut matrix = Matrix {
            n_from: from.len(),
            n_to: to.len(),
            seconds: vec![UNREACHABLE; cells],
            metres: vec![UNREACHABLE; cells],
        };
        if cells == 0 {
            return Ok(matrix);
        }
        let job = Job { network: self, progress, stop: AtomicBool::new(false) };
        let buckets = job.buckets(threads, to);
        job.fill(threads, from, &buckets, &mut matrix);
        if job.stop.into_inner() { Err(MatrixError::Cancelled) } else { Ok(matrix) }
    }

    fn check(&self, side: &'static str, places: &[Place]) -> Result<(), MatrixError> {
        match places.iter().position(|place| !self.owns(place)) {
            Some(index) => Err(MatrixError::ForeignPlace { side, index }),
            None => Ok(()),
        }
    }
}

/// Cells of a matrix that is not too large.
fn check_size(from: usize, to: usize) -> Result<usize, MatrixError> {
    let wide = |n: usize| u128::try_from(n).unwrap_or(u128::MAX);
    let bytes = wide(from).saturating_mul(wide(to)).saturating_mul(8);
    match from.checked_mul(to) {
        Some(cells) if bytes <= u128::from(MATRIX_MAX_BYTES) => Ok(cells),
        _ => Err(MatrixError::TooLarge { from, to, bytes, limit: MATRIX_MAX_BYTES }),
    }
}

struct Job<'a> {
    network: &'a Network,
    progress: &'a (dyn Fn(usize) -> bool + Sync),
    stop: AtomicBool,
}

impl Job<'_> {
    /// Searches back from every destination.
    fn buckets(&self, threads: usize, to: &[Place]) -> Buckets {
        let network = self.network;
        let share = to.len().div_ceil(threads.max(1));
        let part = |(n, places): (usize, &[Place])| {
            let mut search = Search::new(network.hierarchy.nodes());
            let mut found = Vec::new();
            for (index, place) in places.iter().enumerate() {
                if self.stop.load(Ordering::Relaxed) {
                    break;
                }
                let ends = entries(&network.segments, place);
                search.backward(&network.hierarchy, &seeds(&ends));
                let column = id(n * share + index);
                found.extend(search.settled.iter().map(|&(node, cost)| (node, column, cost)));
            }
            found
        };
        let parts = in_parallel(to.chunks(share).enumerate(), &part);
        Buckets::new(network.hierarchy.nodes(), &parts, to)
    }

    fn fill(&self, threads: usize, from: &[Place], buckets: &Buckets, matrix: &mut Matrix) {
        let width = matrix.n_to;
        let cells = BLOCK * width;
        let rows = matrix.seconds.chunks_mut(cells).zip(matrix.metres.chunks_mut(cells));
        let queue = Mutex::new(from.chunks(BLOCK).zip(rows));
        let done = AtomicUsize::new(0);
        let work = |_: usize| {
            let mut search = Search::new(self.network.hierarchy.nodes());
            let mut row = Row::new(width);
            loop {
                // A panic elsewhere cannot leave the queue half changed.
                let next = queue.lock().unwrap_or_else(std::sync::PoisonError::into_inner).next();
                let Some((places, (seconds, metres))) = next else { break };
                if self.stop.load(Ordering::Relaxed) {
                    break;
                }
                let cells = seconds.chunks_mut(width).zip(metres.chunks_mut(width));
                for (place, (seconds, metres)) in places.iter().zip(cells) {
                    self.row(place, buckets, &mut search, &mut row);
                    write(&row.costs, seconds, metres);
                }
                let total = done.fetch_add(places.len(), Ordering::Relaxed) + places.len();
                if !(self.progress)(total) {
                    self.stop.store(true, Ordering::Relaxed);
                }
            }
        };
        in_parallel(0..threads.max(1), &work);
    }

    fn row(&self, place: &Place, buckets: &Buckets, search: &mut Search, row: &mut Row) {
        let network = self.network;
        let ends = exits(&network.segments, place);
        search.forward(&network.hierarchy, &seeds(&ends));
        row.clear();
        for &(node, cost) in &search.settled {
            row.meet(buckets.at(node), cost);
        }
        buckets.stay(&network.segments, place, row);
    }
}

fn write(costs: &[Cost], seconds: &mut [u32], metres: &mut [u32]) {
    for ((cost, seconds), metres) in costs.iter().zip(seconds).zip(metres) {
        if *cost != Cost::NONE {
            *seconds = div_round(cost.ms(), 1000);
            *metres = div_round(cost.cm(), 100);
        }
    }
}

/// Runs `work` on every item, each on a thread of its own, results in the items' order.
fn in_parallel<I: Send, T: Send>(
    items: impl Iterator<Item = I>,
    work: &(impl Fn(I) -> T + Sync),
) -> Vec<T> {
    let items: Vec<I> = items.collect();
    if items.len() <= 1 {
        return items.into_iter().map(work).collect();
    }
    std::thread::scope(|scope| {
        let threads: Vec<_> =
            items.into_iter().map(|item| scope.spawn(move || work(item))).collect();
        let join = |thread: std::thread::ScopedJoinHandle<'_, T>| match thread.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        threads.into_iter().map(join).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_bounded() {
        assert_eq!(check_size(2000, 2000).unwrap(), 4_000_000);
        let error = check_size(100_000, 100_000).unwrap_err().to_string();
        assert!(error.contains("80000000000 bytes"), "{error}");
        assert!(check_size(usize::MAX, usize::MAX).is_err());
    }
}
