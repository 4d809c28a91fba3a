//! Borders of territories: the edges of cells whose neighbour is not of the same agent.

use std::collections::HashMap;

use super::super::document::{Cell, Point};
use super::super::html::put;
use super::projection::{Projection, whole};

/// Share of the way to the cell's centre that a border moves inwards, so that the borders of two
/// neighbours lie side by side.
const INSET: f64 = 0.06;

/// Path data of the border around the cells of one agent; edges between them are left out.
pub(super) fn territory_border(cells: &[&Cell], projection: &Projection) -> String {
    let mut times: HashMap<[(i64, i64); 2], u8> = HashMap::new();
    for cell in cells {
        for (a, b) in edges(cell) {
            let count = times.entry(key(a, b)).or_default();
            *count = count.saturating_add(1);
        }
    }
    let mut data = String::new();
    for cell in cells {
        let corners: Vec<(f64, f64)> = cell.boundary.iter().map(|p| projection.exact(*p)).collect();
        let inset = |at: usize| {
            let centre = mean(&corners);
            let (x, y) = corners[at];
            (whole(x + (centre.0 - x) * INSET), whole(y + (centre.1 - y) * INSET))
        };
        let mut last = None;
        for (i, (a, b)) in edges(cell).enumerate() {
            if times.get(&key(a, b)) != Some(&1) {
                continue;
            }
            let next = (i + 1) % corners.len();
            let ((x1, y1), (x2, y2)) = (inset(i), inset(next));
            if last == Some(i) {
                put(&mut data, format_args!("L{x2} {y2}"));
            } else {
                put(&mut data, format_args!("M{x1} {y1}L{x2} {y2}"));
            }
            last = Some(next);
        }
    }
    data
}

fn edges(cell: &Cell) -> impl Iterator<Item = (Point, Point)> {
    let next = cell.boundary.iter().cycle().skip(1);
    cell.boundary.iter().zip(next).map(|(a, b)| (*a, *b))
}

/// An edge whichever way it runs, to about a metre: neighbours compute their
/// corners apart.
fn key(a: Point, b: Point) -> [(i64, i64); 2] {
    let corner = |p: Point| (i64::from(whole(p.lat * 1e5)), i64::from(whole(p.lon * 1e5)));
    let (a, b) = (corner(a), corner(b));
    if a <= b { [a, b] } else { [b, a] }
}

fn mean(corners: &[(f64, f64)]) -> (f64, f64) {
    let (mut n, mut x, mut y) = (0.0_f64, 0.0, 0.0);
    for corner in corners {
        n += 1.0;
        x += corner.0;
        y += corner.1;
    }
    (x / n.max(1.0), y / n.max(1.0))
}

#[cfg(test)]
mod tests {
    use super::super::super::sample;
    use super::*;

    #[test]
    fn an_edge_between_two_cells_of_one_agent_is_no_border() {
        let document = sample::one_stop();
        let projection = Projection::of(&document, &[]);
        let west = &document.cells[0];
        let mut east = west.clone();
        for corner in &mut east.boundary {
            corner.lon += 0.02;
        }
        let lines = |data: &str| data.matches('L').count();
        assert_eq!(lines(&territory_border(&[west], &projection)), 4);
        assert_eq!(lines(&territory_border(&[west, &east], &projection)), 6);
        assert_eq!(territory_border(&[], &projection), "");
    }
}
