//! Lines of the drawing: fewer corners, short path data.

use super::super::html::put;
use super::projection::Spot;

/// Path data with relative moves: `m10 20l5 0 0 5`.
pub(super) fn path_data(out: &mut String, line: &[Spot], closed: bool) {
    let Some((&first, rest)) = line.split_first() else { return };
    put(out, format_args!("M{} {}", first.0, first.1));
    let mut last = first;
    for (i, &(x, y)) in rest.iter().enumerate() {
        let (dx, dy) = (x - last.0, y - last.1);
        if i == 0 {
            out.push('l');
        } else if dx >= 0 {
            out.push(' ');
        }
        let gap = if dy >= 0 { " " } else { "" };
        put(out, format_args!("{dx}{gap}{dy}"));
        last = (x, y);
    }
    if closed {
        out.push('z');
    }
}

/// Douglas and Peucker: keeps the ends and every corner further than `tolerance` from the chord.
pub(super) fn simplified(line: &[Spot], tolerance: f64) -> Vec<Spot> {
    if line.len() < 3 {
        return line.to_vec();
    }
    let mut keep = vec![false; line.len()];
    let mut open = vec![(0, line.len().saturating_sub(1))];
    while let Some((first, last)) = open.pop() {
        keep[first] = true;
        keep[last] = true;
        let furthest = (first + 1..last)
            .map(|i| (i, distance(line[i], line[first], line[last])))
            .max_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((corner, away)) = furthest
            && away > tolerance
        {
            open.push((first, corner));
            open.push((corner, last));
        }
    }
    line.iter().zip(keep).filter_map(|(spot, kept)| kept.then_some(*spot)).collect()
}

/// Distance of `p` from the segment between `a` and `b`.
fn distance(p: Spot, a: Spot, b: Spot) -> f64 {
    let vector = |from: Spot, to: Spot| (f64::from(to.0 - from.0), f64::from(to.1 - from.1));
    let ((abx, aby), (apx, apy)) = (vector(a, b), vector(a, p));
    let squared = abx * abx + aby * aby;
    let along =
        if squared > 0.0 { ((apx * abx + apy * aby) / squared).clamp(0.0, 1.0) } else { 0.0 };
    (apx - along * abx).hypot(apy - along * aby)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_relative_and_short() {
        let mut out = String::new();
        path_data(&mut out, &[(10, 20), (15, 20), (15, 14), (9, 14)], true);
        assert_eq!(out, "M10 20l5 0 0-6-6 0z");
    }

    #[test]
    fn near_corners_go_and_far_ones_stay() {
        let line = [(0, 0), (10, 1), (20, 0), (20, 30)];
        assert_eq!(simplified(&line, 2.0), [(0, 0), (20, 0), (20, 30)]);
        assert_eq!(simplified(&line, 0.5), line);
        // a ring has a chord of no length
        let ring = [(0, 0), (10, 0), (10, 10), (0, 0)];
        assert_eq!(simplified(&ring, 2.0), ring);
    }
}
