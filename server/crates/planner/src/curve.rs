//! Numbers for places so that near ones have near numbers.
//!
//! An iteration of the search looks at legs among a few hundred places around one. Numbered as they came,
//! these are spread over the whole matrix, each in a cache line of its own; along a curve that fills the
//! plane they lie side by side. The numbers decide nothing, and at thousands of places save half the time.
use crate::cast::to_i64;

/// Halvings of the square in which places are told apart.
const LEVELS: u32 = 16;

/// Indices of the points in their order along Hilbert's curve (D. Hilbert 1891, Mathematische Annalen 38)
/// through the square around them all; those in one cell by index. Coordinates of any unit; what is not
/// finite comes first.
#[must_use]
pub fn along_curve(points: &[(f64, f64)]) -> Vec<usize> {
    let (mut low, mut high) =
        ((f64::INFINITY, f64::INFINITY), (f64::NEG_INFINITY, f64::NEG_INFINITY));
    for &(x, y) in points.iter().filter(|(x, y)| x.is_finite() && y.is_finite()) {
        low = (low.0.min(x), low.1.min(y));
        high = (high.0.max(x), high.1.max(y));
    }
    let side = (high.0 - low.0).max(high.1 - low.1);
    let last = (1_u32 << LEVELS) - 1;
    let cell = |at: f64, low: f64| {
        let share = if side > 0.0 { (at - low) / side } else { 0.0 };
        u32::try_from(to_i64(share * f64::from(last))).unwrap_or(0).min(last)
    };
    let mut order: Vec<(u64, usize)> = points
        .iter()
        .enumerate()
        .map(|(i, &(x, y))| (distance(cell(x, low.0), cell(y, low.1)), i))
        .collect();
    order.sort_unstable();
    order.into_iter().map(|(_, i)| i).collect()
}

/// How far along the curve a cell lies: quarter by quarter, each turned so that it begins where the one
/// before ends.
fn distance(mut x: u32, mut y: u32) -> u64 {
    let mut along = 0;
    for level in (0..LEVELS).rev() {
        let half = 1 << level;
        let (right, up) = (x & half != 0, y & half != 0);
        let quarter: u64 = match (right, up) {
            (false, false) => 0,
            (false, true) => 1,
            (true, true) => 2,
            (true, false) => 3,
        };
        along = along << 2 | quarter;
        (x, y) = (x & (half - 1), y & (half - 1));
        if !up {
            if right {
                (x, y) = (half - 1 - x, half - 1 - y);
            }
            (x, y) = (y, x);
        }
    }
    along
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_of_eight_by_eight_visits_each_cell_and_moves_by_one() {
        let step = 1 << (LEVELS - 3);
        let cells: Vec<(u32, u32)> = (0..8).flat_map(|x| (0..8).map(move |y| (x, y))).collect();
        let mut order: Vec<_> = cells
            .iter()
            .map(|&(x, y)| (distance(x * step, y * step) >> (2 * (LEVELS - 3)), x, y))
            .collect();
        order.sort_unstable();
        assert!(order.iter().enumerate().all(|(i, o)| o.0 == i as u64), "{order:?}");
        let moves = order.windows(2).map(|p| p[0].1.abs_diff(p[1].1) + p[0].2.abs_diff(p[1].2));
        assert!(moves.into_iter().all(|m| m == 1), "{order:?}");
    }

    #[test]
    fn order_of_the_corners() {
        // begins in the south-west, ends in the south-east
        let corners = [(1.0, 1.0), (1.0, 0.0), (0.0, 1.0), (0.0, 0.0)];
        assert_eq!(along_curve(&corners), [3, 2, 0, 1]);
    }

    #[test]
    fn points_that_are_none_or_the_same_do_no_harm() {
        assert_eq!(along_curve(&[]), [0; 0]);
        assert_eq!(along_curve(&[(2.0, 2.0), (2.0, 2.0)]), [0, 1]);
        let odd = [(5.0, 1.0), (f64::NAN, 0.0), (0.0, f64::INFINITY)];
        assert_eq!(along_curve(&odd).len(), 3);
    }
}
