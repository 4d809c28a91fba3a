//! Many-to-many times and distances.

mod down;
mod lanes;
mod up;

use self::down::Down;
use self::lanes::{LANES, Lanes, unpack};
use self::up::Up;
use crate::ch::Cost;
use crate::ends::{direct, entries, exits, seeds};
use crate::error::MatrixError;
use crate::network::Network;
use crate::parallel::{cores, in_batches};
use crate::snap::{Place, near};

/// In a [`Matrix`]: no way leads there.
pub const UNREACHABLE: u32 = u32::MAX;

/// Largest result that is filled, in bytes: 11,585 places squared.
pub const MATRIX_MAX_BYTES: u64 = 1 << 30;

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
        self.matrix_on(cores(), from, to, progress)
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
        Job::new(self, to).fill(threads, from, &mut matrix, progress)?;
        Ok(matrix)
    }

    pub(crate) fn check(&self, side: &'static str, places: &[Place]) -> Result<(), MatrixError> {
        match places.iter().position(|place| !self.owns(place)) {
            Some(index) => Err(MatrixError::ForeignPlace { side, index }),
            None => Ok(()),
        }
    }
}

/// Cells of a matrix that is not too large.
pub(crate) fn check_size(from: usize, to: usize) -> Result<usize, MatrixError> {
    let wide = |n: usize| u128::try_from(n).unwrap_or(u128::MAX);
    let bytes = wide(from).saturating_mul(wide(to)).saturating_mul(8);
    match from.checked_mul(to) {
        Some(cells) if bytes <= u128::from(MATRIX_MAX_BYTES) => Ok(cells),
        _ => Err(MatrixError::TooLarge { from, to, bytes, limit: MATRIX_MAX_BYTES }),
    }
}

/// Rows of the result that belong to one origin.
type Row<'m> = (&'m mut [u32], &'m mut [u32]);

struct Job<'a> {
    network: &'a Network,
    to: &'a [Place],
    down: Down,
    /// Destinations by segment, for the ways that never leave it.
    by_segment: Vec<(u32, usize)>,
}

impl<'a> Job<'a> {
    fn new(network: &'a Network, to: &'a [Place]) -> Self {
        let targets: Vec<_> = to.iter().map(|place| seeds(&entries(network, place))).collect();
        let numbered = to.iter().enumerate();
        let mut by_segment: Vec<_> = numbered.map(|(t, place)| (place.segment, t)).collect();
        by_segment.sort_unstable();
        let down = Down::new(&network.hierarchy, &targets);
        Self { network, to, down, by_segment }
    }

    fn fill(
        &self,
        threads: usize,
        from: &[Place],
        matrix: &mut Matrix,
        progress: &(dyn Fn(usize) -> bool + Sync),
    ) -> Result<(), MatrixError> {
        let width = matrix.n_to;
        let seconds = matrix.seconds.chunks_mut(width);
        let mut work: Vec<(&Place, Row<'_>)> =
            from.iter().zip(seconds.zip(matrix.metres.chunks_mut(width))).collect();
        // Origins near each other share most of what they reach.
        work.sort_by_cached_key(|(place, _)| near(place.position));
        let state =
            || (Up::new(self.network.hierarchy.nodes()), vec![Lanes::NONE; self.down.states()]);
        in_batches(threads, &mut work, LANES, progress, &state, &|(up, costs), batch| {
            self.batch(batch, up, costs);
        })
    }

    fn batch(&self, batch: &mut [(&Place, Row<'_>)], up: &mut Up, costs: &mut [Lanes]) {
        let network = self.network;
        let origins: Vec<_> =
            batch.iter().map(|(place, _)| seeds(&exits(network, place))).collect();
        let origins: Vec<&[_]> = origins.iter().map(Vec::as_slice).collect();
        up.run(&network.hierarchy, &origins, &self.down, costs);
        self.down.sweep(costs);
        for target in 0..self.to.len() {
            let best = self.down.to(target, costs);
            for ((_, (seconds, metres)), packed) in batch.iter_mut().zip(best.0) {
                if packed.is_finite() {
                    (seconds[target], metres[target]) = figures(unpack(packed));
                }
            }
        }
        for (place, row) in batch {
            self.stay(place, row);
        }
    }

    /// Puts in the ways that never leave the segment of `from`.
    fn stay(&self, from: &Place, (seconds, metres): &mut Row<'_>) {
        let start = self.by_segment.partition_point(|&(segment, _)| segment < from.segment);
        let same = self.by_segment.iter().skip(start).take_while(|(s, _)| *s == from.segment);
        for &(_, target) in same {
            let Some(to) = self.to.get(target) else { continue };
            let cost = direct(self.network, from, to);
            if cost != Cost::NONE {
                let direct = figures_of(cost);
                let best = (seconds[target], metres[target]).min(direct);
                (seconds[target], metres[target]) = best;
            }
        }
    }
}

/// Seconds and metres of centiseconds and decimetres.
#[inline]
fn figures((cs, dm): (u64, u64)) -> (u32, u32) {
    let whole = |value: u64| u32::try_from(value).unwrap_or(UNREACHABLE - 1);
    (whole((cs + 50) / 100), whole((dm + 5) / 10))
}

/// Seconds and metres of a cost.
pub(crate) fn figures_of(cost: Cost) -> (u32, u32) {
    figures((u64::from(cost.cs()), u64::from(cost.dm())))
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
