//! From positions to cells, and the level at which cells make good atoms.

use std::collections::BTreeMap;

use h3o::{CellIndex, LatLng, Resolution};
use sync_core::model::Position;

/// Levels tried: cells of about 36 down to 0.1 square kilometres.
const TRIED: [Resolution; 4] =
    [Resolution::Nine, Resolution::Eight, Resolution::Seven, Resolution::Six];
/// Cases that make a cell a good atom: enough to weigh, few enough to hand over.
const GOOD: std::ops::RangeInclusive<usize> = 3..=8;

/// The cell a position lies in.
#[must_use]
pub fn cell_of(position: Position, resolution: Resolution) -> CellIndex {
    // A position is finite and in range, so the conversion holds; zero is a formality.
    LatLng::new(position.lat(), position.lon()).unwrap_or_default().to_cell(resolution)
}

/// The level, 6 to 9, at which the median occupied cell holds 3 to 8 cases: the finest such
/// level, else the one whose median comes nearest; and a finer one where a single cell would hold
/// more than the share of one of `bases` territories. Level 9 without positions.
#[must_use]
pub fn choose_resolution(positions: &[Position], bases: usize) -> Resolution {
    if positions.is_empty() {
        return Resolution::Nine;
    }
    let share = positions.len() / bases.max(1);
    let mut nearest = (usize::MAX, Resolution::Nine);
    for (step, resolution) in TRIED.into_iter().enumerate() {
        let counts = counts(positions, resolution);
        // Coarser cells only hold more.
        if step > 0 && counts.last().is_some_and(|most| *most > share) {
            break;
        }
        let median = counts.get(counts.len() / 2).copied().unwrap_or(0);
        if GOOD.contains(&median) {
            return resolution;
        }
        let away = GOOD.start().saturating_sub(median) + median.saturating_sub(*GOOD.end());
        // Of equals the coarser: its cells touch more often.
        if away <= nearest.0 {
            nearest = (away, resolution);
        }
    }
    nearest.1
}

/// Cases of each occupied cell, ascending.
fn counts(positions: &[Position], resolution: Resolution) -> Vec<usize> {
    let mut counts: BTreeMap<CellIndex, usize> = BTreeMap::new();
    for position in positions {
        *counts.entry(cell_of(*position, resolution)).or_default() += 1;
    }
    let mut counts: Vec<usize> = counts.into_values().collect();
    counts.sort_unstable();
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `count` positions, `step` 1e-7 degrees apart on a grid.
    fn grid(count: i32, step: i32) -> Vec<Position> {
        (0..count * count)
            .map(|i| {
                let (row, column) = (i / count, i % count);
                Position::from_e7(390_000_000 + row * step, -755_000_000 + column * step).unwrap()
            })
            .collect()
    }

    #[test]
    fn denser_books_take_finer_cells() {
        // 0.1 km2 a cell at level 9, 0.7 at 8, 5.2 at 7: one case each 0.02, 0.14 and 1 km2.
        assert_eq!(choose_resolution(&grid(60, 14_000), 12), Resolution::Nine);
        assert_eq!(choose_resolution(&grid(60, 37_000), 12), Resolution::Eight);
        assert_eq!(choose_resolution(&grid(60, 100_000), 12), Resolution::Seven);
    }

    #[test]
    fn one_heavy_town_keeps_cells_fine() {
        let mut book = grid(60, 100_000);
        book.extend(grid(30, 500));
        assert_eq!(choose_resolution(&book, 12), Resolution::Nine);
        assert_eq!(choose_resolution(&book, 1), Resolution::Seven);
    }

    #[test]
    fn extremes_take_the_nearest_level() {
        assert_eq!(choose_resolution(&grid(30, 5_000_000), 12), Resolution::Six);
        assert_eq!(choose_resolution(&grid(200, 2_000), 12), Resolution::Nine);
        assert_eq!(choose_resolution(&[], 12), Resolution::Nine);
    }
}
