//! Roads under the plan: joined, simplified and drawn within a budget of bytes.

use std::collections::{HashMap, HashSet};

use super::super::document::RoadLine;
use super::super::html::put;
use super::line::{path_data, simplified};
use super::projection::{Projection, Spot};

/// Tolerances tried in turn, in units of the drawing.
const TOLERANCES: [f64; 5] = [1.0, 2.0, 4.0, 8.0, 16.0];
/// Ranks 0 to 3 are always drawn, with the coarsest tolerance if need be.
const ALWAYS_DRAWN: u8 = 3;
/// Paths are cut into squares of this many units, so that a zoomed view paints few of them.
const SQUARE: i32 = 2_000;

/// Groups of paths, minor roads first, at most about `budget` bytes long.
pub(super) fn draw_roads(roads: &[RoadLine], projection: &Projection, budget: usize) -> String {
    let mut groups = Vec::new();
    let mut left = budget;
    for rank in 0..=ALWAYS_DRAWN {
        let lines = joined(visible(roads, projection, rank));
        // Each rank may take half of what is left, so that no rank starves the next.
        let group = finest(&lines, rank, left / 2).unwrap_or_else(|| coarsest(&lines, rank));
        left = left.saturating_sub(group.len());
        groups.push(group);
    }
    let rest = joined(visible(roads, projection, ALWAYS_DRAWN + 1));
    groups.extend(finest(&rest, ALWAYS_DRAWN + 1, left));
    groups.reverse();
    groups.concat()
}

fn finest(lines: &[Vec<Spot>], rank: u8, budget: usize) -> Option<String> {
    TOLERANCES.iter().map(|t| group(lines, rank, *t)).find(|g| g.len() <= budget)
}

fn coarsest(lines: &[Vec<Spot>], rank: u8) -> String {
    group(lines, rank, 2.0 * TOLERANCES[TOLERANCES.len() - 1])
}

/// Lines of one rank that touch the drawing or its near surroundings.
fn visible(roads: &[RoadLine], projection: &Projection, rank: u8) -> Vec<Vec<Spot>> {
    let (beside, above) = (projection.width / 4, projection.height / 4);
    let inside = |&(x, y): &Spot| {
        (-beside..=projection.width + beside).contains(&x)
            && (-above..=projection.height + above).contains(&y)
    };
    roads
        .iter()
        .filter(|road| road.rank.min(ALWAYS_DRAWN + 1) == rank)
        .map(|road| {
            let mut line: Vec<Spot> = road.points.iter().map(|p| projection.spot(*p)).collect();
            line.dedup();
            line
        })
        .filter(|line| line.len() > 1 && line.iter().any(inside))
        .collect()
}

/// Joins lines end to end into long ones; a line given in both directions is kept once.
fn joined(lines: Vec<Vec<Spot>>) -> Vec<Vec<Spot>> {
    let mut seen = HashSet::new();
    let lines: Vec<Vec<Spot>> = lines
        .into_iter()
        .filter(|line| {
            let reversed: Vec<Spot> = line.iter().rev().copied().collect();
            seen.insert(reversed.min(line.clone()))
        })
        .collect();
    let mut at_end: HashMap<Spot, Vec<usize>> = HashMap::new();
    for (i, line) in lines.iter().enumerate() {
        for end in [line.first(), line.last()].into_iter().flatten() {
            at_end.entry(*end).or_default().push(i);
        }
    }
    let mut used = vec![false; lines.len()];
    let mut chains = Vec::new();
    for start in 0..lines.len() {
        if std::mem::replace(&mut used[start], true) {
            continue;
        }
        let mut chain = lines[start].clone();
        extend(&mut chain, &lines, &mut used, &at_end);
        chain.reverse();
        extend(&mut chain, &lines, &mut used, &at_end);
        chains.push(chain);
    }
    chains
}

/// Appends unused lines that start or end where the chain ends, as long as there are any.
fn extend(
    chain: &mut Vec<Spot>,
    lines: &[Vec<Spot>],
    used: &mut [bool],
    at_end: &HashMap<Spot, Vec<usize>>,
) {
    while let Some(end) = chain.last().copied() {
        let candidates = at_end.get(&end).map(Vec::as_slice).unwrap_or_default();
        let Some(&next) = candidates.iter().find(|i| !used[**i]) else { return };
        used[next] = true;
        if lines[next].first() == Some(&end) {
            chain.extend(lines[next].iter().skip(1));
        } else {
            chain.extend(lines[next].iter().rev().skip(1));
        }
    }
}

fn group(lines: &[Vec<Spot>], rank: u8, tolerance: f64) -> String {
    let mut squares: Vec<((i32, i32), String)> = Vec::new();
    let mut place: HashMap<(i32, i32), usize> = HashMap::new();
    for line in lines {
        let line = simplified(line, tolerance);
        let (x, y) = line[line.len() / 2];
        let square = (x.div_euclid(SQUARE), y.div_euclid(SQUARE));
        let at = *place.entry(square).or_insert_with(|| {
            squares.push((square, String::new()));
            squares.len() - 1
        });
        path_data(&mut squares[at].1, &line, false);
    }
    let mut out = format!("<g class=\"r{rank}\">");
    for (_, data) in squares {
        put(&mut out, format_args!("<path d=\"{data}\"/>"));
    }
    out.push_str("</g>\n");
    out
}

#[cfg(test)]
mod tests {
    use super::super::super::sample;
    use super::*;

    #[test]
    fn pieces_of_a_road_become_one_line() {
        let pieces = vec![
            vec![(10, 0), (20, 0)],
            vec![(10, 0), (0, 0)],
            vec![(20, 0), (30, 5)],
            vec![(30, 5), (20, 0)],
            vec![(90, 90), (99, 99)],
        ];
        let chains = joined(pieces);
        let main = [(30, 5), (20, 0), (10, 0), (0, 0)];
        assert!(chains.iter().any(|c| *c == main || c.iter().rev().eq(main.iter())));
        assert!(chains.iter().any(|chain| chain.len() == 2 && chain.contains(&(90, 90))));
        assert_eq!(chains.len(), 2);
    }

    #[test]
    fn the_budget_drops_the_smallest_roads_only() {
        let document = sample::state();
        let roads = sample::roads(20_000);
        let projection = Projection::of(&document, &roads);
        let ample = draw_roads(&roads, &projection, 10_000_000);
        assert!(ample.contains("class=\"r4\""));
        let tight = draw_roads(&roads, &projection, 20_000);
        assert!(!tight.contains("class=\"r4\""));
        for rank in 0..=3 {
            assert!(tight.contains(&format!("class=\"r{rank}\"")));
        }
        assert!(tight.len() < ample.len() / 3);
    }
}
