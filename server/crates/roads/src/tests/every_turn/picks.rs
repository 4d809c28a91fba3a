//! Random towns on a crooked grid, and homes in them.

use proptest::prelude::*;

use super::town::{Home, Rule, Street, Town, Via};

const COLUMNS: usize = 4;
const ROWS: usize = 3;
/// Streets of a grid by kind, for every edge: 0 is none, 1 and 2 one-way, more is both ways;
/// with `join` it continues the street on its west or south where that is alike.
fn streets(kinds: &[(u8, bool)], ring: bool) -> Vec<Street> {
    let mut streets: Vec<Street> = Vec::new();
    let mut kinds = kinds.iter().copied();
    for upright in [false, true] {
        let (outer, inner) = if upright { (COLUMNS, ROWS) } else { (ROWS, COLUMNS) };
        for line in 0..outer {
            for step in 0..inner - 1 {
                let Some((kind, join)) = kinds.next() else { return streets };
                let border = line == 0 || line == outer - 1;
                if kind == 0 && !ring || ring && !border {
                    continue;
                }
                let node = |n: usize| if upright { n * COLUMNS + line } else { line * COLUMNS + n };
                let (with, against) = (kind != 2, kind != 1);
                match streets.last_mut() {
                    Some(last)
                        if join
                            && (last.with, last.against) == (with, against)
                            && last.nodes.len() == 2
                            && last.nodes[1] == node(step)
                            && step > 0 =>
                    {
                        last.nodes.push(node(step + 1));
                    }
                    _ => streets.push(Street {
                        nodes: vec![node(step), node(step + 1)],
                        with,
                        against,
                    }),
                }
            }
        }
    }
    streets
}

/// Rules from picks: over a node, over one way or two, and closed ends.
fn rules(streets: &[Street], picks: &[[usize; 6]]) -> Vec<Rule> {
    let pick = |list: &[usize], n: usize| (!list.is_empty()).then(|| list[n % list.len()]);
    let touching = |node: usize, but: &[usize]| -> Vec<usize> {
        let meets = |s: &usize| streets[*s].nodes.contains(&node) && !but.contains(s);
        (0..streets.len()).filter(meets).collect()
    };
    let rule = |&[kind, a, b, c, d, value]: &[usize; 6]| {
        let from = a % streets.len();
        let nodes = &streets[from].nodes;
        let node = nodes[b % nodes.len()];
        let value = ["no_left_turn", "no_straight_on", "no_entry", "only_straight_on"][value % 4];
        let (mut via, mut here, mut path) = (Vec::new(), node, vec![from]);
        match kind {
            0 => {
                let others = touching(node, &[from]);
                let value = "no_entry";
                (!others.is_empty()).then_some(Rule {
                    from: others,
                    via: Via::Node(node),
                    to: from,
                    value,
                })
            }
            1 => {
                let value = if c % 2 == 0 { "no_u_turn" } else { "only_u_turn" };
                // In the middle of a way, where no other touches it, there is no junction.
                let end = nodes[(b % 2) * (nodes.len() - 1)];
                Some(Rule { from: vec![from], via: Via::Node(end), to: from, value })
            }
            2..=5 => {
                let to = pick(&touching(node, &[from]), c)?;
                Some(Rule { from: vec![from], via: Via::Node(node), to, value })
            }
            _ => {
                for (n, choice) in [c, d].into_iter().enumerate().take(1 + kind % 2) {
                    let way = pick(&touching(here, &path), choice)?;
                    let far: Vec<usize> =
                        streets[way].nodes.iter().copied().filter(|&v| v != here).collect();
                    here = pick(&far, choice + n)?;
                    via.push(way);
                    path.push(way);
                }
                let to = pick(&touching(here, &path), d)?;
                Some(Rule { from: vec![from], via: Via::Ways(via), to, value })
            }
        }
    };
    picks.iter().filter_map(rule).collect()
}

pub(super) fn towns() -> impl Strategy<Value = (Town, Vec<Home>)> {
    let edges = ROWS * (COLUMNS - 1) + COLUMNS * (ROWS - 1);
    let kinds = prop::collection::vec((0_u8..12, any::<bool>()), edges);
    let moved = prop::collection::vec((-40_i32..40, -40_i32..40), ROWS * COLUMNS);
    let closed = prop::option::weighted(0.3, 0..ROWS * COLUMNS);
    let picks = prop::collection::vec(
        (0_usize..10, 0..99_usize, 0..99_usize, 0..99_usize, 0..99_usize, 0..99_usize),
        0..7,
    );
    let homes = prop::collection::vec((0_usize..99, 0_usize..9, 1_i32..10), 8);
    let all = (kinds, 0_u8..4, moved, closed, picks, homes);
    all.prop_filter_map("no street", |(kinds, ring, moved, closed, picks, homes)| {
        let streets = streets(&kinds, ring == 0);
        if streets.is_empty() {
            return None;
        }
        let metres = |n: usize, by: i32| f64::from(u32::try_from(n).unwrap() * 200) + f64::from(by);
        let node =
            |(n, &(x, y)): (usize, &(i32, i32))| (metres(n % COLUMNS, x), metres(n / COLUMNS, y));
        let picks: Vec<[usize; 6]> =
            picks.iter().map(|&(k, a, b, c, d, v)| [k, a, b, c, d, v]).collect();
        let rules = rules(&streets, &picks);
        let home = |&(street, piece, tenths): &(usize, usize, i32)| {
            let street = street % streets.len();
            let piece = piece % (streets[street].nodes.len() - 1);
            Home { street, piece, share: f64::from(tenths) / 10.0 }
        };
        let homes = homes.iter().map(home).collect();
        let nodes = moved.iter().enumerate().map(node).collect();
        Some((Town { nodes, closed, streets, rules }, homes))
    })
}
